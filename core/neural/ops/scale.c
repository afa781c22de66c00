#include "core/neural/ops/scale.h"

#include "core/neural/vector.h"

static void scale_back(const Node *node)
{
    const Real *factor = node->saved;
    Tensor *x = node->in[0];
    vector_scale_add(tensor_size(x), *factor, node->out->g, tensor_claim(x), x->g);
}

Tensor *op_scale(Tape *tape, const char *name, Tensor *x, double factor)
{
    Tensor *y = tape_tensor(tape, name, x->dims, x->shape);
    Real *saved = tape_alloc(tape, 1, sizeof *saved);
    *saved = (Real)factor;
    vector_scale_add(tensor_size(x), *saved, x->x, 0, y->x);
    Node *node = tape_record(tape, y, scale_back);
    node->in[0] = x;
    node->saved = saved;
    return y;
}
