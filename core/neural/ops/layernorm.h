/* layernorm.h - each row made of mean 0 and variance 1, then scaled and shifted (Ba et al. 2016), and its
 * simpler kin without mean (RMSNorm, Zhang & Sennrich 2019).
 *
 *   layernorm  y = (x - mean) / sqrt(variance + 1e-5) * w + b      variance divided by C
 *   rmsnorm    y = x / sqrt(mean of x^2 + 1e-5) * w */
#ifndef CORE_NEURAL_OPS_LAYERNORM_H
#define CORE_NEURAL_OPS_LAYERNORM_H

#include "core/neural/tape.h"

/* x [N, C], w [C], b [C] -> [N, C] */
Tensor *op_layernorm(Tape *tape, const char *name, Tensor *x, Tensor *w, Tensor *b);
Tensor *op_rmsnorm(Tape *tape, const char *name, Tensor *x, Tensor *w);

#endif
