#include "core/base/decimal.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/error.h"

/* Powers of ten that a double holds exactly. */
static const double tens[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                              1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
enum { EXACT_DIGITS = 15, SIGNIFICANT = 8, PLACES_MAX = 12 };

/* --- reading --- */

static bool is_digit(char c) { return (unsigned char)(c - '0') < 10; }

static bool is_part_of_number(char c)
{
    return is_digit(c) || c == '.' || c == '-' || c == '+' || (c >= 'a' && c <= 'z') ||
           (c >= 'A' && c <= 'Z');
}

static bool begins_like_a_number(const char *word)
{
    word += *word == '-' || *word == '+';
    bool hexadecimal = word[0] == '0' && (word[1] == 'x' || word[1] == 'X');
    return !hexadecimal && *word && strchr("0123456789.iInN", *word);
}

/* Exponents, many digits, infinity and NaN: whatever strtod knows but hexadecimal numbers. */
static const char *read_unusual(const char *text, const char *end, double *number)
{
    char word[64], *stop;
    size_t length = 0;
    while (text + length < end && is_part_of_number(text[length])) length++;
    if (length == 0 || length >= sizeof word) return NULL;
    memcpy(word, text, length);
    word[length] = '\0';
    if (!begins_like_a_number(word)) return NULL;
    *number = strtod(word, &stop);
    return *stop == '\0' ? text + length : NULL;
}

/* Up to 15 digits are a whole number a double holds exactly, and so is the power of ten it is divided by:
 * the quotient is rounded once, and right. */
const char *decimal_read(const char *text, const char *end, double *number)
{
    const char *at = text;
    bool negative = at < end && *at == '-';
    at += negative || (at < end && *at == '+');
    uint64_t value = 0;
    const char *first = at;
    for (; is_digit(*at); at++) value = value * 10 + (uint64_t)(*at - '0');
    size_t digits = (size_t)(at - first), places = 0;
    if (*at == '.') {
        const char *point = ++at;
        for (; is_digit(*at); at++) value = value * 10 + (uint64_t)(*at - '0');
        places = (size_t)(at - point);
    }
    digits += places;
    if (digits == 0 || digits > EXACT_DIGITS || (at < end && is_part_of_number(*at)))
        return read_unusual(text, end, number);
    double size = (double)value / tens[places];
    *number = negative ? -size : size;
    return at;
}

/* --- writing --- */

/* Digits behind the point that make seven significant ones. */
static int places_for(double size)
{
    int places = SIGNIFICANT - (size >= 1);
    if (size >= 0.1 && size < 10) return places; /* nearly always */
    while (places > 0 && size >= tens[SIGNIFICANT - places]) places--;
    while (places < PLACES_MAX && size * tens[places] < tens[SIGNIFICANT - 1]) places++;
    return places;
}

/* The last `count` digits of a number. */
static void write_digits(char *out, int count, uint64_t number)
{
    for (; count >= 2; count -= 2, number /= 100) {
        unsigned two = (unsigned)(number % 100);
        out[count - 2] = (char)('0' + two / 10);
        out[count - 1] = (char)('0' + two % 10);
    }
    if (count) out[0] = (char)('0' + number % 10);
}

static char *write_whole(char *out, uint64_t number)
{
    int digits = 1;
    if (number < 10) return *out = (char)('0' + number), out + 1;
    while (digits < EXACT_DIGITS && (double)number >= tens[digits]) digits++;
    write_digits(out, digits, number);
    return out + digits;
}

/* What stands before the point is taken off first, so that one rounding is left: that of the last digit. */
char *decimal_write(char *out, double number)
{
    double size = fabs(number);
    assert(size < 1e15);
    if (size == 0) return *out = '0', out + 1;
    int places = places_for(size);
    int64_t whole = (int64_t)size, part = (int64_t)((size - (double)whole) * tens[places] + 0.5);
    if ((double)part >= tens[places]) {
        whole++;
        part = 0;
    }
    if (number < 0 && whole + part > 0) *out++ = '-';
    out = write_whole(out, (uint64_t)whole);
    if (part == 0) return out;
    *out++ = '.';
    write_digits(out, places, (uint64_t)part);
    while (out[places - 1] == '0') places--;
    return out + places;
}
