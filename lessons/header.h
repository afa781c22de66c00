/* header.h - the lines between --- and --- that a lesson begins with. */
#ifndef LESSONS_HEADER_H
#define LESSONS_HEADER_H

#include "lessons/lesson.h"
#include "lessons/reader.h"

/* Reads the header into *lesson and leaves *text behind it; *lines is how many lines it had. */
bool header_read(Reader *reader, char **text, Lesson *lesson, size_t *lines);

#endif
