#include "repl/result.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/utf8.h"

void result_init(Result *result, Arena *arena, const char *command)
{
    *result = (Result){.arena = arena, .command = command, .sort = NO_COLUMN, .join = NO_COLUMN};
}

Value value_null(void) { return (Value){.type = VALUE_NULL}; }
Value value_number(double number) { return (Value){.type = VALUE_NUMBER, .number = number}; }
Value value_count(uint64_t count) { return (Value){.type = VALUE_COUNT, .number = (double)count}; }
Value value_bool(bool truth) { return (Value){.type = VALUE_BOOL, .number = truth}; }

Value value_text(const char *text) { return text ? (Value){.type = VALUE_TEXT, .text = text} : value_null(); }

Value value_list(const char *const *list, size_t count)
{
    return (Value){.type = VALUE_LIST, .list = list, .count = count};
}

Value value_numbers(const double *numbers, size_t count)
{
    return (Value){.type = VALUE_NUMBERS, .numbers = numbers, .count = count};
}

void result_field(Result *result, const char *key, const char *label, Unit unit, Value value)
{
    assert(result->field_count < RESULT_FIELDS);
    result->fields[result->field_count++] = (Field){key, label, unit, value};
}

const char *seconds_text(double seconds, Arena *arena)
{
    bool quick = seconds < 1;
    return arena_format(arena, quick ? _("%.3g ms") : _("%.3g s"), quick ? seconds * 1e3 : seconds);
}

void result_seconds(Result *result, double seconds)
{
    result_field(result, "seconds", NULL, UNIT_SECONDS, value_number(seconds));
    result_field(result, NULL, "%s", UNIT_NONE, value_text(seconds_text(seconds, result->arena)));
}

void result_table(Result *result, const char *rows_key)
{
    result->table = true;
    result->rows_key = rows_key;
}

int result_column(Result *result, const char *key, const char *label, Unit unit, bool bar)
{
    assert(result->column_count < RESULT_COLUMNS && result->row_count == 0);
    result->columns[result->column_count] = (Column){key, label, unit, bar};
    return (int)result->column_count++;
}

Value *result_row(Result *result)
{
    if (result->row_count == result->row_capacity) {
        size_t capacity = result->row_capacity ? result->row_capacity * 2 : 8;
        Value *cells = arena_alloc(result->arena, capacity * result->column_count, sizeof *cells);
        if (result->row_count)
            memcpy(cells, result->cells, result->row_count * result->column_count * sizeof *cells);
        result->cells = cells;
        result->row_capacity = capacity;
    }
    return result->cells + result->row_count++ * result->column_count;
}

void result_note(Result *result, const char *format, ...)
{
    char text[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    utf8_drop_malformed(text);
    if (result->note_count < RESULT_NOTES)
        result->notes[result->note_count++] = arena_copy(result->arena, text, strlen(text));
}

void result_fold(Result *result)
{
    enum { READABLE = 60, SHOWN = 40 };
    if (result->row_count <= READABLE) return;
    result->shown_rows = SHOWN;
    result_note(result, _("%d of %zu rows; as=csv gives all of them."), SHOWN, result->row_count);
    result->folded = result->note_count;
}

void result_unfold(Result *result)
{
    if (result->folded == 0) return;
    result->shown_rows = 0;
    for (size_t i = result->folded; i < result->note_count; i++) result->notes[i - 1] = result->notes[i];
    result->note_count--;
    result->folded = 0;
}

const Value *result_find(const Result *result, const char *key)
{
    for (size_t i = 0; i < result->field_count; i++)
        if (result->fields[i].key && strcmp(result->fields[i].key, key) == 0) return &result->fields[i].value;
    return NULL;
}

const Value *result_cell(const Result *result, size_t row, size_t column)
{
    assert(row < result->row_count && column < result->column_count);
    return &result->cells[row * result->column_count + column];
}

static bool numeric(const Value *value, double *number)
{
    if (!value || (value->type != VALUE_NUMBER && value->type != VALUE_COUNT)) return false;
    *number = value->number;
    return true;
}

bool result_main_number(const Result *result, double *number)
{
    if (result->answer) return numeric(result_find(result, result->answer), number);
    if (numeric(result_find(result, "p"), number)) return true;
    for (size_t c = 0; result->row_count == 1 && c < result->column_count; c++) {
        const char *key = result->columns[c].key;
        if (key && strcmp(key, "p") == 0 && numeric(result_cell(result, 0, c), number)) return true;
    }
    for (size_t i = 0; i < result->field_count; i++)
        if (numeric(&result->fields[i].value, number) && result->fields[i].label) return true;
    return false;
}
