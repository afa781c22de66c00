/* explain.h - why a network gives a token the probability it does: its logit among all logits, and what the
 * words before it have to do with that.
 *
 *   p = exp(logit - largest) / sum of exp(logit - largest) over all outcomes
 *
 * Behind a number of a network stand all its weights, so the words are asked instead: each is left out in
 * turn, and p is what it is without it (occlusion; Zeiler & Fergus 2014, Li et al. 2016). */
#ifndef CORE_NEURAL_EXPLAIN_H
#define CORE_NEURAL_EXPLAIN_H

#include "core/model/model.h"

/* ModelKind.explain of neural models. `ids` are the tokens fed to `state` since its text began, or the last
 * of them where only these are known; without <s>. The value is state_probability's to the bit. */
Fact *neural_explain(const State *state, const TokenId *ids, size_t count, TokenId token, Arena *arena);

#endif
