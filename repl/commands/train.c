/* train.c - making a model: reads the corpus if it must, counts it, measures it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/model/evaluation.h"
#include "core/model/sequence.h"
#include "core/ngram/ngram.h"
#include "repl/commands/commands.h"
#include "repl/commands/reading.h"

enum { READING, COUNTING, MEASURING };

/* --- options --- */

static bool fail_weights(const Call *call, const char *message, Error *error)
{
    const OptionValue *value = &call->values[OPT_WEIGHTS];
    error_set(error, "%s", message);
    error_hint(error, _("one weight an order, highest first, for example for n=3: weights=0.5,0.3,0.2"));
    return error_place(error, value->start, value->length);
}

/* Without weights= every order weighs the same. */
static bool read_weights(const Call *call, int order, double *weights, Error *error)
{
    const OptionValue *value = &call->values[OPT_WEIGHTS];
    double sum = 0;
    for (int i = 0; i < order; i++) weights[i] = 1.0 / order;
    if (!value->given) return true;
    if (value->count != (size_t)order)
        return fail_weights(
            call, arena_format(call->arena, _("n=%d needs %d weights, not %zu"), order, order, value->count),
            error);
    for (int i = 0; i < order; i++) sum += weights[i] = value->numbers[i];
    if (fabs(sum - 1) <= 1e-9) return true;
    return fail_weights(call, arena_format(call->arena, _("the weights sum to %g, not to 1"), sum), error);
}

/* An option that says nothing to the smoothing chosen is a misunderstanding worth telling. */
static bool check_smoothing(const Call *call, SmoothingKind kind, Error *error)
{
    OptionId id = call_given(call, OPT_K) && kind != SMOOTH_ADD            ? OPT_K
                  : call_given(call, OPT_WEIGHTS) && kind != SMOOTH_INTERP ? OPT_WEIGHTS
                                                                           : OPTION_COUNT;
    if (id == OPTION_COUNT) return true;
    error_set(error, _("%s= says nothing with smooth=%s"), option_table[id].key, smoothing_name(kind));
    error_hint(error, id == OPT_K ? _("add smooth=add") : _("add smooth=interp"));
    return error_place(error, call->values[id].start, call->values[id].length);
}

static bool read_options(const Call *call, NgramOptions *ngram, Error *error)
{
    *ngram = (NgramOptions){.order = (int)call_number(call, OPT_ORDER),
                            .unknown = call_is(call, OPT_UNK, "on"),
                            .cutoff = (uint64_t)call_number(call, OPT_CUTOFF)};
    smoothing_find(call_text(call, OPT_SMOOTH), &ngram->smoothing.kind);
    ngram->smoothing.k = call_number(call, OPT_K);
    return check_smoothing(call, ngram->smoothing.kind, error) &&
           read_weights(call, ngram->order, ngram->smoothing.weights, error);
}

/* `train` alone: the current model once more, on the current corpus. */
static bool repeat_options(const Call *call, NgramOptions *ngram, Error *error)
{
    if (!ngram_store(call->model)) {
        error_set(error, _("%s is a table: there is nothing to train in it"), call->model_name);
        return error_hint(error, _("make a model: train ngram n=2"));
    }
    *ngram = (NgramOptions){.order = call->model->context + 1,
                            .smoothing = *ngram_smoothing(call->model),
                            .unknown = vocab_unknown(call->model->vocab) != TOKEN_NONE};
    return true;
}

/* `train` with a kind, or with options only a fresh model can have. */
static bool is_fresh(const Call *call)
{
    static const OptionId own[] = {OPT_ORDER, OPT_SMOOTH, OPT_K, OPT_WEIGHTS, OPT_UNK, OPT_CUTOFF};
    bool fresh = call->word_count > 0;
    for (size_t i = 0; i < COUNT_OF(own); i++) fresh = fresh || call_given(call, own[i]);
    return fresh;
}

static bool choose_options(const Call *call, NgramOptions *ngram, Error *error)
{
    return is_fresh(call) ? read_options(call, ngram, error) : repeat_options(call, ngram, error);
}

static const char *choose_name(const Call *call)
{
    const char *name = is_fresh(call) ? "ngram" : call->model_name;
    if (call_given(call, OPT_NAME)) name = call_text(call, OPT_NAME);
    return call->number ? arena_format(call->arena, "%s-%zu", name, call->number) : name;
}

static bool check_name(const Call *call, Error *error)
{
    const OptionValue *value = &call->values[OPT_NAME];
    if (!value->given ||
        (strcmp(value->text, "toy") != 0 && value->text[0] && !strpbrk(value->text, " ,@=;>\"'")))
        return true;
    error_set(error, _("a model cannot be called '%s'"), value->text);
    error_hint(error, _("a name is one word, and toy is taken for good"));
    return error_place(error, value->start, value->length);
}

static bool check_kind(const Call *call, Error *error)
{
    if (call->word_count == 0 || strcmp(call->words[0].text, "ngram") == 0) return true;
    error_set(error, _("there is no kind of model called '%s'"), call->words[0].text);
    error_hint(error, _("kinds: ngram     for example: train ngram n=3 smooth=add k=0.1"));
    return error_place(error, call->words[0].start, call->words[0].length);
}

/* --- the work --- */

static bool begin_counting(Call *call, Error *error)
{
    NgramOptions ngram;
    if (!choose_options(call, &ngram, error)) return false;
    call->phase = COUNTING;
    call->job = ngram_training_new(call->corpus, &ngram);
    return true;
}

static bool run(Session *session, Call *call, Result *result, Error *error)
{
    NgramOptions ngram;
    (void)result;
    if (!check_kind(call, error) || !check_name(call, error) || !choose_options(call, &ngram, error))
        return false;
    call->phase = READING;
    if (!call_given(call, OPT_CORPUS)) {
        call->corpus = corpus_share(workspace_corpus(session_workspace(session)));
        return begin_counting(call, error);
    }
    const OptionValue *value = &call->values[OPT_CORPUS];
    Word *word = arena_alloc(call->arena, 1, sizeof *word);
    *word = option_word(value);
    if (!reading_begin(session, call, word, reading_tokenizer(call), reading_lines(call), error))
        return false;
    return call->job || begin_counting(call, error);
}

/* The model takes the place of the call's old one, so that `why` and the measuring see it. */
static bool take_model(Call *call, bool interrupted, Result *result, Error *error)
{
    size_t sentences = ngram_training_sentences(call->done);
    Model *model = ngram_training_take(call->done);
    if (!model)
        return error_set(error, _("stopped before the first sentence was counted; nothing has changed"));
    if (interrupted)
        result_note(result, _("Stopped after %zu of %zu sentences; the model knows those."), sentences,
                    corpus_sentences(call->corpus));
    model_free(call->model);
    call->model = model;
    call->job = interrupted ? NULL : evaluation_new(model, call->corpus, true);
    call->phase = MEASURING;
    return true;
}

/* "0.08 ms", "2.3 s". */
static void add_time(double seconds, Result *result)
{
    bool quick = seconds < 1;
    result_field(result, "seconds", NULL, UNIT_SECONDS, value_number(seconds));
    result_field(result, NULL, quick ? _("%s ms") : _("%s s"), UNIT_SECONDS,
                 value_number(quick ? seconds * 1e3 : seconds));
}

/* `measured` is NULL when Ctrl-C left no time for it. */
static void add_fields(const Call *call, const Evaluation *measured, Result *result)
{
    const char *name = choose_name(call), *about = model_describe(call->model, call->arena);
    double loss = measured ? -measured->logp / (double)measured->tokens : NAN;
    if (!call->setting) result->title = arena_format(call->arena, "%s: %s", name, about);
    result_field(result, "model", call->setting ? "%s" : NULL, UNIT_NONE, value_text(name));
    result_field(result, "kind", NULL, UNIT_NONE, value_text(call->model->kind->name));
    result_field(result, "corpus", _("corpus %s"), UNIT_NONE, value_text(corpus_name(call->corpus)));
    result_field(result, "parameters", _("n-grams %s"), UNIT_NONE,
                 value_count(model_parameters(call->model)));
    result_field(result, "tokens", _("predicted tokens %s"), UNIT_NONE,
                 measured ? value_count(measured->tokens) : value_null());
    result_field(result, "loss", _("loss %s nats"), UNIT_BITS, measured ? value_number(loss) : value_null());
    result_field(result, "perplexity", _("perplexity %s"), UNIT_RATIO,
                 measured ? value_number(exp(loss)) : value_null());
    add_time((job_clock() - call->started) / 1e3, result);
}

static void keep(Session *session, const Call *call)
{
    Workspace *workspace = session_workspace(session);
    workspace_put_corpus(workspace, corpus_share(call->corpus));
    workspace_put_model(workspace, choose_name(call), model_share(call->model), corpus_name(call->corpus));
}

static bool finish(Session *session, Call *call, Result *result, bool interrupted, Error *error)
{
    const Evaluation *measured = NULL;
    if (call->phase == READING) {
        if (interrupted) return error_set(error, _("stopped while reading; nothing has changed"));
        reading_finish(call);
        return begin_counting(call, error);
    }
    if (call->phase == COUNTING) {
        if (!take_model(call, interrupted, result, error)) return false;
        if (call->job) return true;
    } else if (!interrupted) {
        measured = evaluation_result(call->done);
    }
    add_fields(call, measured, result);
    keep(session, call);
    return true;
}

static const Fact *explain(const Call *call, const Result *result, const Call *why, Error *error)
{
    (void)error;
    const Value *loss = result_find(result, "loss"), *tokens = result_find(result, "tokens");
    if (loss->type == VALUE_NULL)
        return fact_note(why->arena, _("it was stopped before its loss was measured"));
    Fact *fact = fact_new(why->arena, FACT_NUMBER, _("loss, in nats"),
                          _("-(sum of log p of every predicted token) / tokens"), loss->number);
    fact_because(fact,
                 fact_new(why->arena, FACT_COUNT, _("predicted tokens, with </s>"), NULL, tokens->number));
    fact_because(fact, fact_new(why->arena, FACT_COUNT, _("V, the outcomes"), NULL,
                                (double)model_outcomes(call->model)));
    return fact_because(fact, fact_new(why->arena, FACT_COUNT,
                                       _("different n-grams counted, of all orders up to n"), NULL,
                                       (double)model_parameters(call->model)));
}

const Command train_command = {
    .name = "train",
    .aliases = "t",
    .family = N_("learn"),
    .usage = "[ngram]",
    .summary = N_("Make a model from a corpus and switch to it; alone: count the current corpus again"),
    .example = "train ngram n=3 smooth=add k=0.1",
    .subwords = "ngram",
    .words = WORDS_OTHER,
    .most = 1,
    .options = OPTION(OPT_ORDER) | OPTION(OPT_SMOOTH) | OPTION(OPT_K) | OPTION(OPT_WEIGHTS) |
               OPTION(OPT_UNK) | OPTION(OPT_CUTOFF) | OPTION(OPT_CORPUS) | OPTION(OPT_TOKENS) |
               OPTION(OPT_LINES) | OPTION(OPT_NAME),
    .models = true,
    .run = run,
    .finish = finish,
    .explain = explain,
};
