#include "repl/view/progress.h"

#include <math.h>
#include <stdarg.h>

#include "core/base/error.h"
#include "core/base/i18n.h"
#include "repl/view/text.h"

enum {
    QUIET_MS = 300,
    REDRAW_MS = 100,
    QUIET_WRITTEN_MS = 1000,
    BAR = 20,
    BAR_LEAST = 4,
    CURVE_LEAST = 5,
    WIDTH = 80,
    PART = 96
};

/* From left to right. */
enum { PART_HEAD, PART_TRAIN, PART_VALID, PART_CURVE, PART_SPEED, PART_LEFT, PART_FLOOR, PART_STOP, PARTS };

typedef struct {
    char text[PARTS][PART]; /* "" where there is nothing to tell */
} Parts;

static void put(Parts *parts, int part, const char *format, ...) PRINTF_LIKE(3, 4);

static void put(Parts *parts, int part, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(parts->text[part], PART, format, arguments);
    va_end(arguments);
}

/* --- what is told --- */

static void put_loss(Parts *parts, int part, const char *name, double loss)
{
    if (isfinite(loss)) put(parts, part, loss < 100 ? "%s %.2f" : "%s %.3g", name, loss);
}

static void put_speed(Parts *parts, const Report *report)
{
    double speed = report->spent > 0 ? report->tokens / report->spent * 1e3 : 0;
    if (speed >= 1e6)
        put(parts, PART_SPEED, _("%.1fM tok/s"), speed / 1e6);
    else if (speed >= 1e3)
        put(parts, PART_SPEED, _("%.0fk tok/s"), speed / 1e3);
    else if (speed > 0)
        put(parts, PART_SPEED, _("%.0f tok/s"), speed);
}

static void put_left(Parts *parts, const Report *report)
{
    if (report->fraction <= 0) return;
    double seconds = report->spent / 1e3 * (1 - report->fraction) / report->fraction;
    if (seconds < 60)
        put(parts, PART_LEFT, _("%.0f s left"), ceil(seconds));
    else if (seconds < 3600)
        put(parts, PART_LEFT, _("%.0f min left"), ceil(seconds / 60));
    else
        put(parts, PART_LEFT, _("%.0f h left"), ceil(seconds / 3600));
}

/* A tiny picture of the losses, `columns` wide, from the lowest to the highest so far. */
static void put_curve(Parts *parts, const Report *report, size_t columns, bool ascii)
{
    static const char *const heights[] = {"\u2581", "\u2582", "\u2583", "\u2584",
                                          "\u2585", "\u2586", "\u2587", "\u2588"};
    static const char *const plain[] = {"_", ".", ":", "-", "=", "+", "*", "#"};
    double low = INFINITY, high = -INFINITY;
    size_t used = 0, count = report->curve_count < columns ? report->curve_count : columns;
    for (size_t i = 0; i < report->curve_count; i++) {
        low = fmin(low, report->curve[i]);
        high = fmax(high, report->curve[i]);
    }
    parts->text[PART_CURVE][0] = '\0';
    if (count < 2 || !isfinite(high - low)) return;
    for (size_t i = 0; i < count; i++) {
        double loss = report->curve[i * (report->curve_count - 1) / (count - 1)];
        int level = high > low ? (int)((loss - low) / (high - low) * 7.999) : 0;
        used += (size_t)snprintf(parts->text[PART_CURVE] + used, PART - used, "%s",
                                 (ascii ? plain : heights)[level]);
    }
}

static void put_all(Parts *parts, const Report *report, bool ascii)
{
    *parts = (Parts){{""}};
    if (report->goal == 0) {
        put(parts, PART_HEAD, "%.60s", report->what);
        put(parts, PART_LEFT, "%d%%", (int)(report->fraction * 100));
        put(parts, PART_STOP, "  %s", _("Ctrl-C stops"));
        return;
    }
    put(parts, PART_HEAD, "%.60s  %llu/%llu", report->what, (unsigned long long)report->step,
        (unsigned long long)report->goal);
    put_loss(parts, PART_TRAIN, _("train"), report->train);
    put_loss(parts, PART_VALID, _("valid"), report->valid);
    put_loss(parts, PART_FLOOR, _("floor"), report->floor);
    put_curve(parts, report, REPORT_CURVE, ascii);
    put_speed(parts, report);
    put_left(parts, report);
    put(parts, PART_STOP, "%s", _("Ctrl-C stops"));
}

/* --- a line of it --- */

static int parts_width(const Parts *parts)
{
    int width = 1;
    for (int i = 0; i < PARTS; i++)
        if (parts->text[i][0]) width += 1 + text_width(parts->text[i]);
    return width;
}

/* What can be spared goes until the rest fits: first the bar, which says no more than the steps. */
static void fit(Parts *parts, const Report *report, int width, bool ascii)
{
    static const int spared[] = {PART_CURVE, PART_FLOOR, PART_SPEED, PART_VALID, PART_LEFT, PART_TRAIN};
    if (parts_width(parts) + BAR_LEAST + 3 >= width) parts->text[PART_STOP][0] = '\0';
    for (size_t columns = REPORT_CURVE; columns >= CURVE_LEAST && parts_width(parts) >= width; columns--)
        put_curve(parts, report, columns, ascii);
    for (size_t i = 0; i < COUNT_OF(spared) && parts_width(parts) >= width; i++)
        parts->text[spared[i]][0] = '\0';
}

static void draw_bar(FILE *err, double fraction, int room, bool ascii)
{
    fputs(" [", err);
    for (int i = 0; i < room; i++)
        fputs((i + 1) <= fraction * room + 1e-9 ? (ascii ? "#" : "\u2588") : (ascii ? "." : "\u2591"), err);
    fputc(']', err);
}

static int draw(FILE *err, const Report *report, int width, bool ascii)
{
    Parts parts;
    put_all(&parts, report, ascii);
    fit(&parts, report, width, ascii);
    int used = parts_width(&parts), room = width - 1 - used - 3;
    if (room > BAR) room = BAR;
    fprintf(err, "\r  %s", parts.text[PART_HEAD]);
    if (room >= BAR_LEAST) draw_bar(err, report->fraction, room, ascii);
    for (int i = PART_HEAD + 1; i < PARTS; i++)
        if (parts.text[i][0]) fprintf(err, " %s", parts.text[i]);
    return used + (room >= BAR_LEAST ? room + 3 : 0);
}

/* Nothing new to tell, or told a moment ago. */
static bool is_still(const Progress *progress, const Report *report)
{
    if (!progress->width) return false;
    return report->goal ? report->elapsed < progress->drawn + REDRAW_MS
                        : progress->percent == (int)(report->fraction * 100);
}

void progress_show(Progress *progress, FILE *err, const Report *report, int width, bool ascii)
{
    if (report->elapsed < QUIET_MS || is_still(progress, report)) return;
    int drawn = draw(err, report, width > 0 ? width : WIDTH, ascii);
    text_pad(err, progress->width - drawn);
    fflush(err);
    progress->width = drawn;
    progress->percent = (int)(report->fraction * 100);
    progress->drawn = report->elapsed;
}

void progress_clear(Progress *progress, FILE *err)
{
    if (progress->width) {
        fputc('\r', err);
        text_pad(err, progress->width);
        fputc('\r', err);
        fflush(err);
    }
    *progress = (Progress){0};
}

void progress_write(Progress *progress, FILE *err, const Report *report)
{
    Parts parts;
    int percent = (int)(report->fraction * 10) * 10;
    if (percent == progress->percent) return;
    progress->percent = percent;
    if (report->elapsed < QUIET_WRITTEN_MS || percent == 0) return;
    put_all(&parts, report, true);
    parts.text[PART_CURVE][0] = parts.text[PART_STOP][0] = '\0';
    fputc(' ', err);
    for (int i = 0; i < PARTS; i++)
        if (parts.text[i][0]) fprintf(err, " %s", parts.text[i]);
    fputc('\n', err);
    fflush(err);
}
