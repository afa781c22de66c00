/* descent.h - one step of gradient descent: examples through the network in passes of a size that stays in
 * the cache, their gradients added up, the weights moved.
 *
 * With two threads the passes alternate between two workers with gradients of their own, which are added at
 * the end of the step, always in the same order: the numbers depend on how many threads there are, not on
 * which was faster. */
#ifndef CORE_NEURAL_DESCENT_H
#define CORE_NEURAL_DESCENT_H

#include "core/neural/dataset.h"
#include "core/neural/learning.h"

enum { DESCENT_THREADS = 2, PASS_POSITIONS = 512 };

typedef struct {
    Network *network; /* borrowed */
    Tape *tape;
    BatchRoom room;
} Worker;

typedef struct {
    Network *network, *twin; /* both borrow the same weights; twin NULL with one thread */
    Worker workers[DESCENT_THREADS];
    int threads;
    Real *before; /* the weights before the last step, whose loss was finite */
} Descent;

void descent_init(Descent *descent, Network *network, int threads); /* borrows the network */
void descent_release(Descent *descent);

/* Learn from these units: one step of `learning`. Returns the mean loss in nats, before the step, over
 * *predictions targets. When it is not finite nothing is learnt, and the weights are what they were before
 * the step that spoilt them. */
double descent_step(Descent *descent, Learning *learning, const Dataset *dataset, const uint32_t *order,
                    size_t count, size_t *predictions);

/* After the last step: false when the weights, or the loss of these units under them, are not finite any
 * more; the weights have then been put back. */
bool descent_settle(Descent *descent, const Dataset *dataset, const uint32_t *order, size_t count);

/* The mean loss of these units, nothing learnt; NaN when they have no targets. */
double descent_loss(Descent *descent, const Dataset *dataset, const uint32_t *order, size_t count);

#endif
