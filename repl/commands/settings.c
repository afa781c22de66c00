/* settings.c - what holds for all commands: set, undo, redo. */
#include <string.h>

#include "core/base/i18n.h"
#include "repl/commands/commands.h"
#include "repl/session.h"

static void list(const Workspace *workspace, Call *call, Result *result)
{
    result_table(result, "rows");
    int key = result_column(result, "key", _("setting"), UNIT_NONE, false);
    int value = result_column(result, "value", _("value"), UNIT_NONE, false);
    int from = result_column(result, "from", _("from"), UNIT_NONE, false);
    int about = result_column(result, "about", _("what it does"), UNIT_NONE, false);
    for (OptionId id = 0; id < OPTION_COUNT; id++) {
        if (!option_table[id].setting) continue;
        const char *set = workspace->settings[id], *text = set ? set : option_table[id].fallback;
        Value *cells = result_row(result);
        cells[key] = value_text(option_table[id].key);
        cells[value] = value_text(text ? arena_copy(call->arena, text, strlen(text)) : "");
        cells[from] = value_text(set ? _("set") : _("default"));
        cells[about] = value_text(_(option_table[id].summary));
    }
}

static bool check_words(const Call *call, Error *error)
{
    if (call->word_count == 0 || strcmp(call->words[0].text, "default") == 0) return true;
    error_set(error, _("set takes key=value"));
    error_hint(error, _("for example: set T=0.5     set alone lists the settings; set default forgets all"));
    return error_place(error, call->words[0].start, call->words[0].length);
}

static bool run_set(Session *session, Call *call, Result *result, Error *error)
{
    Workspace *workspace = session_workspace(session);
    if (!check_words(call, error)) return false;
    if (call->setting) {
        error_set(error, _("a setting has one value"));
        return error_hint(error, _("several values are a sweep of one command: next the T=0,1,inf"));
    }
    if (call->word_count) session_default_settings(session);
    for (size_t i = 0; i < call->statement->option_count; i++) {
        OptionId id = option_find(call->statement->options[i].key.text, set_command.options);
        if (id < OPTION_COUNT)
            workspace_set(workspace, id, call->values[id].text); /* force= is for the file */
    }
    if (call->statement->option_count == 0) list(workspace, call, result);
    return true;
}

const Command set_command = {
    .name = "set",
    .family = N_("shell"),
    .usage = "[key=value ... | default]",
    .summary = N_("List the settings, or change what options are when a command does not say"),
    .example = "set T=0.5 digits=4",
    .subwords = "default",
    .words = WORDS_OTHER,
    .most = 1,
    .options =
        OPTIONS(OPT_T, OPT_TOP_K, OPT_TOP_P, OPT_MIN_P, OPT_MAX, OPT_SEED, OPT_EOS, OPT_BASE, OPT_OOV,
                OPT_EXACT, OPT_WATTS, OPT_PUE, OPT_GRID, OPT_AS, OPT_DIGITS, OPT_WIDTH, OPT_ASCII, OPT_COLOR),
    .shell = true,
    .run = run_set,
};

static bool tell(Session *session, const char *label, const char *statement, Call *call, Result *result)
{
    session_workspace_replaced(session);
    result_field(result, "statement", label, UNIT_NONE,
                 value_text(arena_copy(call->arena, statement, strlen(statement))));
    return true;
}

static bool run_undo(Session *session, Call *call, Result *result, Error *error)
{
    const char *statement;
    if (!undo_back(session_undo(session), session_workspace(session), &statement)) {
        error_set(error, _("there is nothing to undo"));
        return error_hint(error, _("it takes back what train, use, drop, corpus and set change"));
    }
    return tell(session, _("undid: %s     (redo brings it back)"), statement, call, result);
}

const Command undo_command = {
    .name = "undo",
    .family = N_("shell"),
    .usage = "",
    .summary = N_("Take back the last change of models, corpora or settings"),
    .example = "set T=0; undo",
    .words = WORDS_NONE,
    .shell = true,
    .unwritten = true,
    .run = run_undo,
};

static bool run_redo(Session *session, Call *call, Result *result, Error *error)
{
    const char *statement;
    if (!undo_forward(session_undo(session), session_workspace(session), &statement)) {
        error_set(error, _("there is nothing to redo"));
        return error_hint(error, _("it brings back what undo took"));
    }
    return tell(session, _("redid: %s"), statement, call, result);
}

const Command redo_command = {
    .name = "redo",
    .family = N_("shell"),
    .usage = "",
    .summary = N_("Bring back what undo took"),
    .example = "set T=0; undo; redo",
    .words = WORDS_NONE,
    .shell = true,
    .unwritten = true,
    .run = run_redo,
};
