#include "core/base/error.h"

#include <stdarg.h>
#include <stdio.h>

#include "core/base/utf8.h"

PRINTF_LIKE(3, 0) static void fill(char *field, size_t size, const char *format, va_list args)
{
    vsnprintf(field, size, format, args);
    utf8_drop_malformed(field); /* of a text cut at the field's end, or by a precision in the format */
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
