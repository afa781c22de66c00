/* Shannon's bounds: the numbers of the lesson, and that they hold for sources whose entropy is known. */

#include <math.h>
#include <stdlib.h>

#include "core/base/random.h"
#include "core/model/shannon.h"
#include "tests/support/check.h"

TestSuite(entropy_bounds, .timeout = 20);

Test(entropy_bounds, of_the_lesson)
{
    const double q[] = {.8, .1, .05, .05}, counts[] = {16, 2, 1, 1}, mixed[] = {.05, .8, 0, .05, .1};
    CHECK_NEAR(shannon_bounds(q, 4).lower, 0.5, 1e-12);
    CHECK_NEAR(shannon_bounds(q, 4).upper, 1.0219280948873624, 1e-12);
    CHECK_NEAR(shannon_bounds(counts, 4).lower, 0.5, 1e-12);
    CHECK_NEAR(shannon_bounds(counts, 4).upper, 1.0219280948873624, 1e-12);
    CHECK_NEAR(shannon_bounds(mixed, 5).lower, 0.5, 1e-12);
    CHECK_NEAR(shannon_bounds(mixed, 5).upper, 1.0219280948873624, 1e-12);
}

/* Even odds leave nothing between the bounds. */
Test(entropy_bounds, of_even_odds)
{
    double q[27];
    for (size_t count = 1; count <= COUNT_OF(q); count++) {
        q[count - 1] = 1;
        CHECK_NEAR(shannon_bounds(q, count).lower, log2((double)count), 1e-12);
        CHECK_NEAR(shannon_bounds(q, count).upper, log2((double)count), 1e-12);
    }
    CHECK_NEAR(shannon_bounds(q, 0).upper, 0, 0);
}

enum { OUTCOMES = 9, CONTEXTS = 6 };

static int falling(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x < y) - (x > y);
}

/* A conditional of a random source, most probable first, is added to q; its entropy. */
static double add_context(Random *random, double weight, double *q)
{
    double p[OUTCOMES], sum = 0, entropy = 0;
    for (size_t i = 0; i < OUTCOMES; i++) sum += p[i] = pow(random_unit(random), 1 + 8 * random_unit(random));
    qsort(p, OUTCOMES, sizeof *p, falling);
    for (size_t i = 0; i < OUTCOMES; i++) {
        q[i] += weight * p[i] / sum;
        if (p[i] > 0) entropy -= p[i] / sum * log2(p[i] / sum);
    }
    return entropy;
}

/* Whoever knows the source guesses its most probable outcome first: its conditional entropy is in between. */
Test(entropy_bounds, hold_the_entropy_of_a_source)
{
    for (uint64_t seed = 1; seed <= 2000; seed++) {
        Random random = random_seeded(seed);
        double q[OUTCOMES] = {0}, weights[CONTEXTS], sum = 0, entropy = 0;
        for (size_t c = 0; c < CONTEXTS; c++) sum += weights[c] = random_unit(&random);
        for (size_t c = 0; c < CONTEXTS; c++)
            entropy += weights[c] / sum * add_context(&random, weights[c] / sum, q);
        EntropyBounds bounds = shannon_bounds(q, OUTCOMES);
        CHECK_FOR(bounds.lower <= entropy + 1e-12 && entropy <= bounds.upper + 1e-12, "%g %g %g",
                  bounds.lower, entropy, bounds.upper);
    }
}
