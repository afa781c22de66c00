#include "core/neural/ops/layernorm.h"

#include <math.h>

#include "core/neural/lanes.h"
#include "core/neural/vector.h"

#define EPSILON 1e-5

/* How each row was made even: x^ = (x - mean) scale, y = x^ w + b. */
typedef struct {
    Real *mean, *scale; /* (rows) */
    Real *even, *slope; /* (columns): x^ and d loss / d x^ of the row that backward is at */
} Evened;

LANES static void make_even(size_t n, const Real *restrict x, Real mean, Real scale, Real *restrict even)
{
    for (size_t i = 0; i < n; i++) even[i] = (x[i] - mean) * scale;
}

LANES static void stretch(size_t n, const Real *restrict w, const Real *restrict b, Real scale,
                          Real *restrict y)
{
    for (size_t i = 0; i < n; i++) y[i] = y[i] * scale * w[i] + b[i];
}

/* slope = dy w; this row's share of the gradients of w and b. */
LANES static void stretch_back(size_t n, const Real *restrict dy, const Real *restrict even, const Tensor *w,
                               const Tensor *b, Real *restrict slope)
{
    const Real *restrict factor = w->x;
    Real *restrict dw = w->g, *restrict db = b->g;
    for (size_t i = 0; i < n; i++) {
        slope[i] = dy[i] * factor[i];
        dw[i] += dy[i] * even[i];
        db[i] += dy[i];
    }
}

/* dx = beta dx + scale (slope - mean slope - x^ mean (slope x^)): what would change mean or variance has no
 * effect. */
LANES static void even_back(size_t n, const Evened *evened, Real scale, Real beta, Real *restrict dx)
{
    const Real *restrict slope = evened->slope, *restrict even = evened->even;
    Real mean = vector_sum(n, slope) / (Real)n, along = vector_dot(n, slope, even) / (Real)n;
    for (size_t i = 0; i < n; i++) {
        Real step = scale * (slope[i] - mean - even[i] * along);
        dx[i] = beta == 0 ? step : dx[i] + step;
    }
}

/* in: x, w, b. */
static void layernorm_back(const Node *node)
{
    const Evened *evened = node->saved;
    Tensor *x = node->in[0];
    size_t n = tensor_columns(x), rows = tensor_rows(x);
    Real beta = tensor_claim(x);
    for (size_t i = 0; i < rows; i++) {
        make_even(n, x->x + i * n, evened->mean[i], evened->scale[i], evened->even);
        stretch_back(n, node->out->g + i * n, evened->even, node->in[1], node->in[2], evened->slope);
        even_back(n, evened, evened->scale[i], beta, x->g + i * n);
    }
}

/* Row i of x. */
static void normalise_row(const Evened *evened, size_t i, const Real *x, const Tensor *w, const Tensor *b,
                          Real *y)
{
    size_t n = tensor_columns(w);
    Real mean = evened->mean[i] = vector_sum(n, x) / (Real)n;
    make_even(n, x, mean, 1, y);
    Real scale = evened->scale[i] = (Real)(1 / sqrt((double)vector_dot(n, y, y) / (double)n + EPSILON));
    stretch(n, w->x, b->x, scale, y);
}

Tensor *op_layernorm(Tape *tape, const char *name, Tensor *x, Tensor *w, Tensor *b)
{
    size_t n = tensor_columns(x), rows = tensor_rows(x);
    assert(tensor_size(w) == n && tensor_size(b) == n);
    Tensor *y = tape_tensor(tape, name, x->dims, x->shape);
    Evened *evened = tape_alloc(tape, 1, sizeof *evened);
    Real *numbers = tape_alloc(tape, 2 * rows + 2 * n, sizeof *numbers);
    *evened = (Evened){numbers, numbers + rows, numbers + 2 * rows, numbers + 2 * rows + n};
    for (size_t i = 0; i < rows; i++) normalise_row(evened, i, x->x + i * n, w, b, y->x + i * n);
    Node *node = tape_record(tape, y, layernorm_back);
    node->in[0] = x;
    node->in[1] = w;
    node->in[2] = b;
    node->saved = evened;
    return y;
}
