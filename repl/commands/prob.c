/* prob.c - the probability of a whole sequence. */
#include "core/base/i18n.h"
#include "repl/commands/commands.h"
#include "repl/commands/sequence.h"

static bool run(Session *session, Call *call, Result *result, Error *error)
{
    Scored scored;
    (void)session;
    if (!scored_read(call, call->words, call->word_count, &scored, error)) return false;
    scored_fields(call, &scored, result);
    return true;
}

const Command prob_command = {
    .name = "prob",
    .aliases = "p probability",
    .family = N_("ask"),
    .usage = "W...",
    .summary = N_("Give the probability of a sequence of words"),
    .example = "prob the mouse ate the cheese",
    .words = WORDS_TOKENS,
    .least = 1,
    .most = SIZE_MAX,
    .options = OPTIONS(OPT_EOS, OPT_BASE, OPT_OOV),
    .models = true,
    .run = run,
    .explain = scored_explain,
};
