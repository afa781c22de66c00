#include "lessons/reader.h"

#include <ctype.h>
#include <string.h>

#include "core/base/i18n.h"
#include "lessons/line.h"

bool reader_blame(Reader *reader, size_t line, size_t column)
{
    Error cause = *reader->error;
    error_set(reader->error, "%zu:%zu: %s", line, column, cause.message);
    return error_hint(reader->error, "%s", cause.hint);
}

bool reader_refuse_at(Reader *reader, size_t line, size_t column, const char *message, const char *hint)
{
    error_set(reader->error, "%s", message);
    error_hint(reader->error, "%s", hint);
    return reader_blame(reader, line, column);
}

bool reader_refuse(Reader *reader, size_t line, const char *message, const char *hint)
{
    return reader_refuse_at(reader, line, 1, message, hint);
}

size_t reader_column(const char *line, const char *at)
{
    size_t column = 1;
    for (; line < at; line++) column += ((unsigned char)*line & 0xC0) != 0x80;
    return column;
}

bool reader_check_bytes(Reader *reader, const char *text, size_t line)
{
    size_t length = strlen(text), clean = line_clean_prefix(text, length);
    const char *start = text;
    if (clean == length) return true;
    for (size_t i = 0; i < clean; i++)
        if (text[i] == '\n') line++, start = text + i + 1;
    return reader_refuse_at(reader, line, reader_column(start, text + clean), _("not plain text"),
                            _("use UTF-8 without control characters"));
}

bool reader_is_id(const char *id)
{
    if (!*id) return false;
    for (; *id; id++)
        if (!isalnum((unsigned char)*id) && *id != '-') return false;
    return true;
}
