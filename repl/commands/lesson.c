/* lesson.c - the verbs of guided lessons. */
#include <string.h>

#include "core/base/i18n.h"
#include "repl/commands/commands.h"
#include "repl/course/library.h"
#include "repl/course/player.h"
#include "repl/session.h"

static bool list(const Call *call, Result *result)
{
    Error ignored;
    result_table(result, "rows");
    int number = result_column(result, "number", _("no."), UNIT_NONE, false);
    int id = result_column(result, "id", NULL, UNIT_NONE, false);
    int title = result_column(result, "title", _("lesson"), UNIT_NONE, false);
    int minutes = result_column(result, "minutes", _("minutes"), UNIT_NONE, false);
    for (const char *const *folder = library_list(call->arena); *folder; folder++) {
        Lesson lesson;
        if (!library_open(*folder, &lesson, &ignored)) continue;
        Value *cells = result_row(result);
        cells[number] = value_text(arena_copy(call->arena, *folder, strcspn(*folder, "-")));
        cells[id] = value_text(arena_copy(call->arena, lesson.id, strlen(lesson.id)));
        cells[title] = value_text(arena_copy(call->arena, lesson.title, strlen(lesson.title)));
        cells[minutes] = value_text(arena_copy(call->arena, lesson.minutes, strlen(lesson.minutes)));
        lesson_release(&lesson);
    }
    result_note(result, _("lesson 1 opens the first one."));
    return true;
}

static bool run_lesson(Session *session, Call *call, Result *result, Error *error)
{
    if (call->word_count == 0) return list(call, result);
    const Word *name = &call->words[0];
    return player_begin(session, name->text, error) || error_place(error, name->start, name->length);
}

const Command lesson_command = {
    .name = "lesson",
    .aliases = "lessons",
    .family = N_("lessons"),
    .usage = "[NUMBER|FILE]",
    .summary = N_("List the lessons, or open one"),
    .example = "lesson 1",
    .words = WORDS_LESSON,
    .most = 1,
    .shell = true,
    .unwritten = true,
    .run = run_lesson,
};

/* The other verbs differ only in what the player does. */
#define LESSON_VERB(verb, text)                                                                              \
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
        .example = #verb,                                                                                    \
        .words = WORDS_NONE,                                                                                 \
        .shell = true,                                                                                       \
        .unwritten = true,                                                                                   \
        .run = run_##verb,                                                                                   \
    };

LESSON_VERB(go, N_("Go on with the lesson (as Enter on an empty line does)"))
LESSON_VERB(back, N_("Go back to the beginning of this step, or to the one before"))
LESSON_VERB(hint, N_("Ask for the next hint"))
LESSON_VERB(solve, N_("Put a solution into the line, or tell the answer"))
LESSON_VERB(leave, N_("Leave the lesson; your own models and settings come back"))
