#include "core/neural/ops/add.h"

#include "core/neural/vector.h"

static void add_back(const Node *node)
{
    tensor_accumulate(node->in[0], node->out->g);
    tensor_accumulate(node->in[1], node->out->g);
}

Tensor *op_add(Tape *tape, const char *name, Tensor *a, Tensor *b)
{
    size_t size = tensor_size(a);
    assert(tensor_size(b) == size);
    Tensor *y = tape_tensor(tape, name, a->dims, a->shape);
    vector_sum_of(size, a->x, b->x, y->x);
    Node *node = tape_record(tape, y, add_back);
    node->in[0] = a;
    node->in[1] = b;
    return y;
}
