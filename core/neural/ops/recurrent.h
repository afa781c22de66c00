/* recurrent.h - one layer of a recurrent network over a whole sequence: all products of the inputs at once,
 * then step by step. Weights as in PyTorch, [gates * H, inputs].
 *
 *   rnn   h = tanh(W x + bi + U h' + bh)                                      Elman 1990
 *   gru   r, z = sigmoid(W x + bi + U h' + bh)                                Cho et al. 2014
 *         n = tanh(Wn x + bin + r (Un h' + bhn));  h = (1 - z) n + z h'
 *   lstm  i, f, o = sigmoid(W x + bi + U h' + bh), g = tanh(the same)         Hochreiter & Schmidhuber 1997
 *         c = f c' + i g;  h = o tanh(c)
 *
 * Gate order: gru r z n, lstm i f g o. h' and c' are those of the step before. Backward goes through all
 * steps of the pass and stops at its beginning: h and c given there are constants. */
#ifndef CORE_NEURAL_OPS_RECURRENT_H
#define CORE_NEURAL_OPS_RECURRENT_H

#include "core/neural/tape.h"
#include "core/text/vocab.h"

typedef struct {
    Tensor *w_ih, *w_hh, *b_ih, *b_hh; /* [G H, E], [G H, H], [G H], [G H] */
} RecurrentWeights;

typedef struct {
    size_t steps, sequences;
    const Real *h, *c;  /* [sequences, H] before the first step, copied; NULL = zeros; c only for lstm */
    const TokenId *ids; /* (steps * sequences), living as long as the pass; NULL: x is the inputs */
} RecurrentShape;

/* x [steps * sequences, E], time the slow index -> h [steps * sequences, H]. With ids, x is a table [V, E]
 * and input i its row ids[i], or zeros for TOKEN_NONE: the same numbers, for V products instead of one for
 * every token.
 *
 * `prefix` names the tensors kept for looking at: "rnn.0" gives rnn.0.h, and of gru and lstm the gates:
 * rnn.0.gates [.., G H] after their functions (its g is the gradient before them); lstm rnn.0.c. The g of h
 * and c are totals: through later steps too. */
Tensor *op_rnn(Tape *tape, const char *prefix, Tensor *x, RecurrentWeights weights, RecurrentShape shape);
Tensor *op_gru(Tape *tape, const char *prefix, Tensor *x, RecurrentWeights weights, RecurrentShape shape);
Tensor *op_lstm(Tape *tape, const char *prefix, Tensor *x, RecurrentWeights weights, RecurrentShape shape);

/* --- for the three: what they have in common --- */

typedef struct {
    Tensor *x;
    RecurrentWeights weights;
    RecurrentShape shape;
    bool exact;
    size_t inputs, units, width; /* E, H, G H */
    size_t block;                /* sequences * H: the numbers of h in one step */
    Tensor *h, *gates, *c;       /* NULL what the kind has not */
    Real *h_first, *c_first;     /* [sequences, H] before the first step */
    Real *dc_first;              /* where the gradient of c_first goes, which nobody asks for */
    Real *transposed;         /* w_hh as [H, G H], faster to multiply with; NULL where that is not worth it */
    Real *from_x;             /* x W^T with biases: [V + 1, G H], the last for TOKEN_NONE; only with ids */
    Real *tanh_c;             /* lstm: [steps * sequences, H] */
    Real *d_input, *d_hidden; /* gradients [steps * sequences, G H] of W x and of U h'; may be one */
} Recurrence;

/* A layer with `h` and, where there are several, `gates` and their gradients; c, tanh_c, dc_first and d_* of
 * a kind that needs others are its own to add. */
Recurrence *recurrence_new(Tape *tape, const char *prefix, Tensor *x, RecurrentWeights weights,
                           RecurrentShape shape);
Real *recurrence_alloc(Tape *tape, const Recurrence *layer, size_t columns);    /* a row for each row of h */
Real *recurrence_first(Tape *tape, const Recurrence *layer, const Real *given); /* zeros for NULL */

/* `gates` of all steps before anything is remembered: W x + bi, and the first `columns` of bh on top. */
void recurrence_inputs(const Recurrence *layer, size_t columns, Real *gates);

/* out = beta out + U h' of step t: [sequences, G H] */
void recurrence_product(const Recurrence *layer, size_t t, Real beta, Real *out);

const Real *recurrence_h_before(const Recurrence *layer, size_t t); /* h' of step t, [sequences, H] */
const Real *recurrence_c_before(const Recurrence *layer, size_t t);

/* The node of the layer; returns h. */
Tensor *recurrence_record(Tape *tape, Recurrence *layer, void (*backward)(const Node *node));

/* Backward, once d_hidden of step t is there: dh' += d_hidden U. Nothing for the first step. */
void recurrence_product_back(const Recurrence *layer, size_t t);

/* Backward, once d_input and d_hidden of all steps are there: gradients of x and of the weights. */
void recurrence_finish_back(const Recurrence *layer);

#endif
