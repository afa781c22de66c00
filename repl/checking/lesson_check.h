/* lesson_check.h - plays a lesson as a perfect learner and as every anticipated wrong one. */
#ifndef REPL_CHECKING_LESSON_CHECK_H
#define REPL_CHECKING_LESSON_CHECK_H

#include <stdbool.h>

#include "repl/checking/report.h"

/* Reads, lints (lint.h) and plays a lesson in sandboxed sessions of its own: set-ups must work, transcripts
 * match, also a second time; tasks must be unsolved before their solution and solved by it; every number
 * asked for or quoted must come from its command, and would not if it were changed by 1 %; every wrong answer
 * must fail and get its own message, by the player's own judge.  Where `path` is zh.md it is played in
 * Chinese and must agree with en.md beside it.  The report names file, line and column. */
bool lesson_check(const char *path, const char *text, FILE *out, CheckCounts *counts);

#endif
