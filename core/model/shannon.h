/* shannon.h - the game of guessing the next symbol until it is right, and what it says about the entropy of a
 * text (Shannon 1951, "Prediction and Entropy of Printed English").
 *
 * q_i is the share of symbols that were right at the i-th guess. Who knows the guesser's order could write
 * the numbers of guesses instead of the text, so the entropy a symbol is at most that of the q; and of all
 * distributions whose best guesses succeed as often, the mixture of uniform ones has the least:
 *
 *   sum over i of i (q_i - q_i+1) log2 i  <=  H  <=  - sum over i of q_i log2 q_i
 *
 * The first formula wants q to fall; guesses of people do not always, so it takes them in falling order,
 * which changes nothing in the second. */
#ifndef CORE_MODEL_SHANNON_H
#define CORE_MODEL_SHANNON_H

#include "core/model/model.h"

typedef struct {
    double lower, upper; /* bits a symbol */
} EntropyBounds;

EntropyBounds shannon_bounds(const double *q, size_t count); /* q >= 0, divided by their sum here */

/* At which guess a model is right that tries the outcomes from the most probable on, </s> and <unk> never;
 * among equals in vocabulary order. A token it does not know (TOKEN_NONE) comes behind all others. */
size_t shannon_rank(const State *state, TokenId token);

#endif
