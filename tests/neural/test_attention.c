#include <math.h>
#include <string.h>

#include "core/neural/network.h"
#include "core/neural/ops/add.h"
#include "core/neural/ops/attention.h"
#include "core/neural/ops/scale.h"
#include "tests/support/check.h"
#include "tests/support/engine.h"

TestSuite(attention, .timeout = 20);

static Parameters random_qkv(AttentionShape shape, size_t channels)
{
    Parameters p = {0};
    Random random = random_seeded(shape.steps);
    parameters_add(&p, 2, (size_t[]){shape.sequences * shape.steps, 3 * channels}, "qkv");
    parameters_allocate(&p);
    fill_normal(&p.tensors[0], 1, &random);
    return p;
}

/* The definition, for one number of the result. */
static double attended(const Real *qkv, AttentionShape shape, size_t channels, size_t sequence, size_t head,
                       size_t t, size_t column, double *weights)
{
    size_t width = channels / shape.heads, stride = 3 * channels;
    const Real *rows = qkv + sequence * shape.steps * stride + head * width;
    double sum = 0, y = 0;
    for (size_t s = 0; s <= t; s++) {
        double score = 0;
        for (size_t i = 0; i < width; i++)
            score += (double)rows[t * stride + i] * (double)rows[s * stride + channels + i];
        sum += weights[s] = exp(score / sqrt((double)width));
    }
    for (size_t s = 0; s <= t; s++) {
        weights[s] /= sum;
        y += weights[s] * (double)rows[s * stride + 2 * channels + column];
    }
    return y;
}

static void check_definition(AttentionShape shape, size_t channels, bool exact)
{
    Parameters p = random_qkv(shape, channels);
    Tape *tape = tape_new(exact);
    tape_begin(tape, PASS_PREDICT);
    const Tensor *y = op_attention(tape, "y", "weights", &p.tensors[0], shape);
    const Real *row = tape_find(tape, "weights")->x;
    size_t width = channels / shape.heads;
    double weights[64], tolerance = 30 * REAL_EPSILON;
    for (size_t b = 0; b < shape.sequences; b++)
        for (size_t h = 0; h < shape.heads; h++)
            for (size_t t = 0; t < shape.steps; t++, row += shape.steps) {
                for (size_t i = 0; i < width; i++) {
                    double wanted = attended(p.x, shape, channels, b, h, t, i, weights);
                    CHECK_NEAR(y->x[(b * shape.steps + t) * channels + h * width + i], wanted, tolerance);
                }
                CHECK(difference(row, weights, t + 1).absolute < tolerance);
                for (size_t s = t + 1; s < shape.steps; s++) CHECK(row[s] == 0);
            }
    tape_free(tape);
    parameters_release(&p);
}

/* Sequences of one step, within and beyond one piece of the products. */
Test(attention, is_what_its_definition_says)
{
    static const size_t steps[] = {1, 5, 16, 33, 64};
    for (size_t i = 0; i < COUNT_OF(steps); i++)
        for (int exact = 0; exact < 2; exact++) check_definition((AttentionShape){2, steps[i], 3}, 12, exact);
    check_definition((AttentionShape){1, 40, 2}, 64, false);
}

Test(attention, rows_of_weights_sum_to_one)
{
    AttentionShape shape = {2, 50, 2};
    Parameters p = random_qkv(shape, 8);
    for (size_t i = 0; i < p.total; i++) p.x[i] *= 30; /* weights near 0 and 1 */
    Tape *tape = tape_new(false);
    tape_begin(tape, PASS_PREDICT);
    op_attention(tape, NULL, "weights", &p.tensors[0], shape);
    const Tensor *weights = tape_find(tape, "weights");
    for (size_t r = 0; r < tensor_rows(weights); r++) {
        double sum = 0;
        for (size_t s = 0; s < shape.steps; s++) sum += (double)weights->x[r * shape.steps + s];
        CHECK_NEAR(sum, 1, 20 * REAL_EPSILON);
    }
    tape_free(tape);
    parameters_release(&p);
}

static Tensor *attention_twice(Tape *tape, Tensor *inputs, const void *options)
{
    AttentionShape shape = *(const AttentionShape *)options;
    Tensor *qkv = op_scale(tape, NULL, &inputs[0], 1);
    return op_add(tape, NULL, op_attention(tape, NULL, NULL, qkv, shape),
                  op_attention(tape, NULL, NULL, qkv, shape));
}

Test(attention, gradients_are_finite_differences)
{
    static const AttentionShape shapes[] = {{1, 1, 1}, {2, 7, 3}, {1, 35, 1}};
    for (size_t i = 0; i < COUNT_OF(shapes); i++) {
        Parameters p = random_qkv(shapes[i], 6);
        double error = gradient_error(attention_twice, &p, &shapes[i]);
        CHECK_FOR(error < GRADIENT_TOLERANCE, "shape %zu: %g", i, error);
        parameters_release(&p);
    }
}

/* A finite difference in the weights themselves: y is linear in them. */
Test(attention, the_gradient_of_a_weight_is_its_value_along_dy)
{
    AttentionShape shape = {1, 20, 1};
    Parameters p = random_qkv(shape, 4);
    Tape *tape = tape_new(true);
    tape_begin(tape, PASS_LEARN);
    Tensor *y = op_attention(tape, NULL, "weights", &p.tensors[0], shape);
    for (size_t i = 0; i < tensor_size(y); i++) y->g[i] = (Real)sin((double)i);
    y->written = true;
    tape_backward(tape);
    const Tensor *weights = tape_find(tape, "weights");
    for (size_t t = 0; t < 20; t++)
        for (size_t s = 0; s < 20; s++) {
            double wanted = 0;
            for (size_t i = 0; s <= t && i < 4; i++)
                wanted += (double)y->g[t * 4 + i] * (double)p.x[s * 12 + 8 + i];
            CHECK_NEAR(weights->g[t * 20 + s], wanted, 20 * REAL_EPSILON);
        }
    tape_free(tape);
    parameters_release(&p);
}
