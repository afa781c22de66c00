/* utf8.h - steps through UTF-8 text, one character (Unicode code point) at a time. */
#ifndef CORE_BASE_UTF8_H
#define CORE_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Index of the first byte that is not well-formed UTF-8, or `length` when all of it is. */
size_t utf8_valid_prefix(const char *text, size_t length);

/* Bytes of the character at `text`, 1 to `length`; a malformed byte counts as one character. */
size_t utf8_step(const char *text, size_t length);

/* The code point at `text` (U+FFFD where malformed), and its bytes in *step. */
uint32_t utf8_decode(const char *text, size_t length, size_t *step);

/* Take malformed bytes out of the text: what a cut in the middle of a character leaves. */
void utf8_drop_malformed(char *text);

/* The text behind a byte order mark, which some editors put at the beginning of a file. */
const char *utf8_skip_mark(const char *text);

#endif
