#include "lessons/distribution.h"

#include <string.h>

#include "core/base/i18n.h"
#include "lessons/answer.h"

/* What parts names and numbers, as an ASCII or a Chinese keyboard writes it. */
static size_t separator(const char *text)
{
    static const char *const wide[] = {"，", "：", "＝", "、", "；", "　"};
    if (*text && strchr(" \t\r\n,=:;", *text)) return 1;
    for (size_t i = 0; i < sizeof wide / sizeof *wide; i++)
        if (strncmp(text, wide[i], strlen(wide[i])) == 0) return strlen(wide[i]);
    return 0;
}

static const char *skip_separators(const char *text)
{
    for (size_t step; (step = *text ? separator(text) : 0) > 0;) text += step;
    return text;
}

static const char *take_name(const char **text, Arena *arena)
{
    const char *start = *text, *end = start;
    while (*end && !separator(end)) end++;
    *text = end;
    bool quoted = end - start > 2 && *start == end[-1] && strchr("\"'", *start);
    return arena_copy(arena, start + quoted, (size_t)(end - start) - 2 * (size_t)quoted);
}

static bool refuse(Error *error)
{
    return error_hint(error, "%s", _("write each outcome with its share: mouse 0.5 cheese 30% ball 0.2"));
}

/* The outcome at *text with its share. */
static bool take_outcome(Distribution *distribution, const char **text, Arena *arena, Error *error)
{
    double p;
    const char *name = take_name(text, arena);
    *text = skip_separators(*text);
    if (!answer_scan(text, &p) || p < 0 || p > 1e6 || (**text && !separator(*text)))
        error_set(error, _("there is no share after '%.40s'"), name);
    else if (distribution_of(distribution, name) >= 0)
        error_set(error, _("'%.40s' is there twice"), name);
    else if (distribution->count == DISTRIBUTION_MAX)
        error_set(error, _("'%.40s' is one outcome too many"), name);
    else {
        distribution->names[distribution->count] = name;
        distribution->p[distribution->count++] = p;
        return true;
    }
    return refuse(error);
}

bool distribution_read(Distribution *distribution, const char *text, Arena *arena, Error *error)
{
    distribution->count = 0;
    for (const char *at = skip_separators(text); *at; at = skip_separators(at))
        if (!take_outcome(distribution, &at, arena, error)) return false;
    if (distribution_sum(distribution) > 0) return true;
    error_set(error, "%s", _("nothing is shared out"));
    return refuse(error);
}

double distribution_sum(const Distribution *distribution)
{
    double sum = 0;
    for (size_t i = 0; i < distribution->count; i++) sum += distribution->p[i];
    return sum;
}

double distribution_of(const Distribution *distribution, const char *name)
{
    for (size_t i = 0; i < distribution->count; i++)
        if (strcmp(distribution->names[i], name) == 0) return distribution->p[i];
    return -1;
}
