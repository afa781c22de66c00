/* asked.h - the sentences with which a lesson asks something, to be said again. */
#ifndef REPL_COURSE_ASKED_H
#define REPL_COURSE_ASKED_H

#include "lessons/lesson.h"

/* The prose before block number `block` of a step, which may be its count; or NULL. */
const char *asked_prose(const Step *step, size_t block);

/* The last paragraph of it, or its last sentences of at most `room` bytes; the arena's, or NULL. */
const char *asked_text(const Step *step, size_t block, size_t room, Arena *arena);

enum { ASKED_PARAGRAPH = 300, ASKED_SENTENCE = 120 };

#endif
