/* explain.h - why an n-gram model gives a word its probability: discount, back-off weight, lower order, down
 * to the counts.
 *
 * One fact an order, whose formula gives its number from its reasons; at a sentence's start one for each of
 * the <s> that smoothing.h speaks of. A number that no counts explain (read from a file, or of a model that
 * was pruned) is shown as the power of ten it is stored as. Counts are summed from the whole store, which
 * takes 1 to 2 ns a node. */
#ifndef CORE_NGRAM_EXPLAIN_H
#define CORE_NGRAM_EXPLAIN_H

#include "core/model/fact.h"
#include "core/ngram/estimate.h"

typedef struct {
    const NgramStore *store;
    const Estimate *estimate;
    const NgramContext *context;
    TokenId word;
    size_t outcomes;            /* V */
    const char *spelling;       /* of the word */
    const char *const *history; /* the order - 1 words before it as texts, oldest first, padded with <s> */
} NgramQuestion;

/* Its value is estimate_probability's to the last bit. */
Fact *explain_probability(const NgramQuestion *question, Arena *arena);

#endif
