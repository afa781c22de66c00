/* floor.h - the data floor: how low the training loss of any model with this much context can fall.
 *
 * The maximum-likelihood model that looks `back` tokens back has p(w | c) = count(c w) / count(c), and its
 * mean loss on the text it was counted on is
 *
 *   H = 1/N (sum over c of n(c) log n(c)  -  sum over c, w of n(c w) log n(c w)),
 *
 * the empirical conditional entropy. No model that sees no more can do better on that text (Gibbs), though
 * one that stops short of it may predict other texts better. */
#ifndef CORE_NEURAL_FLOOR_H
#define CORE_NEURAL_FLOOR_H

#include "core/text/corpus.h"

/* Nats a predicted token; sentences are padded with <s>, and </s> is predicted. `back` may be 0, and SIZE_MAX
 * is the whole sentence so far. `ids[corpus id]` is the model's number of a token; those it does not know,
 * TOKEN_NONE, are not predicted and all look alike. NaN when nothing is predicted. Takes N log(back) time. */
double floor_of_corpus(const Corpus *corpus, const TokenId *ids, size_t back);

/* The same of the sentences for which `chosen` is true. */
double floor_of_sentences(const Corpus *corpus, const bool *chosen, const TokenId *ids, size_t back);

#endif
