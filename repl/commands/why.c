/* why.c - the reasons behind the last answer. */
#include "core/base/i18n.h"
#include "repl/access.h"
#include "repl/commands/commands.h"
#include "repl/session.h"

static bool fail_nothing(const Execution *last, Error *error)
{
    if (last) {
        error_set(error, _("%s gives nothing that why could explain"), last->command->name);
        return error_hint(error, _("it explains prob, chain, next, bits, compare, rank, sample, eval ..."));
    }
    error_set(error, _("nothing has been asked yet"));
    return error_hint(error, _("ask for a number first, for example: prob the mouse ate the cheese"));
}

/* The answer had several settings: the reasons of each, one below the other. */
static const Fact *explain_all(const Execution *last, const Call *call, Error *error)
{
    enum { SETTINGS_SHOWN = 5 };
    if (last->call_count == 1) return last->command->explain(&last->calls[0], &last->results[0], call, error);
    Fact *all = fact_note(call->arena, _("for each setting:"));
    for (size_t i = 0; i < last->call_count && i < SETTINGS_SHOWN; i++) {
        const Fact *one = last->command->explain(&last->calls[i], &last->results[i], call, error);
        if (!one) return NULL;
        Fact *setting = fact_note(call->arena, last->calls[i].setting),
             *copy = arena_alloc(call->arena, 1, sizeof *copy);
        *copy = *one;
        fact_because(all, fact_because(setting, copy));
    }
    return all;
}

static bool run(Session *session, Call *call, Result *result, Error *error)
{
    const Execution *last = session_last(session);
    if (!last || !last->command->explain || last->call_count == 0) return fail_nothing(last, error);
    if (last->command->models && session_workspace(session)->access.api) return access_refuse("why", error);
    if (call->word_count > 0 && !last->command->explains_word) {
        error_set(error, _("why takes a word only after next, not after %s"), last->command->name);
        return error_place(error, call->words[0].start, call->words[0].length);
    }
    result_field(result, "of", NULL, UNIT_NONE,
                 value_text(arena_format(call->arena, "%s", last->statement.source)));
    result->fact = explain_all(last, call, error);
    return result->fact != NULL;
}

const Command why_command = {
    .name = "why",
    .aliases = "w",
    .family = N_("ask"),
    .usage = "[WORD]",
    .summary = N_("Explain the last answer, down to the counts or the table it came from"),
    .example = "next the @bigram; why cheese",
    .words = WORDS_TOKENS,
    .most = 1,
    .shell = true,
    .run = run,
};
