/* neural.h - networks as models: the same questions as every other model (model.h).
 *
 * A state keeps the tokens its network looks back at, or a recurrent memory, and the distribution once it was
 * asked. Predictions are softmax in double of the network's logits. */
#ifndef CORE_NEURAL_NEURAL_H
#define CORE_NEURAL_NEURAL_H

#include "core/model/model.h"
#include "core/neural/learning.h"
#include "core/text/corpus.h"

/* A model of these parts, all taken over; `learning` is NULL for weights whose training is not known,
 * `corpus` too. The network's V is the vocabulary's size; where that has no </s>, <s> is read as
 * zeros, as in files from elsewhere. */
Model *neural_new(Vocab *vocab, Tokenizer tokenizer, Network *network, Learning *learning, Corpus *corpus);

/* The parts of a neural model, borrowed; NULL for any other kind. */
const Network *neural_network(const Model *model);
const Learning *neural_learning(const Model *model);
Corpus *neural_corpus(const Model *model); /* what it learnt from */

/* One pass over `ids` from the beginning of a text, with all its tensors on the tape: what the views look at.
 * <s> is put in front, and of too many tokens the last are taken as the model would; *steps is how many the
 * network then reads, <s> included. With `target` not TOKEN_NONE the pass has walked back from -log p of that
 * token after the last: every g is there. The caller frees the tape. */
Tape *neural_pass(const Model *model, const TokenId *ids, size_t count, TokenId target, size_t *steps);

/* The id that is read for <s>. */
TokenId neural_begin_id(const Model *model);

/* What a state has heard and its network still looks at: a window filled up with <s>, or <s> and the tokens
 * after it. TOKEN_NONE is a word it does not know. */
const TokenId *neural_history(const State *state, size_t *count);

/* The logits (V) behind a state's distribution, and the logarithm of the sum of their exponentials. */
const Real *neural_logits(const State *state, double *log_sum);

#endif
