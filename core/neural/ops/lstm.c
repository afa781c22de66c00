/* lstm.c - long short-term memory: a cell c that is only scaled and added to, so that gradients last. */

#include <string.h>

#include "core/neural/elementary.h"
#include "core/neural/lanes.h"
#include "core/neural/ops/recurrent.h"

/* One sequence in one step; `gates` are still before their functions. */
LANES static void cell(size_t n, Real *restrict gates, const Real *restrict before, Real *restrict c,
                       Real *restrict tanh_c, Real *restrict h)
{
    Real *i = gates, *f = i + n, *g = f + n, *o = g + n;
    for (size_t k = 0; k < n; k++) {
        i[k] = real_sigmoid(i[k]);
        f[k] = real_sigmoid(f[k]);
        g[k] = real_tanh(g[k]);
        o[k] = real_sigmoid(o[k]);
        c[k] = f[k] * before[k] + i[k] * g[k];
        tanh_c[k] = real_tanh(c[k]);
        h[k] = o[k] * tanh_c[k];
    }
}

static void forward_step(const Recurrence *layer, size_t t)
{
    size_t n = layer->units, at = t * layer->block;
    recurrence_product(layer, t, 1, layer->gates->x + 4 * at);
    for (size_t b = 0; b < layer->shape.sequences; b++) {
        size_t row = at + n * b;
        cell(n, layer->gates->x + 4 * row, recurrence_c_before(layer, t) + n * b, layer->c->x + row,
             layer->tanh_c + row, layer->h->x + row);
    }
}

/* do = dh tanh(c), through its function; dc += dh o (1 - tanh(c)^2) */
LANES static void output_back(size_t n, const Real *restrict gates, const Real *restrict tanh_c,
                              const Real *restrict dh, Real *restrict dc, Real *restrict d_gates)
{
    const Real *o = gates + 3 * n;
    Real *d_o = d_gates + 3 * n;
    for (size_t k = 0; k < n; k++) {
        d_o[k] = dh[k] * tanh_c[k] * o[k] * (1 - o[k]);
        dc[k] += dh[k] * o[k] * (1 - tanh_c[k] * tanh_c[k]);
    }
}

/* di = dc g, df = dc c', dg = dc i, each through its function; dc' = dc f */
LANES static void cell_back(size_t n, const Real *restrict gates, const Real *restrict before,
                            const Real *restrict dc, Real *restrict d_gates, Real *restrict d_before)
{
    const Real *i = gates, *f = i + n, *g = f + n;
    Real *di = d_gates, *df = di + n, *dg = df + n;
    for (size_t k = 0; k < n; k++) {
        di[k] = dc[k] * g[k] * i[k] * (1 - i[k]);
        df[k] = dc[k] * before[k] * f[k] * (1 - f[k]);
        dg[k] = dc[k] * i[k] * (1 - g[k] * g[k]);
        d_before[k] = dc[k] * f[k];
    }
}

static void backward_step(const Recurrence *layer, size_t t)
{
    size_t n = layer->units;
    const Real *before = recurrence_c_before(layer, t);
    Real *dc = layer->c->g + t * layer->block, *d_before = t > 0 ? dc - layer->block : layer->dc_first;
    for (size_t b = 0; b < layer->shape.sequences; b++) {
        size_t row = t * layer->block + n * b;
        const Real *gates = layer->gates->x + 4 * row;
        Real *d_gates = layer->gates->g + 4 * row;
        output_back(n, gates, layer->tanh_c + row, layer->h->g + row, dc + n * b, d_gates);
        cell_back(n, gates, before + n * b, dc + n * b, d_gates, d_before + n * b);
    }
    recurrence_product_back(layer, t);
}

static void lstm_back(const Node *node)
{
    const Recurrence *layer = node->saved;
    size_t steps = layer->shape.steps;
    memset(layer->c->g + (steps - 1) * layer->block, 0, layer->block * sizeof(Real));
    for (size_t t = steps; t-- > 0;) backward_step(layer, t);
    recurrence_finish_back(layer);
}

Tensor *op_lstm(Tape *tape, const char *prefix, Tensor *x, RecurrentWeights weights, RecurrentShape shape)
{
    Recurrence *layer = recurrence_new(tape, prefix, x, weights, shape);
    layer->c = tape_matrix(tape, tape_name(tape, "%s.c", prefix), tensor_rows(layer->h), layer->units);
    layer->c_first = recurrence_first(tape, layer, shape.c);
    layer->tanh_c = recurrence_alloc(tape, layer, layer->units);
    layer->dc_first = tape_alloc(tape, layer->block, sizeof(Real));
    recurrence_inputs(layer, layer->width, layer->gates->x);
    for (size_t t = 0; t < shape.steps; t++) forward_step(layer, t);
    return recurrence_record(tape, layer, lstm_back);
}
