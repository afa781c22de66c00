/* execution.h - a statement being carried out: its calls, one a setting, and their results. */
#ifndef REPL_EXECUTION_H
#define REPL_EXECUTION_H

#include "repl/command.h"

typedef struct Execution {
    Arena arena; /* owns the statement and everything the calls and results refer to */
    Statement statement;
    const Command *command;
    Call *calls;
    Result *results; /* (call_count) */
    size_t call_count, at;
    double started; /* job_clock() */
} Execution;

/* Check the whole statement: command, options, models, number of words. Nothing is run yet; built-in models
 * it names are made. `last` is the statement that `again` would repeat, or NULL. On failure
 * *execution need not be freed. */
Execution *execution_new(Workspace *workspace, const Execution *last, const Statement *statement,
                         Error *error);
void execution_free(Execution *execution);     /* NULL is fine */
void execution_truncate(Execution *execution); /* drop the calls from `at` on */

enum { SETTINGS_MAX = 1000 };

#endif
