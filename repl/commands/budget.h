/* budget.h - what work would take that nobody has done here: FLOPs to hours, energy and carbon dioxide; and
 * how models of history compare with the learner's. For `cost`. */
#ifndef REPL_COMMANDS_BUDGET_H
#define REPL_COMMANDS_BUDGET_H

#include "repl/call.h"
#include "repl/result.h"

/* Whether flops=, params=, tokens=, rate=, hours= or machines= was given. */
bool budget_asked(const Call *call);

/* Training is 6 N D FLOPs: each of N weights is multiplied and added once forwards and twice backwards, for
 * each of D tokens (Kaplan et al. 2020). Without a rate= that is all that can be said; without watts=, the
 * hours. Fails when what is given does not make up an amount of work. */
bool budget_run(const Call *call, Result *result, Error *error);
Fact *budget_explain(const Call *call, Arena *arena); /* of a call that budget_run has answered */

/* The models of CS324's introduction, and how often the call's model would fit into each. */
void budget_sizes(const Call *call, Result *result);
Fact *budget_explain_sizes(const Call *call, Arena *arena);

#endif
