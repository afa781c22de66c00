/* grid.c - numbers in rows and columns, in characters: each with a mark that is the darker the larger it is.
 *
 * Columns that do not fit beside each other go into bands, one below the other; without numbers (`bare`) a
 * cell is two columns wide, or one, and several grids stand side by side. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/i18n.h"
#include "repl/view/text.h"

enum { GAP = 2, MARK = 2, DIGITS = 3 };

typedef struct {
    FILE *out;
    const ViewStyle *style;
    const Grid *grid;
    Arena *arena;
    int names; /* columns that the names of the rows take */
    int cell;  /* and each cell, without the gap before it */
} Canvas;

/* --- one cell --- */

static double value_at(const Grid *grid, size_t row, size_t column)
{
    return grid->values[row * grid->column_count + column];
}

/* Which of five marks: 0 for little, 4 for (nearly) all. */
static int shade(double share)
{
    int level = (int)floor(fabs(share) * 4 + 0.5);
    return level > 4 ? 4 : level;
}

/* Two columns: how dark the value is, or, where values lie on both sides of 0, how high. */
static const char *mark(const Grid *grid, double value, const ViewStyle *style)
{
    static const char *const shades[] = {"  ", "\u2591\u2591", "\u2592\u2592", "\u2593\u2593",
                                         "\u2588\u2588"},
                             *const plain[] = {"  ", "::", "++", "**", "##"};
    static const char *const heights[] = {"\u2581", "\u2582", "\u2583", "\u2584",
                                          "\u2585", "\u2586", "\u2587", "\u2588"},
                             *const signs[] = {"--", "- ", "  ", "+ ", "++"};
    if (isnan(value)) return grid->balanced ? " " : "  ";
    double share = fmax(-1, fmin(1, value / grid->full));
    if (!grid->balanced) return style->ascii ? plain[shade(share)] : shades[shade(share)];
    if (style->ascii) return signs[(int)floor(share * 2 + 2.5)];
    return heights[(int)floor((share + 1) * 3.5 + 0.5)];
}

/* With as many decimals as the largest value needs to show three digits. */
static const char *number(const Canvas *canvas, double value)
{
    const Grid *grid = canvas->grid;
    if (isnan(value)) return ".";
    int digits = canvas->style->digits ? canvas->style->digits : DIGITS;
    int decimals = digits - 1 - (int)floor(log10(grid->full) + 1e-9);
    decimals = decimals < 0 ? 0 : decimals > 17 ? 17 : decimals;
    return arena_format(canvas->arena, grid->balanced ? "%+.*f" : "%.*f", decimals, value);
}

static const char *cell_text(const Canvas *canvas, size_t row, size_t column)
{
    const Grid *grid = canvas->grid;
    if (grid->texts) return grid->texts[row * grid->column_count + column];
    return number(canvas, value_at(grid, row, column));
}

/* A name, blank tokens made visible. */
static const char *name_text(const Canvas *canvas, const char *name)
{
    const Value value = value_text(name);
    return text_value(&value, UNIT_TOKEN, canvas->style, canvas->arena);
}

/* --- measures --- */

static void measure_names(Canvas *canvas)
{
    for (size_t r = 0; r < canvas->grid->row_count; r++) {
        int width = text_width(name_text(canvas, canvas->grid->rows[r]));
        if (width > canvas->names) canvas->names = width;
    }
}

static int mark_width(const Canvas *canvas)
{
    if (canvas->grid->texts) return 0;
    return canvas->grid->balanced && !canvas->style->ascii ? 1 : MARK;
}

static void measure_cells(Canvas *canvas)
{
    const Grid *grid = canvas->grid;
    for (size_t c = 0; c < grid->column_count; c++) {
        int width = text_width(name_text(canvas, grid->columns[c]));
        if (width > canvas->cell) canvas->cell = width;
        for (size_t r = 0; r < grid->row_count; r++) {
            width = text_width(cell_text(canvas, r, c)) + (mark_width(canvas) ? mark_width(canvas) + 1 : 0);
            if (width > canvas->cell) canvas->cell = width;
        }
    }
}

/* --- with numbers --- */

static void put_name(const Canvas *canvas, const char *name)
{
    const char *text = name_text(canvas, name);
    text_pad(canvas->out, GAP);
    fputs(text, canvas->out);
    text_pad(canvas->out, canvas->names - text_width(text));
}

/* Numbers end where their column ends, with the mark before them or, as a height, behind; texts begin where
 * it begins. */
static void put_cell(const Canvas *canvas, size_t row, size_t column, bool last)
{
    const Grid *grid = canvas->grid;
    const char *text = cell_text(canvas, row, column), *before = "", *behind = "";
    int room = canvas->cell - text_width(text);
    if (mark_width(canvas)) {
        const char *shown = mark(grid, value_at(grid, row, column), canvas->style);
        *(grid->balanced ? &behind : &before) = shown;
        room -= mark_width(canvas) + 1;
    }
    text_pad(canvas->out, GAP + (grid->texts ? 0 : room));
    if (*before) fprintf(canvas->out, "%s ", before);
    fputs(text, canvas->out);
    if (*behind) fprintf(canvas->out, " %s", behind);
    if (grid->texts && !last) text_pad(canvas->out, room);
}

static void put_headings(const Canvas *canvas, size_t from, size_t to)
{
    text_pad(canvas->out, GAP + canvas->names);
    for (size_t c = from; c < to; c++) {
        const char *text = name_text(canvas, canvas->grid->columns[c]);
        int room = canvas->cell - text_width(text);
        bool left = canvas->grid->texts != NULL;
        text_pad(canvas->out, GAP + (left ? 0 : room));
        fputs(text, canvas->out);
        if (left && c + 1 < to) text_pad(canvas->out, room);
    }
    fputc('\n', canvas->out);
}

static void put_band(const Canvas *canvas, size_t from, size_t to)
{
    put_headings(canvas, from, to);
    for (size_t r = 0; r < canvas->grid->row_count; r++) {
        put_name(canvas, canvas->grid->rows[r]);
        for (size_t c = from; c < to; c++) put_cell(canvas, r, c, c + 1 == to);
        fputc('\n', canvas->out);
    }
}

static void draw_numbers(FILE *out, const Grid *grid, const ViewStyle *style)
{
    Arena arena = {0};
    Canvas canvas = {.out = out, .style = style, .grid = grid, .arena = &arena};
    measure_names(&canvas);
    measure_cells(&canvas);
    int room = style->width - 1 - GAP - canvas.names;
    size_t fit = room > canvas.cell + GAP ? (size_t)(room / (canvas.cell + GAP)) : 1;
    if (grid->title) fprintf(out, "  %s\n", grid->title);
    for (size_t from = 0; from < grid->column_count; from += fit) {
        size_t to = from + fit < grid->column_count ? from + fit : grid->column_count;
        if (from) fputc('\n', out);
        put_band(&canvas, from, to);
    }
    arena_release(&arena);
}

/* --- marks only, side by side --- */

/* A cell without a number is two columns wide where all of them fit, else one. */
static int bare_cell(const Grid *grid, int names, const ViewStyle *style)
{
    return GAP + names + GAP + (int)grid->column_count * MARK < style->width ? MARK : 1;
}

static void put_bare_cell(const Canvas *canvas, size_t row, size_t column)
{
    double value = value_at(canvas->grid, row, column);
    const char *text = isnan(value) ? ". " : mark(canvas->grid, value, canvas->style);
    if (!isnan(value) && canvas->cell == MARK) {
        fputs(text, canvas->out);
        text_pad(canvas->out, MARK - text_width(text));
        return;
    }
    size_t first = 1;
    while ((text[first] & 0xC0) == 0x80) first++; /* one character of UTF-8 */
    fwrite(text, 1, first, canvas->out);
    text_pad(canvas->out, canvas->cell - 1);
}

static void put_bare_titles(FILE *out, const Grid *grids, size_t count, int names, int width)
{
    text_pad(out, GAP + names);
    for (size_t i = 0; i < count; i++) {
        text_pad(out, GAP);
        fputs(grids[i].title, out);
        if (i + 1 < count) text_pad(out, width - text_width(grids[i].title));
    }
    fputc('\n', out);
}

/* Grids of the same rows and columns, as many as fit. */
static size_t draw_bare(FILE *out, const Grid *grids, size_t count, const ViewStyle *style)
{
    Arena arena = {0};
    Canvas canvas = {.out = out, .style = style, .grid = grids, .arena = &arena};
    measure_names(&canvas);
    canvas.cell = bare_cell(grids, canvas.names, style);
    int width = canvas.cell * (int)grids->column_count, title = text_width(grids->title);
    if (width < title) width = title;
    size_t fit = (size_t)((style->width - 1 - GAP - canvas.names) / (width + GAP));
    if (fit < 1) fit = 1;
    if (fit > count) fit = count;
    put_bare_titles(out, grids, fit, canvas.names, width);
    for (size_t r = 0; r < grids->row_count; r++) {
        canvas.grid = grids;
        put_name(&canvas, grids->rows[r]);
        for (size_t i = 0; i < fit; i++) {
            canvas.grid = &grids[i];
            text_pad(out, GAP);
            for (size_t c = 0; c < grids->column_count; c++) put_bare_cell(&canvas, r, c);
            if (i + 1 < fit) text_pad(out, width - canvas.cell * (int)grids->column_count);
        }
        fputc('\n', out);
    }
    arena_release(&arena);
    return fit;
}

static void draw(FILE *out, const Grids *grids, const ViewStyle *style)
{
    for (size_t i = 0; i < grids->count; i++) {
        if (i) fputc('\n', out);
        if (!grids->bare) {
            draw_numbers(out, &grids->grids[i], style);
            continue;
        }
        size_t left = grids->across - i % grids->across;
        i += draw_bare(out, &grids->grids[i], left, style) - 1;
    }
}

/* Without the blanks at the end of lines, where marks are blank and texts empty. */
void view_grids(FILE *out, const Grids *grids, const ViewStyle *style)
{
    char *text;
    size_t size;
    FILE *whole = open_memstream(&text, &size);
    draw(whole, grids, style);
    fclose(whole);
    for (const char *line = text; *line;) {
        size_t length = strcspn(line, "\n"), shown = length;
        while (shown > 0 && line[shown - 1] == ' ') shown--;
        fprintf(out, "%.*s\n", (int)shown, line);
        line += length + (line[length] == '\n');
    }
    free(text);
}

/* --- as sentences --- */

void view_grids_list(FILE *out, const Grids *grids, const ViewStyle *style)
{
    Arena arena = {0};
    for (size_t i = 0; i < grids->count; i++) {
        const Grid *grid = &grids->grids[i];
        Canvas canvas = {.out = out, .style = style, .grid = grid, .arena = &arena};
        if (grid->title) fprintf(out, "%s\n", grid->title);
        for (size_t r = 0; r < grid->row_count; r++) {
            const char *separator = ": ";
            fputs(name_text(&canvas, grid->rows[r]), out);
            for (size_t c = 0; c < grid->column_count; c++) {
                if (!grid->texts && isnan(value_at(grid, r, c))) continue;
                fprintf(out, "%s%s %s", separator, name_text(&canvas, grid->columns[c]),
                        cell_text(&canvas, r, c));
                separator = ", ";
            }
            fputs(".\n", out);
        }
    }
    arena_release(&arena);
}
