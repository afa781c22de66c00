#include "core/neural/optimizer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/error.h"
#include "core/base/memory.h"
#include "core/neural/lanes.h"
#include "core/neural/vector.h"

#define MOMENTUM 0.9
#define BETA1 0.9
#define BETA2 0.999
#define EPSILON 1e-8

static const char *const names[] = {"sgd", "momentum", "adam", "adamw"};

const char *optimizer_name(OptimizerKind kind) { return names[kind]; }

bool optimizer_find(const char *name, OptimizerKind *kind)
{
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (strcmp(names[i], name) == 0) {
            *kind = (OptimizerKind)i;
            return true;
        }
    return false;
}

static Real *moments(bool kept, size_t total) { return kept ? must_alloc(total, sizeof(Real)) : NULL; }

void optimizer_init(Optimizer *optimizer, OptimizerKind kind, double decay, size_t total)
{
    *optimizer = (Optimizer){.kind = kind, .decay = decay, .total = total};
    optimizer->first = moments(kind != OPTIMIZER_SGD, total);
    optimizer->second = moments(kind == OPTIMIZER_ADAM || kind == OPTIMIZER_ADAMW, total);
}

void optimizer_copy(Optimizer *copy, const Optimizer *optimizer)
{
    optimizer_init(copy, optimizer->kind, optimizer->decay, optimizer->total);
    copy->steps = optimizer->steps;
    size_t bytes = optimizer->total * sizeof(Real);
    if (copy->first) memcpy(copy->first, optimizer->first, bytes);
    if (copy->second) memcpy(copy->second, optimizer->second, bytes);
}

void optimizer_release(Optimizer *optimizer)
{
    free(optimizer->first);
    free(optimizer->second);
    *optimizer = (Optimizer){0};
}

LANES static void step_sgd(size_t n, Real lr, Real decay, const Real *g, Real *w)
{
    for (size_t i = 0; i < n; i++) w[i] -= lr * (g[i] + decay * w[i]);
}

LANES static void step_momentum(size_t n, Real lr, Real decay, const Real *g, Real *m, Real *w)
{
    for (size_t i = 0; i < n; i++) {
        m[i] = (Real)MOMENTUM * m[i] + (g[i] + decay * w[i]);
        w[i] -= lr * m[i];
    }
}

/* One number's worth of Adam: `rate` is lr / (1 - b1^t), `root` 1 / sqrt(1 - b2^t). */
typedef struct {
    Real rate, root, shrink, decay; /* shrink: 1 - lr wd (adamw); decay: wd (adam) */
} AdamStep;

LANES static void step_adam(size_t n, AdamStep step, const Real *restrict g, Real *restrict m,
                            Real *restrict v, Real *restrict w)
{
    for (size_t i = 0; i < n; i++) {
        Real slope = g[i] + step.decay * w[i];
        m[i] = (Real)BETA1 * m[i] + (Real)(1 - BETA1) * slope;
        v[i] = (Real)BETA2 * v[i] + (Real)(1 - BETA2) * (slope * slope);
#ifdef REAL_DOUBLE
        Real root = sqrt(v[i]);
#else
        Real root = sqrtf(v[i]);
#endif
        w[i] = step.shrink * w[i] - step.rate * (m[i] / (root * step.root + (Real)EPSILON));
    }
}

static double to_power(double base, uint64_t exponent)
{
    double power = 1;
    for (; exponent > 0; exponent >>= 1, base *= base)
        if (exponent & 1) power *= base;
    return power;
}

static AdamStep adam_step(const Optimizer *optimizer, double lr)
{
    bool decoupled = optimizer->kind == OPTIMIZER_ADAMW;
    return (AdamStep){.rate = (Real)(lr / (1 - to_power(BETA1, optimizer->steps))),
                      .root = (Real)(1 / sqrt(1 - to_power(BETA2, optimizer->steps))),
                      .shrink = (Real)(decoupled ? 1 - lr * optimizer->decay : 1),
                      .decay = (Real)(decoupled ? 0 : optimizer->decay)};
}

void optimizer_step(Optimizer *optimizer, Parameters *parameters, double lr)
{
    size_t n = parameters->total;
    assert(n == optimizer->total);
    optimizer->steps++;
    switch (optimizer->kind) {
    case OPTIMIZER_SGD: step_sgd(n, (Real)lr, (Real)optimizer->decay, parameters->g, parameters->x); break;
    case OPTIMIZER_MOMENTUM:
        step_momentum(n, (Real)lr, (Real)optimizer->decay, parameters->g, optimizer->first, parameters->x);
        break;
    case OPTIMIZER_ADAM:
    case OPTIMIZER_ADAMW:
        step_adam(n, adam_step(optimizer, lr), parameters->g, optimizer->first, optimizer->second,
                  parameters->x);
        break;
    }
}

double gradient_norm(const Parameters *parameters)
{
    return sqrt(vector_squares(parameters->total, parameters->g));
}

void gradient_clip(const Parameters *parameters, double largest)
{
    double norm = gradient_norm(parameters);
    if (norm <= largest) return;
    vector_scale_add(parameters->total, (Real)(largest / norm), parameters->g, 0, parameters->g);
}
