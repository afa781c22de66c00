#include <math.h>

#include "core/neural/network.h"
#include "core/neural/ops/activation.h"
#include "core/neural/ops/add.h"
#include "core/neural/ops/dropout.h"
#include "core/neural/ops/scale.h"
#include "tests/support/check.h"
#include "tests/support/engine.h"

TestSuite(activation, .timeout = 20);

static Parameters numbers(size_t count)
{
    Parameters parameters = {0};
    parameters_add(&parameters, 1, (size_t[]){count}, "x");
    parameters_allocate(&parameters);
    return parameters;
}

/* Both ways a gradient is handed on: written first, and added to what is there. */
#define TWICE(name)                                                                                          \
    static Tensor *name##_twice(Tape *tape, Tensor *inputs, const void *options)                             \
    {                                                                                                        \
        (void)options;                                                                                       \
        Tensor *x = op_scale(tape, NULL, &inputs[0], 1);                                                     \
        return op_add(tape, NULL, op_##name(tape, NULL, x), op_##name(tape, NULL, x));                       \
    }
TWICE(tanh)
TWICE(relu)
TWICE(gelu)

Test(activation, gradients_are_finite_differences)
{
    static const Operation operations[] = {tanh_twice, relu_twice, gelu_twice};
    Random random = random_seeded(3);
    Parameters x = numbers(100);
    fill_uniform(&x.tensors[0], 4, &random);
    for (size_t i = 0; i < COUNT_OF(operations); i++) {
        double error = gradient_error(operations[i], &x, NULL);
        CHECK_FOR(error < GRADIENT_TOLERANCE, "operation %zu: %g", i, error);
    }
    parameters_release(&x);
}

/* PyTorch's gelu(approximate="tanh") in double */
Test(activation, gelu_is_the_tanh_form)
{
    static const double x[] = {-3, -1, -0.5, 0, 0.5, 1, 3};
    static const double wanted[] = {-0.0036373920817729943, -0.15880800939172324, -0.15428599017485606, 0,
                                    0.34571400982514394,    0.84119199060827676,  2.9963626079182268};
    Parameters inputs = numbers(COUNT_OF(x));
    for (size_t i = 0; i < COUNT_OF(x); i++) inputs.x[i] = (Real)x[i];
    Tape *tape = tape_new(true);
    tape_begin(tape, PASS_PREDICT);
    const Tensor *y = op_gelu(tape, NULL, &inputs.tensors[0]);
    CHECK(difference(y->x, wanted, COUNT_OF(x)).absolute < 4 * REAL_EPSILON);
    tape_free(tape);
    parameters_release(&inputs);
}

Test(activation, relu_cuts_and_tanh_bends)
{
    static const double relu[] = {0, 0, 2}, bent[] = {-0.76159415595576489, 0, 0.9640275800758169};
    Parameters inputs = numbers(3);
    inputs.x[0] = -1;
    inputs.x[2] = 2;
    Tape *tape = tape_new(true);
    tape_begin(tape, PASS_PREDICT);
    CHECK(difference(op_relu(tape, NULL, &inputs.tensors[0])->x, relu, 3).absolute == 0);
    CHECK(difference(op_tanh(tape, NULL, &inputs.tensors[0])->x, bent, 3).absolute < 2 * REAL_EPSILON);
    tape_free(tape);
    parameters_release(&inputs);
}

/* --- dropout --- */

Test(dropout, a_share_of_the_numbers_is_zero_and_the_others_make_up_for_it)
{
    enum { COUNT = 20000 };
    Parameters inputs = numbers(COUNT);
    fill_constant(&inputs.tensors[0], 3);
    Random dice = random_seeded(1);
    Tape *tape = tape_new(true);
    tape_begin(tape, PASS_LEARN);
    tape_set_dice(tape, &dice);
    Tensor *y = op_dropout(tape, NULL, &inputs.tensors[0], 0.25);
    size_t zeros = 0;
    for (size_t i = 0; i < COUNT; i++) {
        zeros += y->x[i] == 0;
        CHECK(y->x[i] == 0 || y->x[i] == 4);
        y->g[i] = 1;
    }
    CHECK_NEAR((double)zeros / COUNT, 0.25, 4 * sqrt(0.25 * 0.75 / COUNT));
    y->written = true;
    tape_backward(tape);
    for (size_t i = 0; i < COUNT; i++) CHECK_NEAR(inputs.g[i], y->x[i] / 3, 2 * REAL_EPSILON);
    tape_free(tape);
    parameters_release(&inputs);
}

Test(dropout, is_nothing_without_dice_or_learning)
{
    Parameters inputs = numbers(3);
    Random dice = random_seeded(1);
    Tape *tape = tape_new(true);
    tape_begin(tape, PASS_LEARN);
    CHECK(op_dropout(tape, NULL, &inputs.tensors[0], 0.5) == &inputs.tensors[0]);
    tape_set_dice(tape, &dice);
    CHECK(op_dropout(tape, NULL, &inputs.tensors[0], 0) == &inputs.tensors[0]);
    tape_begin(tape, PASS_PREDICT);
    tape_set_dice(tape, &dice);
    CHECK(op_dropout(tape, NULL, &inputs.tensors[0], 0.5) == &inputs.tensors[0]);
    tape_free(tape);
    parameters_release(&inputs);
}
