/* probe.h - the gradient behind the next step of a training, without taking the step. */
#ifndef CORE_NEURAL_PROBE_H
#define CORE_NEURAL_PROBE_H

#include "core/neural/neural.h"

/* A copy of a model whose training is known, whose next step (neural_training_continue) takes the same
 * examples in the same order, and leaves their gradient - not clipped, without weight decay - in
 * probe_gradient of the model that comes out of it. */
Model *probe_new(const Model *model);
const Real *probe_gradient(const Model *stepped); /* as many as weights */

#endif
