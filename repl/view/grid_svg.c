/* grid_svg.c - numbers in rows and columns as a drawing: a square each, the darker the larger. */
#include <math.h>
#include <string.h>

#include "core/base/i18n.h"
#include "repl/view/svg.h"

enum { CELL = 34, NAMES = 90, HEAD = 90, PADDING = 24, TITLE = 20 };

static double width_of(const Grid *grid, int cell)
{
    return NAMES + (double)grid->column_count * cell + PADDING;
}

static double height_of(const Grid *grid, int cell)
{
    return HEAD + (double)grid->row_count * cell + PADDING;
}

/* Blue for what lies above 0, orange for what lies below (Okabe & Ito 2008). */
static void put_cell(FILE *out, const Grid *grid, size_t index, double x, double y, int cell)
{
    double value = grid->values[index];
    if (isnan(value)) return;
    double share = fmin(1, fabs(value) / grid->full);
    fprintf(out,
            "<rect x=\"%.1f\" y=\"%.1f\" width=\"%d\" height=\"%d\" fill=\"%s\" fill-opacity=\"%.3f\" "
            "stroke=\"#ccc\"/>\n",
            x, y, cell, cell, value < 0 ? "#D55E00" : "#0072B2", share);
    if (cell < CELL) return;
    char text[32];
    snprintf(text, sizeof text, "%.2f", value);
    svg_text(out, x + cell / 2.0, y + cell / 2.0 + 4, "middle", grid->texts ? grid->texts[index] : text);
}

static void put_grid(FILE *out, const Grid *grid, double x, double y, int cell)
{
    double left = x + NAMES, top = y + HEAD;
    if (grid->title) svg_text(out, left, y + TITLE, "start", grid->title);
    for (size_t c = 0; c < grid->column_count; c++) {
        double at = left + ((double)c + 0.5) * cell + 4;
        fprintf(out, "<g transform=\"rotate(-60 %.1f %.1f)\">", at, top - 6);
        svg_text(out, at, top - 6, "start", grid->columns[c]);
        fputs("</g>\n", out);
    }
    for (size_t r = 0; r < grid->row_count; r++) {
        double at = top + (double)r * cell;
        svg_text(out, left - 6, at + cell / 2.0 + 4, "end", grid->rows[r]);
        for (size_t c = 0; c < grid->column_count; c++)
            put_cell(out, grid, r * grid->column_count + c, left + (double)c * cell, at, cell);
    }
}

/* Texts want room: as much as the longest one takes. */
static int cell_size(const Grids *grids)
{
    size_t longest = 0;
    for (size_t i = 0; i < grids->count && grids->grids[i].texts; i++)
        for (size_t k = 0; k < grids->grids[i].row_count * grids->grids[i].column_count; k++)
            longest = strlen(grids->grids[i].texts[k]) > longest ? strlen(grids->grids[i].texts[k]) : longest;
    if (grids->bare) return CELL / 2;
    return (int)longest * 7 + 10 > CELL ? (int)longest * 7 + 10 : CELL;
}

void view_grids_svg(FILE *out, const Grids *grids)
{
    int cell = cell_size(grids);
    size_t across = grids->bare ? grids->across : 1, down = (grids->count + across - 1) / across;
    double width = 0, height = 0;
    for (size_t i = 0; i < grids->count; i++) {
        width = fmax(width, width_of(&grids->grids[i], cell));
        height = fmax(height, height_of(&grids->grids[i], cell));
    }
    svg_begin(out, width * (double)across, height * (double)down);
    for (size_t i = 0; i < grids->count; i++) {
        size_t column = i % across, row = i / across;
        put_grid(out, &grids->grids[i], width * (double)column, height * (double)row, cell);
    }
    svg_end(out);
}
