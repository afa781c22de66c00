/* lint.h - what is wrong with a lesson that can be read: rules that need no shell to be checked.
 *
 * Ids last for ever, so they do not count (step-3); every task and question has two hints and an anticipated
 * wrong answer; every number asked for has the command that gives it; numbers quoted stand in the prose; a
 * lesson about risks has a paragraph "Limits: ..."; lines outside fences have at most 76 columns; no emphasis
 * marks are left over, no emoji, no half-width punctuation between Chinese characters. */
#ifndef LESSONS_LINT_H
#define LESSONS_LINT_H

#include "lessons/fault.h"
#include "lessons/lesson.h"

enum { LINT_COLUMNS = 76 };

/* `text` is the file that `lesson` was read from. */
void lint_lesson(const Lesson *lesson, const char *text, const Faults *faults);

#endif
