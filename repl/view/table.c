/* table.c - a result as aligned columns, numbers left of their bars. */
#include <stdlib.h>
#include <string.h>

#include "repl/view/layout.h"
#include "repl/view/text.h"

enum { GAP = 2, BAR_MOST = 40, BAR_LEAST = 4 };

typedef struct {
    const Column *column;
    size_t index;       /* in the result */
    const char **texts; /* (rows): the cells as text */
    int width;          /* of the widest cell or the heading */
    int fraction;       /* columns behind the decimal point, of the longest number */
    bool number;
    double most; /* largest value, for bars */
} Drawn;

typedef struct {
    const Result *result;
    const ViewStyle *style;
    const size_t *order; /* the rows shown */
    size_t rows;
    Drawn columns[RESULT_COLUMNS];
    size_t count;
    int bar_room;
    double most;
} Table;

static int fraction_of(const char *number)
{
    const char *point = strchr(number, '.');
    if (!point) point = strchr(number, 'e');
    return point ? (int)strlen(point) : 0;
}

static bool is_number(const Value *value)
{
    return value->type == VALUE_NUMBER || value->type == VALUE_COUNT;
}

static bool is_foot(const Result *result, size_t row) { return result->foot && row >= result->foot; }

static void measure_cell(Table *table, Drawn *drawn, size_t row)
{
    const Value *value = result_cell(table->result, row, drawn->index);
    const char *text = text_value(value, drawn->column->unit, table->style, table->result->arena);
    drawn->texts[row] = text;
    if (!is_number(value)) return;
    drawn->number = true;
    if (!is_foot(table->result, row) && value->number > drawn->most) drawn->most = value->number;
    if (fraction_of(text) > drawn->fraction) drawn->fraction = fraction_of(text);
}

static int cell_width(const Drawn *drawn, size_t row)
{
    int width = text_width(drawn->texts[row]);
    return drawn->number ? width - fraction_of(drawn->texts[row]) + drawn->fraction : width;
}

static void measure(Table *table)
{
    const Result *result = table->result;
    for (size_t c = 0; c < result->column_count; c++) {
        if (!result->columns[c].label) continue;
        Drawn *drawn = &table->columns[table->count++];
        *drawn =
            (Drawn){.column = &result->columns[c], .index = c, .width = text_width(result->columns[c].label)};
        drawn->texts = arena_alloc(result->arena, result->row_count + 1, sizeof *drawn->texts);
        for (size_t i = 0; i < table->rows; i++) measure_cell(table, drawn, table->order[i]);
        for (size_t i = 0; i < table->rows; i++)
            if (cell_width(drawn, table->order[i]) > drawn->width)
                drawn->width = cell_width(drawn, table->order[i]);
        if (drawn->column->bar && drawn->most > table->most) table->most = drawn->most;
    }
}

/* What is left of the line is shared by the bars; too little, and there are none. */
static void share_room(Table *table)
{
    int used = 0, bars = 0;
    for (size_t c = 0; c < table->count; c++) {
        used += table->columns[c].width + GAP;
        bars += table->columns[c].column->bar;
    }
    int room = bars ? (table->style->width - 1 - used) / bars - 1 : 0;
    table->bar_room = room < BAR_LEAST ? 0 : room > BAR_MOST ? BAR_MOST : room;
}

static double share_of(const Table *table, const Drawn *drawn, size_t row)
{
    bool bar = drawn->column->bar && table->bar_room > 0 && table->most > 0 && !is_foot(table->result, row);
    return bar ? result_cell(table->result, row, drawn->index)->number / table->most : 0;
}

/* Columns that text_bar fills. */
static int bar_columns(const Table *table, double share)
{
    int parts = share > 0 ? (int)(share * table->bar_room * 8 + 0.5) : 0;
    return table->style->ascii ? parts / 8 + (parts % 8 >= 4) : (parts + 7) / 8;
}

static void draw_cell(FILE *out, const Table *table, const Drawn *drawn, size_t row, bool last)
{
    const char *text = drawn->texts[row];
    int tail = drawn->number ? drawn->fraction - fraction_of(text) : 0;
    int free_room = drawn->width - text_width(text) - tail;
    double share = share_of(table, drawn, row);
    text_pad(out, GAP + (drawn->number ? free_room : 0));
    fputs(text, out);
    if (last && bar_columns(table, share) == 0) return;
    text_pad(out, drawn->number ? tail : free_room);
    if (!drawn->column->bar || table->bar_room == 0) return;
    fputc(' ', out);
    text_bar(out, share, table->bar_room, table->style);
    if (!last) text_pad(out, table->bar_room - bar_columns(table, share));
}

/* Where the last column begins; a text there may take several lines. */
static int last_begins(const Table *table)
{
    int at = GAP;
    for (size_t c = 0; c + 1 < table->count; c++)
        at += table->columns[c].width + GAP +
              (table->columns[c].column->bar && table->bar_room ? table->bar_room + 1 : 0);
    return at;
}

static void draw_row(FILE *out, const Table *table, size_t row)
{
    size_t last = table->count - 1;
    const Drawn *text = &table->columns[last];
    while (last > 0 && !table->columns[last].texts[row][0]) last--; /* no blanks at the end of a line */
    bool wraps = table->style->wrap && last + 1 == table->count && last > 0 && !text->number &&
                 last_begins(table) + text_width(text->texts[row]) > table->style->width;
    for (size_t c = 0; c + wraps <= last; c++) draw_cell(out, table, &table->columns[c], row, c == last);
    if (wraps) text_pad(out, GAP);
    if (wraps)
        text_wrap_rest(out, text->texts[row], last_begins(table), table->style->width);
    else
        fputc('\n', out);
}

static void draw_headings(FILE *out, const Table *table)
{
    for (size_t c = 0; c < table->count; c++) {
        const Drawn *drawn = &table->columns[c];
        int room = drawn->width - text_width(drawn->column->label);
        bool bar = drawn->column->bar && table->bar_room > 0;
        text_pad(out, GAP + (drawn->number ? room : 0));
        fputs(drawn->column->label, out);
        if (c + 1 < table->count) text_pad(out, (drawn->number ? 0 : room) + (bar ? table->bar_room + 1 : 0));
    }
    fputc('\n', out);
}

static void draw_lines(FILE *out, const Table *table)
{
    for (size_t i = 0; i < table->rows; i++)
        for (size_t c = 0; c < table->count; c++) {
            const char *text = table->columns[c].texts[table->order[i]];
            if (*text || c == 0) fprintf(out, "%s%s", c ? "   " : "", text);
            if (c + 1 == table->count) fputc('\n', out);
        }
}

static void draw_table(FILE *out, const Result *result, const ViewStyle *style)
{
    Table table = {.result = result, .style = style};
    table.order = view_order(result, &table.rows);
    measure(&table);
    if (table.count == 0) return;
    if (result->layout == LAYOUT_LINES) {
        draw_lines(out, &table);
        return;
    }
    share_room(&table);
    draw_headings(out, &table);
    for (size_t i = 0; i < table.rows; i++) draw_row(out, &table, table.order[i]);
}

void view_table(FILE *out, const Result *result, const ViewStyle *style)
{
    view_heading(out, result, style);
    if (result->table) draw_table(out, result, style);
    view_pictures(out, result, style);
}
