/* scale.h - y = factor x; backward dx = factor dy. */
#ifndef CORE_NEURAL_OPS_SCALE_H
#define CORE_NEURAL_OPS_SCALE_H

#include "core/neural/tape.h"

Tensor *op_scale(Tape *tape, const char *name, Tensor *x, double factor);

#endif
