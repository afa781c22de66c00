#include "lessons/quote.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lessons/answer.h"
#include "lessons/line.h"

QuoteCommand quote_command(const char *text, Arena *arena)
{
    char *line = arena_copy(arena, text, strlen(text)), *arrow = strstr(line, " -> ");
    if (!arrow) return (QuoteCommand){line, NULL, 0};
    *arrow = '\0';
    char *key = line_trim(arrow + 4), *row = strrchr(key, '.');
    size_t number = 0;
    if (row && row[1] && row[1 + strspn(row + 1, "0123456789")] == '\0') {
        number = strtoul(row + 1, NULL, 10);
        *row = '\0';
    }
    return (QuoteCommand){line_trim(line), key, number};
}

static bool goes_on_before(const char *text, size_t from, size_t at)
{
    if (at == from) return false;
    char c = text[at - 1];
    return isdigit((unsigned char)c) || (c == '.' && at - from > 1 && isdigit((unsigned char)text[at - 2]));
}

static bool goes_on_behind(const char *text, size_t to, size_t at)
{
    if (at >= to) return false;
    bool digit_next = at + 1 < to && isdigit((unsigned char)text[at + 1]);
    return isdigit((unsigned char)text[at]) || (text[at] == '.' && digit_next);
}

bool quote_stands(const char *text, size_t from, size_t to, const char *value)
{
    size_t length = strlen(value);
    for (size_t at = from; at + length <= to; at++)
        if (memcmp(text + at, value, length) == 0 && !goes_on_before(text, from, at) &&
            !goes_on_behind(text, to, at + length))
            return true;
    return false;
}

/* Half of one in the last digit shown; 0 for a fraction. */
static double half_step(const char *value)
{
    double ignored, step;
    const char *at = value + (*value == '-' || *value == '+');
    if (!answer_digits(&at, &ignored, &step)) return 0;
    at += strspn(at, " \t");
    return *at == '/' ? 0 : *at == '%' ? step / 200 : step / 2;
}

bool quote_agrees(const char *value, double number)
{
    double wanted;
    const char *at = value;
    if (!answer_scan(&at, &wanted)) return false;
    if (isinf(wanted) || isinf(number)) return wanted == number;
    return fabs(number - wanted) <= half_step(value) + 1e-9 * fabs(wanted);
}
