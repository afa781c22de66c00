/* generation.h - what texts cost that a model draws: some are drawn by the clock, and counted up. For `cost
 * per=`. */
#ifndef REPL_COMMANDS_GENERATION_H
#define REPL_COMMANDS_GENERATION_H

#include "repl/call.h"
#include "repl/result.h"

/* Sets call->job, which draws up to a thousand texts (seed 1, so that no other dice are disturbed). */
void generation_begin(Call *call);
bool generation_finish(Call *call, Result *result, bool interrupted, Error *error);

/* CO2e and what it is made of, from the figures of the answer. */
Fact *generation_explain(const Call *call, const Result *result, Arena *arena);

#endif
