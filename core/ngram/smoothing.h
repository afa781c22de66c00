/* smoothing.h - from counts to probabilities: what to do about n-grams that were never seen.
 *
 * c(h w) is how often word w followed history h, c(h) = sum over w of c(h w), V the outcomes.
 *   mle     c(h w) / c(h)                        no distribution where c(h) = 0
 *   add     (c(h w) + k) / (c(h) + k V)          Lidstone; k = 1 is Laplace
 *   interp  sum over orders j of w_j c_j / c(h_j)   Jelinek-Mercer, h_j the last j - 1 words; an order
 *           whose history was never seen passes its weight to the next lower one */
#ifndef CORE_NGRAM_SMOOTHING_H
#define CORE_NGRAM_SMOOTHING_H

#include "core/model/fact.h"
#include "core/ngram/store.h"

typedef enum { SMOOTH_MLE, SMOOTH_ADD, SMOOTH_INTERP } SmoothingKind;

typedef struct {
    SmoothingKind kind;
    double k;                        /* for add, > 0 */
    double weights[NGRAM_ORDER_MAX]; /* for interp: highest order first, summing to 1 */
} Smoothing;

/* What a formula may look at: the counts, where in them the history is, and V. */
typedef struct {
    const Smoothing *smoothing;
    const NgramStore *store;
    const NgramContext *context;
    size_t outcomes;
} SmoothedContext;

const char *smoothing_name(SmoothingKind kind); /* "mle", "add", "interp" */
bool smoothing_find(const char *name, SmoothingKind *kind);

bool smoothing_defined(const SmoothedContext *context);
double smoothing_probability(const SmoothedContext *context, TokenId word);
void smoothing_predict(const SmoothedContext *context, double *p); /* p[outcomes] */

/* `word` and `history` (order - 1 texts, oldest first) are how the words are spelled. */
Fact *smoothing_explain(const SmoothedContext *context, TokenId word, const char *spelling,
                        const char *const *history, Arena *arena);

#endif
