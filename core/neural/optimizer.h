/* optimizer.h - how weights follow their gradients, exactly as PyTorch's optimisers of the same names.
 *
 *   sgd       w -= lr g
 *   momentum  m = 0.9 m + g;  w -= lr m
 *   adam      m = b1 m + (1-b1) g;  v = b2 v + (1-b2) g^2;  w -= lr (m / (1-b1^t)) / (sqrt(v / (1-b2^t)) +
 * eps) Kingma & Ba 2015; b1 0.9, b2 0.999, eps 1e-8; wd is added to g (L2) adamw     adam with w *= 1 - lr wd
 * first, and g as it is       Loshchilov & Hutter 2019 wd on sgd and momentum is added to g. */
#ifndef CORE_NEURAL_OPTIMIZER_H
#define CORE_NEURAL_OPTIMIZER_H

#include <stdint.h>

#include "core/neural/parameters.h"

typedef enum { OPTIMIZER_SGD, OPTIMIZER_MOMENTUM, OPTIMIZER_ADAM, OPTIMIZER_ADAMW } OptimizerKind;

const char *optimizer_name(OptimizerKind kind);
bool optimizer_find(const char *name, OptimizerKind *kind);

typedef struct {
    OptimizerKind kind;
    double decay;         /* wd */
    uint64_t steps;       /* taken */
    size_t total;         /* weights */
    Real *first, *second; /* (total): m and v; NULL where the kind has none */
} Optimizer;

void optimizer_init(Optimizer *optimizer, OptimizerKind kind, double decay, size_t total);
void optimizer_copy(Optimizer *copy, const Optimizer *optimizer);
void optimizer_release(Optimizer *optimizer);

void optimizer_step(Optimizer *optimizer, Parameters *parameters, double lr);

double gradient_norm(const Parameters *parameters);               /* of all gradients as one vector */
void gradient_clip(const Parameters *parameters, double largest); /* scaled down to that norm if longer */

#endif
