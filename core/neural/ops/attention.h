/* attention.h - causal self-attention of several heads (Vaswani et al. 2017): every position looks at itself
 * and those before it.
 *
 *   weight[t, s] = softmax over s <= t of q_t . k_s / sqrt(C / heads);    y_t = sum over s of weight[t, s]
 * v_s */
#ifndef CORE_NEURAL_OPS_ATTENTION_H
#define CORE_NEURAL_OPS_ATTENTION_H

#include "core/neural/tape.h"

typedef struct {
    size_t sequences, steps, heads;
} AttentionShape;

/* qkv [sequences * steps, 3 C]: q, k, v of each position side by side, heads in order within each ->
 * y [sequences * steps, C]. The weights stay on the tape as `weights_name` [sequences, heads, steps, steps],
 * 0 where s > t. */
Tensor *op_attention(Tape *tape, const char *name, const char *weights_name, Tensor *qkv,
                     AttentionShape shape);

#endif
