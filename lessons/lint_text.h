/* lint_text.h - what is wrong with the characters of a lesson: width, leftover marks, emoji, punctuation. */
#ifndef LESSONS_LINT_TEXT_H
#define LESSONS_LINT_TEXT_H

#include "lessons/fault.h"
#include "lessons/lesson.h"

void lint_title(const Lesson *lesson, const Faults *faults); /* it has one line in the list of lessons */
void lint_lines(const char *text, const Faults *faults);     /* line by line, as in the file */

/* Emphasis that Markdown does not close beside full-width punctuation stays in the text as `*`; hints and
 * messages are no Markdown at all. */
void lint_emphasis(const Lesson *lesson, const Faults *faults);

#endif
