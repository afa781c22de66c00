/* parameters.h - all that a network learns: named tensors in one block, so that an optimiser is one loop. */
#ifndef CORE_NEURAL_PARAMETERS_H
#define CORE_NEURAL_PARAMETERS_H

#include "core/base/arena.h"
#include "core/neural/tensor.h"

typedef struct {
    Arena names;
    Tensor *tensors;
    size_t count, capacity;
    Real *x, *g; /* (total): the tensors' values and gradients, one after the other */
    size_t total;
    bool borrowed; /* x is another one's: see parameters_twin */
} Parameters;      /* {0} has none */

/* Declare a tensor: its place in `tensors`. Of the shape the first `dims` count. */
size_t parameters_add(Parameters *parameters, int dims, const size_t *shape, const char *name, ...)
    PRINTF_LIKE(4, 5);
void parameters_allocate(Parameters *parameters); /* once all are declared: values and gradients are 0 */
void parameters_release(Parameters *parameters);

/* A copy with its own values; or a twin that reads the same values and has gradients of its own, for a second
 * thread. Neither copies gradients. */
void parameters_copy(Parameters *copy, const Parameters *parameters);
void parameters_twin(Parameters *twin, const Parameters *parameters);

Tensor *parameters_find(const Parameters *parameters, const char *name); /* NULL if there is none */
void parameters_clear_gradients(Parameters *parameters);

#endif
