/* gradient_check.h - the gradients of a network compared with finite differences.
 *
 *   d loss / d w  is nearly  (loss(w + e) - loss(w - e)) / 2 e
 *
 * The comparison says something only where the loss is known to many digits, so gradient_check.c is built in
 * double alone, with an engine of its own around it: this header has no Real, and the same weights as floats
 * go in. Loss: mean -log p of each token after those before it, and of the end. */
#ifndef CORE_NEURAL_GRADIENT_CHECK_H
#define CORE_NEURAL_GRADIENT_CHECK_H

#include "core/neural/network.h"

enum { GRADIENT_NAME = 48, GRADIENT_PICKS = 24 };

/* One tensor of weights. */
typedef struct {
    char name[GRADIENT_NAME];
    size_t size, checked; /* numbers in it; how many were moved: all, or GRADIENT_PICKS spread evenly */
    double norm;          /* of its whole gradient */
    double worst;         /* largest |gradient - difference| among those checked, */
    double gradient, difference; /* the two numbers there, */
    size_t index;                /* and where that is */
} GradientCheck;

/* `weights` are those of the architecture's network, tensor after tensor; `ids` are `count` >= 2 tokens as
 * the network reads them, from the one for <s> to the one for </s>;
 * TOKEN_NONE is read as zeros and not predicted. Fills a row for each tensor of the network and returns the
 * loss. */
double gradient_check(const Architecture *architecture, const float *weights, const TokenId *ids,
                      size_t count, GradientCheck *checks);

#endif
