/* projection.h - points of many dimensions laid on a plane so that they stay as far apart as possible:
 * principal component analysis (Pearson 1901; Jolliffe 2002, ch. 1).
 *
 * The two directions are the eigenvectors of the covariance matrix with the largest eigenvalues, found by
 * power iteration; each points to where its largest number is positive, so that the same points always give
 * the same picture. */
#ifndef CORE_NEURAL_PROJECTION_H
#define CORE_NEURAL_PROJECTION_H

#include <stddef.h>

enum { PROJECTION_AXES = 2 };

typedef struct {
    double *axes;                  /* [2, dims]: unit vectors at right angles; 0 where nothing varies */
    double *places;                /* [points, 2]: the points, less their mean, along the axes */
    double share[PROJECTION_AXES]; /* of the whole variance that each axis shows */
} Projection;

/* `points` is [count, dims], row-major. */
void projection_init(Projection *projection, const double *points, size_t count, size_t dims);
void projection_release(Projection *projection);

/* The cosine of the angle between two vectors, 0 where one of them is 0. */
double cosine(const double *a, const double *b, size_t dims);

#endif
