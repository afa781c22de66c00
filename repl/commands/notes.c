/* notes.c - what the learner did in lessons, as Markdown: notes > file.md. */
#include "core/base/i18n.h"
#include "repl/commands/commands.h"
#include "repl/course/notes.h"
#include "repl/session.h"

static bool run(Session *session, Call *call, Result *result, Error *error)
{
    const char *journal = session_options(session)->journal;
    result->text = notes_text(journal, call->arena);
    if (result->text) return true;
    error_set(error, "%s", journal ? _("there is nothing to note yet") : _("no journal is kept here"));
    return error_hint(error, journal ? _("lesson 1 opens the first lesson")
                                     : _("lessons are remembered at the prompt and with -c, not in scripts"));
}

const Command notes_command = {
    .name = "notes",
    .family = N_("lessons"),
    .usage = "",
    .summary = N_("What you did in lessons, with results and answers; > file.md keeps it"),
    .example = "notes > my-notes.md",
    .words = WORDS_NONE,
    .shell = true,
    .run = run,
};
