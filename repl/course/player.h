/* player.h - plays a lesson inside a session: shows, waits, judges, goes on.
 *
 * A lesson has a workspace of its own; the learner's rests meanwhile. What happens is written to the journal
 * (SessionOptions.journal), from which a later program brings the lesson back to where it was: statements
 * that changed its workspace are run again, unseen. */
#ifndef REPL_COURSE_PLAYER_H
#define REPL_COURSE_PLAYER_H

#include <stddef.h>

#include "core/base/arena.h"
#include "repl/course/journal.h"

typedef struct Session Session;

typedef struct Player {
    struct Playing *playing; /* NULL when no lesson is open */
    struct Playing *left;    /* the one that `resume` goes back to, or NULL */
    Journal journal;
} Player;

void player_release(Player *player);

/* The lesson verbs. All but begin, resume and reset fail when no lesson is open. */

/* Opens a lesson where the learner was, a finished one at its beginning; or at a step (id or number), as if
 * all before it had been done. `step` may be NULL; *step_fails says whether it is what the error is about. */
bool player_begin(Session *session, const char *name, const char *step, bool *step_fails, Error *error);
bool player_go(Session *session, Error *error);
bool player_back(Session *session, Error *error); /* to the beginning of this step, or to the one before */
bool player_hint(Session *session, Error *error);
bool player_solve(Session *session, Error *error); /* never runs anything: into the edit line, or printed */
bool player_skip(Session *session, Error *error);  /* a task, a question, or the rest of the step */
bool player_leave(Session *session, Error *error);
bool player_resume(Session *session, Error *error);

typedef enum { RESET_STEP, RESET_LESSON, RESET_ALL } ResetWhat;
bool player_reset(Session *session, ResetWhat what, Error *error);

bool player_none(Error *error); /* false: no lesson is open */

/* "[L02 2/6] " before the prompt, or "". */
void player_place(const Player *player, char *text, size_t size);

/* What to do now, for the head of `help`; NULL when no lesson is open. */
const char *player_now(Session *session, Arena *arena);

/* Read the open lesson in the language of now, and show the place again. */
void player_reread(Session *session);

/* A line was typed: true when the lesson takes it (an answer, or an empty line that goes on). */
bool player_takes(Session *session, const char *text);

/* A statement was carried out, and `changed` the workspace or not: maybe it solves what was asked for. */
struct Execution;
void player_saw(Session *session, const struct Execution *done, bool changed);

/* The session is idle: do what the lesson does by itself. */
void player_continue(Session *session);

#endif
