#include "core/base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/base/i18n.h"
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

/* The system's own words, which know other languages only where they are installed. */
const char *error_reason(int why)
{
    switch (why) {
    case ENOENT: return _("No such file or directory");
    case EACCES: return _("Permission denied");
    case EISDIR: return _("Is a directory");
    case ENOTDIR: return _("Not a directory");
    case EROFS: return _("Read-only file system");
    case ENOSPC: return _("No space left on device");
    case EFBIG: return _("File too large");
    case ENAMETOOLONG: return _("File name too long");
    case EIO: return _("Input/output error");
    case EPIPE: return _("Broken pipe");
    default: return strerror(why);
    }
}
