/* Products of all shapes and transpositions against sums written out, on both ways. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/random.h"
#include "core/neural/matmul.h"
#include "tests/support/check.h"

TestSuite(matmul, .timeout = 20);

enum { LARGEST = 150, STRIDE = 160, ROOM = LARGEST * STRIDE };

static Real *numbers(uint64_t seed)
{
    Random random = random_seeded(seed);
    Real *x = malloc(ROOM * sizeof *x);
    for (size_t i = 0; i < ROOM; i++) x[i] = (Real)(2 * random_unit(&random) - 1);
    return x;
}

static Matrix matrix_of(const Real *x, bool transposed)
{
    return transposed ? matrix_transposed(x, STRIDE) : matrix(x, STRIDE);
}

static double at(Matrix m, size_t row, size_t column)
{
    return (double)(m.transposed ? m.x[column * m.stride + row] : m.x[row * m.stride + column]);
}

/* The largest error, and whether numbers beside the product were touched. */
static double error_of(bool exact, MatmulSize size, Matrix a, Matrix b, Real beta)
{
    Real *c = numbers(3), *before = numbers(3);
    double largest = 0;
    matmul(exact, size, a, b, (Product){c, STRIDE, beta});
    for (size_t i = 0; i < LARGEST; i++)
        for (size_t j = 0; j < STRIDE; j++) {
            double old = (double)before[i * STRIDE + j], sum = old;
            if (i < size.m && j < size.n) {
                sum = beta != 0 ? old : 0;
                for (size_t k = 0; k < size.k; k++) sum += at(a, i, k) * at(b, k, j);
            }
            largest = fmax(largest, fabs(sum - (double)c[i * STRIDE + j]));
        }
    free(c);
    free(before);
    return largest;
}

static void check_shape(MatmulSize size)
{
    Real *x = numbers(1), *y = numbers(2);
    for (int ways = 0; ways < 16; ways++) {
        Matrix a = matrix_of(x, ways & 1), b = matrix_of(y, ways & 2);
        double error = error_of(ways & 4, size, a, b, ways & 8 ? 1 : 0);
        CHECK_FOR(error < 1e2 * REAL_EPSILON, "%zu x %zu x %zu, way %d: %g", size.m, size.n, size.k, ways,
                  error);
    }
    free(x);
    free(y);
}

Test(matmul, agrees_with_sums_in_every_shape)
{
    static const MatmulSize sizes[] = {{1, 1, 1},      {1, 64, 64},     {3, 5, 7},     {64, 64, 64},
                                       {65, 63, 66},   {32, 27, 64},    {2, 3, 0},     {150, 27, 33},
                                       {17, 130, 129}, {150, 128, 130}, {70, 150, 149}};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) check_shape(sizes[i]);
}

/* What `exact` promises: an element's bits do not depend on what else is computed with it. */
Test(matmul, exact_sums_do_not_depend_on_the_shape)
{
    Real *x = numbers(1), *y = numbers(2), whole[ROOM], one;
    matmul(true, (MatmulSize){90, 100, 140}, matrix(x, STRIDE), matrix(y, STRIDE),
           (Product){whole, STRIDE, 0});
    for (size_t i = 0; i < 90; i += 7)
        for (size_t j = 0; j < 100; j += 9) {
            matmul(true, (MatmulSize){1, 1, 140}, matrix(x + i * STRIDE, STRIDE), matrix(y + j, STRIDE),
                   (Product){&one, 1, 0});
            CHECK(memcmp(&one, &whole[i * STRIDE + j], sizeof one) == 0);
        }
    free(x);
    free(y);
}
