/* scatter.c - points on a plane, each with its name, in characters and as a drawing. */
#include <math.h>
#include <stdlib.h>

#include "core/base/i18n.h"
#include "core/base/memory.h"
#include "repl/view/axis.h"
#include "repl/view/svg.h"
#include "repl/view/text.h"

enum { ROWS = 20, COLUMNS_MOST = 72, COLUMNS_LEAST = 24, LABEL = 6 };
enum { WIDTH = 640, HEIGHT = 480, LEFT = 60, BOTTOM = 50, PADDING = 20, NAME_ROOM = 90 };

/* The axes, from a picture of the same points. */
static void fit_axes(const Scatter *scatter, Axis *x, Axis *y)
{
    const Series series = {.x = scatter->x, .y = scatter->y, .count = scatter->count};
    const Plot plot = {.series = &series, .count = 1};
    axis_fit(&plot, 6, 5, x, y);
}

/* --- in characters --- */

typedef struct {
    const Scatter *scatter;
    const ViewStyle *style;
    Axis x, y;
    int columns;
    const char **names; /* (ROWS, columns): what begins there, or NULL */
    bool *taken;        /* (ROWS, columns): by a name that begins further left */
    size_t hidden;      /* points whose name found no room */
    Arena arena;
} Canvas;

static bool is_free(const Canvas *canvas, int row, int column, int width)
{
    if (column < 0 || column + width > canvas->columns) return false;
    for (int i = column > 0 ? -1 : 0; i <= width; i++) { /* a blank on both sides */
        if (column + i < canvas->columns && canvas->taken[row * canvas->columns + column + i]) return false;
    }
    return true;
}

/* Where the point is, else beside it or one row off. */
static void put_name(Canvas *canvas, size_t index)
{
    const Scatter *s = canvas->scatter;
    const Value value = value_text(s->names[index]);
    const char *name = text_value(&value, UNIT_TOKEN, canvas->style, &canvas->arena);
    int width = text_width(name),
        row = ROWS - 1 - (int)lround(axis_place(&canvas->y, s->y[index]) * (ROWS - 1)),
        column = (int)lround(axis_place(&canvas->x, s->x[index]) * (canvas->columns - 1));
    for (int try = 0; try < 9; try++) {
        static const int down[] = {0, -1, 1};
        int r = row + down[try / 3], c = column - (try % 3 == 0 ? 0 : try % 3 == 1 ? width - 1 : width / 2);
        if (r < 0 || r >= ROWS || !is_free(canvas, r, c, width)) continue;
        canvas->names[r * canvas->columns + c] = name;
        for (int i = 0; i < width; i++) canvas->taken[r * canvas->columns + c + i] = true;
        return;
    }
    canvas->hidden++;
}

static void draw_row(FILE *out, const Canvas *canvas, int row)
{
    char text[16];
    const char *tick = "";
    int blanks = 0;
    for (size_t i = 0; i < canvas->y.tick_count; i++)
        if (ROWS - 1 - (int)lround(axis_place(&canvas->y, canvas->y.ticks[i]) * (ROWS - 1)) == row)
            tick = axis_text(canvas->y.ticks[i], text);
    fprintf(out, "%*s %c", LABEL, tick, *tick ? '+' : '|');
    for (int c = 0; c < canvas->columns; c++) {
        const char *name = canvas->names[row * canvas->columns + c];
        if (!name && !canvas->taken[row * canvas->columns + c]) blanks++;
        if (!name) continue;
        text_pad(out, blanks);
        fputs(name, out);
        blanks = 0;
    }
    fputc('\n', out);
}

static void draw_x_axis(FILE *out, const Canvas *canvas)
{
    char text[16];
    int at = LABEL + 2;
    fprintf(out, "%*s +", LABEL, "");
    for (int c = 0; c < canvas->columns; c++) fputc('-', out);
    fprintf(out, "\n%*s", at, "");
    for (size_t i = 0; i < canvas->x.tick_count; i++) {
        const char *tick = axis_text(canvas->x.ticks[i], text);
        int width = text_width(tick),
            from = LABEL + 2 +
                   (int)lround(axis_place(&canvas->x, canvas->x.ticks[i]) * (canvas->columns - 1)) -
                   width / 2;
        if (from < at) continue;
        fprintf(out, "%*s%s", from - at, "", tick);
        at = from + width;
    }
    fputc('\n', out);
}

void view_scatter(FILE *out, const Scatter *scatter, const ViewStyle *style)
{
    Canvas canvas = {.scatter = scatter, .style = style, .columns = style->width - LABEL - 3};
    if (canvas.columns > COLUMNS_MOST) canvas.columns = COLUMNS_MOST;
    if (canvas.columns < COLUMNS_LEAST) canvas.columns = COLUMNS_LEAST;
    size_t cells = (size_t)canvas.columns * ROWS;
    canvas.names = must_alloc(cells, sizeof *canvas.names);
    canvas.taken = must_alloc(cells, sizeof *canvas.taken);
    fit_axes(scatter, &canvas.x, &canvas.y);
    for (size_t i = 0; i < scatter->count; i++) put_name(&canvas, i);
    fprintf(out, "  %s\n", scatter->y_label);
    for (int row = 0; row < ROWS; row++) draw_row(out, &canvas, row);
    draw_x_axis(out, &canvas);
    fprintf(out, "%*s%s\n", LABEL + 2, "", scatter->x_label);
    if (canvas.hidden) fprintf(out, _("  %zu more points found no room.\n"), canvas.hidden);
    free(canvas.names);
    free(canvas.taken);
    arena_release(&canvas.arena);
}

/* --- as a drawing --- */

void view_scatter_svg(FILE *out, const Scatter *scatter)
{
    Axis x, y;
    char text[16];
    double bottom = HEIGHT - BOTTOM, across = WIDTH - LEFT - 2 * PADDING - NAME_ROOM,
           up = HEIGHT - BOTTOM - 2 * PADDING;
    fit_axes(scatter, &x, &y);
    svg_begin(out, WIDTH, HEIGHT);
    for (size_t i = 0; i < x.tick_count; i++)
        svg_text(out, LEFT + PADDING + axis_place(&x, x.ticks[i]) * across, bottom + 19, "middle",
                 axis_text(x.ticks[i], text));
    for (size_t i = 0; i < y.tick_count; i++)
        svg_text(out, LEFT - 6, bottom - PADDING - axis_place(&y, y.ticks[i]) * up + 4, "end",
                 axis_text(y.ticks[i], text));
    fprintf(out, "<path fill=\"none\" stroke=\"#333\" d=\"M%d %dV%.1fH%d\"/>\n", LEFT, PADDING / 2, bottom,
            WIDTH);
    svg_text(out, WIDTH / 2.0, HEIGHT - 10, "middle", scatter->x_label);
    svg_text(out, 4, 14, "start", scatter->y_label);
    for (size_t i = 0; i < scatter->count; i++) {
        double px = LEFT + PADDING + axis_place(&x, scatter->x[i]) * across,
               py = bottom - PADDING - axis_place(&y, scatter->y[i]) * up;
        fprintf(out, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"#0072B2\"/>\n", px, py);
        svg_text(out, px + 6, py + 4, "start", scatter->names[i]);
    }
    svg_end(out);
}
