/* linear.h - y = x w + b. Backward: dx = dy w^T, dw = x^T dy, db = sum of dy over rows. */
#ifndef CORE_NEURAL_OPS_LINEAR_H
#define CORE_NEURAL_OPS_LINEAR_H

#include "core/neural/tape.h"

/* x [N, I], w [I, O], b [O] or NULL -> [N, O]. N is the product of all dimensions of x but the last. */
Tensor *op_linear(Tape *tape, const char *name, Tensor *x, Tensor *w, Tensor *b);

/* The same with w [O, I], as PyTorch's nn.Linear keeps it: y = x w^T + b. */
Tensor *op_linear_transposed(Tape *tape, const char *name, Tensor *x, Tensor *w, Tensor *b);

#endif
