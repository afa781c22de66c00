/* judge.h - tells what a learner typed in a lesson: an answer or a command, and which anticipated one. */
#ifndef REPL_COURSE_JUDGE_H
#define REPL_COURSE_JUDGE_H

#include "lessons/lesson.h"
#include "repl/course/world.h"

/* An answer looks like one, or at least not like a command. */
bool judge_is_answer(const Question *question, const char *text);

/* What the question wants, when something of another shape was typed; else NULL. */
const char *judge_shape(const Question *question, const char *typed);

/* The message of the anticipated wrong way that has been gone since the task began and ends with the last
 * statement, perhaps with others in between: the longest there is, the first of two. NULL: none. */
const char *judge_task_wrong(const Task *task, const World *world);

/* Whether `statement` is the last one of the line `text`, whatever the order of options and width of blanks.
 */
bool judge_ends_line(const Statement *statement, const char *text);

#endif
