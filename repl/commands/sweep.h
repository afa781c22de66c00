/* sweep.h - many models trained and measured side by side: what was tried, and why which one is the best. */
#ifndef REPL_COMMANDS_SWEEP_H
#define REPL_COMMANDS_SWEEP_H

#include "repl/commands/growth.h"
#include "repl/commands/trial.h"

typedef struct {
    Trial *trials; /* (count); the first `done` are done */
    size_t count, done;
    size_t best;    /* index of the least held-out perplexity; `done` if none is finite */
    OptionId x;     /* what runs from left to right in the picture */
    bool unknown;   /* whether any model met an unknown word */
    Growth *growth; /* NULL, or all there is: kinds of models against the amount of text */
} Sweep;

/* What trials are compared by: NaN for numbers that are no probabilities. */
double sweep_compared(const Trial *trial);
const Trial *sweep_best(const Sweep *sweep); /* NULL when none has a number to compare */

/* Of one without growth. Fails when there is no best. */
const Fact *sweep_explain(const Sweep *sweep, Arena *arena, Error *error);

#endif
