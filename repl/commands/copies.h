/* copies.h - what poison and dup share: copies of one sentence go into the corpus, and every token of it is
 * looked at before and after. */
#ifndef REPL_COMMANDS_COPIES_H
#define REPL_COMMANDS_COPIES_H

#include "repl/commands/edited.h"

/* The words of such a command: how many copies, and of what. */
typedef struct {
    size_t copies;
    const char *sentence; /* in the call's arena */
} Copies;

bool copies_read(const Call *call, Copies *copies, Error *error);

/* Command.run from there on, Command.finish and Command.explain. */
bool copies_run(Session *session, Call *call, const Copies *copies, Result *result, Error *error);
bool copies_finish(Session *session, Call *call, Result *result, bool interrupted, Error *error);
const Fact *copies_explain(const Call *call, const Result *result, const Call *why, Error *error);

#endif
