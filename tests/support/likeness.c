#include "tests/support/likeness.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/neural/ops/cross_entropy.h"
#include "core/neural/optimizer.h"
#include "tests/support/check.h"

static double bar(double single) { return sizeof(Real) == sizeof(double) ? 1e-10 : single; }

/* [sequences][steps] as [steps][sequences]. */
static TokenId *turned(TokenId *ids, size_t sequences, size_t steps)
{
    TokenId *out = malloc(sequences * steps * sizeof *out);
    for (size_t b = 0; b < sequences; b++)
        for (size_t t = 0; t < steps; t++) out[t * sequences + b] = ids[b * steps + t];
    free(ids);
    return out;
}

static Batch read_batch(Likeness *likeness)
{
    const StoredTensor *inputs = safetensors_find(likeness->figures.results, "inputs");
    size_t sequences = inputs->shape[0], steps = inputs->dims > 1 ? inputs->shape[1] : 1, rows;
    likeness->ids = figures_ids(&likeness->figures, NULL, "inputs");
    likeness->targets = figures_ids(&likeness->figures, &rows, "targets");
    if (network_recurrent(likeness->network)) {
        likeness->ids = turned(likeness->ids, sequences, steps);
        likeness->targets = turned(likeness->targets, sequences, steps);
    }
    return (Batch){.sequences = sequences,
                   .steps = steps,
                   .rows = rows,
                   .ids = likeness->ids,
                   .target_count = rows,
                   .targets = likeness->targets};
}

/* Forward and back; the mean loss. */
static double pass(Likeness *likeness)
{
    const Batch *batch = &likeness->batch;
    parameters_clear_gradients(&likeness->network->parameters);
    tape_begin(likeness->tape, PASS_LEARN);
    Tensor *logits = network_forward(likeness->network, likeness->tape, batch, NULL);
    double loss =
        op_cross_entropy(likeness->tape, logits, batch, 1 / (double)batch->rows) / (double)batch->rows;
    tape_backward(likeness->tape);
    return loss;
}

Likeness likeness_open(const char *name, Architecture architecture)
{
    Error error;
    CHECK_FOR(architecture_check(&architecture, &error), "%s", error.message);
    Likeness likeness = {
        .figures = figures_open(name), .network = network_new(&architecture, false), .tape = tape_new(false)};
    figures_load(&likeness.figures, &likeness.network->parameters);
    likeness.batch = read_batch(&likeness);
    pass(&likeness);
    return likeness;
}

void likeness_close(Likeness *likeness)
{
    figures_close(&likeness->figures);
    network_free(likeness->network);
    tape_free(likeness->tape);
    free(likeness->ids);
    free(likeness->targets);
}

/* --- checks --- */

/* The numbers of a tensor in the figures' order. The caller frees them. */
static Real *in_figures_order(const Likeness *likeness, const Tensor *tensor)
{
    size_t size = tensor_size(tensor), b = likeness->batch.sequences, t = likeness->batch.steps;
    Real *x = malloc(size * sizeof *x);
    memcpy(x, tensor->x, size * sizeof *x);
    if (!network_recurrent(likeness->network)) return x;
    size_t row = size / (b * t);
    for (size_t i = 0; i < b; i++)
        for (size_t j = 0; j < t; j++)
            memcpy(x + (i * t + j) * row, tensor->x + (j * b + i) * row, row * sizeof *x);
    return x;
}

static void check_tensor(const Likeness *likeness, const char *name, const char *figure)
{
    const Tensor *tensor = tape_find(likeness->tape, name);
    CHECK_FOR(tensor, "no tensor called %s", name);
    Real *x = in_figures_order(likeness, tensor);
    Difference found = figures_difference(&likeness->figures, x, tensor_size(tensor), "%s", figure);
    CHECK_FOR(found.absolute < bar(1e-5), "%s: %g", name, found.absolute);
    free(x);
}

void likeness_check_tensor(const Likeness *likeness, const char *tensor, const char *figure)
{
    char name[64];
    snprintf(name, sizeof name, "act64.%s", figure);
    check_tensor(likeness, tensor, name);
}

static void check_gradients(const Likeness *likeness)
{
    const Parameters *parameters = &likeness->network->parameters;
    for (size_t i = 0; i < parameters->count; i++) {
        const Tensor *tensor = &parameters->tensors[i];
        Difference found =
            figures_difference(&likeness->figures, tensor->g, tensor_size(tensor), "grad64.%s", tensor->name);
        CHECK_FOR(found.absolute < bar(1e-6) || found.relative < bar(1e-5), "gradient of %s: %g, %g",
                  tensor->name, found.absolute, found.relative);
    }
}

static void check_losses(Likeness *likeness, OptimizerKind kind, double decay, double lr, const char *figure,
                         double tolerance)
{
    Optimizer optimizer;
    Parameters *parameters = &likeness->network->parameters;
    double *losses = figures_doubles(&likeness->figures, NULL, "%s_losses64", figure);
    figures_load(&likeness->figures, parameters);
    optimizer_init(&optimizer, kind, decay, parameters->total);
    for (int step = 0; step < 4; step++) {
        CHECK_NEAR(pass(likeness), losses[step], tolerance);
        if (step < 3) optimizer_step(&optimizer, parameters, lr);
    }
    optimizer_release(&optimizer);
    free(losses);
}

static void check_weights(const Likeness *likeness)
{
    const Parameters *parameters = &likeness->network->parameters;
    for (size_t i = 0; i < parameters->count; i++) {
        const Tensor *tensor = &parameters->tensors[i];
        Difference found =
            figures_difference(&likeness->figures, tensor->x, tensor_size(tensor), "sgd364.%s", tensor->name);
        CHECK_FOR(found.absolute < bar(2e-6), "%s after three steps: %g", tensor->name, found.absolute);
    }
}

void likeness_check(Likeness *likeness)
{
    double *loss = figures_doubles(&likeness->figures, NULL, "loss%d", 64);
    check_tensor(likeness, "logits", "logits64");
    CHECK_NEAR(pass(likeness), loss[0], bar(2e-6));
    check_gradients(likeness);
    check_losses(likeness, OPTIMIZER_SGD, 0, 0.1, "sgd", bar(2e-6));
    check_weights(likeness);
    check_losses(likeness, OPTIMIZER_ADAMW, 0.01, 0.01, "adamw", bar(1e-4));
    figures_load(&likeness->figures, &likeness->network->parameters);
    pass(likeness);
    free(loss);
}
