#include "core/text/lexicon.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/memory.h"

/* Whether the word stays in the vocabulary: [corpus id]. */
static bool *choose_words(const Corpus *corpus, const LexiconOptions *options)
{
    const Vocab *words = corpus_vocab(corpus);
    size_t size = vocab_size(words), length;
    uint64_t *times = must_alloc(size + 1, sizeof *times);
    bool *chosen = must_alloc(size + 1, sizeof *chosen);
    for (size_t s = 0; s < corpus_sentences(corpus); s++) {
        const TokenId *ids = corpus_sentence(corpus, s, &length);
        for (size_t i = 0; i < length; i++) times[ids[i]]++;
    }
    for (size_t id = 0; id < size; id++) {
        const char *text = vocab_text(words, (TokenId)id);
        chosen[id] =
            times[id] > 0 && times[id] >= options->cutoff &&
            (!options->vocabulary || vocab_find(options->vocabulary, text, strlen(text)) != TOKEN_NONE);
    }
    free(times);
    return chosen;
}

static int by_bytes(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* The texts to know: those chosen, or the whole vocabulary file, of which not every word need occur. */
static const char **list_words(const Vocab *words, const bool *chosen, const Vocab *all, size_t *count)
{
    const Vocab *from = all ? all : words;
    const char **texts = must_alloc(vocab_size(from) + 1, sizeof *texts);
    *count = 0;
    for (size_t id = 0; id < vocab_size(from); id++) {
        const char *text = vocab_text(from, (TokenId)id);
        if (all ? !vocab_is_special(text, strlen(text)) : chosen[id]) texts[(*count)++] = text;
    }
    return texts;
}

static Vocab *make_vocab(const Vocab *words, const bool *chosen, const LexiconOptions *options)
{
    size_t count;
    const char **texts = list_words(words, chosen, options->cutoff > 1 ? NULL : options->vocabulary, &count);
    qsort(texts, count, sizeof *texts, by_bytes);
    Vocab *vocab = vocab_new();
    for (size_t i = 0; i < count; i++) vocab_add(vocab, texts[i], strlen(texts[i]));
    if (options->unknown || options->cutoff > 1 || options->vocabulary)
        vocab_add(vocab, TEXT_UNKNOWN, strlen(TEXT_UNKNOWN));
    vocab_add(vocab, TEXT_END, strlen(TEXT_END));
    free(texts);
    return vocab;
}

Lexicon lexicon_new(const Corpus *corpus, const LexiconOptions *options)
{
    const Vocab *words = corpus_vocab(corpus);
    bool *chosen = choose_words(corpus, options);
    Lexicon lexicon = {make_vocab(words, chosen, options),
                       must_alloc(vocab_size(words) + 1, sizeof(TokenId))};
    for (size_t id = 0; id < vocab_size(words); id++) {
        const char *text = vocab_text(words, (TokenId)id);
        lexicon.ids[id] =
            chosen[id] ? vocab_find(lexicon.vocab, text, strlen(text)) : vocab_unknown(lexicon.vocab);
    }
    free(chosen);
    return lexicon;
}

void lexicon_release(Lexicon *lexicon)
{
    vocab_free(lexicon->vocab);
    free(lexicon->ids);
}

uint32_t *lexicon_ranks(const Lexicon *lexicon, const Corpus *corpus)
{
    size_t outcomes = vocab_size(lexicon->vocab);
    uint32_t *ranks = must_alloc(outcomes + 1, sizeof *ranks);
    ranks[outcomes] = 1;
    ranks[vocab_end(lexicon->vocab)] = 2;
    for (size_t id = 0; id < vocab_size(corpus_vocab(corpus)); id++) {
        TokenId word = lexicon->ids[id];
        if (word != TOKEN_NONE && word != vocab_unknown(lexicon->vocab)) ranks[word] = (uint32_t)id + 3;
    }
    return ranks;
}
