/* mixture.h - the weights of interp, tuned on text the model has not seen (Jelinek & Mercer 1980).
 *
 * Expectation maximisation: each token is shared out among the orders in proportion to what each contributed
 * to its probability, and the shares are the next weights. The likelihood of the text never falls, and has
 * one maximum only. */
#ifndef CORE_NGRAM_MIXTURE_H
#define CORE_NGRAM_MIXTURE_H

#include "core/ngram/estimate.h"
#include "core/text/corpus.h"

/* An order whose history was never seen passes its weight to the next lower one, as in the formula: it then
 * contributes what that one does. Tokens of probability 0 in every order (unknown words, mostly) do not
 * count. The estimate is one of interp, whatever its weights; `vocab` is the model's. weights: highest order
 * first, as in Smoothing. Returns the number of rounds until no weight moved by more than 1e-6, at most
 * 1000; 0, and even weights, when no token counts. */
int mixture_tune(const Estimate *estimate, const NgramStore *store, const Vocab *vocab, const Corpus *heldout,
                 double *weights);

#endif
