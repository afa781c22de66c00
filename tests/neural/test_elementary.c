/* exp, log and tanh against the C library's, in units of the last place; vectors against one at a time. */
#include <math.h>

#include "core/base/random.h"
#include "core/neural/elementary.h"
#include "core/neural/vector.h"
#include "tests/support/check.h"

TestSuite(elementary, .timeout = 20);
TestSuite(vector, .timeout = 20);

static double worst(double (*ours)(double), double (*wanted)(double), double from, double to)
{
    double largest = 0;
    Random random = random_seeded(7);
    for (int i = 0; i < 200000; i++) {
        double x = from + (to - from) * random_unit(&random), y = wanted(x);
        if (y != 0) largest = fmax(largest, fabs(ours(x) / y - 1));
    }
    return largest;
}

static double real_exp_of(double x) { return (double)real_exp((Real)x); }
static double real_tanh_of(double x) { return (double)real_tanh((Real)x); }
static double rounded_exp(double x) { return exp((double)(Real)x); }
static double rounded_tanh(double x) { return tanh((double)(Real)x); }

Test(elementary, are_right_to_the_last_places)
{
    CHECK(worst(exact_exp, exp, -700, 700) < 3e-16);
    CHECK(worst(exact_exp, exp, -1, 1) < 3e-16);
    CHECK(worst(exact_log, log, 1e-300, 1e300) < 4e-16);
    CHECK(worst(exact_log, log, 0.5, 2) < 1e-15);
    CHECK(worst(real_exp_of, rounded_exp, -80, 80) < 2 * REAL_EPSILON);
    CHECK(worst(real_tanh_of, rounded_tanh, -15, 15) < 3 * REAL_EPSILON);
    CHECK(worst(real_tanh_of, rounded_tanh, -0.01, 0.01) < 3 * REAL_EPSILON);
}

Test(elementary, bear_what_is_outside)
{
    CHECK(exact_exp(-800) == 0 && exact_exp(-INFINITY) == 0 && exact_exp(0) == 1 && isnan(exact_exp(NAN)));
    CHECK(real_exp((Real)-INFINITY) == 0 && isnan((double)real_exp((Real)NAN)));
    CHECK(fabs((double)real_tanh((Real)INFINITY) - 1) < 2 * REAL_EPSILON);
    CHECK(fabs((double)real_tanh((Real)-INFINITY) + 1) < 2 * REAL_EPSILON);
    CHECK(real_tanh(0) == 0);
    CHECK(exact_log(1) == 0);
    CHECK_NEAR(exact_log(5e-324), log(5e-324), 1e-12);
}

enum { LENGTH = 53 };

static void numbers(Real *x, double scale)
{
    Random random = random_seeded(11);
    for (int i = 0; i < LENGTH; i++) x[i] = (Real)(scale * (2 * random_unit(&random) - 1));
}

Test(vector, every_length_gives_what_one_number_gives)
{
    Real x[LENGTH], y[LENGTH];
    numbers(x, 6);
    for (size_t n = 0; n <= LENGTH; n++) {
        vector_exp(n, x, y);
        for (size_t i = 0; i < n; i++) CHECK(y[i] == real_exp(x[i]));
        vector_tanh(n, x, y);
        for (size_t i = 0; i < n; i++) CHECK(y[i] == real_tanh(x[i]));
    }
}

Test(vector, sums_are_sums)
{
    Real x[LENGTH], y[LENGTH];
    numbers(x, 1);
    for (int i = 0; i < LENGTH; i++) y[i] = x[LENGTH - 1 - i];
    for (size_t n = 1; n <= LENGTH; n++) {
        double sum = 0, dot = 0, squares = 0, largest = -9;
        for (size_t i = 0; i < n; i++) {
            sum += (double)x[i];
            dot += (double)x[i] * (double)y[i];
            squares += (double)x[i] * (double)x[i];
            largest = fmax(largest, (double)x[i]);
        }
        CHECK_NEAR((double)vector_sum(n, x), sum, 30 * REAL_EPSILON);
        CHECK_NEAR((double)vector_dot(n, x, y), dot, 30 * REAL_EPSILON);
        CHECK_NEAR(vector_squares(n, x), squares, 1e-14);
        CHECK((double)vector_max(n, x) == largest);
    }
}

Test(vector, softmax_is_softmax_however_large_the_numbers)
{
    Real x[LENGTH], p[LENGTH];
    double exact[LENGTH], log_sum, sum = 0, wanted = 0;
    numbers(x, 30);
    for (int i = 0; i < LENGTH; i++) x[i] += 1000;
    double ours = vector_softmax(LENGTH, x, p);
    softmax_double(LENGTH, x, exact, &log_sum);
    for (int i = 0; i < LENGTH; i++) wanted += exp((double)x[i] - 1000);
    for (int i = 0; i < LENGTH; i++) {
        sum += exact[i];
        CHECK_NEAR(exact[i], exp((double)x[i] - 1000) / wanted, 1e-14);
        CHECK_NEAR((double)p[i], exact[i], 4 * REAL_EPSILON);
    }
    CHECK_NEAR(sum, 1, 1e-14);
    CHECK_NEAR(log_sum, 1000 + log(wanted), 1e-11);
    CHECK_NEAR(ours, log_sum, 1000 * REAL_EPSILON);
}
