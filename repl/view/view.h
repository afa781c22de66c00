/* view.h - draws results: as a table, a list, JSON, CSV, Markdown or SVG. The only place that decides how
 * things look. */
#ifndef REPL_VIEW_VIEW_H
#define REPL_VIEW_VIEW_H

#include <stdio.h>

#include "repl/result.h"

typedef struct {
    const char *format; /* "table", "list", "json", "csv", "md", "svg" */
    int width;          /* columns */
    int digits;         /* significant digits; 0 = as the unit suggests */
    bool ascii, color;
    bool wrap; /* long texts continue on the next line; never in a pipe */
} ViewStyle;

/* All results of one statement. Where they agree row by row they are drawn as one table with a column a
 * setting; JSON always gives one object a setting, one a line. */
void view_results(FILE *out, const Result *results, size_t count, const ViewStyle *style);

/* One form each; the table, list, CSV and Markdown forms want results already joined. */
void view_table(FILE *out, const Result *result, const ViewStyle *style);
void view_list(FILE *out, const Result *result, const ViewStyle *style);
void view_json(FILE *out, const Result *result);
void view_csv(FILE *out, const Result *result);
void view_markdown(FILE *out, const Result *result, const ViewStyle *style);

/* Several results as one, if they can stand side by side. Memory is the first result's arena. */
bool view_join(const Result *results, size_t count, Result *joined);

/* A picture in characters, at most style->width wide, and as a drawing. */
void view_plot(FILE *out, const Plot *plot, const ViewStyle *style);
void view_svg(FILE *out, const Plot *plot);
char view_mark(const Plot *plot, size_t series); /* what marks its points in both */

/* Numbers in rows and columns: for the eye, a sentence a row, and as a drawing. */
void view_grids(FILE *out, const Grids *grids, const ViewStyle *style);
void view_grids_list(FILE *out, const Grids *grids, const ViewStyle *style);
void view_grids_svg(FILE *out, const Grids *grids);

/* Points with names. */
void view_scatter(FILE *out, const Scatter *scatter, const ViewStyle *style);
void view_scatter_svg(FILE *out, const Scatter *scatter);

/* The pictures of a result, in characters. */
void view_pictures(FILE *out, const Result *result, const ViewStyle *style);

/* A tree of reasons. */
void view_facts(FILE *out, const Fact *fact, const ViewStyle *style);

#endif
