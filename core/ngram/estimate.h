/* estimate.h - counts turned into numbers that answer: a probability and a back-off weight for each n-gram.
 *
 * A back-off model: p(w|h) = p[hw] where hw is a node, else backoff[h] * p(w|h'), h' = h without its first
 * word; the weight of a history that is no node is 1, in stupid back-off 0.4 like any other. Interpolated
 * smoothings fit it too: p[hw] then holds the whole sum. A mixture (interp) sums relative frequencies
 * instead: p(w|h) = sum of weight[k] * p[k][last k - 1 words of h, w]; its back-off weights, and those of
 * mle, are 0 for histories with followers and 1 for others, and say no more. Arrays are by level and node of
 * the store they were made from.
 */
#ifndef CORE_NGRAM_ESTIMATE_H
#define CORE_NGRAM_ESTIMATE_H

#include "core/ngram/discount.h"
#include "core/ngram/store.h"

typedef struct {
    int order;
    Smoothing smoothing;
    double *p[NGRAM_ORDER_MAX + 1];   /* p[k][node of level k], k = 1 .. order; <s> has 0 */
    double *backoff[NGRAM_ORDER_MAX]; /* backoff[k][node of level k], k = 1 .. order - 1; 1 for no history */
    double unseen;                    /* back-off weight of a history that is no node */
    Discount discounts[NGRAM_ORDER_MAX + 1]; /* by level, of the smoothings that discount */
    bool borrowed;
} Estimate;

/* One to be filled: every p 0, every back-off weight that of a history never seen. */
Estimate *estimate_blank(const NgramStore *store, const Smoothing *smoothing);

/* Fill in one level from the counts; levels in order, 1 first. V is store->words, `unknown` the id of <unk>
 * or TOKEN_NONE. `rank` is asked for with smoothing->kenlm only: when the corpus first had each word, counted
 * from 3; 0 for <unk>, 1 for <s>, 2 for </s>. */
void estimate_fill(Estimate *estimate, const NgramStore *store, int level, TokenId unknown,
                   const uint32_t *rank);

Estimate *estimate_clone(const Estimate *estimate, const NgramStore *store);
void estimate_free(Estimate *estimate); /* NULL is fine */

/* Whether the context has a distribution at all: false where an unsmoothed model never saw it. */
bool estimate_defined(const Estimate *estimate, const NgramContext *context);

/* The back-off weight of the last k words, k = 1 .. order - 1; 1 before there were so many. */
double estimate_backoff(const Estimate *estimate, const NgramContext *context, int k);

/* What each level adds to a mixture in this context: weights[k], k = 1 .. order. */
void estimate_weights(const Estimate *estimate, const NgramContext *context, double *weights);

/* p(word | context): found[] is what store_find said of the word. */
double estimate_probability(const Estimate *estimate, const NgramContext *context, const NodeId *found);

/* Bring the numbers of the likely nodes into the cache. */
void estimate_fetch(const Estimate *estimate, const Glimpse *glimpse);

#endif
