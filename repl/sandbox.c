#include "repl/sandbox.h"

#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "core/base/i18n.h"

static bool refuse(const Word *at, const char *message, Error *error)
{
    error_set(error, "%s", message);
    error_hint(error, _("type it yourself, outside the lesson, if you want it"));
    return error_place(error, at->start, at->length);
}

/* Sizes are whole numbers of which more means more work; a seed is none. */
static bool is_size(OptionId id) { return option_table[id].type == OPTION_WHOLE && id != OPT_SEED; }

static bool check_sizes(const Execution *e, Error *error)
{
    for (size_t c = 0; c < e->call_count; c++)
        for (OptionId id = 0; id < OPTION_COUNT; id++) {
            const OptionValue *value = &e->calls[c].values[id];
            if (!is_size(id) || !(value->number > SANDBOX_SIZE_MAX)) continue;
            Word word = option_word(value);
            return refuse(&word, _("so large a number is not for the commands of a lesson"), error);
        }
    return true;
}

/* Copies and factors also stand as plain words: poison 1000000000 "..." */
static bool check_numbers(const Execution *e, Error *error)
{
    double number;
    for (size_t i = 0; i < e->statement.word_count; i++) {
        const Word *word = &e->statement.words[i];
        if (!word->quoted && number_read(word->text, &number) && number > SANDBOX_SIZE_MAX)
            return refuse(word, _("so large a number is not for the commands of a lesson"), error);
    }
    return true;
}

static bool check_corpora(const Workspace *workspace, const Word *verb, Error *error)
{
    size_t tokens = 0;
    for (size_t i = 0; i < workspace->corpus_count; i++) tokens += corpus_tokens(workspace->corpora[i]);
    return tokens <= SANDBOX_TOKENS_MAX ||
           refuse(verb, _("so long a text is not for the commands of a lesson"), error);
}

bool sandbox_allows(const Workspace *workspace, const Execution *e, Error *error)
{
    const Statement *s = &e->statement;
    if (s->path.text) return refuse(&s->path, _("the commands of a lesson write no files"), error);
    if (e->command->writes || e->command->outward || strcmp(e->command->family, "lessons") == 0)
        return refuse(&s->verb, _("this is not for the commands of a lesson"), error);
    return check_sizes(e, error) && check_numbers(e, error) && check_corpora(workspace, &s->verb, error);
}

static bool leads_elsewhere(const char *name)
{
    return strchr(name, '/') || name[0] == '\0' || name[0] == '.' || name[0] == '~';
}

bool sandbox_path(const Sandbox *sandbox, const Word *word, Arena *arena, const char **path, Error *error)
{
    struct stat status;
    *path = word->text;
    if (!sandbox) return true;
    if (leads_elsewhere(word->text) || !sandbox->folder)
        return refuse(word, _("a lesson reads only files beside itself"), error);
    *path = arena_format(arena, "%s/%s", sandbox->folder, word->text);
    if (lstat(*path, &status) == 0 && S_ISREG(status.st_mode)) return true;
    error_set(error, _("no file %s stands beside the lesson"), word->text);
    error_hint(error, _("a lesson reads only files in its own folder"));
    return error_place(error, word->start, word->length);
}

double sandbox_clock(void) { return (double)clock() / CLOCKS_PER_SEC; }

bool sandbox_expired(const Sandbox *sandbox, double started, Error *error)
{
    if (!sandbox || sandbox->seconds <= 0 || sandbox_clock() - started <= sandbox->seconds) return false;
    error_set(error, _("the commands of this lesson took more than %g seconds and were stopped"),
              sandbox->seconds);
    error_hint(error, _("ask its author to do less before you go on"));
    return true;
}
