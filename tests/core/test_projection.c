/* The plane that PCA finds: hand cases, and what is true of every one. */

#include <math.h>

#include "core/base/random.h"
#include "core/neural/projection.h"
#include "tests/support/models.h"

TestSuite(projection, .timeout = 20);

/* Four points on a cross: 3 away along (1, 1) / sqrt 2, 1 away along (1, -1) / sqrt 2, around (5, 7). */
Test(projection, hand_case)
{
    const double r = sqrt(0.5);
    const double points[] = {5 + 3 * r, 7 + 3 * r, 5 - 3 * r, 7 - 3 * r, 5 + r, 7 - r, 5 - r, 7 + r};
    Projection p;
    projection_init(&p, points, 4, 2);
    CHECK(near(p.axes[0], r, 1e-12) && near(p.axes[1], r, 1e-12));
    CHECK(near(p.axes[2], r, 1e-9) && near(p.axes[3], -r, 1e-9));
    CHECK(near(p.places[0], 3, 1e-12) && near(p.places[2], -3, 1e-12));
    CHECK(fabs(p.places[4]) < 1e-9 && near(p.places[5], 1, 1e-9) && near(p.places[7], -1, 1e-9));
    CHECK(near(p.share[0], 0.9, 1e-12) && near(p.share[1], 0.1, 1e-9));
    projection_release(&p);
}

/* Against the covariance multiplied out: C a = value a, axes at right angles, the first shows the most. */
Test(projection, axes_are_eigenvectors)
{
    enum { COUNT = 40, DIMS = 7 };
    double points[COUNT * DIMS], mean[DIMS] = {0}, covariance[DIMS][DIMS] = {{0}}, trace = 0;
    Random dice = random_seeded(5);
    for (size_t i = 0; i < COUNT * DIMS; i++) points[i] = random_unit(&dice) * (double)(1 + i % DIMS);
    for (size_t i = 0; i < COUNT * DIMS; i++) mean[i % DIMS] += points[i] / COUNT;
    for (size_t r = 0; r < DIMS; r++)
        for (size_t c = 0; c < DIMS; c++)
            for (size_t i = 0; i < COUNT; i++)
                covariance[r][c] +=
                    (points[i * DIMS + r] - mean[r]) * (points[i * DIMS + c] - mean[c]) / COUNT;
    for (size_t d = 0; d < DIMS; d++) trace += covariance[d][d];
    Projection p;
    projection_init(&p, points, COUNT, DIMS);
    for (size_t a = 0; a < 2; a++)
        for (size_t r = 0; r < DIMS; r++) {
            double product = 0;
            for (size_t c = 0; c < DIMS; c++) product += covariance[r][c] * p.axes[a * DIMS + c];
            CHECK(fabs(product - p.share[a] * trace * p.axes[a * DIMS + r]) < 1e-9);
        }
    double across = 0;
    for (size_t d = 0; d < DIMS; d++) across += p.axes[d] * p.axes[DIMS + d];
    CHECK(fabs(across) < 1e-12);
    CHECK(p.share[0] >= p.share[1] && p.share[0] + p.share[1] <= 1);
    projection_release(&p);
}

Test(projection, what_does_not_vary)
{
    const double same[] = {1, 2, 3, 1, 2, 3}, line[] = {0, 0, 1, 1, 2, 2};
    Projection p;
    projection_init(&p, same, 2, 3);
    for (size_t i = 0; i < 4; i++) CHECK(p.places[i] == 0);
    projection_release(&p);
    projection_init(&p, line, 3, 2);
    CHECK(near(p.share[0], 1, 1e-12) && p.share[1] == 0);
    CHECK(near(p.places[4], sqrt(2), 1e-12) && p.places[5] == 0);
    projection_release(&p);
    projection_init(&p, same, 1, 3);
    CHECK(p.places[0] == 0 && p.places[1] == 0);
    projection_release(&p);
}

Test(projection, cosines)
{
    const double a[] = {1, 0}, b[] = {0, 2}, c[] = {-3, 0}, zero[] = {0, 0};
    CHECK(cosine(a, a, 2) == 1 && cosine(a, b, 2) == 0 && cosine(a, c, 2) == -1 && cosine(a, zero, 2) == 0);
}
