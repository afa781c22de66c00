/* text.h - numbers and words as people see them: digits, widths, line breaks, bars. */
#ifndef REPL_VIEW_TEXT_H
#define REPL_VIEW_TEXT_H

#include "repl/view/view.h"

/* Columns that UTF-8 text takes on a terminal: a Chinese character takes two. */
int text_width(const char *text);

/* Spaces, `count` of them (none if negative). */
void text_pad(FILE *out, int count);

/* Print `text` in lines of at most `width` columns, each behind `indent` spaces; breaks where the language
 * allows it. A line that begins with spaces continues further in. */
void text_wrap(FILE *out, const char *text, int indent, int width);

/* The same for text that goes on at column `at` of the line being printed, and stays right of it. */
void text_wrap_rest(FILE *out, const char *text, int at, int width);

/* A number with the digits its unit suggests: "0.0991009", "9.3186", "inf". */
const char *text_number(double number, Unit unit, const ViewStyle *style, Arena *arena);

/* Any value; lists are joined by spaces, and blank tokens of a character model are made visible. */
const char *text_value(const Value *value, Unit unit, const ViewStyle *style, Arena *arena);

/* A label with its one %s replaced. */
const char *text_label(const char *label, const char *value, Arena *arena);

/* A bar of `share` (0 to 1) times `room` columns, in eighths of a column, or in # and - for ASCII. */
void text_bar(FILE *out, double share, int room, const ViewStyle *style);

#endif
