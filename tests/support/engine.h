/* engine.h - what tests of the engine share: figures that PyTorch computed, and how far ours are from them.
 *
 * Built in float and in double. Of NAME there is a file of weights and one of results; names in the latter
 * that say 64 were computed in double from the same weights: "logits64", "loss64", "grad64.W", "act64.h",
 * "sgd364.W" (after three steps), "adamw_losses64". */
#ifndef TESTS_SUPPORT_ENGINE_H
#define TESTS_SUPPORT_ENGINE_H

#include "core/base/error.h"
#include "core/neural/parameters.h"
#include "core/neural/safetensors.h"
#include "core/neural/tape.h"
#include "core/text/vocab.h"

typedef struct {
    Safetensors *weights, *results;
} Figures;

Figures figures_open(const char *name); /* skips the test where the files are not there */
void figures_close(Figures *figures);

/* Every parameter from the weight of its name; the shapes must be the same. */
void figures_load(const Figures *figures, Parameters *parameters);

/* A result: its numbers, and how many in *count (NULL: do not care). The caller frees them. */
double *figures_doubles(const Figures *figures, size_t *count, const char *name, ...) PRINTF_LIKE(3, 4);
TokenId *figures_ids(const Figures *figures, size_t *count, const char *name);

/* Numbers of ours against `wanted`; infinite when one is not finite. */
typedef struct {
    double absolute; /* the largest |x - wanted| */
    double relative; /* the length of x - wanted as a vector over that of wanted */
} Difference;

Difference difference(const Real *x, const double *wanted, size_t count);

/* The same against a result, which must have `count` numbers. */
Difference figures_difference(const Figures *figures, const Real *x, size_t count, const char *name, ...)
    PRINTF_LIKE(4, 5);

/* Something that computes y from tensors; `options` are the caller's. */
typedef Tensor *(*Operation)(Tape *tape, Tensor *inputs, const void *options);

/* The largest difference between a gradient and a central finite difference, over every number of every
 * input, for a loss that is a sum of the numbers of y, each with a factor of its own. */
double gradient_error(Operation operation, Parameters *inputs, const void *options);
#define GRADIENT_TOLERANCE (sizeof(Real) == sizeof(double) ? 1e-8 : 5e-3)

#endif
