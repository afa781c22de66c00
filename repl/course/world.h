/* world.h - what a lesson may ask about a session: verbs used, the last answer, the current model. */
#ifndef REPL_COURSE_WORLD_H
#define REPL_COURSE_WORLD_H

#include "lessons/lesson.h"
#include "repl/execution.h"

enum { WORLD_VERBS_MAX = 32 };

typedef struct {
    const Workspace *workspace;
    const Execution *last;              /* the statement just carried out, or NULL */
    const char *verbs[WORLD_VERBS_MAX]; /* used since the task began */
    size_t verb_count;
    char said[2048];  /* the statements since then, as one line; the earliest are forgotten first */
    char joined[256]; /* the last list asked for, as one text */
} World;

void world_forget(World *world); /* a task begins */
void world_saw(World *world, const Execution *done);

/* The first check that does not hold, or NULL when all do. A check may ask `used VERB`, last.KEY (a field of
 * the last answer, else a column of its first row; a list of words is one text) and model.name, kind, order,
 * smooth, k, outcomes, corpus. */
const char *world_unfulfilled(World *world, const Lines *checks);

#endif
