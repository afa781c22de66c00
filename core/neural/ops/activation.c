#include "core/neural/ops/activation.h"

#include "core/neural/vector.h"

static void tanh_back(const Node *node)
{
    Tensor *y = node->out, *x = node->in[0];
    vector_tanh_back(tensor_size(y), y->x, y->g, tensor_claim(x), x->g);
}

static void relu_back(const Node *node)
{
    Tensor *y = node->out, *x = node->in[0];
    vector_relu_back(tensor_size(y), x->x, y->g, tensor_claim(x), x->g);
}

static void gelu_back(const Node *node)
{
    Tensor *y = node->out, *x = node->in[0];
    vector_gelu_back(tensor_size(y), x->x, y->g, tensor_claim(x), x->g);
}

static Tensor *activate(Tape *tape, const char *name, Tensor *x,
                        void (*function)(size_t n, const Real *x, Real *y), void (*back)(const Node *node))
{
    Tensor *y = tape_tensor(tape, name, x->dims, x->shape);
    function(tensor_size(x), x->x, y->x);
    tape_record(tape, y, back)->in[0] = x;
    return y;
}

Tensor *op_tanh(Tape *tape, const char *name, Tensor *x)
{
    return activate(tape, name, x, vector_tanh, tanh_back);
}

Tensor *op_relu(Tape *tape, const char *name, Tensor *x)
{
    return activate(tape, name, x, vector_relu, relu_back);
}

Tensor *op_gelu(Tape *tape, const char *name, Tensor *x)
{
    return activate(tape, name, x, vector_gelu, gelu_back);
}
