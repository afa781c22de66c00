/* runs.h - training runs of small networks of every kind, for tests: they can be stopped at any step. */
#ifndef TESTS_SUPPORT_RUNS_H
#define TESTS_SUPPORT_RUNS_H

#include "core/neural/training.h"
#include "tests/support/models.h"

extern const Architecture run_shapes[NETWORK_KINDS]; /* without V, which is the corpus's */

/* 20 steps in batches of 2, with another optimiser and schedule for each kind. */
LearningOptions run_options(NetworkKind kind);

Job *run_new(Corpus *corpus, Architecture shape, LearningOptions options);
void run_steps(Job *job, int steps);
Model *run_end(Job *job); /* the model as it is; frees the job */

Model *run_model(NetworkKind kind, int steps); /* on corpus_random(3, 30) */

#endif
