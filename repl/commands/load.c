/* load.c - a model from a file: ARPA of any origin, packed or not, networks in safetensors, or what save
 * wrote. */
#include <math.h>
#include <string.h>

#include "core/base/file.h"
#include "core/base/i18n.h"
#include "core/neural/checkpoint.h"
#include "core/neural/safetensors.h"
#include "core/ngram/arpa_reader.h"
#include "core/ngram/image.h"
#include "repl/commands/commands.h"
#include "repl/commands/model_file.h"
#include "repl/session.h"

/* --- its name --- */

/* The file's name without folder and endings, as one word. */
static const char *stem(const char *path, Arena *arena)
{
    static const char *const endings[] = {".gz", ".arpa", ".lm", ".safetensors"};
    const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
    char *name = arena_copy(arena, base, strlen(base));
    for (size_t i = 0; i < COUNT_OF(endings); i++)
        if (file_ends_in(name, endings[i])) name[strlen(name) - strlen(endings[i])] = '\0';
    for (char *at = name; (at = strpbrk(at, CALL_NOT_IN_NAMES)) != NULL;) *at = '-';
    for (char *at = name; *at; at++)
        if ((unsigned char)*at < ' ') *at = '-';
    return *name && strcmp(name, "toy") != 0 ? name : "loaded";
}

static const char *choose_name(const Call *call)
{
    return call_given(call, OPT_NAME) ? call_text(call, OPT_NAME) : stem(call->words[0].text, call->arena);
}

/* --- the work --- */

static void note_sums(const Model *model, Result *result)
{
    double unigrams, start;
    arpa_sums(model, &unigrams, &start);
    if (fabs(unigrams - 1) <= 1e-3 && fabs(start - 1) <= 1e-3) return;
    if (model->scores)
        result_note(
            result,
            _("These are scores, not probabilities: they sum to %.4g over all words, after <s> to %.4g."),
            unigrams, start);
    else
        result_note(result,
                    _("The probabilities sum to %.4g over all words, after <s> to %.4g: compare with care."),
                    unigrams, start);
}

static bool keep(Session *session, Call *call, Model *model, size_t bytes, Result *result)
{
    const char *name = choose_name(call);
    model_file_report(call, name, model, _("from %s"), bytes, result);
    if (ngram_store(model) && ngram_smoothing(model)->kind == SMOOTH_GIVEN) note_sums(model, result);
    workspace_put_model(session_workspace(session), name, model, "");
    return true;
}

/* A file whose name says what it should be is read as that, so that it is told what is wrong with it. */
static bool is_network(const char *path)
{
    return safetensors_is(path) || file_ends_in(path, ".safetensors");
}

/* What is read at once. */
static bool read_model(Session *session, Call *call, Result *result, Error *error)
{
    const Word *path = &call->words[0];
    Model *model = image_is(path->text) ? image_read(path->text, error)
                                        : checkpoint_read(path->text, call_is(call, OPT_EXACT, "on"), error);
    if (!model) return error_place(error, path->start, path->length);
    return keep(session, call, model, file_size(path->text), result);
}

static bool run(Session *session, Call *call, Result *result, Error *error)
{
    Word *path = &call->words[0];
    if (!call_check_name(call, error)) return false;
    if (!sandbox_path(session_sandbox(session), path, call->arena, &path->text, error)) return false;
    if (image_is(path->text) || is_network(path->text)) return read_model(session, call, result, error);
    call->about = path;
    call->job = arpa_reading_new(path->text);
    return true;
}

static bool finish(Session *session, Call *call, Result *result, bool interrupted, Error *error)
{
    if (interrupted) return error_set(error, _("stopped while reading; nothing has changed"));
    const char *oddity;
    for (size_t i = 0; (oddity = arpa_reading_note(call->done, i)); i++) result_note(result, "%s", oddity);
    Model *model = arpa_reading_take(call->done);
    ngram_prepare(model);
    return keep(session, call, model, arpa_reading_bytes(call->done), result);
}

const Command load_command = {
    .name = "load",
    .family = N_("models"),
    .usage = "FILE",
    .summary = N_("Read a model and switch to it: ARPA, safetensors, or what save wrote"),
    .example = "save /tmp/bigram.lm @bigram force=yes; load /tmp/bigram.lm name=again",
    .words = WORDS_FILE,
    .least = 1,
    .most = 1,
    .options = OPTIONS(OPT_NAME, OPT_EXACT),
    .run = run,
    .finish = finish,
};
