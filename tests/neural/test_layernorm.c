#include <math.h>

#include "core/neural/network.h"
#include "core/neural/ops/add.h"
#include "core/neural/ops/layernorm.h"
#include "core/neural/ops/scale.h"
#include "tests/support/check.h"
#include "tests/support/engine.h"

TestSuite(layernorm, .timeout = 20);

enum { X, W, B };

static Parameters rows_of(size_t rows, size_t columns)
{
    Parameters p = {0};
    parameters_add(&p, 2, (size_t[]){rows, columns}, "x");
    parameters_add(&p, 1, (size_t[]){columns}, "w");
    parameters_add(&p, 1, (size_t[]){columns}, "b");
    parameters_allocate(&p);
    return p;
}

/* By hand: mean 2.5, variance 1.25; mean of squares 7.5. */
Test(layernorm, a_row_by_hand)
{
    Parameters p = rows_of(1, 4);
    double even[4], root[4];
    for (int i = 0; i < 4; i++) {
        p.tensors[X].x[i] = (Real)(i + 1);
        p.tensors[W].x[i] = (Real)(i + 2);
        p.tensors[B].x[i] = (Real)(10 * i);
        even[i] = (i + 1 - 2.5) / sqrt(1.25 + 1e-5) * (i + 2) + 10 * i;
        root[i] = (i + 1) / sqrt(7.5 + 1e-5) * (i + 2);
    }
    Tape *tape = tape_new(true);
    tape_begin(tape, PASS_PREDICT);
    const Tensor *y = op_layernorm(tape, NULL, &p.tensors[X], &p.tensors[W], &p.tensors[B]);
    CHECK(difference(y->x, even, 4).absolute < 50 * REAL_EPSILON);
    y = op_rmsnorm(tape, NULL, &p.tensors[X], &p.tensors[W]);
    CHECK(difference(y->x, root, 4).absolute < 50 * REAL_EPSILON);
    tape_free(tape);
    parameters_release(&p);
}

Test(layernorm, numbers_far_from_zero_lose_little)
{
    Parameters p = rows_of(1, 64);
    for (int i = 0; i < 64; i++) p.tensors[X].x[i] = (Real)(1000 + i % 2);
    fill_constant(&p.tensors[W], 1);
    Tape *tape = tape_new(true);
    tape_begin(tape, PASS_PREDICT);
    const Tensor *y = op_layernorm(tape, NULL, &p.tensors[X], &p.tensors[W], &p.tensors[B]);
    for (int i = 0; i < 64; i++) CHECK_NEAR(y->x[i], (i % 2 - 0.5) / sqrt(0.25 + 1e-5), 1e-6);
    tape_free(tape);
    parameters_release(&p);
}

static Tensor *layernorm_twice(Tape *tape, Tensor *in, const void *options)
{
    (void)options;
    Tensor *x = op_scale(tape, NULL, &in[X], 1);
    return op_add(tape, NULL, op_layernorm(tape, NULL, x, &in[W], &in[B]),
                  op_layernorm(tape, NULL, x, &in[W], &in[B]));
}

static Tensor *rmsnorm_twice(Tape *tape, Tensor *in, const void *options)
{
    (void)options;
    Tensor *x = op_scale(tape, NULL, &in[X], 1);
    return op_add(tape, NULL, op_rmsnorm(tape, NULL, x, &in[W]), op_rmsnorm(tape, NULL, x, &in[W]));
}

/* Columns that fill the lanes of a vector, more, and fewer. */
Test(layernorm, gradients_are_finite_differences)
{
    static const size_t columns[] = {3, 16, 37};
    for (size_t i = 0; i < COUNT_OF(columns); i++) {
        Parameters p = rows_of(4, columns[i]);
        Random random = random_seeded(columns[i]);
        for (size_t j = 0; j < p.count; j++) fill_normal(&p.tensors[j], 1, &random);
        double error = gradient_error(layernorm_twice, &p, NULL);
        CHECK_FOR(error < GRADIENT_TOLERANCE, "layernorm, %zu columns: %g", columns[i], error);
        error = gradient_error(rmsnorm_twice, &p, NULL);
        CHECK_FOR(error < GRADIENT_TOLERANCE, "rmsnorm, %zu columns: %g", columns[i], error);
        parameters_release(&p);
    }
}
