#include "core/neural/ops/linear.h"

#include <string.h>

#include "core/neural/matmul.h"
#include "core/neural/vector.h"

/* Every row begins as the bias. */
static void fill_bias(Tensor *y, const Tensor *b)
{
    size_t rows = tensor_rows(y), columns = tensor_columns(y);
    for (size_t i = 0; i < rows; i++) memcpy(y->x + i * columns, b->x, columns * sizeof *y->x);
}

static void bias_back(const Tensor *y, Tensor *b)
{
    size_t rows = tensor_rows(y), columns = tensor_columns(y);
    for (size_t i = 0; i < rows; i++) vector_add(columns, y->g + i * columns, b->g);
}

/* in: x, w, b. `turned`: w is [O, I]. */
static void step_back(const Node *node, bool turned)
{
    Tensor *y = node->out, *x = node->in[0], *w = node->in[1], *b = node->in[2];
    size_t n = tensor_rows(y), inputs = tensor_columns(x), outputs = tensor_columns(y);
    Matrix dy = matrix(y->g, outputs), dy_turned = matrix_transposed(y->g, outputs);
    Matrix weights = turned ? matrix(w->x, inputs) : matrix_transposed(w->x, outputs);
    if (b) bias_back(y, b);
    if (turned)
        matmul(node->exact, (MatmulSize){outputs, inputs, n}, dy_turned, matrix(x->x, inputs),
               (Product){w->g, inputs, tensor_claim(w)});
    else
        matmul(node->exact, (MatmulSize){inputs, outputs, n}, matrix_transposed(x->x, inputs), dy,
               (Product){w->g, outputs, tensor_claim(w)});
    if (x->g)
        matmul(node->exact, (MatmulSize){n, inputs, outputs}, dy, weights,
               (Product){x->g, inputs, tensor_claim(x)});
}

static void linear_back(const Node *node) { step_back(node, false); }

static void linear_transposed_back(const Node *node) { step_back(node, true); }

static Tensor *multiply(Tape *tape, const char *name, Tensor *x, Tensor *w, Tensor *b, bool turned)
{
    size_t n = tensor_rows(x), inputs = tensor_columns(x), outputs = turned ? w->shape[0] : w->shape[1];
    assert(w->dims == 2 && w->shape[turned ? 1 : 0] == inputs);
    Tensor *y = tape_matrix(tape, name, n, outputs);
    Matrix weights = turned ? matrix_transposed(w->x, inputs) : matrix(w->x, outputs);
    if (b) fill_bias(y, b);
    matmul(tape_exact(tape), (MatmulSize){n, outputs, inputs}, matrix(x->x, inputs), weights,
           (Product){y->x, outputs, b ? 1 : 0});
    Node *node = tape_record(tape, y, turned ? linear_transposed_back : linear_back);
    node->in[0] = x;
    node->in[1] = w;
    node->in[2] = b;
    return y;
}

Tensor *op_linear(Tape *tape, const char *name, Tensor *x, Tensor *w, Tensor *b)
{
    return multiply(tape, name, x, w, b, false);
}

Tensor *op_linear_transposed(Tape *tape, const char *name, Tensor *x, Tensor *w, Tensor *b)
{
    return multiply(tape, name, x, w, b, true);
}
