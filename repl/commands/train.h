/* train.h - what counted and neural models have in common while they are made: train.c asks the way that
 * fits the kind. */
#ifndef REPL_COMMANDS_TRAIN_H
#define REPL_COMMANDS_TRAIN_H

#include "repl/commands/recipe.h"

typedef struct TrainWay TrainWay;

/* What call->work begins with; each way has more behind it. */
typedef struct {
    const TrainWay *way;
    RecipeKind kind;
    bool again; /* `train` alone: the current model once more, or further */
} TrainWork;

struct TrainWay {
    size_t work_size;
    /* Check the options, before anything is read. */
    bool (*choose)(Session *session, Call *call, Error *error);
    /* All texts are there, in call->corpus, heldout and vocabulary: set call->job. */
    bool (*begin)(Session *session, Call *call, Result *result, Error *error);
    /* As Command.finish, of jobs that `begin` began. */
    bool (*finish)(Session *session, Call *call, Result *result, bool interrupted, Error *error);
    void (*report)(const Call *call, Report *report); /* as Command.report; NULL: nothing to add */
    const Fact *(*explain)(const Call *call, const Result *result, const Call *why, Error *error);
};

extern const TrainWay train_ngram, train_neural;

const char *train_name(const Call *call); /* what the model is to be called */

/* The model takes the place of the call's old one, so that `why` and the measuring see it. */
void train_put_model(Call *call, Model *model);

/* Into the workspace, with its corpus: both become current. */
void train_keep(Session *session, const Call *call);

#endif
