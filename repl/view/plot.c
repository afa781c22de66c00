/* plot.c - a picture in characters: a mark a point, joined by lines of Braille dots, or of dots in ASCII. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/memory.h"
#include "repl/view/axis.h"
#include "repl/view/text.h"

enum { ROWS = 16, COLUMNS_MOST = 72, COLUMNS_LEAST = 20, MARGIN = 2, LABEL = 8, DOTS_X = 2, DOTS_Y = 4 };
static const char SEVERAL = '&', FAINT = '.';

typedef struct {
    const Plot *plot;
    const ViewStyle *style;
    Axis x, y;
    int columns;
    unsigned char *dots; /* (ROWS, columns): bits as in the Braille block of Unicode */
    char *marks;         /* (ROWS, columns): 0 = none */
} Canvas;

char view_mark(const Plot *plot, size_t index)
{
    static const char marks[PLOT_SERIES + 1] = "ox+*#%@=abcdefgh";
    if (plot->series[index].faint) return FAINT;
    return marks[index % PLOT_SERIES];
}

/* --- places, in dots from the left and from the top --- */

static int dot_x(const Canvas *canvas, double x)
{
    int room = (canvas->columns - 2 * MARGIN) * DOTS_X - 1;
    return MARGIN * DOTS_X + (int)lround(axis_place(&canvas->x, x) * room);
}

static int dot_y(const Canvas *canvas, double y)
{
    return ROWS * DOTS_Y - 1 - (int)lround(axis_place(&canvas->y, y) * (ROWS * DOTS_Y - 1));
}

static size_t cell_at(const Canvas *canvas, int row, int column)
{
    return (size_t)row * (size_t)canvas->columns + (size_t)column;
}

static size_t cell_of(const Canvas *canvas, int x, int y) { return cell_at(canvas, y / DOTS_Y, x / DOTS_X); }

static void put_dot(Canvas *canvas, int x, int y)
{
    static const unsigned char bits[DOTS_Y][DOTS_X] = {{1, 8}, {2, 16}, {4, 32}, {64, 128}};
    canvas->dots[cell_of(canvas, x, y)] |= bits[y % DOTS_Y][x % DOTS_X];
}

static void put_mark(Canvas *canvas, int x, int y, char mark)
{
    char *cell = &canvas->marks[cell_of(canvas, x, y)];
    if (*cell && *cell != mark) mark = SEVERAL;
    *cell = mark;
}

/* --- curves --- */

static void put_line(Canvas *canvas, int x0, int y0, int x1, int y1, int every)
{
    int steps = abs(x1 - x0) > abs(y1 - y0) ? abs(x1 - x0) : abs(y1 - y0);
    for (int i = 0; i <= steps; i += every) {
        double share = steps ? (double)i / steps : 0;
        put_dot(canvas, x0 + (int)lround(share * (x1 - x0)), y0 + (int)lround(share * (y1 - y0)));
    }
}

/* A point without a finite y interrupts the line. */
static void put_series(Canvas *canvas, size_t index)
{
    const Series *series = &canvas->plot->series[index];
    int x = 0, y = 0;
    bool joined = false;
    for (size_t i = 0; i < series->count; i++) {
        if (!isfinite(series->y[i])) {
            joined = false;
            continue;
        }
        int next_x = dot_x(canvas, series->x[i]), next_y = dot_y(canvas, series->y[i]);
        if (joined) put_line(canvas, x, y, next_x, next_y, series->faint ? 4 : 1);
        bool marked = !series->line || i + 1 == series->count;
        if (marked) put_mark(canvas, next_x, next_y, view_mark(canvas->plot, index));
        if (!marked) put_dot(canvas, next_x, next_y);
        x = next_x;
        y = next_y;
        joined = true;
    }
}

/* --- drawing --- */

static bool is_blank(const Canvas *canvas, size_t cell)
{
    return !canvas->dots[cell] && !canvas->marks[cell];
}

static void draw_cell(FILE *out, const Canvas *canvas, size_t cell)
{
    enum { UPPER = 1 | 2 | 8 | 16 };
    unsigned dots = canvas->dots[cell];
    if (canvas->marks[cell])
        fputc(canvas->marks[cell], out);
    else if (dots == 0)
        fputc(' ', out);
    else if (canvas->style->ascii)
        fputc(dots & ~(unsigned)UPPER ? '.' : '\'', out);
    else /* U+2800 + dots in UTF-8 */
        fprintf(out, "\xE2%c%c", (int)(0xA0 | dots >> 6), (int)(0x80 | (dots & 0x3F)));
}

/* The tick whose row this is, as text; "" for most rows. */
static const char *tick_at(const Canvas *canvas, int row, char text[16])
{
    for (size_t i = 0; i < canvas->y.tick_count; i++)
        if (dot_y(canvas, canvas->y.ticks[i]) / DOTS_Y == row) return axis_text(canvas->y.ticks[i], text);
    return "";
}

static void draw_row(FILE *out, const Canvas *canvas, int row)
{
    char text[16];
    const char *tick = tick_at(canvas, row, text);
    int last = canvas->columns;
    while (last > 0 && is_blank(canvas, cell_at(canvas, row, last - 1))) last--;
    fprintf(out, "%*s %c", LABEL, tick, *tick ? '+' : '|');
    for (int column = 0; column < last; column++) draw_cell(out, canvas, cell_at(canvas, row, column));
    fputc('\n', out);
}

/* The line below, with its ticks, and the numbers under them as far as they fit beside each other. */
static void draw_x_axis(FILE *out, const Canvas *canvas)
{
    char text[16];
    int at = LABEL + 2;
    fprintf(out, "%*s +", LABEL, "");
    for (int column = 0; column < canvas->columns; column++) {
        bool tick = false;
        for (size_t i = 0; i < canvas->x.tick_count; i++)
            tick = tick || dot_x(canvas, canvas->x.ticks[i]) / DOTS_X == column;
        fputc(tick ? '+' : '-', out);
    }
    fprintf(out, "\n%*s  ", LABEL, canvas->plot->x_label);
    for (size_t i = 0; i < canvas->x.tick_count; i++) {
        const char *tick = axis_text(canvas->x.ticks[i], text);
        int length = (int)strlen(tick),
            from = LABEL + 2 + dot_x(canvas, canvas->x.ticks[i]) / DOTS_X - length / 2;
        if (from < at + (i > 0)) continue;
        fprintf(out, "%*s%s", from - at, "", tick);
        at = from + length;
    }
    fputc('\n', out);
}

/* An entry is never broken. */
static void draw_entry(FILE *out, const Canvas *canvas, char mark, const char *label, int *at)
{
    int width = text_width(label) + 2;
    bool fresh = *at > LABEL && *at + 3 + width > canvas->style->width;
    if (fresh) fputc('\n', out);
    if (fresh) *at = 0;
    int gap = *at ? 3 : LABEL + 2;
    fprintf(out, "%*s%c %s", gap, "", mark, label);
    *at += gap + width;
}

static void draw_legend(FILE *out, const Canvas *canvas)
{
    int at = 0;
    const Plot *plot = canvas->plot;
    for (size_t i = 0; i < plot->count; i++)
        draw_entry(out, canvas, view_mark(plot, i), plot->series[i].label, &at);
    if (memchr(canvas->marks, SEVERAL, cell_at(canvas, ROWS, 0)))
        draw_entry(out, canvas, SEVERAL, _("several in one place"), &at);
    fputc('\n', out);
}

void view_plot(FILE *out, const Plot *plot, const ViewStyle *style)
{
    Canvas canvas = {.plot = plot, .style = style, .columns = style->width - LABEL - 3};
    if (canvas.columns > COLUMNS_MOST) canvas.columns = COLUMNS_MOST;
    if (canvas.columns < COLUMNS_LEAST) canvas.columns = COLUMNS_LEAST;
    canvas.dots = must_alloc(cell_at(&canvas, ROWS, 0), 1);
    canvas.marks = must_alloc(cell_at(&canvas, ROWS, 0), 1);
    axis_fit(plot, (size_t)canvas.columns / 8, ROWS / 3, &canvas.x, &canvas.y);
    for (size_t i = 0; i < plot->count; i++) put_series(&canvas, i);
    fprintf(out, "  %s%s\n", plot->y_label, plot->log_y ? _(" (logarithmic)") : "");
    for (int row = 0; row < ROWS; row++) draw_row(out, &canvas, row);
    draw_x_axis(out, &canvas);
    draw_legend(out, &canvas);
    free(canvas.dots);
    free(canvas.marks);
}
