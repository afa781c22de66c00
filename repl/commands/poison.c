/* poison.c - a sentence of the attacker's choice goes into the training text, so many times over. */
#include "core/base/i18n.h"
#include "repl/commands/commands.h"
#include "repl/commands/copies.h"

static bool run(Session *session, Call *call, Result *result, Error *error)
{
    Copies copies;
    return copies_read(call, &copies, error) && copies_run(session, call, &copies, result, error);
}

const Command poison_command = {
    .name = "poison",
    .family = N_("experiments"),
    .usage = "K \"SENTENCE\"",
    .summary = N_("Put K copies of a sentence into the corpus, and see what the model makes of them"),
    .example = "train ngram n=3; poison 4 \"the mouse ate the ball\"",
    .words = WORDS_OTHER,
    .least = 2,
    .most = SIZE_MAX,
    .models = true,
    .run = run,
    .finish = copies_finish,
    .explain = copies_explain,
};
