/* course_check.h - looks at the lessons of a folder together. */
#ifndef REPL_CHECKING_COURSE_CHECK_H
#define REPL_CHECKING_COURSE_CHECK_H

#include "repl/checking/report.h"

/* Tells of ids that two lessons share, and of needs that no lesson here or in the library (library.h) has, or
 * that go in a circle. The two languages of a lesson are one; what is no lesson is passed over. */
void course_check(const char *const *paths, size_t count, FILE *out, CheckCounts *counts);

#endif
