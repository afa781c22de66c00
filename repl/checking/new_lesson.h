/* new_lesson.h - the beginning of a lesson that somebody is about to write. */
#ifndef REPL_CHECKING_NEW_LESSON_H
#define REPL_CHECKING_NEW_LESSON_H

#include "core/base/error.h"

/* Writes NAME/en.md, a lesson that passes its check, below the current folder. Overwrites nothing. `name` is
 * the lesson's id: small letters, digits and hyphens. */
bool new_lesson_write(const char *name, Error *error);

#endif
