/* list.c - a result as sentences, one fact a line: for screen readers and narrow windows. */
#include "repl/view/layout.h"
#include "repl/view/text.h"

static void draw_row(FILE *out, const Result *result, size_t row, size_t number, const ViewStyle *style)
{
    fprintf(out, "%zu.", number);
    const char *separator = " ";
    for (size_t c = 0; c < result->column_count; c++) {
        const Column *column = &result->columns[c];
        const char *text = text_value(result_cell(result, row, c), column->unit, style, result->arena);
        if (!column->label || !*text) continue;
        fprintf(out, "%s%s %s", separator, column->label, text);
        separator = ", ";
    }
    fputs(".\n", out);
}

void view_list(FILE *out, const Result *result, const ViewStyle *style)
{
    if (result->title) fprintf(out, "%s\n", result->title);
    for (size_t i = 0; i < result->field_count; i++) {
        const Field *field = &result->fields[i];
        if (!field->label || field->value.type == VALUE_NULL) continue;
        fprintf(out, "%s\n",
                text_label(field->label, text_value(&field->value, field->unit, style, result->arena),
                           result->arena));
    }
    if (result->grids) view_grids_list(out, result->grids, style);
    if (!result->table || result->grids) return;
    size_t count;
    const size_t *order = view_order(result, &count);
    for (size_t i = 0; i < count; i++) draw_row(out, result, order[i], i + 1, style);
}
