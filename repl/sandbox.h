/* sandbox.h - what the text of a lesson may not do, since anybody may have written it.
 *
 * Its own commands (set-ups, transcripts, and all of them while it is checked) stay inside the session: they
 * write nothing, start no scripts, read only files beside the lesson, and do not ask for work without end.
 * What a learner types is the learner's and knows no sandbox. */
#ifndef REPL_SANDBOX_H
#define REPL_SANDBOX_H

#include "repl/execution.h"

typedef struct {
    const char *folder; /* of the lesson, whose files it may read; NULL: it has none */
    double seconds;     /* of processor time for its text; 0: no limit */
} Sandbox;

#define SANDBOX_SIZE_MAX 1e6 /* of a count, number of copies, steps, ... asked for */

enum { SANDBOX_TOKENS_MAX = 20000000 }; /* in all corpora before a statement */

/* Whether a statement may begin in this workspace. Fails at the offending place. */
bool sandbox_allows(const Workspace *workspace, const Execution *execution, Error *error);

/* The file that `word` names: itself without a sandbox; in one the path of that file beside the lesson. Fails
 * on everything that could lead elsewhere: folders, .., links. */
bool sandbox_path(const Sandbox *sandbox, const Word *word, Arena *arena, const char **path, Error *error);

/* Whether the time is up for a text that began when the processor clock said `started` (seconds). */
bool sandbox_expired(const Sandbox *sandbox, double started, Error *error);
double sandbox_clock(void);

#endif
