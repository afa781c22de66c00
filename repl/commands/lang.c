/* lang.c - which language help, errors and lessons speak: lang. */
#include "core/base/i18n.h"
#include "repl/commands/commands.h"
#include "repl/language.h"

static bool fail_unknown(const Word *name, Error *error)
{
    error_set(error, _("there is no language '%.60s' here"), name->text);
    error_hint(error, _("lang en speaks English, lang zh speaks Chinese"));
    return error_place(error, name->start, name->length);
}

static bool run(Session *session, Call *call, Result *result, Error *error)
{
    (void)session;
    const Word *name = call->word_count ? &call->words[0] : NULL;
    if (name && !language_use(name->text)) return fail_unknown(name, error);
    result_field(result, "language", "language: %s", UNIT_NONE, value_text(i18n_language()));
    if (name)
        result_note(result, _("To keep it: a line lang %s in the settings file, ~/.config/lmsh/lmshrc."),
                    i18n_language());
    else
        result_note(result,
                    _("lang zh speaks Chinese, lang en English. Commands, options and results stay as "
                      "they are."));
    return true;
}

const Command lang_command = {
    .name = "lang",
    .aliases = "language",
    .family = N_("shell"),
    .usage = "[" LANGUAGE_CHOICES "]",
    .summary = N_("Choose the language of help, errors and lessons: English or Chinese"),
    .example = "lang en",
    .subwords = LANGUAGE_CHOICES,
    .words = WORDS_OTHER,
    .most = 1,
    .shell = true,
    .outward = true,
    .run = run,
};
