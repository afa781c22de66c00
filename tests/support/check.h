/* check.h - the handful of assertions our tests use.
 *
 * They print both values, accept const, and evaluate each argument once.  (Criterion's
 * own cr_assert(x) from new/assert.h wants x to be exactly 1, so a pointer or a count fails it.) */
#ifndef TESTS_SUPPORT_CHECK_H
#define TESTS_SUPPORT_CHECK_H

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#define CHECK(condition) CHECK_FOR(condition, "%s", #condition)
#define CHECK_FOR(condition, ...)                                                                            \
    do {                                                                                                     \
        bool holds_ = (condition) ? true : false;                                                            \
        cr_assert(holds_, __VA_ARGS__);                                                                      \
    } while (0)
#define CHECK_INT(actual, wanted) cr_assert(eq(i64, (int64_t)(actual), (int64_t)(wanted)))
#define CHECK_STR(actual, wanted) cr_assert(eq(str, (char *)(actual), (char *)(wanted)))
#define CHECK_NEAR(actual, wanted, tolerance) cr_assert(epsilon_eq(dbl, (actual), (wanted), (tolerance)))

#endif
