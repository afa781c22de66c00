/* result.h - what a command found out, in one shape for all: views draw it, lessons and tests read it.
 *
 * A result is fields (single values), a table (columns and rows) and perhaps a picture. Keys are stable and
 * never translated; they are the keys of the JSON form. Labels are for people: a field's label is a phrase
 * with one %s for its value, a column's label is its heading; without a label it is for machines only,
 * without a key for people only. All memory is the arena's. */
#ifndef REPL_RESULT_H
#define REPL_RESULT_H

#include <stdint.h>

#include "core/base/arena.h"
#include "core/model/fact.h"

typedef enum {
    VALUE_NULL,
    VALUE_NUMBER,
    VALUE_COUNT,
    VALUE_BOOL,
    VALUE_TEXT,
    VALUE_LIST,
    VALUE_NUMBERS
} ValueType;

/* What a value measures decides how people see it: digits, alignment, whether white space is made visible. */
typedef enum { UNIT_NONE, UNIT_PROBABILITY, UNIT_BITS, UNIT_RATIO, UNIT_TOKEN, UNIT_SECONDS } Unit;

typedef struct {
    ValueType type;
    double number; /* also the count and the truth */
    const char *text;
    const char *const *list; /* texts */
    const double *numbers;   /* NaN is null */
    size_t count;
} Value;

typedef struct {
    const char *key, *label;
    Unit unit;
    Value value;
} Field;

typedef struct {
    const char *key, *label;
    Unit unit;
    bool bar; /* people see a bar beside the number */
} Column;

typedef enum { LAYOUT_TABLE, LAYOUT_LINES } Layout; /* lines: only the first column, without heading */

/* A picture: curves over a common x. */
typedef struct {
    const char *label;
    const double *x, *y; /* (count), x rising; a point whose y is not finite is left out */
    size_t count;
    bool faint; /* there to be compared with: a dotted line */
    bool line;  /* so many points that only the last one is marked */
} Series;

typedef struct {
    const char *x_label, *y_label;
    const Series *series;
    size_t count;
    bool log_x, log_y; /* then all values are > 0 */
} Plot;

enum { PLOT_SERIES = 16 };

/* A picture: numbers in rows and columns, marked the darker the larger they are. */
typedef struct {
    const char *title;       /* above it: "layer 1 head 2"; or NULL */
    const char *const *rows; /* (row_count): their names */
    const char *const *columns;
    size_t row_count, column_count;
    const double *values;     /* (row_count, column_count); NaN: nothing can be there, a dot */
    const char *const *texts; /* of the same size: written instead of the values; or NULL */
    double full;              /* > 0: a value of this size is marked fully */
    bool balanced;            /* values lie on both sides of 0 */
} Grid;

/* Several side by side. */
typedef struct {
    const Grid *grids;
    size_t count, across; /* so many a row, as far as there is room */
    bool bare;            /* marks only, without numbers */
} Grids;

/* A picture: points on a plane, each with its name. */
typedef struct {
    const char *x_label, *y_label;
    const char *const *names; /* (count) */
    const double *x, *y;
    size_t count;
} Scatter;

enum { RESULT_FIELDS = 24, RESULT_COLUMNS = 40, RESULT_NOTES = 6, NO_COLUMN = -1, SORT_SUM = -2 };

typedef struct {
    Arena *arena;
    const char *command;
    const char *title;   /* what people see above the fields, or NULL */
    const char *setting; /* "T=0.5" or "bigram" when the statement has several settings, or NULL */
    Field fields[RESULT_FIELDS];
    size_t field_count;
    bool table;
    const char *rows_key; /* "rows", "steps", "samples"; NULL = the table is for people only */
    Layout layout;
    Column columns[RESULT_COLUMNS];
    size_t column_count;
    Value *cells; /* (row_count, column_count) */
    size_t row_count, row_capacity;
    int sort; /* people see the rows by this column, largest first; NO_COLUMN = as they are, SORT_SUM = by
                 the sum of all columns but the first */
    size_t shown_rows; /* people see this many rows at most; 0 = all */
    size_t folded;     /* 1 + the note that says so, when result_fold made it so; else 0 */
    size_t foot;       /* rows from this one on stay at the end whatever the order; 0 = none */
    int join; /* several results stand side by side in this column; NO_COLUMN = one below the other */
    const char
        *answer;      /* key of the number that a question about it means; NULL = p, or the first one shown */
    const char *text; /* a page for people (help): takes the place of fields and table */
    const Fact *fact; /* a tree of reasons */
    const Plot *plot; /* a picture, or NULL; people see it below the table */
    const Grids *grids;              /* likewise */
    const Scatter *scatter;          /* likewise */
    const char *notes[RESULT_NOTES]; /* sentences for people, on stderr */
    size_t note_count;
} Result;

void result_init(Result *result, Arena *arena, const char *command);

Value value_null(void);
Value value_number(double number); /* infinite and NaN are null to machines */
Value value_count(uint64_t count);
Value value_bool(bool truth);
Value value_text(const char *text);
Value value_list(const char *const *list, size_t count);
Value value_numbers(const double *numbers, size_t count);

void result_field(Result *result, const char *key, const char *label, Unit unit, Value value);
const char *seconds_text(double seconds, Arena *arena); /* "0.08 ms", "2.3 s" */
void result_seconds(Result *result, double seconds);    /* the same as a field, and its number for machines */
void result_table(Result *result, const char *rows_key);
int result_column(Result *result, const char *key, const char *label, Unit unit, bool bar); /* its index */
Value *result_row(Result *result); /* a fresh row of nulls, one a column; add all columns first */
void result_note(Result *result, const char *format, ...) PRINTF_LIKE(2, 3);

/* A table too long to read: people see its first rows and a note that says how to get the others. */
void result_fold(Result *result);
void result_unfold(Result *result); /* all of them after all: a file is never shortened */

const Value *result_find(const Result *result, const char *key); /* a field; NULL if there is none */
const Value *result_cell(const Result *result, size_t row, size_t column);

/* The number a question about this result means: its answer, or its p, or the p of its only row, or its first
 * number. */
bool result_main_number(const Result *result, double *number);

#endif
