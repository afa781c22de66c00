/* library.h - the lessons there are: compiled in, or in the folder $LMSH_LESSONS, or any Markdown file. */
#ifndef REPL_COURSE_LIBRARY_H
#define REPL_COURSE_LIBRARY_H

#include "core/base/error.h"
#include "lessons/lesson.h"

/* The lesson called by its number ("1"), its id or a path. On success *lesson is the caller's to release. */
bool library_open(const char *name, Lesson *lesson, Error *error);

/* Folder names of the lessons in order ("01-table"), NULL at the end; the arena's. */
const char *const *library_list(Arena *arena);

#endif
