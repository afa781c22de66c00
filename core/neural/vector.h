/* vector.h - loops over arrays: element by element, or sums in a fixed order.
 *
 * exp and tanh are our own (elementary.h). Nothing here depends on how wide the machine's registers are: sums
 * are made of VECTOR_LANES partial sums, element i belonging to lane i mod VECTOR_LANES, added up pairwise at
 * the end. */
#ifndef CORE_NEURAL_VECTOR_H
#define CORE_NEURAL_VECTOR_H

#include <stddef.h>

#include "core/neural/real.h"

enum { VECTOR_LANES = 16 };

/* y may be x. Errors are below 2 units in the last place (exp, tanh). */
void vector_exp(size_t n, const Real *x, Real *y);
void vector_tanh(size_t n, const Real *x, Real *y);
void vector_sigmoid(size_t n, const Real *x, Real *y); /* 1 / (1 + exp(-x)) */
void vector_relu(size_t n, const Real *x, Real *y);
void vector_gelu(size_t n, const Real *x, Real *y); /* tanh form, see ops/activation.h */
void vector_gelu_back(size_t n, const Real *x, const Real *dy, Real beta,
                      Real *dx); /* dx = beta dx + dy gelu'(x) */
void vector_tanh_back(size_t n, const Real *y, const Real *dy, Real beta, Real *dx); /* ... + dy (1 - y^2) */
void vector_relu_back(size_t n, const Real *x, const Real *dy, Real beta, Real *dx);

void vector_add(size_t n, const Real *x, Real *y);                   /* y += x */
void vector_sum_of(size_t n, const Real *a, const Real *b, Real *y); /* y = a + b */
void vector_scale_add(size_t n, Real a, const Real *x, Real beta,
                      Real *y); /* y = beta y + a x; beta 0: overwritten */
Real vector_sum(size_t n, const Real *x);
Real vector_dot(size_t n, const Real *x, const Real *y);
Real vector_max(size_t n, const Real *x);
double vector_squares(size_t n, const Real *x); /* the sum of squares, in double */

/* p = softmax(x), by x - max; p may be x. Returns log of the sum of exp(x): in double, because a loss is made
 * of it. */
double vector_softmax(size_t n, const Real *x, Real *p);

/* The same for predictions: in double, with our own exp and log. Logits that overflowed say nothing: p is
 * then uniform. log_sum may be NULL. */
void softmax_double(size_t n, const Real *logits, double *p, double *log_sum);

#endif
