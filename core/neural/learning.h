/* learning.h - a network on its way: how it is trained, how far it has come, what its losses were.
 *
 * Everything a run needs to go on exactly where it stopped is here: a Learning saved and loaded, or
 * interrupted and taken up again, takes the same steps bit for bit. */
#ifndef CORE_NEURAL_LEARNING_H
#define CORE_NEURAL_LEARNING_H

#include "core/base/random.h"
#include "core/neural/network.h"
#include "core/neural/optimizer.h"

typedef enum { SCHEDULE_CONSTANT, SCHEDULE_COSINE } Schedule;

typedef struct {
    double lr;
    Schedule schedule; /* cosine: from lr down to lr / 10 at the last step */
    uint64_t warmup;   /* steps in which lr rises linearly from 0 */
    size_t batch;      /* examples (softmax, mlp) or sequences a step; 0 = all of the corpus */
    uint64_t steps;    /* to take */
    double epochs;     /* > 0: instead of steps, so many times the corpus */
    OptimizerKind optimizer;
    double decay; /* wd */
    double clip;  /* largest norm of the gradient; 0 = any */
    uint64_t seed;
    double valid; /* share of the corpus not learnt from, to validate on */
    double until; /* stop when the validation loss (training loss without one) is at most this; 0 = do not */
    int threads;  /* 1 or 2 */
} LearningOptions;

/* A point of the learning curve: mean loss in nats a token. */
typedef struct {
    uint64_t step;
    double train; /* mean over the steps since the last point */
    double valid; /* NaN where it was not measured */
} CurvePoint;

typedef struct {
    CurvePoint *points;
    size_t count, capacity;
} Curve;

typedef struct {
    LearningOptions options;
    Optimizer optimizer;
    Random dice;       /* for shuffling and dropout */
    uint64_t step;     /* taken */
    uint64_t goal;     /* where it means to stop */
    uint64_t shuffled; /* state of the dice at the last shuffle: the order of this epoch follows from it */
    uint64_t position; /* examples of this epoch taken, */
    uint64_t epoch;    /* of so many; 0 before the first: another corpus begins another epoch */
    double pending;    /* sum of the losses since the last point of the curve, */
    uint64_t pending_steps; /* and of how many steps */
    uint64_t tokens;        /* predicted while learning */
    double best_valid;      /* the lowest so far, NaN if none */
    uint64_t best_step;
    bool diverged; /* stopped because the loss was no longer finite */
    Curve curve;
} Learning;

Learning *learning_new(const LearningOptions *options, size_t weights);
Learning *learning_clone(const Learning *learning);
void learning_free(Learning *learning); /* NULL is fine */

double learning_rate(const Learning *learning); /* of the next step, after warm-up and schedule */

/* A point of the curve at this step: the mean of the pending losses, and a validation loss or NaN. */
void learning_add_point(Learning *learning, double valid);

#endif
