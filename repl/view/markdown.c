/* markdown.c - a result as a Markdown table, for reports. */
#include <string.h>

#include "repl/view/layout.h"
#include "repl/view/text.h"

static void put_cell(FILE *out, const char *text)
{
    fputs(" ", out);
    for (; *text; text++) {
        if (strchr("|<*_`\\", *text)) fputc('\\', out);
        fputc(*text == '\n' ? ' ' : *text, out);
    }
    fputs(" |", out);
}

static bool is_number(const Result *result, size_t column)
{
    ValueType type = result->row_count ? result_cell(result, 0, column)->type : VALUE_TEXT;
    return type == VALUE_NUMBER || type == VALUE_COUNT;
}

static void put_headings(FILE *out, const Result *result)
{
    fputc('|', out);
    for (size_t c = 0; c < result->column_count; c++)
        if (result->columns[c].label) put_cell(out, result->columns[c].label);
    fputs("\n|", out);
    for (size_t c = 0; c < result->column_count; c++)
        if (result->columns[c].label) fputs(is_number(result, c) ? " ---: |" : " --- |", out);
    fputc('\n', out);
}

static void put_table(FILE *out, const Result *result, const ViewStyle *style)
{
    fputc('\n', out);
    put_headings(out, result);
    size_t count;
    const size_t *order = view_order(result, &count);
    for (size_t i = 0; i < count; i++) {
        fputc('|', out);
        for (size_t c = 0; c < result->column_count; c++)
            if (result->columns[c].label)
                put_cell(out, text_value(result_cell(result, order[i], c), result->columns[c].unit, style,
                                         result->arena));
        fputc('\n', out);
    }
}

static bool has_labels(const Result *result)
{
    for (size_t c = 0; c < result->column_count; c++)
        if (result->columns[c].label) return true;
    return false;
}

static void put_pictures(FILE *out, const Result *result, const ViewStyle *style)
{
    if (!result->plot && !result->grids && !result->scatter) return;
    fputs("\n```\n", out);
    view_pictures(out, result, style);
    fputs("```\n", out);
}

void view_markdown(FILE *out, const Result *result, const ViewStyle *style)
{
    view_heading(out, result, style);
    if (result->table && has_labels(result)) put_table(out, result, style);
    put_pictures(out, result, style);
    for (size_t i = 0; i < result->note_count; i++) fprintf(out, "\n%s\n", result->notes[i]);
}
