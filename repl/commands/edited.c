#include "repl/commands/edited.h"

#include <math.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/model/evaluation.h"
#include "core/model/mix.h"
#include "core/neural/neural.h"
#include "core/ngram/training.h"

enum { COUNTING, MEASURING_BEFORE, MEASURING_AFTER, NUMBER_MAX = 1000000 };

static Edited *edited_of(const Call *call) { return call->work; }

static const NamedModel *named(Session *session, const Call *call)
{
    Error never;
    return workspace_model(session_workspace(session), call->model_name, &never);
}

/* --- bringing the model up to date --- */

static void measure(Call *call, int phase)
{
    const Model *model = phase == MEASURING_BEFORE ? call->model : call->made;
    call->phase = phase;
    call->job = evaluation_new(model, call->heldout, true);
}

static void begin_counting(Call *call)
{
    NgramOptions options = *ngram_options(call->model);
    options.smoothing = *ngram_smoothing(call->model);
    call->made = ngram_training_update(call->model, call->corpus);
    call->phase = COUNTING;
    if (!call->made)
        call->job = ngram_training_new(call->corpus, &options, NULL);
    else if (edited_of(call)->measures)
        measure(call, MEASURING_BEFORE);
}

void edited_begin(Session *session, Call *call, Corpus *after)
{
    Corpus *before = call->first ? call->first->heldout : workspace_corpus(session_workspace(session));
    Edited *edited = edited_of(call);
    const NgramOptions *options = ngram_options(call->model);
    call->heldout = corpus_share(before);
    call->corpus = after;
    edited->before = edited->after = NAN;
    edited->learned = strcmp(named(session, call)->corpus, corpus_name(before)) == 0;
    if (edited->learned && options && options->order > 0) begin_counting(call);
}

static double bits(const Call *call, const Model *model)
{
    const Evaluation *e = evaluation_result(call->done);
    return model->scores ? NAN : -e->logp / (double)e->tokens / log(2);
}

void edited_go_on(Call *call)
{
    Edited *edited = edited_of(call);
    if (call->phase == COUNTING) {
        call->made = ngram_training_take(call->done);
        if (edited->measures) measure(call, MEASURING_BEFORE);
    } else if (call->phase == MEASURING_BEFORE) {
        edited->before = bits(call, call->model);
        measure(call, MEASURING_AFTER);
    } else {
        edited->after = bits(call, call->made);
    }
}

void edited_keep(Session *session, const Call *call)
{
    Workspace *workspace = session_workspace(session);
    workspace_put_corpus(workspace, corpus_share(call->corpus));
    if (!call->made) return;
    size_t current = workspace->current; /* @NAME is not to switch models */
    ngram_prepare(call->made);
    workspace_put_model(workspace, call->model_name, model_share(call->made), corpus_name(call->corpus));
    workspace_use(workspace, &workspace->models[current]);
}

Corpus *edited_by_first(const Call *call) { return call->first ? corpus_share(call->first->corpus) : NULL; }

/* --- what it says --- */

static void add_change(Result *result, const char *key, const char *label, size_t before, size_t after)
{
    Arena *arena = result->arena;
    result_field(result, arena_format(arena, "%s_before", key), NULL, UNIT_NONE, value_count(before));
    result_field(result, key,
                 before == after ? arena_format(arena, "%s %%s", label)
                                 : arena_format(arena, "%s %zu -> %%s", label, before),
                 UNIT_NONE, value_count(after));
}

static Value perplexity(double bits_a_token)
{
    return isnan(bits_a_token) ? value_null() : value_number(exp2(bits_a_token));
}

static void note_model(const Call *call, Result *result)
{
    const Edited *edited = edited_of(call);
    const char *corpus = corpus_name(call->heldout), *now = corpus_name(call->corpus);
    if (call->made && ngram_corpus(call->model) != call->heldout)
        result_note(result, _("%s had not learnt all of %s before: it has now."), call->model_name, corpus);
    if (call->made) return;
    if (edited->learned && mix_base(call->model))
        result_note(result, _("%s is a mix and is as it was. Train the model under it and mix it again."),
                    call->model_name);
    else if (edited->learned && neural_network(call->model))
        result_note(result,
                    _("%s is as it was: a network learns step by step. train goes on with it, on %s."),
                    call->model_name, now);
    else if (edited->learned)
        result_note(result, _("%s is as it was: how it was made is not known. train ngram n=3 counts %s."),
                    call->model_name, now);
    else
        result_note(result, _("%s did not learn from %s and is as it was. train ngram n=3 counts %s."),
                    call->model_name, corpus, now);
}

void edited_fields(const Call *call, Result *result)
{
    const Edited *edited = edited_of(call);
    const Corpus *before = call->heldout, *after = call->corpus;
    bool shown = !isnan(edited->before);
    result_field(result, "corpus", "%s", UNIT_NONE, value_text(corpus_name(after)));
    add_change(result, "sentences", _("sentences"), corpus_sentences(before), corpus_sentences(after));
    add_change(result, "tokens", _("tokens"), corpus_tokens(before), corpus_tokens(after));
    add_change(result, "types", _("different"), vocab_size(corpus_vocab(before)),
               vocab_size(corpus_vocab(after)));
    result_field(result, "model", call->made ? _("%s is up to date") : NULL, UNIT_NONE,
                 value_text(call->model_name));
    result_field(result, "updated", NULL, UNIT_NONE, value_bool(call->made));
    if (edited->measures) {
        result_field(result, "perplexity_before", shown ? _("perplexity of the text as it was %s") : NULL,
                     UNIT_RATIO, perplexity(edited->before));
        result_field(result, "perplexity", shown ? _("now %s") : NULL, UNIT_RATIO, perplexity(edited->after));
    }
    note_model(call, result);
}

bool edited_number(const Call *call, const char *what, size_t *number, Error *error)
{
    double value;
    const Word *word = &call->words[0];
    if (number_read(word->text, &value) && value >= 1 && value <= NUMBER_MAX && value == floor(value)) {
        *number = (size_t)value;
        return true;
    }
    error_set(error, _("%s takes %s first, a whole number from 1 to %d, not '%s'"), call->command->name, what,
              NUMBER_MAX, word->text);
    error_hint(error, _("for example: %s"), call->command->example);
    return error_place(error, word->start, word->length);
}
