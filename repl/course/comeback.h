/* comeback.h - brings a lesson's workspace to a place that was not reached by playing: commands are run
 * again, one after the other, unseen. */
#ifndef REPL_COURSE_COMEBACK_H
#define REPL_COURSE_COMEBACK_H

#include "repl/course/playing.h"
#include "repl/course/progress.h"

/* To the beginning of a step, as someone who has done all before it as the lesson shows it. */
void comeback_jump(Session *session, size_t step);

/* To where the journal says; `step` is the index of progress->step. Where that fails, the step begins afresh.
 */
void comeback_resume(Session *session, const LessonProgress *progress, size_t step);

/* Through these lines, of which some may fail, and on at the block `target` of the step at hand. */
void comeback_pass(Session *session, const char *const *lines, size_t count, size_t target);

/* While COMING_BACK: the next line, or the arrival. Ctrl-C leaves the lesson. */
void comeback_continue(Session *session);

#endif
