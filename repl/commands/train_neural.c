/* train_neural.c - making a network, or letting one learn further: chooses its words and its shape, then
 * descends, and tells how it went. */
#include <math.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/neural/training.h"
#include "repl/commands/recipe_neural.h"
#include "repl/commands/recipe_ngram.h"
#include "repl/commands/train.h"

enum { LOSS_TOKENS = 1 << 14 /* that the loss is measured on at the end, at most */ };

typedef struct {
    TrainWork base;
    NeuralRecipe recipe;
    uint64_t began; /* steps it had before */
    double floor;   /* nats; NaN: not known */
} Work;

static Work *work_of(const Call *call) { return call->work; }

/* --- options --- */

static uint64_t choose_seed(Session *session, const Call *call)
{
    if (call_given(call, OPT_SEED)) return (uint64_t)call_number(call, OPT_SEED);
    return call->first ? call->first->seed : session_next_seed(session);
}

/* A network that goes on keeps its shape and its way of learning. */
static bool check_going_on(const Call *call, Error *error)
{
    const OptionId *kept = OPTIONS(NGRAM_OPTIONS, NEURAL_OPTIONS), *free = OPTIONS(OPT_STEPS, OPT_HELDOUT);
    const OptionValue *steps = &call->values[OPT_STEPS];
    for (; *kept != OPTION_COUNT; kept++) {
        const OptionValue *value = &call->values[*kept];
        if (!recipe_stated(value) || option_listed(*kept, free)) continue;
        error_set(error, _("%s goes on as it was: %s= is for a new one"), call->model_name,
                  option_table[*kept].key);
        error_hint(error, _("train %s %s=%s makes one; train goes on, train steps=50 for 50 more"),
                   call->model->kind->name, option_table[*kept].key, value->text);
        return error_place(error, value->start, value->length);
    }
    if (!steps->given || steps->number > 0) return true;
    error_set(error, _("steps=0 would learn nothing more"));
    return error_place(error, steps->start, steps->length);
}

static bool choose(Session *session, Call *call, Error *error)
{
    Work *work = work_of(call);
    if (work->base.again) return check_going_on(call, error);
    call->seed = choose_seed(session, call);
    return recipe_neural_read(work->base.kind.network, call->values, &work->recipe, error);
}

/* --- beginning --- */

static bool begin_fresh(Call *call, Error *error)
{
    NeuralRecipe *recipe = &work_of(call)->recipe;
    recipe->lexicon.vocabulary = call->vocabulary;
    recipe->learning.seed = call->seed;
    Lexicon lexicon = lexicon_new(call->corpus, &recipe->lexicon);
    if (recipe_neural_fit(recipe, call->values, call->corpus, vocab_size(lexicon.vocab), error))
        call->job = neural_training_new(&recipe->architecture, &recipe->learning, recipe->exact,
                                        (TrainingText){.corpus = call->corpus,
                                                       .vocab = vocab_share(lexicon.vocab),
                                                       .ids = lexicon.ids,
                                                       .heldout = call->heldout},
                                        error);
    lexicon_release(&lexicon);
    return call->job != NULL;
}

/* What a network goes on with: the text named, else its own, as it is now if it has been changed. */
static void choose_corpus(Session *session, Call *call)
{
    Corpus *own = neural_corpus(call->model);
    if (call_given(call, OPT_CORPUS) || !own) return;
    Corpus *now = workspace_find_corpus(session_workspace(session), corpus_name(own));
    corpus_free(call->corpus);
    call->corpus = corpus_share(now ? now : own);
}

static size_t count_unknown(const Vocab *vocab, const Corpus *corpus)
{
    const Vocab *words = corpus_vocab(corpus);
    size_t unknown = 0;
    for (size_t i = 0; i < vocab_size(words); i++) {
        const char *text = vocab_text(words, (TokenId)i);
        unknown += vocab_find(vocab, text, strlen(text)) == TOKEN_NONE;
    }
    return unknown;
}

static bool check_words(Call *call, Error *error)
{
    const Corpus *corpus = call->corpus;
    size_t all = vocab_size(corpus_vocab(corpus)), unknown = count_unknown(call->model->vocab, corpus);
    const char *name = corpus_name(corpus), *cut = tokenizer_name(call->model->tokenizer);
    if (corpus_tokenizer(corpus) != call->model->tokenizer) {
        error_set(error, _("%s is not cut into %s, as %s needs it"), name, cut, call->model_name);
        return error_hint(error, _("train corpus=%s tokens=%s"), name, cut);
    }
    if (all > 0 && unknown == all) {
        error_set(error, _("%s knows not one word of %s"), call->model_name, name);
        return error_hint(error, _("a new one learns them: train %s"), call->model->kind->name);
    }
    return true;
}

static bool begin_further(Session *session, Call *call, Error *error)
{
    uint64_t steps = call_given(call, OPT_STEPS) ? (uint64_t)call_number(call, OPT_STEPS) : 0;
    choose_corpus(session, call);
    if (!check_words(call, error)) return false;
    call->job = neural_training_continue(call->model, steps, call->corpus, call->heldout, error);
    return call->job != NULL;
}

static bool begin(Session *session, Call *call, Result *result, Error *error)
{
    Work *work = work_of(call);
    (void)result;
    if (work->base.again ? !begin_further(session, call, error) : !begin_fresh(call, error)) return false;
    TrainingStatus status = neural_training_status(call->job);
    work->began = status.step;
    work->floor = status.floor;
    return true;
}

static void report(const Call *call, Report *report)
{
    TrainingStatus status = neural_training_status(call->job);
    report->step = status.step;
    report->goal = status.goal;
    report->train = status.train;
    report->valid = status.valid;
    report->floor = status.floor;
    report->tokens = (double)status.tokens;
    size_t points = status.curve->count, count = points < REPORT_CURVE ? points : REPORT_CURVE;
    for (size_t i = 0; i < count; i++) /* the first and the last among them */
        report->curve[i] = status.curve->points[count > 1 ? i * (points - 1) / (count - 1) : 0].train;
    report->curve_count = count;
}

/* --- what it says --- */

static void add_loss(const Work *work, const Learning *learning, double loss, double valid, Result *result)
{
    result_field(result, "loss", _("loss %s nats"), UNIT_BITS, value_number(loss));
    if (!isnan(work->floor))
        result_field(result, "floor", _("data floor %s"), UNIT_BITS, value_number(work->floor));
    if (isnan(valid)) return;
    result_field(result, "valid", _("validation loss %s"), UNIT_BITS, value_number(valid));
    result_field(result, "best_valid", NULL, UNIT_BITS, value_number(learning->best_valid));
    result_field(result, "best_step", NULL, UNIT_NONE, value_count(learning->best_step));
}

static void add_fields(const Call *call, size_t tokens, double loss, double valid, Result *result)
{
    const Work *work = work_of(call);
    const Learning *learning = neural_learning(call->model);
    const char *name = train_name(call);
    if (!call->setting)
        result->title = arena_format(call->arena, "%s: %s", name, model_describe(call->model, call->arena));
    result_field(result, "model", call->setting ? "%s" : NULL, UNIT_NONE, value_text(name));
    result_field(result, "kind", NULL, UNIT_NONE, value_text(call->model->kind->name));
    result_field(result, "corpus", _("corpus %s"), UNIT_NONE, value_text(corpus_name(call->corpus)));
    result_field(result, "parameters", _("weights %s"), UNIT_NONE,
                 value_count(model_parameters(call->model)));
    result_field(result, "tokens", _("predicted tokens %s"), UNIT_NONE, value_count(tokens));
    result_field(result, "learning", call->setting ? NULL : "%s", UNIT_NONE,
                 value_text(recipe_neural_describe(&learning->options, call->arena)));
    result_field(result, "seed", call->setting ? NULL : _("seed=%s"), UNIT_NONE,
                 value_count(learning->options.seed));
    result_field(result, "steps", call->setting ? _("steps %s") : NULL, UNIT_NONE,
                 value_count(learning->step));
    add_loss(work, learning, loss, valid, result);
    result_seconds(result, (job_clock() - call->started) / 1e3);
}

/* How the losses went: too large steps, too many, or neither. */
static void note_losses(const Call *call, double loss, double valid, Result *result)
{
    const Learning *learning = neural_learning(call->model);
    double guessing = log((double)model_outcomes(call->model));
    if (learning->step > 0 && loss > 1.5 * guessing)
        result_note(result,
                    _("That is worse than guessing, log V = %.4g: a smaller lr= takes smaller steps."),
                    guessing);
    if (valid > learning->best_valid * 1.01)
        result_note(result, _("Best validation loss %.4g at step %llu, now %.4g: it has begun to over-fit."),
                    learning->best_valid, (unsigned long long)learning->best_step, valid);
}

static void note_end(const Call *call, const TrainingStatus *status, bool interrupted, Result *result)
{
    const Learning *learning = neural_learning(call->model);
    unsigned long long step = learning->step, goal = status->goal;
    if (learning->diverged)
        result_note(result,
                    _("It diverged after step %llu: the loss was no longer a number. The last finite weights "
                      "are kept; a smaller lr= takes smaller steps."),
                    step);
    else if (interrupted)
        result_note(result, _("Stopped at step %llu of %llu, and kept; train goes on from there."), step,
                    goal);
    else if (step < goal)
        result_note(result, _("Stopped at step %llu of %llu: the loss is down to until=%g."), step, goal,
                    learning->options.until);
}

static void note_unknown(const Call *call, const Corpus *corpus, Result *result)
{
    const Vocab *vocab = call->model->vocab;
    size_t unknown = corpus ? count_unknown(vocab, corpus) : 0;
    if (unknown == 0) return;
    result_note(result,
                vocab_unknown(vocab) == TOKEN_NONE
                    ? _("%zu of %zu different tokens of %s are unknown to %s: they are not predicted.")
                    : _("%zu of %zu different tokens of %s are <unk> to %s."),
                unknown, vocab_size(corpus_vocab(corpus)), corpus_name(corpus), train_name(call));
}

static void note_beginning(const Call *call, Result *result)
{
    const Work *work = work_of(call);
    if (work->recipe.ctx_wanted)
        result_note(result, _("ctx=%zu, not %zu: no sentence is longer than that, with its </s>."),
                    work->recipe.architecture.ctx, work->recipe.ctx_wanted);
    note_unknown(call, call->corpus, result);
    note_unknown(call, call->heldout, result);
}

static bool finish(Session *session, Call *call, Result *result, bool interrupted, Error *error)
{
    TrainingStatus status = neural_training_status(call->done);
    if (interrupted && status.step == work_of(call)->began)
        return error_set(error, _("stopped before the first step; nothing has changed"));
    train_put_model(call, neural_training_take(call->done));
    double loss = neural_training_loss(call->done, LOSS_TOKENS);
    add_fields(call, neural_training_tokens(call->done), loss, status.valid, result);
    note_beginning(call, result);
    note_end(call, &status, interrupted, result);
    note_losses(call, loss, status.valid, result);
    train_keep(session, call);
    return true;
}

/* --- why --- */

static const Fact *explain(const Call *call, const Result *result, const Call *why, Error *error)
{
    const Learning *learning = neural_learning(call->model);
    const double loss = result_find(result, "loss")->number;
    (void)error;
    Fact *fact = fact_new(why->arena, FACT_NUMBER, _("loss, in nats"),
                          _("-(sum of log p of the tokens it learns from) / tokens"), loss);
    fact_because(fact, fact_new(why->arena, FACT_NUMBER, _("before it learnt, about log V"), NULL,
                                log((double)model_outcomes(call->model))));
    fact_because(
        fact, fact_new(why->arena, FACT_COUNT, _("steps of gradient descent"), NULL, (double)learning->step));
    fact_because(fact,
                 fact_new(why->arena, FACT_COUNT, _("weights"), NULL, (double)model_parameters(call->model)));
    if (!isnan(work_of(call)->floor))
        fact_because(fact, fact_new(why->arena, FACT_NUMBER,
                                    _("data floor: what counting the same contexts would give"), NULL,
                                    work_of(call)->floor));
    return fact;
}

const TrainWay train_neural = {.work_size = sizeof(Work),
                               .choose = choose,
                               .begin = begin,
                               .finish = finish,
                               .report = report,
                               .explain = explain};
