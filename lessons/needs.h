/* needs.h - a set of lessons together: ids of their own, and `needs` that exist and never turn in a circle.
 */
#ifndef LESSONS_NEEDS_H
#define LESSONS_NEEDS_H

#include "lessons/fault.h"

typedef struct {
    const char *id, *needs; /* borrowed; needs: ids parted by blanks */
    size_t line;            /* of needs */
    const Faults *faults;   /* where to tell of this lesson; NULL: one that only exists */
} NeedsEntry;

void needs_check(const NeedsEntry *entries, size_t count);

#endif
