/* dropout.h - while learning, each number is 0 with probability p and else divided by 1 - p
 * (Srivastava et al. 2014); else, and without dice on the tape, x itself is returned. */
#ifndef CORE_NEURAL_OPS_DROPOUT_H
#define CORE_NEURAL_OPS_DROPOUT_H

#include "core/neural/tape.h"

Tensor *op_dropout(Tape *tape, const char *name, Tensor *x, double p);

#endif
