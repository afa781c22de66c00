/* error.h - a learner's mistake in one sentence, with one way out.
 *
 * Three kinds of failure, three treatments: a mistake fills an Error, a bug trips an assert (kept on
 * in every build), and a full memory ends the program (memory.h). */
#ifndef CORE_BASE_ERROR_H
#define CORE_BASE_ERROR_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>

#define COUNT_OF(array) (sizeof(array) / sizeof(array)[0])

#if defined(__GNUC__)
#define PRINTF_LIKE(text, args) __attribute__((__format__(__printf__, text, args)))
#else
#define PRINTF_LIKE(text, args)
#endif

typedef struct {
    char message[256];    /* what went wrong: no full stop, no newline */
    char hint[256];       /* what to try next, or "" */
    size_t start, length; /* the offending bytes of the line typed; length 0 = no particular place */
} Error;

/* All three return false, so that a failing function can end with `return error_set(...)`.
 * error_set clears hint and place; a text too long for its field is cut at a whole character. */
bool error_set(Error *error, const char *format, ...) PRINTF_LIKE(2, 3);
bool error_hint(Error *error, const char *format, ...) PRINTF_LIKE(2, 3);
bool error_place(Error *error, size_t start, size_t length);

/* What an errno means, in the language of the process. */
const char *error_reason(int why);

#endif
