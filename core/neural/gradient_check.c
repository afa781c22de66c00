#include "core/neural/gradient_check.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/neural/ops/cross_entropy.h"

#ifndef REAL_DOUBLE
#error "gradient_check.c belongs to the engine in double"
#endif

/* Between the error of the difference (e^2) and that of rounding (1e-16 / e). */
static const double STEP = 1e-5;

typedef struct {
    Network *network;
    Tape *tape;
    Batch batch;
    double targets;    /* how many there are */
    TokenId *contexts; /* of windowed networks: one after the other; NULL for others */
} Check;

/* --- what is predicted --- */

/* The last `length` tokens before each target; where there are fewer, the first one stands again. */
static TokenId *list_contexts(const TokenId *ids, size_t targets, size_t length)
{
    TokenId *contexts = must_alloc(targets * length, sizeof *contexts);
    for (size_t i = 0; i < targets; i++)
        for (size_t k = 0; k < length; k++) {
            size_t back = length - 1 - k;
            contexts[i * length + k] = ids[back > i ? 0 : i - back];
        }
    return contexts;
}

static void check_init(Check *check, const Architecture *architecture, const float *weights,
                       const TokenId *ids, size_t count)
{
    Network *network = network_new(architecture, true);
    size_t targets = count - 1, context = network_context(network);
    for (size_t i = 0; i < network->parameters.total; i++) network->parameters.x[i] = (Real)weights[i];
    *check = (Check){.network = network, .tape = tape_new(true)};
    check->batch = (Batch){.sequences = 1,
                           .steps = targets,
                           .rows = targets,
                           .ids = ids,
                           .target_count = targets,
                           .targets = ids + 1};
    for (size_t i = 0; i < targets; i++) check->targets += ids[i + 1] != TOKEN_NONE;
    if (!network_windowed(network)) return;
    check->contexts = list_contexts(ids, targets, context);
    check->batch.sequences = targets;
    check->batch.steps = context;
    check->batch.ids = check->contexts;
}

static void check_release(Check *check)
{
    network_free(check->network);
    tape_free(check->tape);
    free(check->contexts);
}

/* --- both ways of knowing how the loss changes --- */

static double find_loss(const Check *check, PassKind kind)
{
    tape_begin(check->tape, kind);
    Tensor *logits = network_forward(check->network, check->tape, &check->batch, NULL);
    double targets = check->targets;
    return op_cross_entropy(check->tape, logits, &check->batch, 1 / targets) / targets;
}

static double difference_at(const Check *check, Real *weight)
{
    Real was = *weight;
    *weight = was + STEP;
    double above = find_loss(check, PASS_PREDICT);
    *weight = was - STEP;
    double below = find_loss(check, PASS_PREDICT);
    *weight = was;
    return (above - below) / (2 * STEP);
}

static void compare(const Check *check, const Tensor *tensor, size_t index, GradientCheck *row)
{
    double difference = difference_at(check, &tensor->x[index]),
           off = fabs((double)tensor->g[index] - difference);
    row->checked++;
    if (row->checked > 1 && off <= row->worst) return;
    row->worst = off;
    row->gradient = (double)tensor->g[index];
    row->difference = difference;
    row->index = index;
}

static void check_tensor(const Check *check, const Tensor *tensor, GradientCheck *row)
{
    size_t size = tensor_size(tensor), picks = size < GRADIENT_PICKS ? size : GRADIENT_PICKS;
    double squares = 0;
    *row = (GradientCheck){.size = size};
    snprintf(row->name, sizeof row->name, "%s", tensor->name);
    for (size_t i = 0; i < size; i++) squares += (double)tensor->g[i] * (double)tensor->g[i];
    row->norm = sqrt(squares);
    for (size_t i = 0; i < picks; i++) compare(check, tensor, i * size / picks, row);
}

double gradient_check(const Architecture *architecture, const float *weights, const TokenId *ids,
                      size_t count, GradientCheck *checks)
{
    Check check;
    assert(count >= 2);
    check_init(&check, architecture, weights, ids, count);
    const Parameters *parameters = &check.network->parameters;
    double loss = find_loss(&check, PASS_LEARN);
    tape_backward(check.tape);
    for (size_t i = 0; i < parameters->count; i++) check_tensor(&check, &parameters->tensors[i], &checks[i]);
    check_release(&check);
    return loss;
}
