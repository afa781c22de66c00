#include "repl/commands/trial.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/memory.h"
#include "core/model/evaluation.h"
#include "core/model/sequence.h"
#include "core/ngram/training.h"
#include "repl/execution.h"

enum { STAGE_SIZE = 48 };

/* --- settings --- */

size_t trial_values(const Call *call, OptionId id)
{
    return call->values[id].count ? call->values[id].count : 1;
}

SmoothingKind trial_smoothing(const Call *call, size_t index)
{
    SmoothingKind kind = SMOOTH_MLE;
    const OptionValue *smooth = &call->values[OPT_SMOOTH];
    smoothing_find(smooth->count ? smooth->texts[index] : smooth->text, &kind);
    return kind;
}

/* Back to what holds when nothing is said, for what says nothing to this smoothing. */
static void forget_useless(OptionValue *values, SmoothingKind kind)
{
    bool prunes = values[OPT_PRUNE].given && recipe_ngram_uses(kind, OPT_PRUNE);
    for (OptionId id = 0; id < OPTION_COUNT; id++)
        if (values[id].given && (!recipe_ngram_uses(kind, id) || (id == OPT_THRESHOLD && !prunes)))
            values[id] = (OptionValue){.text = option_table[id].fallback};
}

/* Value number `index` of a list takes its place. */
static void choose_value(OptionValue *value, size_t index)
{
    if (value->count == 0) return;
    if (value->texts) value->text = value->texts[index];
    value->number = value->numbers[index];
    value->count = 0;
}

static const char *add_part(Arena *arena, const char *text, OptionId id, double number)
{
    return arena_format(arena, "%s %s=%g", text, option_table[id].key, number);
}

typedef struct {
    const Call *call;
    OptionId x;
    Trial *trials;
    size_t count;
} List;

/* The name of a trial, "n=3 smooth=add k=0.1", and of its curve, "add k=0.1". */
static void name_trial(const List *list, const OptionValue *values, Trial *trial)
{
    static const OptionId details[] = {OPT_K, OPT_CUTOFF};
    Arena *arena = list->call->arena;
    SmoothingKind kind = trial->recipe.ngram.smoothing.kind;
    trial->series = smoothing_name(kind);
    trial->setting = arena_format(arena, "n=%d smooth=%s", trial->recipe.ngram.order, trial->series);
    trial->x = recipe_ngram_uses(kind, list->x) ? values[list->x].number : NAN;
    for (size_t i = 0; i < COUNT_OF(details); i++) {
        OptionId id = details[i];
        if (trial_values(list->call, id) == 1 || !recipe_ngram_uses(kind, id)) continue;
        trial->setting = add_part(arena, trial->setting, id, values[id].number);
        if (id != list->x) trial->series = add_part(arena, trial->series, id, values[id].number);
    }
}

/* Which value of each option. */
typedef struct {
    size_t smooth, cutoff, k, order;
} Place;

static bool add_trial(List *list, Place at, Error *error)
{
    OptionValue values[OPTION_COUNT];
    if (list->count == SETTINGS_MAX) {
        error_set(error, _("that is more than %d settings"), SETTINGS_MAX);
        return error_hint(error, _("sweep one option after the other"));
    }
    memcpy(values, list->call->values, sizeof values);
    choose_value(&values[OPT_SMOOTH], at.smooth);
    choose_value(&values[OPT_CUTOFF], at.cutoff);
    choose_value(&values[OPT_K], at.k);
    choose_value(&values[OPT_ORDER], at.order);
    forget_useless(values, trial_smoothing(list->call, at.smooth));
    Trial *trial = &list->trials[list->count++];
    if (!recipe_ngram_read(values, list->call->arena, &trial->recipe, error)) return false;
    name_trial(list, values, trial);
    return true;
}

static bool add_trials(List *list, size_t smooth, Error *error)
{
    const Call *call = list->call;
    Place at = {.smooth = smooth};
    size_t ks = recipe_ngram_uses(trial_smoothing(call, smooth), OPT_K) ? trial_values(call, OPT_K) : 1;
    for (at.cutoff = 0; at.cutoff < trial_values(call, OPT_CUTOFF); at.cutoff++)
        for (at.k = 0; at.k < ks; at.k++)
            for (at.order = 0; at.order < trial_values(call, OPT_ORDER); at.order++)
                if (!add_trial(list, at, error)) return false;
    return true;
}

Trial *trial_list(const Call *call, OptionId x, size_t *count, Error *error)
{
    List list = {.call = call, .x = x, .trials = arena_alloc(call->arena, SETTINGS_MAX, sizeof(Trial))};
    for (size_t smooth = 0; smooth < trial_values(call, OPT_SMOOTH); smooth++)
        if (!add_trials(&list, smooth, error)) return NULL;
    *count = list.count;
    return list.trials;
}

/* --- the work: stages of a trial --- */

typedef enum { TRAINING, ON_CORPUS, ON_HELDOUT, STAGES } Stage;

typedef struct {
    Job job;
    Call *call;
    Trial *trials;
    size_t count, at;
    Stage stage;
    Job *inner; /* of the stage */
    Model *model;
    double began;
    char *text; /* of call->stage */
} Trying;

static void begin_training(Trying *t)
{
    NgramRecipe *recipe = &t->trials[t->at].recipe;
    recipe->ngram.vocabulary = t->call->vocabulary;
    t->began = job_clock();
    t->inner = ngram_training_new(t->call->corpus, &recipe->ngram, recipe->tuned ? t->call->heldout : NULL);
    snprintf(t->text, STAGE_SIZE, _("sweep %zu of %zu"), t->at + 1, t->count);
    t->call->stage = t->text;
}

static void begin_measuring(Trying *t)
{
    const Corpus *text = t->stage == ON_CORPUS ? t->call->corpus : t->call->heldout;
    t->inner = evaluation_new(t->model, text, true);
    evaluation_detail(t->inner, (EvaluationDetail){.last = call_is(t->call, OPT_AT, "last")});
}

static void begin_stage(Trying *t)
{
    if (t->stage == TRAINING)
        begin_training(t);
    else
        begin_measuring(t);
}

static double share_once(const NgramStore *store)
{
    const Level *longest = &store->levels[store->order];
    uint32_t count = store->order == 1 ? store->words : longest->count; /* without <s> */
    size_t once = 0, all = 0;
    for (uint32_t i = 0; i < count; i++) {
        once += longest->nodes[i].count == 1;
        all += longest->nodes[i].count > 0;
    }
    return all ? (double)once / (double)all : 0;
}

static bool any_fell_back(const Estimate *estimate)
{
    for (int k = 1; k <= estimate->order; k++)
        if (estimate->discounts[k].fell_back) return true;
    return false;
}

static void end_training(Trying *t, Trial *trial)
{
    size_t removed;
    t->model = ngram_training_take(t->inner);
    trial->fell_back = any_fell_back(ngram_estimate(t->model));
    if (trial->recipe.prunes) {
        Model *pruned = pruning_apply(t->model, &trial->recipe.pruning, &removed);
        model_free(t->model);
        t->model = pruned;
    }
    trial->seconds = (job_clock() - t->began) / 1e3;
    trial->ngrams = model_parameters(t->model);
    trial->once = share_once(ngram_store(t->model));
}

static void end_stage(Trying *t)
{
    Trial *trial = &t->trials[t->at];
    if (t->stage == TRAINING) {
        end_training(t, trial);
    } else {
        const Evaluation *e = evaluation_result(t->inner);
        double all = sequence_perplexity(e->logp, e->tokens);
        if (t->stage == ON_CORPUS) {
            trial->training = all;
        } else {
            trial->heldout = all;
            trial->known = sequence_perplexity(e->logp_known, e->tokens - e->unknown);
            trial->unknown = e->unknown;
            trial->tokens = e->tokens;
        }
    }
    job_free(t->inner);
    t->inner = NULL;
}

static void next_stage(Trying *t)
{
    if (++t->stage < STAGES) return;
    model_free(t->model);
    t->model = NULL;
    t->stage = TRAINING;
    t->at++;
}

/* --- the job --- */

static JobStatus trying_step(Job *job, double milliseconds, Error *error)
{
    Trying *t = (Trying *)job;
    double end = job_clock() + milliseconds;
    while (t->at < t->count) {
        if (!t->inner) begin_stage(t);
        JobStatus status = job_step(t->inner, end - job_clock(), error);
        if (status != JOB_DONE) return status;
        end_stage(t);
        next_stage(t);
        if (t->at < t->count && job_clock() > end) return JOB_MORE;
    }
    return JOB_DONE;
}

static double trying_progress(const Job *job)
{
    const Trying *t = (const Trying *)job;
    double stage = (double)t->stage + (t->inner ? job_progress(t->inner) : 0);
    return ((double)t->at + stage / STAGES) / (double)t->count;
}

static void trying_free(Job *job)
{
    Trying *t = (Trying *)job;
    job_free(t->inner);
    model_free(t->model);
    free(t);
}

Job *trial_new(Call *call, Trial *trials, size_t count)
{
    static const JobKind kind = {trying_step, trying_progress, trying_free};
    Trying *t = must_alloc(1, sizeof *t);
    *t = (Trying){.job.kind = &kind,
                  .call = call,
                  .trials = trials,
                  .count = count,
                  .text = arena_alloc(call->arena, STAGE_SIZE, 1)};
    return &t->job;
}

size_t trial_done(const Job *job) { return ((const Trying *)job)->at; }
