#include "repl/view/axis.h"

#include <math.h>
#include <stdio.h>

/* --- ticks --- */

static void add_tick(Axis *axis, double tick, size_t most)
{
    double slack = 1e-9 * (axis->high - axis->low);
    if (tick >= axis->low - slack && tick <= axis->high + slack && axis->tick_count < most)
        axis->ticks[axis->tick_count++] = tick;
}

/* Multiples of 1, 2 or 5 times a power of ten, the finest step that gives at most so many. */
static void even_ticks(Axis *axis, size_t most)
{
    static const double steps[] = {1, 2, 5, 10};
    double range = axis->high - axis->low, power = pow(10, floor(log10(range / (double)most)));
    if (axis->whole) power = fmax(power, 1);
    size_t i = 0;
    while (floor(axis->high / (steps[i] * power) + 1e-9) - ceil(axis->low / (steps[i] * power) - 1e-9) + 1 >
               (double)most &&
           i + 1 < COUNT_OF(steps))
        i++;
    double step = steps[i] * power;
    for (double n = ceil(axis->low / step - 1e-9); n * step <= axis->high + 1e-9 * range; n++)
        add_tick(axis, n * step, most);
}

/* Some multiples of every so many powers of ten. */
static void put_log_ticks(Axis *axis, const double *multiples, size_t count, double skip)
{
    axis->tick_count = 0;
    for (double e = floor(log10(axis->low)); pow(10, e) <= axis->high; e += skip)
        for (size_t i = 0; i < count; i++) add_tick(axis, multiples[i] * pow(10, e), AXIS_TICKS);
}

/* 1, 2, 5 or 1, 3 times the powers of ten, or only some of those, whatever leaves few enough. */
static void log_ticks(Axis *axis, size_t most)
{
    static const double dense[] = {1, 2, 5}, sparse[] = {1, 3};
    double decades = log10(axis->high) - log10(axis->low);
    put_log_ticks(axis, dense, 3, 1);
    if (axis->tick_count > most) put_log_ticks(axis, sparse, 2, 1);
    if (axis->tick_count > most) put_log_ticks(axis, sparse, 1, fmax(1, ceil(decades / (double)most)));
}

/* --- the axis --- */

/* Equal values still need room around them. */
static void widen(Axis *axis)
{
    double room = axis->low == 0 ? 1 : fabs(axis->low) / 2;
    if (axis->high - axis->low > 1e-9 * fabs(axis->high)) return;
    axis->low -= room;
    axis->high += room;
}

static void add_ticks(Axis *axis, size_t most)
{
    widen(axis);
    if (axis->log) log_ticks(axis, most);
    if (axis->tick_count >= 2) return;
    axis->tick_count = 0; /* also on a log axis of less than half a decade */
    even_ticks(axis, most);
}

static void stretch(Axis *axis, double value)
{
    axis->low = fmin(axis->low, value);
    axis->high = fmax(axis->high, value);
    axis->whole = axis->whole && value == floor(value);
}

void axis_fit(const Plot *plot, size_t x_ticks, size_t y_ticks, Axis *x, Axis *y)
{
    const Axis nowhere = {.low = INFINITY, .high = -INFINITY, .whole = true};
    *x = *y = nowhere;
    for (size_t s = 0; s < plot->count; s++)
        for (size_t i = 0; i < plot->series[s].count; i++) {
            if (!isfinite(plot->series[s].y[i])) continue;
            stretch(x, plot->series[s].x[i]);
            stretch(y, plot->series[s].y[i]);
        }
    bool empty = x->low > x->high;
    if (empty) *x = *y = (Axis){.low = 1, .high = 2};
    x->log = plot->log_x && !empty;
    y->log = plot->log_y && !empty;
    y->whole = false;
    add_ticks(x, x_ticks);
    add_ticks(y, y_ticks);
}

double axis_place(const Axis *axis, double value)
{
    if (axis->log) return (log(value) - log(axis->low)) / (log(axis->high) - log(axis->low));
    return (value - axis->low) / (axis->high - axis->low);
}

const char *axis_text(double tick, char text[16])
{
    snprintf(text, 16, "%.4g", fabs(tick) < 1e-12 ? 0 : tick);
    return text;
}
