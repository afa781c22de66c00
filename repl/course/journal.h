/* journal.h - what a learner did in lessons, one event a line, in a file that only ever grows.
 *
 * A line is twelve fields parted by tabs: the mark of the format "1", the time (UTC), the visit, lesson id,
 * fingerprint, step id, block, event, hints had, the text and what came of it, and a checksum of all before
 * it. Tabs, line ends and backslashes in a field are written \t, \n, \\. Each line is one write(2) to a file
 * opened with O_APPEND, so that two shells at once interleave whole lines. It is not synced: what write(2)
 * has taken outlives the program, killed or not, and only a machine that loses its power loses the last
 * seconds; waiting for the disk at every Enter is not worth those. A line that is torn, foreign or of another
 * format is skipped. */
#ifndef REPL_COURSE_JOURNAL_H
#define REPL_COURSE_JOURNAL_H

#include <stdint.h>

#include "core/base/arena.h"

typedef enum {
    EVENT_BEGIN,  /* the lesson begins in a fresh workspace; text: how library_open() finds it */
    EVENT_RESUME, /* another visit goes on where the last one was */
    EVENT_ENTER,  /* a step begins: what later commands of it did is undone, if it had begun before */
    EVENT_AT,     /* the learner is waited for at this block; text: the entry of its transcript */
    EVENT_SETUP,  /* a statement of the lesson changed the workspace */
    EVENT_DID,    /* one of the learner did; result: the answer */
    EVENT_SHOWN,  /* one that Enter ran did; likewise */
    EVENT_RAN,    /* one that changed nothing */
    EVENT_WRONG,  /* an answer; result: what was said to it */
    EVENT_RIGHT,
    EVENT_PREDICT, /* a prediction; result: bits, least, even, or nothing when it cannot be measured */
    EVENT_SOLVED,  /* a task; text: the line that did it */
    EVENT_HINT,
    EVENT_TOLD,    /* an answer was asked for: no credit for this step */
    EVENT_SKIPPED, /* a task, a question or the rest of a step was left out: likewise */
    EVENT_DONE,    /* a step, with nothing left out */
    EVENT_FINISH,  /* the lesson has been gone through to its end */
    EVENT_RESET    /* forgotten: the step; the lesson when that is ""; all when both are */
} EventKind;

typedef struct {
    const char *time;   /* "2026-03-01T12:00:00Z"; set by journal_append */
    uint64_t visit;     /* tells two shells apart that play the same lesson */
    const char *lesson; /* id */
    uint64_t fingerprint;
    const char *step; /* id */
    size_t block;     /* of the step */
    EventKind kind;
    size_t hints; /* had so far for this block */
    const char *text, *result;
} Event;

typedef struct {
    int file;    /* 0: not opened yet */
    bool failed; /* said once; nothing is written any more */
} Journal;

/* Where journals lie: $XDG_STATE_HOME/lmsh/journal, or below ~/.local/state; NULL when there is no home. */
const char *journal_path(Arena *arena);

/* False, with an error to be told, the first time that it cannot be written; true ever after. `path` NULL
 * keeps no journal. Folders above it are made. */
bool journal_append(Journal *journal, const char *path, const Event *event, Error *error);
void journal_close(Journal *journal);

/* Gives every sound line of the file to `visit`, in order; a file that is not there has none. The event's
 * texts are good until visit returns. */
void journal_read(const char *path, void (*visit)(void *context, const Event *event), void *context);

#endif
