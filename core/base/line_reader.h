/* line_reader.h - the lines of a text file, packed by gzip or not, one after another. Only a piece of the
 * file is in memory, so that neither a huge file nor a small one that unpacks into a huge one fills it. */
#ifndef CORE_BASE_LINE_READER_H
#define CORE_BASE_LINE_READER_H

#include "core/base/error.h"

typedef struct LineReader LineReader;
typedef enum { LINE_GIVEN, LINE_END, LINE_FAILED } LineStatus;

LineReader *line_reader_new(const char *path, Error *error); /* NULL: error says why */
void line_reader_free(LineReader *reader);                   /* NULL is fine */

/* The next line without its LF or CRLF; the end of the file ends a line too. It stays where it is until the
 * next call, and a white-space character stands behind it. */
LineStatus line_reader_next(LineReader *reader, const char **line, size_t *length, Error *error);

size_t line_reader_number(const LineReader *reader);   /* of that line, from 1 */
double line_reader_progress(const LineReader *reader); /* 0 to 1; 0 for a pipe */
size_t line_reader_bytes(const LineReader *reader);    /* read so far, as they are in the file */

#endif
