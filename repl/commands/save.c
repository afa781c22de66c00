/* save.c - a model into a file: ARPA, which other programs read too, or our own form, which loads at once,
 * for n-grams; safetensors, which PyTorch reads, for networks. */
#include "core/base/file.h"
#include "core/base/i18n.h"
#include "core/model/mix.h"
#include "core/neural/checkpoint.h"
#include "core/ngram/arpa_writer.h"
#include "core/ngram/image.h"
#include "repl/commands/commands.h"
#include "repl/commands/model_file.h"

typedef struct {
    const char *ending;
    bool (*write)(const Model *model, const char *path, Error *error);
    bool network; /* it holds networks; n-grams otherwise */
} FileForm;

static const FileForm forms[] = {
    {".arpa", arpa_write, false},
    {".arpa.gz", arpa_write, false},
    {".lm", image_write, false},
    {".safetensors", checkpoint_write, true},
};

/* By the ending of the name; NULL when it is no ending we know. */
static const FileForm *choose_form(const char *path)
{
    for (size_t i = 0; i < COUNT_OF(forms); i++)
        if (file_ends_in(path, forms[i].ending)) return &forms[i];
    return NULL;
}

static bool check_form(const Call *call, const FileForm *form, Error *error)
{
    const Word *path = &call->words[0];
    bool network = neural_network(call->model) != NULL;
    if (form && form->network == network) return true;
    if (!form)
        error_set(error, _("the name of the file says how to write it, and '%s' does not"), path->text);
    else if (network)
        error_set(error, _("%s files hold n-grams, and %s is a network"), form->ending, call->model_name);
    else
        error_set(error, _("%s files hold networks, and %s is made of n-grams"), form->ending,
                  call->model_name);
    if (network)
        error_hint(error, _("end it in .safetensors"));
    else
        error_hint(error, _("end it in .arpa or .arpa.gz (for other programs too), or .lm (loads at once)"));
    return error_place(error, path->start, path->length);
}

static bool check(const Call *call, Error *error)
{
    const Word *path = &call->words[0];
    if (call->number) {
        error_set(error, _("a file holds one model"));
        error_hint(error, _("save each under a name of its own"));
        return error_place(error, path->start, path->length);
    }
    if (mix_base(call->model)) {
        error_set(error, _("%s is a mix, which save does not write"), call->model_name);
        return error_hint(error, _("save the model under it, and mix that again when it is loaded"));
    }
    if (!ngram_store(call->model) && !neural_network(call->model)) {
        error_set(error, _("%s is a table, which save does not write"), call->model_name);
        return error_hint(error,
                          _("train ngram makes a model it writes: train ngram smooth=kn; save kn.arpa"));
    }
    return check_form(call, choose_form(path->text), error);
}

static bool run(Session *session, Call *call, Result *result, Error *error)
{
    const Word *path = &call->words[0];
    (void)session;
    if (!check(call, error)) return false;
    if (!choose_form(path->text)->write(call->model, path->text, error))
        return error_place(error, path->start, path->length);
    model_file_report(call, call->model_name, call->model, _("wrote %s"), file_size(path->text), result);
    return true;
}

const Command save_command = {
    .name = "save",
    .family = N_("models"),
    .usage = "FILE",
    .summary = N_("Write a model into a file: .arpa, .arpa.gz or .lm for n-grams, .safetensors for networks"),
    .example = "save /tmp/bigram.lm @bigram force=yes",
    .words = WORDS_FILE,
    .least = 1,
    .most = 1,
    .models = true,
    .unwritten = true,
    .writes = true,
    .run = run,
};
