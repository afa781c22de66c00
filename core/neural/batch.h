/* batch.h - what one forward pass reads: token ids, and which token came next. */
#ifndef CORE_NEURAL_BATCH_H
#define CORE_NEURAL_BATCH_H

#include "core/text/vocab.h"

/* `sequences` texts of `steps` tokens each. For recurrent networks time is the slow index, ids[t][b], for the
 * others the fast one, ids[b][t]. Softmax and mlp read each sequence of n - 1 tokens as one context and
 * predict once, after it; all others predict after every token. So there are `rows` predictions: sequences,
 * or sequences * steps in the order of ids.
 *
 * An id of TOKEN_NONE is read as a vector of zeros. <s> has no id of its own: the row of </s>, which is never
 * read otherwise, stands for it, one token for both ends of a text. */
typedef struct {
    size_t sequences, steps, rows;
    const TokenId *ids;     /* (sequences * steps) */
    size_t target_count;    /* 0 when only asking */
    const TokenId *targets; /* (target_count); TOKEN_NONE: nothing to predict here (padding) */
    const double *weights;  /* (target_count): how often the prediction counts; NULL = once each */
    const uint32_t *row_of; /* (target_count): the row of each target, rising; NULL: target i is of row i */
} Batch;

#endif
