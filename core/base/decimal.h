/* decimal.h - numbers read from and written as short decimal texts, where there are millions of them. */
#ifndef CORE_BASE_DECIMAL_H
#define CORE_BASE_DECIMAL_H

#include <stdbool.h>

/* Read the number at the start of [text, end), which a byte that belongs to no number follows: -1.5, +.5,
 * 1e-7, -inf, nan; rounded as strtod does. Returns where it ends, or NULL where there is none. */
const char *decimal_read(const char *text, const char *end, double *number);

/* Eight significant digits, without trailing zeros and without an exponent; nothing smaller than 1e-12.
 * |number| < 1e15. Writes at most DECIMAL_BYTES and returns the end of what it wrote. */
enum { DECIMAL_BYTES = 32 };
char *decimal_write(char *out, double number);

#endif
