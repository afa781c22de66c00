/* train_ngram.c - making a model of counts: counts, prunes, measures. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/model/evaluation.h"
#include "core/model/mix.h"
#include "core/ngram/training.h"
#include "repl/commands/recipe_ngram.h"
#include "repl/commands/train.h"

enum { COUNTING = RECIPE_GATHERED, MEASURING_WHOLE, MEASURING };

typedef struct {
    TrainWork base;
    NgramRecipe recipe;
    bool pruned;
    size_t removed;   /* n-grams, by pruning, */
    double before;    /* and the perplexity before it */
    const char *what; /* the model was before it */
} Work;

static Work *work_of(const Call *call) { return call->work; }

/* --- options --- */

/* `train` alone: the current model once more, on the current corpus. */
static bool repeat_options(const Call *call, NgramOptions *ngram, Error *error)
{
    const NgramOptions *options = ngram_options(call->model);
    if (mix_base(call->model)) {
        error_set(error, _("%s is a mix: what learns is the model under it"), call->model_name);
        return error_hint(error, _("train that with @NAME, and mix it again"));
    }
    if (!options) {
        error_set(error, _("%s is a table: there is nothing to train in it"), call->model_name);
        return error_hint(error, _("make a model: train ngram n=2"));
    }
    if (options->order == 0) {
        error_set(error, _("%s was read from a file, or pruned: how it was trained is not known"),
                  call->model_name);
        return error_hint(error, _("say how: train ngram n=3 smooth=mkn"));
    }
    *ngram = *options;
    ngram->smoothing = *ngram_smoothing(call->model);
    return true;
}

static bool check_heldout(const Call *call, const NgramRecipe *recipe, Error *error)
{
    OptionId id = recipe->tuned ? OPT_WEIGHTS : OPT_HELDOUT;
    if (recipe->tuned == call_given(call, OPT_HELDOUT)) return true;
    if (recipe->tuned) {
        error_set(error, _("weights=em needs a text the model does not learn from"));
        error_hint(error, _("add heldout=FILE"));
    } else {
        error_set(error, _("heldout= says nothing without weights=em"));
        error_hint(error, _("add smooth=interp weights=em; eval FILE scores a text"));
    }
    return error_place(error, call->values[id].start, call->values[id].length);
}

static bool choose(Session *session, Call *call, Error *error)
{
    (void)session;
    Work *work = work_of(call);
    if (work->base.again) return repeat_options(call, &work->recipe.ngram, error);
    return recipe_ngram_read(call->values, call->arena, &work->recipe, error) &&
           check_heldout(call, &work->recipe, error);
}

/* --- discounts that could not be estimated --- */

/* Which setting a note is about: "n=3: ", or "" when there is only one. */
static const char *about(const Call *call)
{
    return call->setting ? arena_format(call->arena, "%s: ", call->setting) : "";
}

/* One sentence for all orders: what stands in is the same everywhere. */
static void note_discounts(const Call *call, Result *result)
{
    const Estimate *estimate = ngram_estimate(call->model);
    const Discount *last = NULL;
    const char *orders = "";
    size_t count = 0;
    for (int k = 1; k <= estimate->order; k++) {
        if (!estimate->discounts[k].fell_back) continue;
        last = &estimate->discounts[k];
        orders = arena_format(call->arena, "%s%s%d (%s)", orders, count++ ? ", " : "", k, last->why);
    }
    if (count == 0) return;
    const double *d = last->d;
    orders = arena_format(call->arena, count == 1 ? _("Order %s") : _("Orders %s"), orders);
    if (estimate->smoothing.kind == SMOOTH_MKN)
        result_note(result, _("%s%s: the discounts cannot be estimated, so %g, %g, %g stand in."),
                    about(call), orders, d[1], d[2], d[3]);
    else
        result_note(result, _("%s%s: the discount cannot be estimated, so %g stands in."), about(call),
                    orders, d[1]);
}

/* --- the work --- */

static void begin_measuring(Call *call)
{
    const Work *work = work_of(call);
    call->phase = work->recipe.prunes && !work->pruned ? MEASURING_WHOLE : MEASURING;
    call->job = evaluation_new(call->model, call->corpus, true);
}

static bool begin(Session *session, Call *call, Result *result, Error *error)
{
    NgramRecipe *recipe = &work_of(call)->recipe;
    Corpus *before = ngram_corpus(call->model);
    bool changed = before && strcmp(corpus_name(before), corpus_name(call->corpus)) == 0;
    Model *updated =
        work_of(call)->base.again && changed ? ngram_training_update(call->model, call->corpus) : NULL;
    (void)session;
    (void)error;
    if (updated) {
        train_put_model(call, updated);
        note_discounts(call, result);
        begin_measuring(call);
        return true;
    }
    if (call->vocabulary) recipe->ngram.vocabulary = call->vocabulary;
    call->phase = COUNTING;
    call->job = ngram_training_new(call->corpus, &recipe->ngram, recipe->tuned ? call->heldout : NULL);
    return true;
}

static bool take_model(Call *call, bool interrupted, Result *result, Error *error)
{
    size_t sentences = ngram_training_sentences(call->done);
    Model *model = ngram_training_take(call->done);
    if (!model)
        return error_set(error, _("stopped before the first sentence was counted; nothing has changed"));
    if (interrupted)
        result_note(result, _("Stopped after %zu of %zu sentences; the model knows those."), sentences,
                    corpus_sentences(call->corpus));
    train_put_model(call, model);
    note_discounts(call, result);
    if (!interrupted) begin_measuring(call);
    return true;
}

static double perplexity(const Evaluation *measured)
{
    return exp(-measured->logp / (double)measured->tokens);
}

static void prune(Call *call)
{
    Work *work = work_of(call);
    work->before = perplexity(evaluation_result(call->done));
    work->what = arena_format(call->arena, _("%s, pruned"), model_describe(call->model, call->arena));
    Model *pruned = pruning_apply(call->model, &work->recipe.pruning, &work->removed);
    train_put_model(call, pruned);
    work->pruned = true;
    begin_measuring(call);
}

/* --- what it says --- */

static void add_recipe(const Call *call, Result *result)
{
    const Work *work = work_of(call);
    const Smoothing *smoothing = ngram_smoothing(call->model);
    if (work->recipe.tuned) {
        double *weights = arena_alloc(call->arena, NGRAM_ORDER_MAX, sizeof *weights);
        memcpy(weights, smoothing->weights, sizeof smoothing->weights);
        result_field(result, "weights", NULL, UNIT_NONE,
                     value_numbers(weights, (size_t)work->recipe.ngram.order));
    }
    if (!work->pruned) return;
    result_field(result, "pruned", _("left out %s"), UNIT_NONE, value_count(work->removed));
    result_field(result, "perplexity_unpruned", NULL, UNIT_RATIO, value_number(work->before));
}

/* `measured` is NULL when Ctrl-C left no time for it; of scores that are no probabilities nothing is said. */
static void add_fields(const Call *call, const Evaluation *measured, Result *result)
{
    const char *name = train_name(call), *what = work_of(call)->what;
    if (!what) what = model_describe(call->model, call->arena);
    bool scores = ngram_smoothing(call->model)->kind == SMOOTH_BACKOFF;
    double loss = measured && !scores ? -measured->logp / (double)measured->tokens : NAN;
    if (!call->setting) result->title = arena_format(call->arena, "%s: %s", name, what);
    result_field(result, "model", call->setting ? "%s" : NULL, UNIT_NONE, value_text(name));
    result_field(result, "kind", NULL, UNIT_NONE, value_text(call->model->kind->name));
    result_field(result, "corpus", _("corpus %s"), UNIT_NONE, value_text(corpus_name(call->corpus)));
    result_field(result, "parameters", _("n-grams %s"), UNIT_NONE,
                 value_count(model_parameters(call->model)));
    result_field(result, "tokens", _("predicted tokens %s"), UNIT_NONE,
                 measured ? value_count(measured->tokens) : value_null());
    result_field(result, "loss", _("loss %s nats"), UNIT_BITS,
                 isnan(loss) ? value_null() : value_number(loss));
    result_field(result, "perplexity", _("perplexity %s"), UNIT_RATIO,
                 isnan(loss) ? value_null() : value_number(exp(loss)));
    add_recipe(call, result);
    result_seconds(result, (job_clock() - call->started) / 1e3);
}

static void note_pruning(const Call *call, const Evaluation *measured, Result *result)
{
    const Work *work = work_of(call);
    if (work->recipe.prunes && !work->pruned)
        result_note(result, _("Stopped before pruning: all n-grams are there."));
    if (work->pruned && measured)
        result_note(result,
                    _("%sPruning left out %zu of %zu n-grams; perplexity on the training text %.6g before, "
                      "%.6g now (new text suffers less: eval)."),
                    about(call), work->removed, work->removed + (size_t)model_parameters(call->model),
                    work->before, perplexity(measured));
}

static void add_notes(const Call *call, const Evaluation *measured, Result *result)
{
    note_pruning(call, measured, result);
    if (!measured && call->phase != COUNTING)
        result_note(result, _("Stopped while measuring: the model is complete, eval tells its perplexity."));
    if (ngram_smoothing(call->model)->kind == SMOOTH_BACKOFF)
        result_note(result, _("smooth=backoff gives scores, not probabilities: they do not sum to 1, so they "
                              "have no loss and no perplexity."));
}

static bool finish(Session *session, Call *call, Result *result, bool interrupted, Error *error)
{
    const Evaluation *measured = NULL;
    if (call->phase == COUNTING) {
        if (!take_model(call, interrupted, result, error)) return false;
    } else if (!interrupted && call->phase == MEASURING_WHOLE) {
        prune(call);
    } else if (!interrupted) {
        measured = evaluation_result(call->done);
    }
    if (call->job) return true;
    add_fields(call, measured, result);
    add_notes(call, measured, result);
    ngram_prepare(call->model);
    train_keep(session, call);
    return true;
}

static const Fact *explain(const Call *call, const Result *result, const Call *why, Error *error)
{
    (void)error;
    const Value *loss = result_find(result, "loss"), *tokens = result_find(result, "tokens");
    if (tokens->type == VALUE_NULL)
        return fact_note(why->arena, _("it was stopped before its loss was measured"));
    if (loss->type == VALUE_NULL)
        return fact_note(why->arena,
                         _("the scores of smooth=backoff are no probabilities: they have no loss"));
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

const TrainWay train_ngram = {
    .work_size = sizeof(Work), .choose = choose, .begin = begin, .finish = finish, .explain = explain};
