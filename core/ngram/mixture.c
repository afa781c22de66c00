#include "core/ngram/mixture.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/memory.h"

enum { ROUNDS_MAX = 1000 };
#define SMALLEST_MOVE 1e-6

typedef struct {
    const Estimate *estimate;
    const NgramStore *store;
    int order;
    double *tokens; /* (count, order) p of each order, highest order first */
    size_t count;
} Heldout;

static void add_token(Heldout *heldout, const NgramContext *context, const NodeId *found)
{
    double *token = heldout->tokens + heldout->count * (size_t)heldout->order, p = 0;
    bool counts = false;
    for (int k = 0; k < heldout->order; k++) {
        NodeId history = context->nodes[k];
        bool seen = k == 0 || (history != NODE_NONE && heldout->estimate->backoff[k][history] <= 0);
        if (seen) p = found[k] == NODE_NONE ? 0 : heldout->estimate->p[k + 1][found[k]];
        token[heldout->order - 1 - k] = p;
        counts |= p > 0;
    }
    heldout->count += counts;
}

static void add_word(Heldout *heldout, NgramContext *context, TokenId word)
{
    NodeId found[NGRAM_ORDER_MAX];
    store_find(heldout->store, context, word, found);
    add_token(heldout, context, found);
    store_feed(heldout->store, context, word);
}

/* The model's ids of the words of a corpus: [corpus id]. */
static TokenId *translate(const Vocab *from, const Vocab *to)
{
    TokenId *ids = must_alloc(vocab_size(from), sizeof *ids);
    for (size_t id = 0; id < vocab_size(from); id++) {
        const char *text = vocab_text(from, (TokenId)id);
        ids[id] = vocab_find(to, text, strlen(text));
        if (ids[id] == TOKEN_NONE) ids[id] = vocab_unknown(to);
    }
    return ids;
}

static void add_corpus(Heldout *heldout, const Vocab *vocab, const Corpus *corpus)
{
    TokenId *ids = translate(corpus_vocab(corpus), vocab);
    size_t tokens = corpus_tokens(corpus) + corpus_sentences(corpus);
    heldout->tokens = must_alloc(tokens * (size_t)heldout->order, sizeof *heldout->tokens);
    for (size_t s = 0; s < corpus_sentences(corpus); s++) {
        size_t count;
        const TokenId *sentence = corpus_sentence(corpus, s, &count);
        NgramContext context = store_start(heldout->store);
        for (size_t i = 0; i < count; i++) add_word(heldout, &context, ids[sentence[i]]);
        add_word(heldout, &context, vocab_end(vocab));
    }
    free(ids);
}

/* One round; returns the longest way a weight moved. */
static double move_weights(const Heldout *heldout, double *weights)
{
    int order = heldout->order;
    double shares[NGRAM_ORDER_MAX] = {0}, longest = 0;
    for (size_t i = 0; i < heldout->count; i++) {
        const double *token = heldout->tokens + i * (size_t)order;
        double p = 0;
        for (int k = 0; k < order; k++) p += weights[k] * token[k];
        for (int k = 0; k < order; k++) shares[k] += weights[k] * token[k] / p;
    }
    for (int k = 0; k < order; k++) {
        double weight = shares[k] / (double)heldout->count;
        longest = fmax(longest, fabs(weight - weights[k]));
        weights[k] = weight;
    }
    return longest;
}

int mixture_tune(const Estimate *estimate, const NgramStore *store, const Vocab *vocab, const Corpus *corpus,
                 double *weights)
{
    int rounds = 0;
    Heldout heldout = {.estimate = estimate, .store = store, .order = estimate->order};
    add_corpus(&heldout, vocab, corpus);
    for (int k = 0; k < heldout.order; k++) weights[k] = 1.0 / heldout.order;
    for (double moved = 1; heldout.count > 0 && moved > SMALLEST_MOVE && rounds < ROUNDS_MAX; rounds++)
        moved = move_weights(&heldout, weights);
    free(heldout.tokens);
    return rounds;
}
