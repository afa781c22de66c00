/* cost.h - what a model takes, whatever its kind: figures that cost and sweep show. */
#ifndef REPL_COMMANDS_COST_H
#define REPL_COMMANDS_COST_H

#include "core/model/model.h"

/* What is not known, or has no meaning, is NaN. */
typedef struct {
    double parameters, bytes;
    double multiply_adds, lookups; /* of predicting one token; of n-grams at most */
    double tokens;                 /* learnt from: of networks as often as they were seen */
    double flops, seconds;         /* of training */
} Cost;

Cost cost_of(const Model *model);

#endif
