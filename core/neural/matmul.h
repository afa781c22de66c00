/* matmul.h - products of matrices: the one place that knows CBLAS.
 *
 * Two ways: the library's, fast and the same every time on one machine, and a plain one, whose sums run over
 * k from first to last in every element whatever the shapes, so that every machine gets the same bits. */
#ifndef CORE_NEURAL_MATMUL_H
#define CORE_NEURAL_MATMUL_H

#include <stdbool.h>
#include <stddef.h>

#include "core/neural/real.h"

typedef struct {
    const Real *x;
    size_t stride;   /* numbers from one row in memory to the next */
    bool transposed; /* read columns as rows */
} Matrix;

Matrix matrix(const Real *x, size_t stride);
Matrix matrix_transposed(const Real *x, size_t stride); /* of what lies in memory with this stride */

typedef struct {
    size_t m, n, k;
} MatmulSize;

/* Where a product goes: c = beta c + a b. */
typedef struct {
    Real *c;
    size_t stride;
    Real beta; /* 0 (c may hold rubbish) or 1 */
} Product;

/* a[m, k] b[k, n], after transposition. */
void matmul(bool exact, MatmulSize size, Matrix a, Matrix b, Product product);

#endif
