/* record.h - tells the journal what happens in the lesson that is open. */
#ifndef REPL_COURSE_RECORD_H
#define REPL_COURSE_RECORD_H

#include "repl/course/playing.h"

/* An event at the place where the learner is; `result` may be NULL. A journal that cannot be written is
 * mentioned once. */
void record(Session *session, EventKind kind, const char *text, const char *result);

/* The learner is waited for: kept when the place is another one than before. */
void record_place(Session *session);

/* A statement was carried out; `changed` the workspace or not. */
void record_statement(Session *session, const struct Execution *done, bool changed);

/* An event of any lesson, at no place in it; `lesson` and `step` "" mean all. */
void record_reset(Session *session, const char *lesson, const char *step);

#endif
