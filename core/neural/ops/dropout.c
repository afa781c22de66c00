#include "core/neural/ops/dropout.h"

/* in: x. saved: what each number was multiplied with. */
static void dropout_back(const Node *node)
{
    Tensor *y = node->out, *x = node->in[0];
    const Real *kept = node->saved;
    size_t size = tensor_size(y);
    bool add = tensor_claim(x) != 0;
    for (size_t i = 0; i < size; i++) x->g[i] = y->g[i] * kept[i] + (add ? x->g[i] : 0);
}

Tensor *op_dropout(Tape *tape, const char *name, Tensor *x, double p)
{
    Random *dice = tape_dice(tape);
    if (!tape_learns(tape) || !dice || p == 0) return x;
    size_t size = tensor_size(x);
    Tensor *y = tape_tensor(tape, name, x->dims, x->shape);
    Real *kept = tape_alloc(tape, size, sizeof *kept), larger = (Real)(1 / (1 - p));
    for (size_t i = 0; i < size; i++) kept[i] = random_unit(dice) < p ? 0 : larger;
    for (size_t i = 0; i < size; i++) y->x[i] = x->x[i] * kept[i];
    Node *node = tape_record(tape, y, dropout_back);
    node->in[0] = x;
    node->saved = kept;
    return y;
}
