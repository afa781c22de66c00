/* csv.c - a result as comma-separated values (RFC 4180): the rows, or the fields as one row. */
#include <math.h>
#include <string.h>

#include "repl/view/view.h"

static void put_quoted(FILE *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '"') fputc('"', out);
        fputc(*text, out);
    }
}

static bool needs_quotes(const char *text) { return strpbrk(text, ",\"\r\n") != NULL; }

/* A list of tokens is one cell, joined by blanks. */
static void put_texts(FILE *out, const char *const *texts, size_t count)
{
    bool quotes = false;
    for (size_t i = 0; i < count; i++) quotes = quotes || needs_quotes(texts[i]);
    if (quotes) fputc('"', out);
    for (size_t i = 0; i < count; i++) {
        if (i > 0) fputc(' ', out);
        put_quoted(out, texts[i]);
    }
    if (quotes) fputc('"', out);
}

static void put_text(FILE *out, const char *text) { put_texts(out, &text, 1); }

static void put_value(FILE *out, const Value *value)
{
    if (value->type == VALUE_NUMBER && isfinite(value->number)) fprintf(out, "%.17g", value->number);
    if (value->type == VALUE_COUNT) fprintf(out, "%.0f", value->number);
    if (value->type == VALUE_BOOL) fputs(value->number != 0 ? "true" : "false", out);
    if (value->type == VALUE_TEXT) put_text(out, value->text);
    if (value->type == VALUE_LIST) put_texts(out, value->list, value->count);
}

static void put_fields(FILE *out, const Result *result, bool headings)
{
    const char *separator = "";
    for (size_t i = 0; i < result->field_count; i++) {
        if (!result->fields[i].key) continue;
        fputs(separator, out);
        separator = ",";
        if (headings)
            fputs(result->fields[i].key, out);
        else
            put_value(out, &result->fields[i].value);
    }
    fputc('\n', out);
}

static void put_row(FILE *out, const Result *result, size_t row)
{
    const char *separator = "";
    for (size_t c = 0; c < result->column_count; c++) {
        if (!result->columns[c].key) continue;
        fputs(separator, out);
        separator = ",";
        if (row == SIZE_MAX)
            put_text(out, result->columns[c].key);
        else
            put_value(out, result_cell(result, row, c));
    }
    fputc('\n', out);
}

void view_csv(FILE *out, const Result *result)
{
    if (!result->table || !result->rows_key) {
        put_fields(out, result, true);
        put_fields(out, result, false);
        return;
    }
    put_row(out, result, SIZE_MAX);                                /* the headings */
    size_t rows = result->foot ? result->foot : result->row_count; /* sums at the foot are no rows */
    for (size_t row = 0; row < rows; row++) put_row(out, result, row);
}
