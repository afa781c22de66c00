/* quote.h - numbers that a lesson quotes: the command that gives each, and whether it does.
 *
 *     command = LINE [ " -> " KEY [ "." ROW ] ]
 *
 * Without a key it is the main number of the answer (result.h); KEY is a field of it, else a column of its
 * first row; KEY.ROW is the column in that row, from 1. */
#ifndef LESSONS_QUOTE_H
#define LESSONS_QUOTE_H

#include "lessons/lesson.h"

typedef struct {
    const char *line, *key; /* key: NULL for the main number */
    size_t row;             /* from 1; 0 where none is given */
} QuoteCommand;

QuoteCommand quote_command(const char *text, Arena *arena);

/* Whether `value` stands in bytes `from` to `to` of the text, as a number of its own: 0.5 not in 0.53. */
bool quote_stands(const char *text, size_t from, size_t to, const char *value);

/* Whether the number, rounded, is what `value` shows: 0.0991, 7/13, 59 %, inf. */
bool quote_agrees(const char *value, double number);

#endif
