#include "lessons/line.h"

#include <string.h>

#include "core/base/utf8.h"

size_t line_clean_prefix(const char *text, size_t length)
{
    size_t valid = utf8_valid_prefix(text, length), step;
    for (size_t i = 0; i < valid; i += step) {
        uint32_t c = utf8_decode(text + i, valid - i, &step);
        if ((c < 0x20 && c != '\t' && c != '\n') || (c >= 0x7F && c < 0xA0)) return i;
    }
    return valid;
}

char *line_trim(char *text)
{
    size_t length = strlen(text);
    while (length > 0 && (text[length - 1] == ' ' || text[length - 1] == '\t')) length--;
    text[length] = '\0';
    return text + strspn(text, " \t");
}

char *line_next(char **text)
{
    char *line = *text;
    if (!*line) return NULL;
    size_t length = strcspn(line, "\n");
    *text = line + length + (line[length] == '\n');
    line[length] = '\0';
    return line_trim(line);
}

char *line_cut(char *line, char mark)
{
    char *at = strchr(line, mark);
    if (!at) return NULL;
    *at = '\0';
    line_trim(line);
    return line_trim(at + 1);
}

size_t line_count(const char *text)
{
    size_t count = 1;
    for (; *text; text++) count += *text == '\n';
    return count;
}
