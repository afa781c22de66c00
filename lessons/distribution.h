/* distribution.h - a distribution as a person writes it: "mouse 0.5 cheese 0.4 ball 10%". */
#ifndef LESSONS_DISTRIBUTION_H
#define LESSONS_DISTRIBUTION_H

#include "core/base/arena.h"

enum { DISTRIBUTION_MAX = 32 };

typedef struct {
    const char *names[DISTRIBUTION_MAX]; /* of the outcomes; the arena's */
    double p[DISTRIBUTION_MAX];          /* as written: shares, percentages and fractions are all fine */
    size_t count;
} Distribution;

/* Names and numbers in turn; blanks, commas, = and : part them.  Fails on a name without a number, a negative
 * number, an outcome given twice, and where nothing is left to share out. */
bool distribution_read(Distribution *distribution, const char *text, Arena *arena, Error *error);

double distribution_sum(const Distribution *distribution);

/* The p of an outcome, or -1 where it is not named. */
double distribution_of(const Distribution *distribution, const char *name);

#endif
