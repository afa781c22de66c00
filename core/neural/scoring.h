/* scoring.h - log p of every token of a text in as few passes as its network allows. */
#ifndef CORE_NEURAL_SCORING_H
#define CORE_NEURAL_SCORING_H

#include "core/neural/network.h"

typedef struct {
    const Network *network;
    Tape *tape;
    TokenId begin;      /* the id of <s>, and of </s> behind the text */
    const TokenId *ids; /* (count) */
    size_t count;
    size_t predictions; /* count, or count + 1 with </s> */
    double *logp;       /* out (predictions): -INFINITY for TOKEN_NONE */
} Scoring;

/* The numbers differ from those of a state fed token by token only by rounding, and under `exact` not at all.
 */
void neural_score(const Scoring *scoring);

#endif
