/* sequence.h - the probability of a whole sequence by the chain rule, factor by factor.
 *
 * p(x_1 .. x_L) = product over i of p(x_i | x_1 .. x_{i-1}); where the model has </s>, its factor comes
 * last unless it is left out (eos=off). From a context that was never seen on, every factor is 0. */
#ifndef CORE_MODEL_SEQUENCE_H
#define CORE_MODEL_SEQUENCE_H

#include "core/model/model.h"

typedef struct {
    TokenId token;
    double p, product; /* this factor; all factors up to it */
    bool defined;      /* false: the context was never seen, so p is 0 for want of a distribution */
    bool counted;      /* `counts` says something */
    Counts counts;
} SequenceStep;

typedef struct {
    SequenceStep *steps;
    size_t count;   /* factors, with that of </s> */
    double p, logp; /* p may underflow to 0 where logp is still finite */
    uint64_t numerator,
        denominator; /* p as an exact fraction in lowest terms; denominator 0: none is known */
} Sequence;

Sequence sequence_score(const Model *model, const TokenId *ids, size_t count, bool end, Arena *arena);

/* The product as a tree of facts: one reason a factor, each explained by the model. */
Fact *sequence_explain(const Model *model, const TokenId *ids, size_t count, bool end, Arena *arena);

/* exp(-logp / tokens): the geometric mean of 1/p, "how many choices a token". */
double sequence_perplexity(double logp, size_t tokens);

/* The tokens a model looks at before position `at`, oldest first, "<s>" where the text begins: as TOKEN_NONE.
 * given[] has room for the larger of model->context and at + 1; returns how many. */
size_t sequence_given(const Model *model, const TokenId *ids, size_t at, TokenId *given);

/* The error for a context without a distribution (0/0) after these tokens: names it, offers smoothing.
 * Returns false. */
bool sequence_undefined(const Model *model, const TokenId *ids, size_t count, Error *error);

/* "the mouse": ids joined by spaces, with <s> and </s> spelled out. */
const char *sequence_text(const Vocab *vocab, const TokenId *ids, size_t count, Arena *arena);

#endif
