/* lesson_verbs.c - the verbs inside a lesson: each hands over to the player. */
#include <string.h>

#include "core/base/i18n.h"
#include "repl/commands/commands.h"
#include "repl/course/player.h"
#include "repl/session.h"

/* They differ only in what the player does. */
#define LESSON_VERB(verb, before, text)                                                                      \
    static bool run_##verb(Session *session, Call *call, Result *result, Error *error)                       \
    {                                                                                                        \
        (void)call;                                                                                          \
        (void)result;                                                                                        \
        return player_##verb(session, error);                                                                \
    }                                                                                                        \
    const Command verb##_command = {                                                                         \
        .name = #verb,                                                                                       \
        .family = N_("lessons"),                                                                             \
        .usage = "",                                                                                         \
        .summary = text,                                                                                     \
        .example = before #verb,                                                                             \
        .words = WORDS_NONE,                                                                                 \
        .shell = true,                                                                                       \
        .unwritten = true,                                                                                   \
        .run = run_##verb,                                                                                   \
    };

LESSON_VERB(go, "lesson 1; ", N_("Go on with the lesson (as Enter on an empty line does)"))
LESSON_VERB(back, "", N_("Go back to the beginning of this step, or to the one before"))
LESSON_VERB(hint, "lesson 1; ", N_("Ask for the next hint"))
LESSON_VERB(solve, "lesson 1; ", N_("Put a solution into the line, or tell the answer"))
LESSON_VERB(skip, "lesson 1; ", N_("Leave out a task, a question or the rest of a step, without credit"))
LESSON_VERB(leave, "lesson 1; ", N_("Leave the lesson; your own models and settings come back"))
LESSON_VERB(resume, "lesson 1; leave; ", N_("Go on with the lesson that was left, where it was left"))

/* --- reset --- */

static bool find_what(const Word *word, ResetWhat *what, Error *error)
{
    static const char *const names[] = {
        [RESET_STEP] = "step", [RESET_LESSON] = "lesson", [RESET_ALL] = "all"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(word->text, names[i]) != 0) continue;
        *what = (ResetWhat)i;
        return true;
    }
    error_set(error, _("reset what: '%.40s'?"), word->text);
    error_hint(error, _("reset step, reset lesson or reset all"));
    return error_place(error, word->start, word->length);
}

/* A person gets the line that does it, to be confirmed by Enter. */
static bool ask_first(Session *session, const Word *word, Error *error)
{
    error_set(error, "%s", _("this forgets what you did in all lessons"));
    error_hint(error, _("reset all force=yes does it"));
    if (session_options(session)->terminal) session_set_edit(session, "reset all force=yes");
    return error_place(error, word->start, word->length);
}

static bool run_reset(Session *session, Call *call, Result *result, Error *error)
{
    (void)result;
    ResetWhat what = RESET_STEP;
    if (call->word_count > 0 && !find_what(&call->words[0], &what, error)) return false;
    if (what == RESET_ALL && !call_is(call, OPT_FORCE, "yes"))
        return ask_first(session, &call->words[0], error);
    return player_reset(session, what, error);
}

const Command reset_command = {
    .name = "reset",
    .family = N_("lessons"),
    .usage = "[step|lesson|all]",
    .summary = N_("Begin this step anew, or the lesson, or forget all progress"),
    .example = "reset all force=yes",
    .subwords = "step|lesson|all",
    .words = WORDS_OTHER,
    .most = 1,
    .shell = true,
    .unwritten = true,
    .run = run_reset,
};
