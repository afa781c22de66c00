/* player.h - plays a lesson inside a session: shows, waits, judges, goes on. */
#ifndef REPL_COURSE_PLAYER_H
#define REPL_COURSE_PLAYER_H

#include <stddef.h>

#include "core/base/error.h"

typedef struct Session Session;

typedef struct Player {
    struct Playing *playing; /* NULL when no lesson is open */
} Player;

void player_release(Player *player);

/* The lesson verbs. A lesson has a workspace of its own; the learner's comes back when it ends. All but the
 * first fail when no lesson is open. */
bool player_begin(Session *session, const char *name, Error *error);
bool player_go(Session *session, Error *error);
bool player_back(Session *session, Error *error); /* to the beginning of this step, or to the one before */
bool player_hint(Session *session, Error *error);
bool player_solve(Session *session, Error *error); /* never runs anything: into the edit line, or printed */
bool player_leave(Session *session, Error *error);

/* "[2/3] " before the prompt, or "". */
void player_place(const Player *player, char *text, size_t size);

/* A line was typed: true when the lesson takes it (an answer, or an empty line that goes on). */
bool player_takes(Session *session, const char *text);

/* A statement was carried out: maybe it solves what the lesson asked for. */
struct Execution;
void player_saw(Session *session, const struct Execution *done);

/* The session is idle: do what the lesson does by itself. */
void player_continue(Session *session);

#endif
