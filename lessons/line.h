/* line.h - takes a text apart in place: lines, what is left and right of a mark. */
#ifndef LESSONS_LINE_H
#define LESSONS_LINE_H

#include <stddef.h>

/* Bytes before the first that a terminal should not get: bad UTF-8, or a control character. */
size_t line_clean_prefix(const char *text, size_t length);

char *line_trim(char *text);           /* without the blanks around it */
char *line_next(char **text);          /* cuts the next line off *text, trimmed; NULL at the end */
char *line_cut(char *line, char mark); /* ends `line` at `mark`; what follows it, or NULL; both trimmed */
size_t line_count(const char *text);

#endif
