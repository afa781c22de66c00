#include "lessons/header.h"

#include <string.h>

#include "core/base/i18n.h"
#include "lessons/line.h"

enum { FORMAT, ID, TITLE, NEEDS, MINUTES, REQUIRED, RISK = REQUIRED, KEYS };
static const char *const names[KEYS] = {"format", "id", "title", "needs", "minutes", "risk"};

typedef struct {
    const char *values[KEYS];
    size_t lines[KEYS];
} Header;

static bool read_line(Reader *reader, char *line, size_t number, Header *header)
{
    if (!*line) return true;
    char *value = line_cut(line, ':');
    if (!value)
        return reader_refuse(reader, number, _("this is not a line of a header"),
                             _("write key: value, and --- at its end"));
    size_t key = 0;
    while (key < KEYS && strcmp(line, names[key]) != 0) key++;
    if (key == KEYS)
        return reader_refuse(reader, number, _("this key is not known in a header"),
                             _("the keys are format, id, title, needs, minutes and risk"));
    if (header->values[key])
        return reader_refuse(reader, number, _("this key is given twice"), _("drop one of the two"));
    header->values[key] = value;
    header->lines[key] = number;
    return true;
}

static bool check(Reader *reader, const Header *header)
{
    const char *const *values = header->values;
    for (size_t i = 0; i < REQUIRED; i++) {
        if (values[i] && (*values[i] || i == NEEDS)) continue;
        error_set(reader->error, _("the header has no %s"), names[i]);
        error_hint(reader->error, _("it needs format, id, title, needs and minutes"));
        return reader_blame(reader, 1, 1);
    }
    if (strcmp(values[FORMAT], "1") != 0)
        return reader_refuse(reader, header->lines[FORMAT], _("this format of lessons is not known"),
                             _("write format: 1"));
    if (values[RISK] && strcmp(values[RISK], "yes") != 0 && strcmp(values[RISK], "no") != 0)
        return reader_refuse(reader, header->lines[RISK], _("risk is neither yes nor no"),
                             _("write risk: yes, or leave it out"));
    return reader_is_id(values[ID]) ||
           reader_refuse(reader, header->lines[ID], _("the id of the lesson is not an id"),
                         _("use letters, digits and hyphens"));
}

bool header_read(Reader *reader, char **text, Lesson *lesson, size_t *lines)
{
    Header header = {.values = {NULL}};
    char *line = line_next(text);
    if (!line || strcmp(line, "---") != 0)
        return reader_refuse(reader, 1, _("there is no header"),
                             _("begin with ---, then format: 1, id:, title: ..."));
    size_t number = 2;
    for (; (line = line_next(text)) && strcmp(line, "---") != 0; number++)
        if (!read_line(reader, line, number, &header)) return false;
    if (!line) return reader_refuse(reader, number - 1, _("the header never ends"), _("write --- below it"));
    *lines = number;
    lesson->id = header.values[ID];
    lesson->title = header.values[TITLE];
    lesson->needs = header.values[NEEDS];
    lesson->minutes = header.values[MINUTES];
    lesson->risk = header.values[RISK] && strcmp(header.values[RISK], "yes") == 0;
    lesson->needs_line = header.lines[NEEDS];
    return check(reader, &header);
}
