#include "core/base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A cut in the middle of a UTF-8 character would print as garbage: drop its first bytes too. */
static void drop_partial_character(char *text)
{
    size_t end = strlen(text), start = end;
    while (start > 0 && ((unsigned char)text[start - 1] & 0xC0) == 0x80) start--;
    if (start == 0 || !((unsigned char)text[start - 1] & 0x80)) return;
    unsigned char lead = (unsigned char)text[start - 1];
    size_t wanted = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (end - (start - 1) < wanted) text[start - 1] = '\0';
}

PRINTF_LIKE(3, 0) static void fill(char *field, size_t size, const char *format, va_list args)
{
    int wanted = vsnprintf(field, size, format, args);
    if (wanted >= 0 && (size_t)wanted >= size) drop_partial_character(field);
}

bool error_set(Error *error, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fill(error->message, sizeof error->message, format, args);
    va_end(args);
    error->hint[0] = '\0';
    return error_place(error, 0, 0);
}

bool error_hint(Error *error, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fill(error->hint, sizeof error->hint, format, args);
    va_end(args);
    return false;
}

bool error_place(Error *error, size_t start, size_t length)
{
    error->start = start;
    error->length = length;
    return false;
}
