#include "repl/view/layout.h"

#include <stdlib.h>
#include <string.h>

#include "repl/view/text.h"

/* --- order --- */

static double weight_of(const Result *result, size_t row)
{
    double sum = 0;
    if (result->sort >= 0) return result_cell(result, row, (size_t)result->sort)->number;
    for (size_t c = 1; c < result->column_count; c++) sum += result_cell(result, row, c)->number;
    return sum;
}

typedef struct {
    double weight;
    size_t row;
} Weighed;

static int heaviest_first(const void *left, const void *right)
{
    const Weighed *a = left, *b = right;
    double slack = 1e-12 * (a->weight + b->weight); /* sums of the same numbers round differently */
    if (a->weight > b->weight + slack) return -1;
    if (b->weight > a->weight + slack) return 1;
    return a->row < b->row ? -1 : a->row > b->row;
}

static void sort_rows(const Result *result, size_t *order, size_t count)
{
    Weighed *rows = arena_alloc(result->arena, count + 1, sizeof *rows);
    for (size_t i = 0; i < count; i++) rows[i] = (Weighed){weight_of(result, i), i};
    qsort(rows, count, sizeof *rows, heaviest_first);
    for (size_t i = 0; i < count; i++) order[i] = rows[i].row;
}

const size_t *view_order(const Result *result, size_t *count)
{
    size_t *order = arena_alloc(result->arena, result->row_count + 1, sizeof *order);
    size_t body = result->foot ? result->foot : result->row_count;
    for (size_t i = 0; i < body; i++) order[i] = i;
    if (result->sort != NO_COLUMN) sort_rows(result, order, body);
    *count = result->shown_rows && result->shown_rows < body ? result->shown_rows : body;
    for (size_t row = body; row < result->row_count; row++) order[(*count)++] = row;
    return order;
}

/* --- heading --- */

static void put_part(FILE *out, const char *part, int *at, int width)
{
    int needed = text_width(part);
    if (*at > 0 && *at + 3 + needed > width) {
        fputs("\n  ", out);
        *at = 2;
    } else if (*at > 0) {
        fputs("   ", out);
        *at += 3;
    }
    fputs(part, out);
    *at += needed;
}

void view_heading(FILE *out, const Result *result, const ViewStyle *style)
{
    int at = 0;
    if (style->color) fputs("\033[1m", out);
    bool several = result->title && strchr(result->title, '\n');
    if (several) text_wrap(out, result->title, 0, style->width); /* sentences */
    if (result->title && !several) put_part(out, result->title, &at, style->width);
    for (size_t i = 0; i < result->field_count; i++) {
        const Field *field = &result->fields[i];
        if (!field->label || field->value.type == VALUE_NULL) continue;
        const char *value = text_value(&field->value, field->unit, style, result->arena);
        put_part(out, text_label(field->label, value, result->arena), &at, style->width);
    }
    if (style->color) fputs("\033[0m", out);
    if (at > 0) fputc('\n', out);
}
