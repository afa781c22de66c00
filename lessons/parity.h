/* parity.h - whether a lesson says the same in two languages: the same steps, blocks, commands and numbers.
 *
 * What is prose may differ: headings, messages, hints, options of choices, answers that are texts. */
#ifndef LESSONS_PARITY_H
#define LESSONS_PARITY_H

#include "lessons/fault.h"
#include "lessons/lesson.h"

/* Tells where `lesson`, a translation, differs from `original`: lines are its own. */
void parity_check(const Lesson *original, const Lesson *lesson, const Faults *faults);

#endif
