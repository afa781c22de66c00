/* shell.c - small verbs of the shell itself: history, run, time, quit. */
#include <stdlib.h>
#include <string.h>

#include "core/base/file.h"
#include "core/base/i18n.h"
#include "core/base/utf8.h"
#include "repl/commands/commands.h"
#include "repl/session.h"

enum { SCRIPT_BYTES_MAX = 16 << 20 };

static bool run_history(Session *session, Call *call, Result *result, Error *error)
{
    (void)error;
    result_table(result, "rows");
    int number = result_column(result, "number", _("no."), UNIT_NONE, false);
    int line = result_column(result, "line", _("line"), UNIT_NONE, false);
    const char *text;
    for (size_t i = 0; (text = session_history(session, i)); i++) {
        Value *cells = result_row(result);
        cells[number] = value_count(i + 1);
        cells[line] = value_text(arena_copy(call->arena, text, strlen(text)));
    }
    return true;
}

const Command history_command = {
    .name = "history",
    .family = N_("shell"),
    .usage = "",
    .summary = N_("List the lines typed so far"),
    .example = "history",
    .words = WORDS_NONE,
    .shell = true,
    .run = run_history,
};

static bool run_script(Session *session, Call *call, Result *result, Error *error)
{
    char *text;
    size_t length;
    const Word *path = &call->words[0];
    (void)result;
    if (!file_read(path->text, SCRIPT_BYTES_MAX, &text, &length, error))
        return error_place(error, path->start, path->length);
    bool ok =
        strlen(text) == length || error_set(error, _("%s holds a NUL byte; it is not a script"), path->text);
    ok = ok && session_push(session, path->text, utf8_skip_mark(text), error);
    free(text);
    return ok || error_place(error, path->start, path->length);
}

const Command run_command = {
    .name = "run",
    .family = N_("shell"),
    .usage = "FILE",
    .summary = N_("Run a script: a file of commands"),
    .example = "run /dev/null",
    .words = WORDS_FILE,
    .least = 1,
    .most = 1,
    .shell = true,
    .outward = true,
    .run = run_script,
};

/* The parser takes `time` off a statement; this row is met only when nothing follows. */
static bool run_time(Session *session, Call *call, Result *result, Error *error)
{
    (void)session;
    (void)call;
    (void)result;
    error_set(error, _("time needs a command to measure"));
    return error_hint(error, "%s", time_command.example);
}

const Command time_command = {
    .name = "time",
    .family = N_("shell"),
    .usage = "COMMAND ...",
    .summary = N_("Run a command and tell how long it took"),
    .example = "time next the",
    .words = WORDS_VERB,
    .most = SIZE_MAX,
    .shell = true,
    .run = run_time,
};

static bool run_quit(Session *session, Call *call, Result *result, Error *error)
{
    (void)call;
    (void)result;
    (void)error;
    session_quit(session);
    return true;
}

const Command quit_command = {
    .name = "quit",
    .aliases = "exit q bye x",
    .family = N_("shell"),
    .usage = "",
    .summary = N_("Leave the program"),
    .example = "quit",
    .words = WORDS_NONE,
    .shell = true,
    .outward = true,
    .run = run_quit,
};
