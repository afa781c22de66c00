/* axis.h - one axis of a picture: where a value lies on it, and which values are written beside it. */
#ifndef REPL_VIEW_AXIS_H
#define REPL_VIEW_AXIS_H

#include <stdbool.h>
#include <stddef.h>

#include "repl/result.h"

enum { AXIS_TICKS = 12 };

typedef struct {
    double low, high; /* the values at its ends, low < high */
    bool log;
    bool whole;               /* only whole numbers are written */
    double ticks[AXIS_TICKS]; /* round numbers from low to high, rising */
    size_t tick_count;
} Axis;

/* The axes of a picture, with at most so many ticks (2 to AXIS_TICKS); without any point they go from 1 to 2.
 * The x axis is whole where all its values are. */
void axis_fit(const Plot *plot, size_t x_ticks, size_t y_ticks, Axis *x, Axis *y);

double axis_place(const Axis *axis, double value); /* 0 at the low end, 1 at the high one */

/* "500", "0.01": a tick, written into text[16]. */
const char *axis_text(double tick, char text[16]);

#endif
