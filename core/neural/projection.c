#include "core/neural/projection.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/memory.h"

/* Eigenvectors whose eigenvalues are close together turn slowly; what is left after so many rounds is too
 * little to be seen. */
enum { ROUNDS_MOST = 2000 };

static double dot(const double *a, const double *b, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += a[i] * b[i];
    return sum;
}

double cosine(const double *a, const double *b, size_t dims)
{
    double lengths = sqrt(dot(a, a, dims)) * sqrt(dot(b, b, dims));
    return lengths > 0 ? dot(a, b, dims) / lengths : 0;
}

/* The points less their mean, which the caller frees. */
static double *centred(const double *points, size_t count, size_t dims)
{
    double *around = must_alloc(count * dims + 1, sizeof *around);
    for (size_t d = 0; d < dims; d++) {
        double mean = 0;
        for (size_t i = 0; i < count; i++) mean += points[i * dims + d] / (double)count;
        for (size_t i = 0; i < count; i++) around[i * dims + d] = points[i * dims + d] - mean;
    }
    return around;
}

static double *covariance(const double *around, size_t count, size_t dims)
{
    double *matrix = must_alloc(dims * dims + 1, sizeof *matrix);
    for (size_t i = 0; i < count; i++)
        for (size_t r = 0; r < dims; r++)
            for (size_t c = 0; c < dims; c++)
                matrix[r * dims + c] += around[i * dims + r] * around[i * dims + c] / (double)count;
    return matrix;
}

/* Take out of `vector` what lies along the unit vector `axis`. */
static void take_out(double *vector, const double *axis, size_t dims)
{
    double along = dot(vector, axis, dims);
    for (size_t d = 0; d < dims; d++) vector[d] -= along * axis[d];
}

/* To length 1; returns what it was. */
static double normalise(double *vector, size_t dims)
{
    double length = sqrt(dot(vector, vector, dims));
    for (size_t d = 0; d < dims && length > 0; d++) vector[d] /= length;
    return length;
}

static void point_forward(double *axis, size_t dims)
{
    size_t largest = 0;
    for (size_t d = 1; d < dims; d++)
        if (fabs(axis[d]) > fabs(axis[largest]) * (1 + 1e-9)) largest = d;
    bool backward = axis[largest] < 0;
    for (size_t d = 0; d < dims && backward; d++) axis[d] = -axis[d];
}

/* The row of the matrix that is longest beside `before`: never at right angles to what is looked for. */
static double begin(const double *matrix, const double *before, double *axis, size_t dims)
{
    double longest = 0, *row = must_alloc(dims + 1, sizeof *row);
    for (size_t r = 0; r < dims; r++) {
        memcpy(row, matrix + r * dims, dims * sizeof *row);
        if (before) take_out(row, before, dims);
        double length = sqrt(dot(row, row, dims));
        if (length <= longest) continue;
        longest = length;
        memcpy(axis, row, dims * sizeof *row);
    }
    free(row);
    return longest;
}

/* The eigenvector of the largest eigenvalue beside `before` (or NULL); returns the eigenvalue. */
static double find_axis(const double *matrix, const double *before, double *axis, size_t dims)
{
    double *next = must_alloc(dims + 1, sizeof *next), value = 0, trace = 0;
    for (size_t d = 0; d < dims; d++) trace += matrix[d * dims + d];
    bool varies = begin(matrix, before, axis, dims) > 1e-12 * trace;
    if (varies) normalise(axis, dims);
    for (int round = 0; varies && round < ROUNDS_MOST; round++) {
        for (size_t r = 0; r < dims; r++) next[r] = dot(matrix + r * dims, axis, dims);
        if (before) take_out(next, before, dims);
        value = normalise(next, dims);
        double change = 0;
        for (size_t d = 0; d < dims; d++) change = fmax(change, fabs(next[d] - axis[d]));
        memcpy(axis, next, dims * sizeof *axis);
        if (change < 1e-14) break;
    }
    if (!varies) memset(axis, 0, dims * sizeof *axis);
    free(next);
    return value;
}

void projection_init(Projection *projection, const double *points, size_t count, size_t dims)
{
    double *around = centred(points, count, dims), *matrix = covariance(around, count, dims), trace = 0;
    for (size_t d = 0; d < dims; d++) trace += matrix[d * dims + d];
    *projection = (Projection){.axes = must_alloc(PROJECTION_AXES * dims + 1, sizeof *projection->axes),
                               .places = must_alloc(PROJECTION_AXES * count + 1, sizeof *projection->places)};
    for (size_t a = 0; a < PROJECTION_AXES && dims > 0; a++) {
        double *axis = projection->axes + a * dims;
        double value = find_axis(matrix, a ? projection->axes : NULL, axis, dims);
        point_forward(axis, dims);
        projection->share[a] = trace > 0 ? value / trace : 0;
        for (size_t i = 0; i < count; i++)
            projection->places[i * PROJECTION_AXES + a] = dot(around + i * dims, axis, dims);
    }
    free(around);
    free(matrix);
}

void projection_release(Projection *projection)
{
    free(projection->axes);
    free(projection->places);
    *projection = (Projection){0};
}
