/* gru.c - gated recurrent unit: z says how much of h' stays, r how much of it the new value n hears. */

#include "core/neural/elementary.h"
#include "core/neural/lanes.h"
#include "core/neural/ops/recurrent.h"

/* One sequence in one step. `gates` hold W x with all biases but bhn, `hidden` holds U h'; its third part
 * becomes what n hears, Un h' + bhn, and is kept for the way back. */
LANES static void cell(size_t n, Real *restrict gates, Real *restrict hidden, const Real *restrict bias,
                       const Real *restrict before, Real *restrict h)
{
    Real *r = gates, *z = r + n, *new = z + n, *heard = hidden + 2 * n;
    for (size_t k = 0; k < n; k++) {
        r[k] = real_sigmoid(r[k] + hidden[k]);
        z[k] = real_sigmoid(z[k] + hidden[n + k]);
        heard[k] += bias[k];
        new[k] = real_tanh(new[k] + r[k] * heard[k]);
        h[k] = new[k] + z[k] * (before[k] - new[k]);
    }
}

static void forward_step(const Recurrence *layer, size_t t)
{
    size_t n = layer->units, at = t * layer->block;
    Real *hidden = layer->d_hidden + 3 * at;
    recurrence_product(layer, t, 0, hidden);
    for (size_t b = 0; b < layer->shape.sequences; b++)
        cell(n, layer->gates->x + 3 * (at + n * b), hidden + 3 * n * b, layer->weights.b_hh->x + 2 * n,
             recurrence_h_before(layer, t) + n * b, layer->h->x + at + n * b);
}

/* dn = dh (1 - z), dz = dh (h' - n), dr = dn heard, each through the function of its gate, into `d_gates`.
 * The same, with dn r for n, takes the place of U h' in `hidden`. */
LANES static void cell_back(size_t n, const Real *restrict gates, const Real *restrict before,
                            const Real *restrict dh, Real *restrict d_gates, Real *restrict hidden)
{
    const Real *r = gates, *z = r + n, *new = z + n;
    Real *dr = d_gates, *dz = dr + n, *dn = dz + n, *heard = hidden + 2 * n;
    for (size_t k = 0; k < n; k++) {
        dn[k] = dh[k] * (1 - z[k]) * (1 - new[k] * new[k]);
        dz[k] = dh[k] * (before[k] - new[k]) * z[k] * (1 - z[k]);
        dr[k] = dn[k] * heard[k] * r[k] * (1 - r[k]);
        hidden[k] = dr[k];
        hidden[n + k] = dz[k];
        heard[k] = dn[k] * r[k];
    }
}

LANES static void add_product(size_t n, const Real *x, const Real *y, Real *out)
{
    for (size_t k = 0; k < n; k++) out[k] += x[k] * y[k];
}

static void backward_step(const Recurrence *layer, size_t t)
{
    size_t n = layer->units;
    const Real *before = recurrence_h_before(layer, t);
    for (size_t b = 0; b < layer->shape.sequences; b++) {
        size_t row = t * layer->block + n * b;
        const Real *gates = layer->gates->x + 3 * row, *dh = layer->h->g + row;
        cell_back(n, gates, before + n * b, dh, layer->d_input + 3 * row, layer->d_hidden + 3 * row);
        if (t > 0) add_product(n, dh, gates + n, layer->h->g + row - layer->block);
    }
    recurrence_product_back(layer, t);
}

static void gru_back(const Node *node)
{
    const Recurrence *layer = node->saved;
    for (size_t t = layer->shape.steps; t-- > 0;) backward_step(layer, t);
    recurrence_finish_back(layer);
}

Tensor *op_gru(Tape *tape, const char *prefix, Tensor *x, RecurrentWeights weights, RecurrentShape shape)
{
    Recurrence *layer = recurrence_new(tape, prefix, x, weights, shape);
    layer->d_hidden = recurrence_alloc(tape, layer, layer->width); /* U h' until its gradient is there */
    recurrence_inputs(layer, 2 * layer->units, layer->gates->x);
    for (size_t t = 0; t < shape.steps; t++) forward_step(layer, t);
    return recurrence_record(tape, layer, gru_back);
}
