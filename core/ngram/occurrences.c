#include "core/ngram/occurrences.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/memory.h"

typedef struct {
    const TokenId *ids; /* of the vocabulary, without <s> and </s> */
    size_t count;
    bool begin, end; /* only where a sentence begins; only where one ends */
    TokenId *to;     /* corpus id -> id of the vocabulary */
} Pattern;

static TokenId *translate(const Vocab *from, const Vocab *vocab)
{
    TokenId *to = must_alloc(vocab_size(from), sizeof *to), unknown = vocab_unknown(vocab);
    for (size_t id = 0; id < vocab_size(from); id++) {
        const char *token = vocab_text(from, (TokenId)id);
        TokenId found = vocab_find(vocab, token, strlen(token));
        to[id] = found == TOKEN_NONE ? unknown : found;
    }
    return to;
}

static Pattern read_pattern(const Corpus *corpus, const Vocab *vocab, const TokenId *ids, size_t count)
{
    assert(count > 0);
    Pattern pattern = {.ids = ids, .count = count, .to = translate(corpus_vocab(corpus), vocab)};
    pattern.begin = ids[0] == TOKEN_NONE;
    pattern.end = ids[count - 1] != TOKEN_NONE && ids[count - 1] == vocab_end(vocab);
    pattern.ids += pattern.begin;
    pattern.count -= (size_t)pattern.begin + pattern.end;
    return pattern;
}

static bool is_at(const Pattern *pattern, const TokenId *words)
{
    for (size_t i = 0; i < pattern->count; i++)
        if (pattern->to[words[i]] != pattern->ids[i]) return false;
    return true;
}

static void add(Occurrences *found, size_t most, size_t *capacity, Occurrence place)
{
    found->count++;
    if (found->kept == most) return;
    found->places = must_extend(found->places, found->kept, capacity, sizeof place);
    found->places[found->kept++] = place;
}

Occurrences occurrences_find(const Corpus *corpus, const Vocab *vocab, const TokenId *ids, size_t count,
                             size_t most)
{
    size_t capacity = 0, length;
    Pattern pattern = read_pattern(corpus, vocab, ids, count);
    Occurrences found = {.words = pattern.count};
    for (size_t sentence = 0; sentence < corpus_sentences(corpus); sentence++) {
        const TokenId *words = corpus_sentence(corpus, sentence, &length);
        if (length < pattern.count) continue;
        size_t last = length - pattern.count;
        for (size_t at = pattern.end ? last : 0; at <= (pattern.begin ? 0 : last); at++)
            if (is_at(&pattern, words + at)) add(&found, most, &capacity, (Occurrence){sentence, at});
    }
    free(pattern.to);
    return found;
}

void occurrences_release(Occurrences *occurrences) { free(occurrences->places); }
