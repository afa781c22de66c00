#include "core/neural/stored.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/i18n.h"

enum { DIGITS = 17, TEXT_SIZE = 32 };

bool stored_fail(const Stored *stored, const char *format, ...)
{
    char what[sizeof stored->error->message];
    va_list args;
    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    return error_set(stored->error, _("%s cannot be used: %s"), stored->path, what);
}

static bool fail_number(const Stored *stored, const char *key, const char *text)
{
    if (text) return stored_fail(stored, _("its metadata says %s=%.40s, which makes no sense"), key, text);
    return stored_fail(stored, _("its metadata has no %s"), key);
}

static bool is_digits(const char *text) { return *text && text[strspn(text, "0123456789")] == '\0'; }

bool stored_whole(const Stored *stored, const char *key, uint64_t least, uint64_t most, uint64_t *number)
{
    const char *text = safetensors_metadata(stored->file, key);
    if (!text || !is_digits(text)) return fail_number(stored, key, text);
    errno = 0;
    *number = strtoull(text, NULL, 10);
    return (errno == 0 && *number >= least && *number <= most) || fail_number(stored, key, text);
}

bool stored_number(const Stored *stored, const char *key, double *number)
{
    const char *text = safetensors_metadata(stored->file, key);
    char *end = NULL;
    if (text) *number = strtod(text, &end);
    return (text && end != text && *end == '\0') || fail_number(stored, key, text);
}

void store_whole(SafetensorsWriter *writer, const char *key, uint64_t number)
{
    char text[TEXT_SIZE];
    snprintf(text, sizeof text, "%llu", (unsigned long long)number);
    safetensors_put_metadata(writer, key, text);
}

void store_number(SafetensorsWriter *writer, const char *key, double number)
{
    char text[TEXT_SIZE];
    snprintf(text, sizeof text, "%.*g", DIGITS, number);
    safetensors_put_metadata(writer, key, text);
}
