/* progress.h - one line that tells how far long work has come: redrawn in its place on a terminal, written
 * now and then elsewhere. */
#ifndef REPL_VIEW_PROGRESS_H
#define REPL_VIEW_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum { REPORT_CURVE = 10 };

/* What there is to tell. Work that is no training has only the first four. */
typedef struct {
    const char *what;           /* "train", "sweep 3 of 18" */
    double fraction;            /* done, of this job */
    double elapsed;             /* milliseconds since the command began */
    double spent;               /* of those, in this job */
    uint64_t step, goal;        /* goal 0: no steps are counted */
    double train, valid, floor; /* losses in nats; NaN where there is none */
    double tokens;              /* learnt from so far */
    double curve[REPORT_CURVE]; /* losses so far, thinned out */
    size_t curve_count;
} Report;

typedef struct {
    int width;    /* of the line that stands on the terminal; 0 = none does */
    int percent;  /* what it says, or the last line written said */
    double drawn; /* report->elapsed then */
} Progress;       /* {0} at the beginning of a command */

/* Draw or redraw, in at most `width` - 1 columns: nothing in the first 0.3 s, so that quick work does not
 * flicker. */
void progress_show(Progress *progress, FILE *err, const Report *report, int width, bool ascii);
void progress_clear(Progress *progress, FILE *err);

/* For a pipe: a line for every tenth of the work, if it takes longer than a second. */
void progress_write(Progress *progress, FILE *err, const Report *report);

#endif
