/* report.h - what a check found, on its way to a person: a line for each fault, and counts. */
#ifndef REPL_CHECKING_REPORT_H
#define REPL_CHECKING_REPORT_H

#include <stdio.h>

#include "lessons/fault.h"

typedef struct {
    size_t files, commands, failures;
    size_t lessons, steps, questions; /* of lessons: questions are tasks, questions and predictions */
} CheckCounts;

/* Faults of one file; what is told with them counts as a failure. */
typedef struct {
    const char *path;
    FILE *out;
    CheckCounts *counts;
} CheckReport;

Faults report_faults(CheckReport *report); /* "PATH:LINE:COLUMN: sentence"; borrows the report */

#endif
