/* join.c - results of several settings as one table: a column a setting, or a row a setting. */
#include <string.h>

#include "core/base/i18n.h"
#include "repl/view/view.h"

static bool can_join_rows(const Result *results, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (results[i].join == NO_COLUMN || results[i].join != results[0].join) return false;
    return true;
}

/* The row of `result` with this key; starts looking at `hint`, where it is when all results have the same
 * rows. */
static const Value *find_row(const Result *result, const char *key, size_t hint)
{
    for (size_t i = 0; i < result->row_count; i++) {
        size_t row = (hint + i) % result->row_count;
        if (strcmp(result_cell(result, row, 0)->text, key) == 0)
            return result_cell(result, row, (size_t)result->join);
    }
    return NULL;
}

/* One row a key: those of the first result, then what only later ones have. */
static void add_keys(const Result *results, size_t count, size_t which, Result *joined)
{
    for (size_t row = 0; row < results[which].row_count; row++) {
        const char *key = result_cell(&results[which], row, 0)->text;
        bool known = false;
        for (size_t i = 0; i < which && !known; i++) known = find_row(&results[i], key, row) != NULL;
        if (known) continue;
        Value *cells = result_row(joined);
        cells[0] = *result_cell(&results[which], row, 0);
        for (size_t i = 0; i < count; i++) {
            const Value *cell = find_row(&results[i], key, row);
            cells[i + 1] = cell ? *cell : value_null();
        }
    }
}

static void join_rows(const Result *results, size_t count, Result *joined)
{
    result_table(joined, results[0].rows_key);
    result_column(joined, results[0].columns[0].key, results[0].columns[0].label, results[0].columns[0].unit,
                  false);
    const Column *column = &results[0].columns[results[0].join];
    for (size_t i = 0; i < count; i++)
        result_column(joined, results[i].setting, results[i].setting, column->unit, column->bar);
    for (size_t i = 0; i < count; i++) add_keys(results, count, i, joined);
}

/* Settings need not have the same fields: they are found by key. */
static Value value_of(const Result *result, const char *key)
{
    const Value *value = result_find(result, key);
    return value ? *value : value_null();
}

/* Fields that people see become rows at the foot: "entropy bits" under each column. */
static void add_feet(const Result *results, size_t count, Result *joined)
{
    for (size_t f = 0; f < results[0].field_count; f++) {
        const Field *field = &results[0].fields[f];
        if (!field->label || !field->key || field->value.type == VALUE_TEXT) continue;
        Value *cells = result_row(joined);
        char *name = arena_copy(joined->arena, field->key, strlen(field->key));
        for (char *c = name; *c; c++)
            if (*c == '_') *c = ' ';
        cells[0] = value_text(name);
        for (size_t i = 0; i < count; i++) cells[i + 1] = value_of(&results[i], field->key);
    }
}

static void join_fields(const Result *results, size_t count, Result *joined)
{
    result_table(joined, "rows");
    result_column(joined, "setting", _("setting"), UNIT_NONE, false);
    for (size_t f = 0; f < results[0].field_count; f++) {
        const Field *field = &results[0].fields[f];
        if (field->key)
            result_column(joined, field->key, field->label ? field->key : NULL, field->unit, false);
    }
    for (size_t i = 0; i < count; i++) {
        Value *cells = result_row(joined);
        cells[0] = value_text(results[i].setting);
        for (size_t c = 1; c < joined->column_count; c++)
            cells[c] = value_of(&results[i], joined->columns[c].key);
    }
}

/* Curves of several settings in one picture; a table of their numbers would be too long to read. */
static bool join_plots(const Result *results, size_t count, Result *joined)
{
    size_t all = 0;
    for (size_t i = 0; i < count; i++) {
        if (!results[i].plot) return false;
        all += results[i].plot->count;
    }
    if (all > PLOT_SERIES) return false;
    Arena *arena = results[0].arena;
    Series *series = arena_alloc(arena, all, sizeof *series);
    Plot *plot = arena_alloc(arena, 1, sizeof *plot);
    *plot = *results[0].plot;
    plot->series = series;
    plot->count = 0;
    for (size_t i = 0; i < count; i++)
        for (size_t s = 0; s < results[i].plot->count; s++)
            series[plot->count++] = results[i].plot->series[s];
    join_fields(results, count, joined);
    joined->plot = plot;
    return true;
}

bool view_join(const Result *results, size_t count, Result *joined)
{
    bool rows = results[0].table, plots = results[0].plot != NULL;
    if (count >= RESULT_COLUMNS && rows) return false;
    for (size_t i = 0; i < count; i++)
        if (results[i].text || results[i].fact || results[i].table != rows) return false;
    if (rows && !plots && !can_join_rows(results, count)) return false;
    result_init(joined, results[0].arena, results[0].command);
    joined->title = rows ? results[0].title : NULL;
    if (plots) return join_plots(results, count, joined);
    if (rows)
        join_rows(results, count, joined);
    else
        join_fields(results, count, joined);
    joined->sort = results[0].sort == NO_COLUMN || !rows ? NO_COLUMN : SORT_SUM;
    joined->shown_rows = results[0].shown_rows;
    joined->foot = joined->row_count;
    if (rows) add_feet(results, count, joined);
    return true;
}
