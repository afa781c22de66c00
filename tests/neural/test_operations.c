/* embed, linear, add, scale and the loss: against finite differences and by hand. */
#include <math.h>

#include "core/neural/network.h"
#include "core/neural/ops/add.h"
#include "core/neural/ops/cross_entropy.h"
#include "core/neural/ops/embed.h"
#include "core/neural/ops/linear.h"
#include "core/neural/ops/scale.h"
#include "tests/support/check.h"
#include "tests/support/engine.h"

TestSuite(operations, .timeout = 20);

static Parameters numbers(size_t first, size_t second)
{
    Parameters parameters = {0};
    Random random = random_seeded(5);
    parameters_add(&parameters, 2, (size_t[]){first, second}, "x");
    parameters_add(&parameters, 2, (size_t[]){second, 4}, "w");
    parameters_add(&parameters, 2, (size_t[]){4, second}, "w_transposed");
    parameters_add(&parameters, 1, (size_t[]){4}, "b");
    parameters_allocate(&parameters);
    for (size_t i = 0; i < parameters.count; i++) fill_uniform(&parameters.tensors[i], 1, &random);
    return parameters;
}

static void check_gradient(Operation operation)
{
    Parameters parameters = numbers(5, 3);
    double error = gradient_error(operation, &parameters, NULL);
    CHECK_FOR(error < GRADIENT_TOLERANCE, "%g", error);
    parameters_release(&parameters);
}

static Tensor *both_linear(Tape *tape, Tensor *in, const void *options)
{
    (void)options;
    Tensor *x = op_scale(tape, NULL, &in[0], 0.7);
    Tensor *y = op_linear(tape, NULL, x, &in[1], &in[3]),
           *z = op_linear_transposed(tape, NULL, x, &in[2], NULL);
    return op_add(tape, NULL, y, z);
}

Test(operations, linear_hands_its_gradient_to_input_weights_and_bias) { check_gradient(both_linear); }

static Tensor *embedding(Tape *tape, Tensor *in, const void *options)
{
    static const TokenId ids[] = {2, 0, TOKEN_NONE, 2, 4};
    (void)options;
    return op_linear(tape, NULL, op_embed(tape, NULL, &in[0], ids, 5), &in[1], NULL);
}

Test(operations, a_row_looked_up_twice_gets_both_gradients) { check_gradient(embedding); }

Test(operations, no_token_is_a_vector_of_zeros)
{
    Parameters parameters = numbers(5, 3);
    Tape *tape = tape_new(false);
    static const TokenId ids[] = {TOKEN_NONE, 1};
    tape_begin(tape, PASS_PREDICT);
    const Tensor *y = op_embed(tape, NULL, &parameters.tensors[0], ids, 2);
    CHECK(y->x[0] == 0 && y->x[1] == 0 && y->x[2] == 0 && y->x[3] == parameters.x[3]);
    tape_free(tape);
    parameters_release(&parameters);
}

/* --- the loss --- */

static const TokenId targets[] = {1, 0, 1, TOKEN_NONE, 2};
static const double weights[] = {2, 1, 3, 7, 0.5};
static const uint32_t row_of[] = {0, 1, 1, 2, 4};

static double loss_at(Parameters *parameters, bool learns)
{
    Batch batch = {.target_count = 5, .targets = targets, .weights = weights, .row_of = row_of};
    Tape *tape = tape_new(false);
    tape_begin(tape, learns ? PASS_LEARN : PASS_PREDICT);
    parameters_clear_gradients(parameters);
    Tensor *logits = op_scale(tape, NULL, &parameters->tensors[0], 1);
    double loss = op_cross_entropy(tape, logits, &batch, 0.25);
    if (learns) tape_backward(tape);
    tape_free(tape);
    return loss;
}

/* Several targets a row, weights, a row without any: -sum of w log(e^x_target / sum of e^x). */
Test(operations, the_loss_is_weighted_surprise)
{
    Parameters parameters = numbers(5, 3);
    double wanted = 0;
    for (size_t i = 0; i < 5; i++) {
        const Real *x = parameters.x + row_of[i] * 3;
        double sum = exp((double)x[0]) + exp((double)x[1]) + exp((double)x[2]);
        if (targets[i] != TOKEN_NONE) wanted -= weights[i] * log(exp((double)x[targets[i]]) / sum);
    }
    CHECK_NEAR(loss_at(&parameters, false), wanted, 20 * REAL_EPSILON);
    CHECK_NEAR(loss_at(&parameters, true), wanted, 20 * REAL_EPSILON);
    parameters_release(&parameters);
}

Test(operations, the_gradient_of_the_loss_is_a_finite_difference)
{
    Parameters parameters = numbers(5, 3);
    double step = sizeof(Real) == sizeof(double) ? 1e-5 : 1.0 / 128;
    for (size_t i = 0; i < 15; i++) {
        Real x = parameters.x[i];
        parameters.x[i] = x + (Real)step;
        double above = loss_at(&parameters, false);
        parameters.x[i] = x - (Real)step;
        double slope = 0.25 * (above - loss_at(&parameters, false)) / (2 * step);
        parameters.x[i] = x;
        loss_at(&parameters, true);
        CHECK_NEAR((double)parameters.g[i], slope, GRADIENT_TOLERANCE);
    }
    parameters_release(&parameters);
}

/* --- the tape --- */

Test(operations, a_tape_finds_tensors_by_name_until_the_next_pass)
{
    Parameters parameters = numbers(5, 3);
    Tape *tape = tape_new(false);
    for (int pass = 0; pass < 3; pass++) {
        tape_begin(tape, PASS_LEARN);
        const Tensor *y = op_scale(tape, tape_name(tape, "y.%d", pass), &parameters.tensors[0], 2);
        CHECK(tape_find(tape, tape_name(tape, "y.%d", pass)) == y);
        CHECK(!tape_find(tape, tape_name(tape, "y.%d", pass + 1)));
        CHECK_INT(tape_tensors(tape), 1);
        CHECK(tape_at(tape, 0) == y && tensor_rows(y) == 5 && tensor_columns(y) == 3);
    }
    tape_free(tape);
    parameters_release(&parameters);
}
