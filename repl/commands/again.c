/* again.c - the last command once more, with some options changed. */
#include <string.h>

#include "core/base/i18n.h"
#include "repl/commands/commands.h"
#include "repl/session.h"

static bool overridden(const Statement *changes, const char *key)
{
    for (size_t i = 0; i < changes->option_count; i++)
        if (strcmp(changes->options[i].key.text, key) == 0) return true;
    return false;
}

static const char *quote(Arena *arena, const Word *word)
{
    if (!word->quoted) return word->text;
    return arena_format(arena, strchr(word->text, '"') ? "'%s'" : "\"%s\"", word->text);
}

static const char *add_options(Arena *arena, const char *line, const Statement *from,
                               const Statement *changes)
{
    for (size_t i = 0; i < from->option_count; i++) {
        const OptionWords *option = &from->options[i];
        if (changes && overridden(changes, option->key.text)) continue;
        line = arena_format(arena, "%s %s=", line, option->key.text);
        for (size_t v = 0; v < option->count; v++)
            line = arena_format(arena, "%s%s%s", line, v ? "," : "", quote(arena, &option->values[v]));
    }
    return line;
}

/* The statement put together again: verb, options, models, words. */
static const char *changed_line(const Statement *last, const Statement *changes, Arena *arena)
{
    const Statement *models = changes->model_count ? changes : last;
    const char *line = add_options(arena, arena_format(arena, "%s", last->verb.text), last, changes);
    line = add_options(arena, line, changes, NULL);
    for (size_t i = 0; i < models->model_count; i++)
        line = arena_format(arena, "%s%s%s", line, i ? "," : " @", models->models[i].text);
    for (size_t i = 0; i < last->word_count; i++)
        line = arena_format(arena, "%s %s", line, quote(arena, &last->words[i]));
    return line;
}

static bool run(Session *session, Call *call, Result *result, Error *error)
{
    const Execution *last = session_last(session);
    if (!last) {
        error_set(error, _("there is no command to run again"));
        return error_hint(error, _("for example: next the, then: again T=0.5"));
    }
    const char *line = changed_line(&last->statement, call->statement, call->arena);
    result_note(result, "%s", line);
    return session_push(session, "again", line, error);
}

const Command again_command = {
    .name = "again",
    .aliases = "r",
    .family = N_("shell"),
    .usage = "[option=value ...] [@model]",
    .summary = N_("Run the last command once more, with other options or another model"),
    .example = "next the; again T=0.5",
    .words = WORDS_NONE,
    .shell = true,
    .repeats = true,
    .run = run,
};
