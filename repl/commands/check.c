/* check.c - replay transcripts and lessons from the prompt. */
#include <stdlib.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/memory.h"
#include "repl/checking/check.h"
#include "repl/commands/commands.h"
#include "repl/session.h"

static bool run(Session *session, Call *call, Result *result, Error *error)
{
    char *text = NULL;
    size_t length = 0;
    CheckCounts counts = {0};
    if (session_options(session)->rehearsal) {
        error_set(error, _("a check does not run another check"));
        return error_hint(error, _("take check out of the transcript, and name its files beside it"));
    }
    FILE *report = open_memstream(&text, &length);
    if (!report) return error_set(error, _("out of memory"));
    bool ok = true;
    for (size_t i = 0; i < call->word_count && ok; i++) {
        ok = check_path(call->words[i].text, report, &counts, error);
        if (!ok) error_place(error, call->words[i].start, call->words[i].length);
    }
    fclose(report);
    if (ok && counts.failures > 0)
        ok = error_set(error, _("%zu of %zu commands differ:\n%.180s"), counts.failures, counts.commands,
                       text);
    result_field(result, "files", _("%s files"), UNIT_NONE, value_count(counts.files));
    result_field(result, "commands", _("%s commands"), UNIT_NONE, value_count(counts.commands));
    result_field(result, "failures", _("%s differ"), UNIT_NONE, value_count(counts.failures));
    free(text);
    return ok;
}

const Command check_command = {
    .name = "check",
    .family = N_("shell"),
    .usage = "FILE|FOLDER ...",
    .summary = N_("Replay transcripts and lessons and compare what they print"),
    .example = "check /dev/null",
    .words = WORDS_FILE,
    .least = 1,
    .most = SIZE_MAX,
    .shell = true,
    .outward = true,
    .run = run,
};
