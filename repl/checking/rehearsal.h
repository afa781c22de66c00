/* rehearsal.h - a session without a person, whose output is kept: for checking transcripts and lessons. */
#ifndef REPL_CHECKING_REHEARSAL_H
#define REPL_CHECKING_REHEARSAL_H

#include "repl/session.h"

typedef struct Rehearsal Rehearsal;

Rehearsal *rehearsal_new(const Sandbox *sandbox); /* borrowed; NULL: everything may be done */
void rehearsal_free(Rehearsal *rehearsal);
Session *rehearsal_session(Rehearsal *rehearsal);

/* Run one line; what it printed, errors and notes too, until the next call. */
const char *rehearsal_run(Rehearsal *rehearsal, const char *line);

#endif
