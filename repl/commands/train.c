/* train.c - making a model, or going on with one: reads the texts, then leaves the work to train_ngram.c or
 * train_neural.c. */
#include "repl/commands/train.h"

#include "core/base/i18n.h"
#include "core/neural/neural.h"
#include "repl/commands/commands.h"
#include "repl/commands/recipe_neural.h"
#include "repl/commands/recipe_ngram.h"

static TrainWork *work_of(const Call *call) { return call->work; }

/* --- which kind --- */

/* Whether it has an option that only a fresh n-gram model can have. */
static bool asks_for_ngram(const Call *call, bool neural)
{
    for (const OptionId *id = OPTIONS(NGRAM_OPTIONS); *id != OPTION_COUNT; id++)
        if (call_given(call, *id) && !(neural && option_listed(*id, OPTIONS(NEURAL_SHAPE, NEURAL_WORDS))))
            return true;
    return false;
}

/* The kind its first word names; without one, that of the current model, which is to go on. */
static bool choose_kind(const Call *call, TrainWork *work, Error *error)
{
    if (call->word_count > 0) return recipe_kind(&call->words[0], &work->kind, error);
    const Network *network = neural_network(call->model);
    bool ngram = asks_for_ngram(call, network != NULL);
    work->again = !ngram;
    if (network && !ngram) work->kind = (RecipeKind){true, network->architecture.kind};
    return true;
}

static bool choose_way(Call *call, Error *error)
{
    TrainWork chosen = {0};
    if (!choose_kind(call, &chosen, error)) return false;
    chosen.way = chosen.kind.neural ? &train_neural : &train_ngram;
    call->work = arena_alloc(call->arena, 1, chosen.way->work_size);
    *work_of(call) = chosen;
    return recipe_check_options(call, chosen.kind, error);
}

const char *train_name(const Call *call)
{
    const TrainWork *work = work_of(call);
    const char *name = work->again ? call->model_name : recipe_kind_name(work->kind);
    if (call_given(call, OPT_NAME)) name = call_text(call, OPT_NAME);
    return call->number ? arena_format(call->arena, "%s-%zu", name, call->number) : name;
}

/* --- the work --- */

void train_put_model(Call *call, Model *model)
{
    model_free(call->model);
    call->model = model;
}

void train_keep(Session *session, const Call *call)
{
    Workspace *workspace = session_workspace(session);
    workspace_put_corpus(workspace, corpus_share(call->corpus));
    workspace_put_model(workspace, train_name(call), model_share(call->model), corpus_name(call->corpus));
}

static bool gather(Session *session, Call *call, Result *result, Error *error)
{
    if (!recipe_gather(session, call, error)) return false;
    return call->job || work_of(call)->way->begin(session, call, result, error);
}

static bool run(Session *session, Call *call, Result *result, Error *error)
{
    return choose_way(call, error) && call_check_name(call, error) &&
           work_of(call)->way->choose(session, call, error) && gather(session, call, result, error);
}

static bool finish(Session *session, Call *call, Result *result, bool interrupted, Error *error)
{
    if (call->phase >= RECIPE_GATHERED)
        return work_of(call)->way->finish(session, call, result, interrupted, error);
    if (interrupted) return error_set(error, _("stopped while reading; nothing has changed"));
    return gather(session, call, result, error);
}

static void report(const Call *call, Report *report)
{
    const TrainWay *way = work_of(call)->way;
    if (way->report && call->phase >= RECIPE_GATHERED) way->report(call, report);
}

static const Fact *explain(const Call *call, const Result *result, const Call *why, Error *error)
{
    return work_of(call)->way->explain(call, result, why, error);
}

const Command train_command = {
    .name = "train",
    .aliases = "t",
    .family = N_("learn"),
    .usage = "[" RECIPE_KINDS "]",
    .summary = N_("Make a model from a corpus and switch to it; alone: count again, or learn further"),
    .example = "train ngram n=3 smooth=add k=0.1",
    .subwords = RECIPE_KINDS,
    .words = WORDS_OTHER,
    .most = 1,
    .options = OPTIONS(NGRAM_OPTIONS, NEURAL_OPTIONS, OPT_CORPUS, OPT_TOKENS, OPT_LINES, OPT_NAME),
    .models = true,
    .run = run,
    .finish = finish,
    .report = report,
    .explain = explain,
};
