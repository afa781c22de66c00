/* add.h - y = a + b element by element; backward hands dy to both. */
#ifndef CORE_NEURAL_OPS_ADD_H
#define CORE_NEURAL_OPS_ADD_H

#include "core/neural/tape.h"

Tensor *op_add(Tape *tape, const char *name, Tensor *a, Tensor *b); /* of one size; y has a's shape */

#endif
