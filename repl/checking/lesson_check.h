/* lesson_check.h - plays a lesson as a perfect learner and as every anticipated wrong one. */
#ifndef REPL_CHECKING_LESSON_CHECK_H
#define REPL_CHECKING_LESSON_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

typedef struct {
    size_t files, commands, failures;
} CheckCounts;

/* Every command of the lesson must work and print what is written; every task must be unsolved before its
 * solution and solved by it; every `equals` must agree with its answer; every wrong answer must fail. The
 * report names file and line. */
bool lesson_check(const char *path, const char *text, FILE *report, CheckCounts *counts);

#endif
