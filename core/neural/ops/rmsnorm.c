/* rmsnorm.c - op_rmsnorm of layernorm.h. */
#include <math.h>

#include "core/neural/lanes.h"
#include "core/neural/ops/layernorm.h"
#include "core/neural/vector.h"

#define EPSILON 1e-5

LANES static void stretch(size_t n, const Real *restrict x, Real scale, const Real *restrict w,
                          Real *restrict y)
{
    for (size_t i = 0; i < n; i++) y[i] = x[i] * scale * w[i];
}

/* slope = dy w; this row's share of the gradient of w. */
LANES static void stretch_back(size_t n, const Real *restrict x, Real scale, const Real *restrict dy,
                               const Tensor *w, Real *restrict slope)
{
    const Real *restrict factor = w->x;
    Real *restrict dw = w->g;
    for (size_t i = 0; i < n; i++) {
        slope[i] = dy[i] * factor[i];
        dw[i] += dy[i] * (x[i] * scale);
    }
}

/* With x^ = x scale: dx = scale (slope - x^ mean(slope x^)). in: x, w. saved: the scale of each row. */
static void rmsnorm_back(const Node *node)
{
    const Real *scale = node->saved;
    Tensor *x = node->in[0];
    size_t n = tensor_columns(x), rows = tensor_rows(x);
    Real beta = tensor_claim(x), *slope = node->saved;
    slope += rows;
    for (size_t i = 0; i < rows; i++) {
        const Real *row = x->x + i * n;
        stretch_back(n, row, scale[i], node->out->g + i * n, node->in[1], slope);
        Real along = scale[i] * vector_dot(n, slope, row) / (Real)n;
        vector_scale_add(n, scale[i], slope, beta, x->g + i * n);
        vector_scale_add(n, -scale[i] * scale[i] * along, row, 1, x->g + i * n);
    }
}

Tensor *op_rmsnorm(Tape *tape, const char *name, Tensor *x, Tensor *w)
{
    size_t n = tensor_columns(x), rows = tensor_rows(x);
    assert(tensor_size(w) == n);
    Tensor *y = tape_tensor(tape, name, x->dims, x->shape);
    Real *scale = tape_alloc(tape, rows + n, sizeof *scale);
    for (size_t i = 0; i < rows; i++) {
        const Real *row = x->x + i * n;
        scale[i] = (Real)(1 / sqrt((double)vector_dot(n, row, row) / (double)n + EPSILON));
        stretch(n, row, scale[i], w->x, y->x + i * n);
    }
    Node *node = tape_record(tape, y, rmsnorm_back);
    node->in[0] = x;
    node->in[1] = w;
    node->saved = scale;
    return y;
}
