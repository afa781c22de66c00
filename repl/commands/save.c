/* save.c - a model into a file: ARPA, which other programs read too, or our own form, which loads at once. */
#include "core/base/file.h"
#include "core/base/i18n.h"
#include "core/ngram/arpa_writer.h"
#include "core/ngram/image.h"
#include "repl/commands/commands.h"
#include "repl/commands/model_file.h"

typedef bool Writer(const Model *model, const char *path, Error *error);

/* By the ending of the name; NULL when it is no ending we know. */
static Writer *choose_writer(const char *path)
{
    if (file_ends_in(path, ".arpa") || file_ends_in(path, ".arpa.gz")) return arpa_write;
    return file_ends_in(path, ".lm") ? image_write : NULL;
}

static bool check(const Call *call, Error *error)
{
    const Word *path = &call->words[0];
    if (call->number) {
        error_set(error, _("a file holds one model"));
        error_hint(error, _("save each under a name of its own"));
        return error_place(error, path->start, path->length);
    }
    if (!ngram_store(call->model)) {
        error_set(error, _("%s is a table, which save does not write"), call->model_name);
        return error_hint(error,
                          _("train ngram makes a model it writes: train ngram smooth=kn; save kn.arpa"));
    }
    if (choose_writer(path->text)) return true;
    error_set(error, _("the name of the file says how to write it, and '%s' does not"), path->text);
    error_hint(error, _("end it in .arpa or .arpa.gz (for other programs too), or .lm (loads at once)"));
    return error_place(error, path->start, path->length);
}

static bool run(Session *session, Call *call, Result *result, Error *error)
{
    const Word *path = &call->words[0];
    (void)session;
    if (!check(call, error)) return false;
    if (!choose_writer(path->text)(call->model, path->text, error))
        return error_place(error, path->start, path->length);
    model_file_report(call, call->model_name, call->model, _("wrote %s"), file_size(path->text), result);
    return true;
}

const Command save_command = {
    .name = "save",
    .family = N_("models"),
    .usage = "FILE",
    .summary = N_("Write an n-gram model into a file ending in .arpa, .arpa.gz or .lm"),
    .example = "save /tmp/bigram.lm @bigram force=yes",
    .words = WORDS_FILE,
    .least = 1,
    .most = 1,
    .models = true,
    .unwritten = true,
    .writes = true,
    .run = run,
};
