/* reader.h - one lesson file while it is read: where its texts go, and what is wrong with it where. */
#ifndef LESSONS_READER_H
#define LESSONS_READER_H

#include "core/base/arena.h"

typedef struct {
    Arena *arena; /* receives all texts */
    Error *error;
} Reader;

/* All return false, as error_set does; the message starts with "LINE:COLUMN: ". */
bool reader_refuse(Reader *reader, size_t line, const char *message, const char *hint); /* column 1 */
bool reader_refuse_at(Reader *reader, size_t line, size_t column, const char *message, const char *hint);
bool reader_blame(Reader *reader, size_t line, size_t column); /* the error that was just set */

/* The column, from 1, at which the part `at` of a line starts. */
size_t reader_column(const char *line, const char *at);

bool reader_check_bytes(Reader *reader, const char *text, size_t line); /* of its first line */
bool reader_is_id(const char *id);                                      /* letters, digits and hyphens */

#endif
