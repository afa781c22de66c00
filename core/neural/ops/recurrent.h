/* recurrent.h - one layer of a recurrent network over a whole sequence: all products of the inputs at once,
 * then step by step. Weights as in PyTorch, [gates * H, inputs].
 *
 *   rnn   h = tanh(W x + bi + U h' + bh)                                        Elman 1990
 *   gru   r, z = sigmoid(..);  n = tanh(Wn x + bin + r (Un h' + bhn));  h = (1 - z) n + z h'      Cho et al.
 * 2014 lstm  i, f, o = sigmoid(..), g = tanh(..);  c = f c' + i g;  h = o tanh(c)   Hochreiter & Schmidhuber
 * 1997 Gate order: gru r z n, lstm i f g o. h' and c' are those of the step before. */
#ifndef CORE_NEURAL_OPS_RECURRENT_H
#define CORE_NEURAL_OPS_RECURRENT_H

#include "core/neural/tape.h"

typedef struct {
    Tensor *w_ih, *w_hh, *b_ih, *b_hh; /* [G H, E], [G H, H], [G H], [G H] */
} RecurrentWeights;

typedef struct {
    size_t steps, sequences;
    const Real *h, *c; /* [sequences, H] before the first step; NULL = zeros; c only for lstm */
} RecurrentShape;

/* x [steps * sequences, E], time the slow index -> h [steps * sequences, H]. `prefix` names the tensors kept
 * for looking at: "rnn.0" gives rnn.0.h, and the gates: rnn.0.gates [.., G H] after their functions; lstm
 * rnn.0.c. */
Tensor *op_rnn(Tape *tape, const char *prefix, Tensor *x, RecurrentWeights weights, RecurrentShape shape);
Tensor *op_gru(Tape *tape, const char *prefix, Tensor *x, RecurrentWeights weights, RecurrentShape shape);
Tensor *op_lstm(Tape *tape, const char *prefix, Tensor *x, RecurrentWeights weights, RecurrentShape shape);

#endif
