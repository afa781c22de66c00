#include "lessons/fault.h"

#include <stdarg.h>
#include <stdio.h>

#include "core/base/utf8.h"

void fault(const Faults *faults, size_t line, size_t column, const char *format, ...)
{
    char sentence[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    utf8_drop_malformed(sentence);
    faults->tell(faults->context, line, column, sentence);
}
