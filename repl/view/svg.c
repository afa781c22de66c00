/* svg.c - a picture as a drawing, for a browser or a paper. */
#include <math.h>
#include <string.h>

#include "core/base/i18n.h"
#include "repl/view/axis.h"
#include "repl/view/svg.h"

enum { WIDTH = 830, HEIGHT = 440, LEFT = 70, RIGHT = 300, TOP = 40, BOTTOM = 50, PADDING = 14, LEGEND = 20 };

typedef struct {
    FILE *out;
    const Plot *plot;
    Axis x, y;
} Svg;

static double place_x(const Svg *svg, double x)
{
    return LEFT + PADDING + axis_place(&svg->x, x) * (WIDTH - LEFT - RIGHT - 2 * PADDING);
}

static double place_y(const Svg *svg, double y)
{
    return HEIGHT - BOTTOM - PADDING - axis_place(&svg->y, y) * (HEIGHT - TOP - BOTTOM - 2 * PADDING);
}

/* --- pieces --- */

void svg_begin(FILE *out, double width, double height)
{
    fprintf(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%.0f\" viewBox=\"0 0 %.0f %.0f\" "
        "font-family=\"sans-serif\" font-size=\"12\">\n"
        "<rect width=\"%.0f\" height=\"%.0f\" fill=\"white\"/>\n",
        width, height, width, height, width, height);
}

void svg_end(FILE *out) { fputs("</svg>\n", out); }

void svg_text(FILE *out, double x, double y, const char *anchor, const char *text)
{
    fprintf(out, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">", x, y, anchor);
    for (; *text; text++) {
        const char *escape = *text == '<' ? "&lt;" : *text == '>' ? "&gt;" : *text == '&' ? "&amp;" : NULL;
        if (escape)
            fputs(escape, out);
        else if ((unsigned char)*text >= ' ')
            fputc(*text, out);
    }
    fputs("</text>\n", out);
}

static void put_text(const Svg *svg, double x, double y, const char *anchor, const char *text)
{
    svg_text(svg->out, x, y, anchor, text);
}

static void put_rule(const Svg *svg, double x0, double y0, double x1, double y1, const char *color)
{
    fprintf(svg->out, "<path d=\"M%.1f %.1fL%.1f %.1f\" stroke=\"%s\"/>\n", x0, y0, x1, y1, color);
}

static void put_mark(const Svg *svg, size_t series, double x, double y)
{
    const char mark[2] = {view_mark(svg->plot, series), '\0'};
    put_text(svg, x, y + 4, "middle", mark);
}

/* --- axes --- */

static void put_axes(const Svg *svg)
{
    char text[16];
    double right = WIDTH - RIGHT, bottom = HEIGHT - BOTTOM;
    for (size_t i = 0; i < svg->x.tick_count; i++) {
        double x = place_x(svg, svg->x.ticks[i]);
        put_rule(svg, x, bottom, x, bottom + 5, "#333");
        put_text(svg, x, bottom + 19, "middle", axis_text(svg->x.ticks[i], text));
    }
    for (size_t i = 0; i < svg->y.tick_count; i++) {
        double y = place_y(svg, svg->y.ticks[i]);
        put_rule(svg, LEFT, y, right, y, "#ddd");
        put_text(svg, LEFT - 6, y + 4, "end", axis_text(svg->y.ticks[i], text));
    }
    put_rule(svg, LEFT, TOP, LEFT, bottom, "#333");
    put_rule(svg, LEFT, bottom, right, bottom, "#333");
    put_text(svg, (LEFT + right) / 2, HEIGHT - 10, "middle", svg->plot->x_label);
    put_text(svg, LEFT, TOP - 16, "start", svg->plot->y_label);
}

/* --- curves --- */

/* Colours that the colour-blind tell apart (Okabe & Ito 2008); marks and dashes do without them. */
static void begin_series(const Svg *svg, size_t index)
{
    static const char *const colors[] = {"#0072B2", "#D55E00", "#009E73", "#CC79A7", "#000000", "#B8860B"};
    static const char *const dashes[] = {"none", "8 3", "12 3 2 3", "5 5"};
    bool faint = svg->plot->series[index].faint;
    const char *color = faint ? "#777777" : colors[index % COUNT_OF(colors)];
    fprintf(svg->out, "<g stroke-dasharray=\"%s\" stroke=\"%s\">\n",
            faint ? "2 4" : dashes[index % COUNT_OF(dashes)], color);
}

static void put_curve(const Svg *svg, const Series *series)
{
    const char *step = "M";
    fputs("<path fill=\"none\" stroke-width=\"1.5\" d=\"", svg->out);
    for (size_t i = 0; i < series->count; i++) {
        if (isfinite(series->y[i]))
            fprintf(svg->out, "%s%.1f %.1f", step, place_x(svg, series->x[i]), place_y(svg, series->y[i]));
        step = isfinite(series->y[i]) ? "L" : "M";
    }
    fputs("\"/>\n", svg->out);
}

static void put_series(const Svg *svg, size_t index)
{
    const Series *series = &svg->plot->series[index];
    double x = WIDTH - RIGHT + 16, y = TOP + 10 + LEGEND * (double)index;
    begin_series(svg, index);
    put_curve(svg, series);
    fprintf(svg->out, "<path d=\"M%.1f %.1fL%.1f %.1f\"/>\n</g>\n", x, y, x + 24, y);
    put_mark(svg, index, x + 12, y);
    put_text(svg, x + 32, y + 4, "start", series->label);
    for (size_t i = 0; i < series->count; i++)
        if (isfinite(series->y[i]) && (!series->line || i + 1 == series->count))
            put_mark(svg, index, place_x(svg, series->x[i]), place_y(svg, series->y[i]));
}

void view_svg(FILE *out, const Plot *plot)
{
    Svg svg = {.out = out, .plot = plot};
    axis_fit(plot, AXIS_TICKS, AXIS_TICKS / 2, &svg.x, &svg.y);
    svg_begin(out, WIDTH, HEIGHT);
    put_axes(&svg);
    for (size_t i = 0; i < plot->count; i++) put_series(&svg, i);
    svg_end(out);
}
