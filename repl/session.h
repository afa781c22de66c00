/* session.h - everything one run of the program remembers, driven from outside.
 *
 * Push model: session_run takes a line and returns at once; session_step does a slice of the work and says
 * whether there is more. Readline, scripts, tests and lessons are thin loops around these two. Nothing here
 * waits, jumps or looks at a terminal. */
#ifndef REPL_SESSION_H
#define REPL_SESSION_H

#include <stdio.h>

#include "repl/execution.h"
#include "repl/sandbox.h"
#include "repl/source.h"
#include "repl/undo.h"

typedef struct {
    FILE *out;      /* results */
    FILE *err;      /* errors, notes, progress; may be the same */
    int width;      /* columns */
    bool quiet;     /* only errors are shown */
    bool rehearsal; /* a check is being made: it makes none of its own */
    bool terminal;  /* a person is there: questions may be asked */
    bool progress;  /* err is a terminal: long work may draw a line there */
    bool ascii, color;
    bool colorless;         /* no colours, whatever color= says: for what is kept as text */
    const char *format;     /* of answers: "table", "json", ... */
    uint64_t seed;          /* of the first dice */
    const char *journal;    /* file that remembers what is done in lessons; NULL = nothing is remembered */
    const Sandbox *sandbox; /* for all there is to run: a lesson is being checked; else NULL */
} SessionOptions;

typedef enum { SESSION_READY, SESSION_BUSY } SessionStatus;

Session *session_new(const SessionOptions *options);
void session_free(Session *session);

/* Hand over text to run: one line or several. `source` names a script for error messages, whose line
 * `line` this is; NULL = typed at the prompt. Ignored while the session is busy. */
void session_run(Session *session, const char *text, const char *source, size_t line);
SessionStatus session_step(Session *session, double milliseconds);
void session_interrupt(Session *session); /* Ctrl-C: stop what is under way, keep what it has */

/* Run to the end. False when something failed: the learner has then been told. */
bool session_do(Session *session, const char *text, const char *source, size_t line);

bool session_failed(const Session *session);      /* whether the last text run failed */
bool session_interrupted(const Session *session); /* whether it was interrupted */
bool session_leaving(const Session *session);     /* quit was said */
const char *session_prompt(Session *session);     /* "toy> "; owned by the session until asked again */
void session_resize(Session *session, int width);
const char *session_edit(Session *session); /* text for the edit line, once (lesson `solve`); NULL = none */

/* Who takes the lines that are typed, before they are read as commands: a game that waits for guesses. */
typedef struct {
    void *self;                                                    /* owned; NULL: nobody listens */
    bool (*takes)(Session *session, void *self, const char *line); /* false: it is a command after all */
    void (*place)(const void *self, char *text, size_t size);      /* what stands before the prompt */
    void (*free)(void *self);
} Listener;

void session_listen(Session *session,
                    Listener listener); /* the one before is freed; {.self = NULL}: nobody */
const Listener *session_listener(const Session *session);

/* All that statements change, remembered to come back to: a check tries every wrong way from one place. No
 * two marks at a time. */
typedef struct {
    Workspace workspace;
    Undo undo;
    Execution *last;
    uint64_t next_seed;
    Bill bill;
} SessionMark;

void session_mark(Session *session, SessionMark *mark);
void session_return(Session *session, SessionMark *mark); /* which may be returned to again */
void session_unmark(Session *session, SessionMark *mark); /* releases it */

/* --- for commands --- */
Workspace *session_workspace(Session *session);
Undo *session_undo(Session *session);
const SessionOptions *session_options(const Session *session);
const Execution *session_last(const Session *session); /* the last answer that can be asked about, or NULL */
struct Player *session_player(Session *session);
Bill *session_bill(Session *session); /* of what was asked under `access api` */
uint64_t session_next_seed(Session *session);
void session_quit(Session *session);
void session_default_settings(Session *session);      /* those of the command line; all others forgotten */
void session_clear_failure(Session *session);         /* what failed was none of the learner's doing */
void session_set_quiet(Session *session, bool quiet); /* while a lesson sets up */
void session_set_edit(Session *session, const char *text);
bool session_push(Session *session, const char *source, const char *text,
                  Error *error); /* run a script next */
/* The same for text of a lesson, which may not do everything. */
bool session_push_lesson(Session *session, const char *source, const char *text, const Sandbox *sandbox,
                         Error *error);
const Sandbox *session_sandbox(const Session *session); /* of the running statement; NULL: it is free */
const char *session_history(const Session *session, size_t index); /* lines typed, from 0; NULL at the end */
void session_workspace_replaced(Session *session); /* undo and redo: not itself a change to remember */

#endif
