/* rnn.c - Elman's recurrent layer: h = tanh(W x + bi + U h' + bh), computed where h is to stand. */

#include "core/neural/ops/recurrent.h"
#include "core/neural/vector.h"

static void rnn_back(const Node *node)
{
    const Recurrence *layer = node->saved;
    for (size_t t = layer->shape.steps; t-- > 0;) {
        size_t at = t * layer->block;
        vector_tanh_back(layer->block, layer->h->x + at, layer->h->g + at, 0, layer->d_hidden + at);
        recurrence_product_back(layer, t);
    }
    recurrence_finish_back(layer);
}

Tensor *op_rnn(Tape *tape, const char *prefix, Tensor *x, RecurrentWeights weights, RecurrentShape shape)
{
    Recurrence *layer = recurrence_new(tape, prefix, x, weights, shape);
    if (tape_learns(tape)) layer->d_input = layer->d_hidden = recurrence_alloc(tape, layer, layer->width);
    recurrence_inputs(layer, layer->width, layer->h->x);
    for (size_t t = 0; t < shape.steps; t++) {
        Real *h = layer->h->x + t * layer->block;
        recurrence_product(layer, t, 1, h);
        vector_tanh(layer->block, h, h);
    }
    return recurrence_record(tape, layer, rnn_back);
}
