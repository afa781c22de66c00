#include "core/neural/ops/cross_entropy.h"

#include "core/neural/vector.h"

static double weight_of(const Batch *batch, size_t i)
{
    if (batch->targets[i] == TOKEN_NONE) return 0;
    return batch->weights ? batch->weights[i] : 1;
}

static size_t row_of(const Batch *batch, size_t i) { return batch->row_of ? batch->row_of[i] : i; }

/* The targets from *at on that belong to `row`: their loss, given the row's log-normaliser, and weight. Their
 * share of the gradient, where there is one, is added. */
static double row_loss(const Batch *batch, size_t row, const Real *logits, double log_sum, size_t *at,
                       double *weight)
{
    double loss = 0;
    *weight = 0;
    for (; *at < batch->target_count && row_of(batch, *at) == row; ++*at) {
        double w = weight_of(batch, *at);
        if (w == 0) continue;
        loss += w * (log_sum - (double)logits[batch->targets[*at]]);
        *weight += w;
    }
    return loss;
}

/* g -= scale, weighted, at each target. */
static void row_gradient(const Batch *batch, size_t from, size_t to, double scale, Real *g)
{
    for (size_t i = from; i < to; i++)
        if (weight_of(batch, i) != 0) g[batch->targets[i]] -= (Real)(weight_of(batch, i) * scale);
}

double op_cross_entropy(Tape *tape, Tensor *logits, const Batch *batch, double scale)
{
    size_t n = tensor_columns(logits), at = 0;
    bool learns = tape_learns(tape);
    Real *p = learns ? NULL : tape_alloc(tape, n, sizeof *p);
    double total = 0;
    for (size_t row = 0; row < tensor_rows(logits); row++) {
        const Real *x = logits->x + row * n;
        Real *g = learns ? logits->g + row * n : p;
        double weight, log_sum = vector_softmax(n, x, g);
        size_t from = at;
        total += row_loss(batch, row, x, log_sum, &at, &weight);
        if (!learns) continue;
        vector_scale_add(n, (Real)(weight * scale), g, 0, g);
        row_gradient(batch, from, at, scale, g);
    }
    logits->written = true;
    return total;
}
