#include "repl/source.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/memory.h"

static void pop(Sources *sources)
{
    Source *source = &sources->stack[--sources->depth];
    arena_release(&source->arena);
    free(source->name);
    free(source->text);
    free(source->line_text);
    free(source->folder);
}

void sources_clear(Sources *sources)
{
    while (sources->depth > 0) pop(sources);
}

void sources_confine(Sources *sources, const Sandbox *sandbox)
{
    Source *source = &sources->stack[sources->depth - 1];
    source->folder = sandbox->folder ? must_copy(sandbox->folder, strlen(sandbox->folder)) : NULL;
    source->sandbox = (Sandbox){source->folder, sandbox->seconds};
    source->sandboxed = true;
    source->started = sandbox_clock();
}

bool sources_push(Sources *sources, const char *name, const char *text, size_t first_line, Error *error)
{
    if (sources->depth == SOURCE_DEPTH_MAX)
        return error_set(error, _("scripts run scripts more than %d deep"), SOURCE_DEPTH_MAX);
    const Source *above = sources_current(sources); /* what it pushes is confined as it is itself */
    sources->stack[sources->depth++] = (Source){.name = name ? must_copy(name, strlen(name)) : NULL,
                                                .text = must_copy(text, strlen(text)),
                                                .line = first_line - 1};
    if (!above || !above->sandboxed) return true;
    sources_confine(sources, &above->sandbox);
    sources->stack[sources->depth - 1].started = above->started;
    return true;
}

/* Lines pasted from a transcript begin with its prompt. */
static const char *without_prompt(const char *line)
{
    return strncmp(line, "lm> ", 4) == 0 ? line + 4 : line;
}

static bool read_line(Source *source, bool *folded, Error *error)
{
    const char *line = source->text + source->at;
    size_t length = strcspn(line, "\n");
    source->at += length + (line[length] == '\n');
    source->line++;
    free(source->line_text);
    source->line_text = must_copy(line, length);
    arena_release(&source->arena);
    source->parsed = (Line){0};
    source->next = 0;
    const char *text = without_prompt(source->line_text);
    memmove(source->line_text, text, strlen(text) + 1);
    bool ok = line_parse(source->line_text, &source->arena, &source->parsed, error);
    *folded = *folded || source->parsed.folded;
    return ok;
}

const Statement *sources_next(Sources *sources, bool *folded, bool *failed, Error *error)
{
    *failed = *folded = false;
    while (sources->depth > 0) {
        Source *source = &sources->stack[sources->depth - 1];
        if (source->next < source->parsed.count) return &source->parsed.statements[source->next++];
        if (!source->text[source->at])
            pop(sources);
        else if (!read_line(source, folded, error))
            return *failed = true, NULL;
    }
    return NULL;
}

const Source *sources_current(const Sources *sources)
{
    return sources->depth ? &sources->stack[sources->depth - 1] : NULL;
}
