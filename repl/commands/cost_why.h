/* cost_why.h - why a model takes what it takes: its weights or n-grams, the work, the energy. */
#ifndef REPL_COMMANDS_COST_WHY_H
#define REPL_COMMANDS_COST_WHY_H

#include "repl/commands/cost.h"
#include "repl/ledger.h"

Fact *cost_explain(const Model *model, const Cost *cost, const Rates *rates, Arena *arena);

#endif
