#include "core/neural/floor.h"

#include <math.h>
#include <stdlib.h>

#include "core/base/memory.h"

/* --- numbering pairs: equal pairs get equal numbers, from 0 in the order they first come --- */

typedef struct {
    uint64_t *keys;
    uint32_t *numbers; /* 1 + the number; 0: free */
    size_t mask;
    uint32_t count;
} Pairs;

static Pairs pairs_new(size_t most)
{
    size_t slots = 16;
    while (slots < 2 * most) slots *= 2;
    return (Pairs){.keys = must_alloc_table(slots, sizeof(uint64_t)),
                   .numbers = must_alloc_table(slots, sizeof(uint32_t)),
                   .mask = slots - 1};
}

static void pairs_release(Pairs *pairs)
{
    free(pairs->keys);
    free(pairs->numbers);
}

static size_t slot_of(const Pairs *pairs, uint64_t key)
{
    uint64_t hash = (key ^ key >> 32) * 0x9E3779B97F4A7C15;
    return (size_t)(hash ^ hash >> 29) & pairs->mask;
}

static uint32_t number_pair(Pairs *pairs, uint32_t a, uint32_t b)
{
    uint64_t key = (uint64_t)a << 32 | b;
    size_t slot = slot_of(pairs, key);
    while (pairs->numbers[slot] && pairs->keys[slot] != key) slot = (slot + 1) & pairs->mask;
    if (!pairs->numbers[slot]) {
        pairs->keys[slot] = key;
        pairs->numbers[slot] = ++pairs->count;
    }
    return pairs->numbers[slot] - 1;
}

/* --- contexts: one for each token predicted, </s> included --- */

enum { CODE_TEXT_ENDS, CODE_UNKNOWN, CODES };

typedef struct {
    const Corpus *corpus;
    const bool *chosen; /* NULL: all sentences */
    const TokenId *ids;
    size_t count;       /* predictions, those of unknown tokens among them */
    size_t longest;     /* sentence, in tokens */
    uint32_t *contexts; /* (count): predictions have the same number when what comes before is the same */
    uint32_t kinds;     /* different contexts */
} Predictions;

/* What is predicted at the end, and read before the beginning, is never confused: one is a target only. */
static uint32_t code(const Predictions *p, const TokenId *sentence, size_t length, size_t at)
{
    TokenId id = at < length ? p->ids[sentence[at]] : TOKEN_NONE;
    if (at >= length) return CODE_TEXT_ENDS;
    return id == TOKEN_NONE ? CODE_UNKNOWN : CODES + (uint32_t)id;
}

static Predictions predictions_new(const Corpus *corpus, const bool *chosen, const TokenId *ids)
{
    Predictions p = {.corpus = corpus,
                     .chosen = chosen,
                     .ids = ids,
                     .count = corpus_tokens(corpus) + corpus_sentences(corpus),
                     .kinds = 1};
    assert(p.count < UINT32_MAX / 2);
    for (size_t s = 0; s < corpus_sentences(corpus); s++) {
        size_t length;
        corpus_sentence(corpus, s, &length);
        if (length > p.longest) p.longest = length;
    }
    p.contexts = must_alloc(p.count + 1, sizeof *p.contexts);
    return p;
}

/* From no context to the last token. */
static void see_one(Predictions *p)
{
    Pairs pairs = pairs_new(p->count);
    uint32_t *context = p->contexts;
    for (size_t s = 0; s < corpus_sentences(p->corpus); s++) {
        size_t length;
        const TokenId *sentence = corpus_sentence(p->corpus, s, &length);
        for (size_t t = 0; t <= length; t++)
            *context++ = number_pair(&pairs, 0, code(p, sentence, length, t ? t - 1 : length));
    }
    p->kinds = pairs.count;
    pairs_release(&pairs);
}

/* See `more` tokens further back, at most as many as are seen: what is seen here, and what is seen `more`
 * tokens earlier. Before the beginning it is always the same: backwards through a sentence, nothing read is
 * new. */
static void see_more(Predictions *p, size_t more)
{
    Pairs pairs = pairs_new(p->count);
    uint32_t *first = p->contexts;
    for (size_t s = 0; s < corpus_sentences(p->corpus); s++) {
        size_t length;
        corpus_sentence(p->corpus, s, &length);
        for (size_t t = length + 1; t-- > 0;)
            first[t] = number_pair(&pairs, first[t], first[t > more ? t - more : 0]);
        first += length + 1;
    }
    p->kinds = pairs.count;
    pairs_release(&pairs);
}

/* Doubling (Karp, Miller & Rosenberg 1972). Once no context is split, none will ever be. */
static void see(Predictions *p, size_t back)
{
    if (back > p->longest) back = p->longest;
    if (back == 0) return;
    see_one(p);
    for (size_t seen = 1; seen < back;) {
        uint32_t before = p->kinds;
        size_t more = seen < back - seen ? seen : back - seen;
        see_more(p, more);
        if (p->kinds == before && more == seen) return;
        seen += more;
    }
}

/* --- counts --- */

typedef struct {
    uint32_t *contexts, *followed; /* how often each context was met, and each with its next token */
    uint32_t kinds;                /* of the latter */
    size_t total;
} Tally;

static Tally tally(const Predictions *p)
{
    Tally t = {.contexts = must_alloc(p->kinds, sizeof(uint32_t)),
               .followed = must_alloc(p->count + 1, sizeof(uint32_t))};
    Pairs pairs = pairs_new(p->count);
    const uint32_t *context = p->contexts;
    for (size_t s = 0; s < corpus_sentences(p->corpus); s++) {
        size_t length;
        const TokenId *sentence = corpus_sentence(p->corpus, s, &length);
        for (size_t i = 0; i <= length; i++, context++) {
            uint32_t next = code(p, sentence, length, i);
            if (next == CODE_UNKNOWN || (p->chosen && !p->chosen[s])) continue;
            t.contexts[*context]++;
            t.followed[number_pair(&pairs, *context, next)]++;
            t.total++;
        }
    }
    t.kinds = pairs.count;
    pairs_release(&pairs);
    return t;
}

/* The sum of n log n. */
static double sum_of_logs(const uint32_t *counts, uint32_t count)
{
    double sum = 0;
    for (uint32_t i = 0; i < count; i++)
        if (counts[i] > 1) sum += counts[i] * log(counts[i]);
    return sum;
}

double floor_of_corpus(const Corpus *corpus, const TokenId *ids, size_t back)
{
    return floor_of_sentences(corpus, NULL, ids, back);
}

double floor_of_sentences(const Corpus *corpus, const bool *chosen, const TokenId *ids, size_t back)
{
    Predictions p = predictions_new(corpus, chosen, ids);
    see(&p, back);
    Tally t = tally(&p);
    double sum = sum_of_logs(t.contexts, p.kinds) - sum_of_logs(t.followed, t.kinds);
    free(t.contexts);
    free(t.followed);
    free(p.contexts);
    return t.total ? fmax(sum, 0) / (double)t.total : NAN;
}
