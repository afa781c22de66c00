#include "core/text/edit.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/memory.h"

static const char *partner(const char *word, const WordPair *pairs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(word, pairs[i].a) == 0) return pairs[i].b;
        if (strcmp(word, pairs[i].b) == 0) return pairs[i].a;
    }
    return word;
}

/* For each id of a vocabulary the text that stands for it. */
static const char **texts_of(const Vocab *vocab, const WordPair *pairs, size_t count)
{
    const char **texts = must_alloc(vocab_size(vocab) + 1, sizeof *texts);
    for (size_t id = 0; id < vocab_size(vocab); id++)
        texts[id] = partner(vocab_text(vocab, (TokenId)id), pairs, count);
    return texts;
}

typedef struct {
    const Corpus *from;
    Corpus *to;
    const char **line; /* the sentence at work; as long as the longest */
} Writer;

/* Whether any word is another one in `texts`. */
static bool write_sentence(Writer *writer, size_t index, const char *const *texts, bool changed_only)
{
    size_t count;
    bool changed = false;
    const TokenId *ids = corpus_sentence(writer->from, index, &count);
    for (size_t i = 0; i < count; i++) {
        writer->line[i] = texts[ids[i]];
        changed = changed || strcmp(texts[ids[i]], vocab_text(corpus_vocab(writer->from), ids[i])) != 0;
    }
    if (changed || !changed_only) corpus_append(writer->to, writer->line, count);
    return changed;
}

static size_t longest_sentence(const Corpus *corpus)
{
    size_t longest = 0, count;
    for (size_t s = 0; s < corpus_sentences(corpus); s++) {
        corpus_sentence(corpus, s, &count);
        if (count > longest) longest = count;
    }
    return longest;
}

Corpus *edit_swap(const Corpus *corpus, const char *name, const WordPair *pairs, size_t count, bool both,
                  size_t *changed)
{
    const Vocab *vocab = corpus_vocab(corpus);
    const char **own = texts_of(vocab, NULL, 0), **swapped = texts_of(vocab, pairs, count);
    Writer writer = {.from = corpus,
                     .to = corpus_new(name, corpus_tokenizer(corpus), corpus_lines(corpus)),
                     .line = must_alloc(longest_sentence(corpus) + 1, sizeof *writer.line)};
    for (size_t s = 0; both && s < corpus_sentences(corpus); s++) write_sentence(&writer, s, own, false);
    *changed = 0;
    for (size_t s = 0; s < corpus_sentences(corpus); s++)
        *changed += write_sentence(&writer, s, swapped, both);
    free(own);
    free(swapped);
    free(writer.line);
    return writer.to;
}
