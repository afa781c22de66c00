/* again.c - the last command once more, with some options changed. */
#include <string.h>

#include "core/base/i18n.h"
#include "repl/commands/commands.h"
#include "repl/session.h"

typedef struct {
    const Command *command; /* the one repeated */
    const Statement *last, *changes;
    Arena *arena;
} Repeat;

/* Whether the changes set the option with this key, under whichever spelling. */
static bool overridden(const Repeat *r, const char *key)
{
    OptionId id = command_option(r->command, key);
    for (size_t i = 0; i < r->changes->option_count; i++)
        if (command_option(r->command, r->changes->options[i].key.text) == id) return true;
    return false;
}

static const char *quote(Arena *arena, const Word *word)
{
    if (!word->quoted) return word->text;
    return arena_format(arena, strchr(word->text, '"') ? "'%s'" : "\"%s\"", word->text);
}

static const char *add_options(const Repeat *r, const char *line, const Statement *from)
{
    for (size_t i = 0; i < from->option_count; i++) {
        const OptionWords *option = &from->options[i];
        if (from == r->last && overridden(r, option->key.text)) continue;
        line = arena_format(r->arena, "%s %s=", line, option->key.text);
        for (size_t v = 0; v < option->count; v++)
            line = arena_format(r->arena, "%s%s%s", line, v ? "," : "", quote(r->arena, &option->values[v]));
    }
    return line;
}

/* A word that would be read as something else without "--" before it. */
static bool needs_dashes(const Word *word)
{
    return !word->quoted && (strchr("@#>-", word->text[0]) || strchr(word->text, '='));
}

static const char *add_words(const Repeat *r, const char *line)
{
    bool dashes = false;
    for (size_t i = 0; i < r->last->word_count; i++) dashes = dashes || needs_dashes(&r->last->words[i]);
    if (dashes) line = arena_format(r->arena, "%s --", line);
    for (size_t i = 0; i < r->last->word_count; i++)
        line = arena_format(r->arena, "%s %s", line, quote(r->arena, &r->last->words[i]));
    return line;
}

/* The statement put together again: verb, options, models, words. */
static const char *changed_line(const Repeat *r)
{
    const Statement *models = r->changes->model_count ? r->changes : r->last;
    const char *line = add_options(r, arena_format(r->arena, "%s", r->last->verb.text), r->last);
    line = add_options(r, line, r->changes);
    for (size_t i = 0; i < models->model_count; i++)
        line = arena_format(r->arena, "%s%s%s", line, i ? "," : " @", models->models[i].text);
    return add_words(r, line);
}

static bool run(Session *session, Call *call, Result *result, Error *error)
{
    const Execution *last = session_last(session);
    if (!last) {
        error_set(error, _("there is no command to run again"));
        return error_hint(error, _("for example: next the, then: again T=0.5"));
    }
    Repeat repeat = {last->command, &last->statement, call->statement, call->arena};
    const char *line = changed_line(&repeat);
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
