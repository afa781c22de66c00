/* workers.h - does pieces of a check in several processes, and gives their reports in order. */
#ifndef REPL_CHECKING_WORKERS_H
#define REPL_CHECKING_WORKERS_H

#include "repl/checking/report.h"

/* Piece number `index` of `count`, in a process of its own: all it leaves behind is its report. */
typedef void Work(const void *context, size_t index, FILE *out, CheckCounts *counts);

/* Runs all pieces, as many at a time as there are processors; their counts are added to *counts. One that
 * crashes counts as a failure and takes no other with it; `names` says which it was. A single piece is done
 * here. */
void workers_run(Work *work, const void *context, const char *const *names, size_t count, FILE *out,
                 CheckCounts *counts);

#endif
