/* tensor.h - an array of numbers with a name, a shape, and room for its gradient. */
#ifndef CORE_NEURAL_TENSOR_H
#define CORE_NEURAL_TENSOR_H

#include <stdbool.h>
#include <stddef.h>

#include "core/neural/real.h"

enum { TENSOR_DIMS = 4 };

typedef struct {
    const char *name; /* "h.0.attn.probs"; NULL for what nobody asks for */
    int dims;
    size_t shape[TENSOR_DIMS];
    Real *x;      /* the values, row-major: the last index runs fastest */
    Real *g;      /* d loss / d x, of the same shape; NULL while nothing is learnt */
    bool written; /* g holds something already: add to it. Parameters are always written */
} Tensor;

size_t tensor_size(const Tensor *tensor);    /* how many numbers */
size_t tensor_columns(const Tensor *tensor); /* the last dimension */
size_t tensor_rows(const Tensor *tensor);    /* the product of all the others */

/* For a backward function that is about to write tensor->g: 0 when what is there is rubbish to be
 * overwritten, 1 when it is to be added to. From then on it counts as written. */
Real tensor_claim(Tensor *tensor);

/* g += gradient, or g = gradient the first time. */
void tensor_accumulate(Tensor *tensor, const Real *gradient);

#endif
