/* cross_entropy.h - the loss: -log softmax(logits)[target], fused because its gradient is simply p -
 * 1[target].
 *
 * Padded rows and rows without a target get gradient 0. */
#ifndef CORE_NEURAL_OPS_CROSS_ENTROPY_H
#define CORE_NEURAL_OPS_CROSS_ENTROPY_H

#include "core/neural/batch.h"
#include "core/neural/tape.h"

/* logits [rows, V]. Returns the sum over targets of weight * -log p, in nats, summed in double. When the pass
 * learns, logits->g is d (scale * that sum) / d logits: scale = 1 / (all weights of the step) makes it the
 * gradient of the mean. */
double op_cross_entropy(Tape *tape, Tensor *logits, const Batch *batch, double scale);

#endif
