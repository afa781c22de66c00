/* fingerprint.h - a number for what a lesson does and asks, so that one can tell whether it has changed. */
#ifndef LESSONS_FINGERPRINT_H
#define LESSONS_FINGERPRINT_H

#include <stdint.h>

#include "lessons/lesson.h"

/* Of steps, kinds of blocks, commands, checks and answers (FNV-1a).  Not of words: a sentence set right, or
 * read in another language, leaves a learner's place valid. */
uint64_t lesson_fingerprint(const Lesson *lesson);

#endif
