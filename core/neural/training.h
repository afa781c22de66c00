/* training.h - from a corpus to a neural model, step by step; a job that can be stopped at any step. */
#ifndef CORE_NEURAL_TRAINING_H
#define CORE_NEURAL_TRAINING_H

#include "core/base/job.h"
#include "core/neural/neural.h"

/* How far training has come, for the progress line. */
typedef struct {
    uint64_t step, goal;
    double train, valid; /* latest points of the curve, NaN before the first */
    const Curve *curve;  /* borrowed */
    uint64_t tokens;     /* predicted in this run */
    double floor;        /* of what it learns from, for a model that looks back as far (floor.h); NaN where it
                            was not computed: much text, or a stream of which a part is held back */
} TrainingStatus;

/* What a fresh network is to learn. */
typedef struct {
    Corpus *corpus;     /* shared */
    Vocab *vocab;       /* of the model; taken over */
    const TokenId *ids; /* [corpus id]: the model's, TOKEN_NONE for a word it does not know; borrowed */
    Corpus *heldout;    /* what to validate on, or NULL; borrowed */
} TrainingText;

/* A fresh network, computing in fixed order if `exact`. Fails when the corpus has nothing to learn. */
Job *neural_training_new(const Architecture *architecture, const LearningOptions *options, bool exact,
                         TrainingText text, Error *error);

/* Go on: `steps` more than it has (0: to its old goal if it stopped before it, else as many as the last
 * time). The model is left alone, a clone learns. NULL, with a reason, for models whose training is not
 * known. */
Job *neural_training_continue(const Model *model, uint64_t steps, Corpus *corpus, Corpus *heldout,
                              Error *error);

/* The model as it is now: at any moment, also when the job failed or was stopped. */
Model *neural_training_take(Job *job);
TrainingStatus neural_training_status(const Job *job);

/* What it learns from, without what is held back: how many predictions, and their mean loss in nats under the
 * weights as they are now, over at most `most` of them (0 = all). */
size_t neural_training_tokens(const Job *job);
double neural_training_loss(Job *job, size_t most);

/* Mean loss in nats a predicted token over a corpus, in batches (windows of ctx tokens on a stream: not quite
 * what eval says there); at most `tokens` of them, 0 = all. */
double neural_loss(const Model *model, const Corpus *corpus, size_t tokens);

#endif
