#include "repl/view/view.h"

#include <string.h>

#include "repl/view/text.h"

static bool is(const ViewStyle *style, const char *format) { return strcmp(style->format, format) == 0; }

static bool has_picture(const Result *result) { return result->plot || result->grids || result->scatter; }

static void draw_svg(FILE *out, const Result *result)
{
    if (result->plot)
        view_svg(out, result->plot);
    else if (result->grids)
        view_grids_svg(out, result->grids);
    else
        view_scatter_svg(out, result->scatter);
}

void view_pictures(FILE *out, const Result *result, const ViewStyle *style)
{
    if (result->grids) view_grids(out, result->grids, style);
    if (result->plot) fputc('\n', out);
    if (result->plot) view_plot(out, result->plot, style);
    if (result->scatter) view_scatter(out, result->scatter, style);
}

static void draw(FILE *out, const Result *result, const ViewStyle *style)
{
    if (is(style, "json"))
        view_json(out, result);
    else if (is(style, "svg") && has_picture(result))
        draw_svg(out, result);
    else if (result->text)
        text_wrap(out, result->text, 0, style->width);
    else if (result->fact)
        view_facts(out, result->fact, style);
    else if (is(style, "csv"))
        view_csv(out, result);
    else if (is(style, "md"))
        view_markdown(out, result, style);
    else if (is(style, "list"))
        view_list(out, result, style);
    else
        view_table(out, result, style);
}

void view_results(FILE *out, const Result *results, size_t count, const ViewStyle *style)
{
    Result joined;
    bool points = is(style, "csv") && results[0].plot; /* of each curve, not the picture */
    if (count > 1 && !is(style, "json") && !points && view_join(results, count, &joined)) {
        ViewStyle narrow = *style;
        if (results[0].table && count > 2 && !style->digits) narrow.digits = 4; /* several numbers a line */
        draw(out, &joined, &narrow);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        bool blocks = count > 1 && results[i].setting && !is(style, "json") && !is(style, "csv");
        if (blocks) fprintf(out, "%s%s:\n", i ? "\n" : "", results[i].setting);
        draw(out, &results[i], style);
    }
}
