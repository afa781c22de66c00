/* progress.h - one line on a terminal that tells how far long work has come. */
#ifndef REPL_VIEW_PROGRESS_H
#define REPL_VIEW_PROGRESS_H

#include <stdbool.h>
#include <stdio.h>

typedef struct {
    bool shown;
    int percent;
} Progress;

/* Draw or redraw: nothing in the first 0.3 s, so that quick work does not flicker. */
void progress_show(Progress *progress, FILE *err, const char *command, double fraction, double milliseconds);
void progress_clear(Progress *progress, FILE *err);

#endif
