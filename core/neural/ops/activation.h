/* activation.h - the functions between layers, element by element.
 *
 *   tanh   dx = dy (1 - y^2)
 *   relu   max(x, 0); dx = dy where x > 0
 *   gelu   0.5 x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3)))    Hendrycks & Gimpel 2016, as in GPT-2 */
#ifndef CORE_NEURAL_OPS_ACTIVATION_H
#define CORE_NEURAL_OPS_ACTIVATION_H

#include "core/neural/tape.h"

Tensor *op_tanh(Tape *tape, const char *name, Tensor *x);
Tensor *op_relu(Tape *tape, const char *name, Tensor *x);
Tensor *op_gelu(Tape *tape, const char *name, Tensor *x);

#endif
