/* models.c - the models there are: list, switch, look at one, drop one. */
#include <string.h>

#include "core/base/i18n.h"
#include "core/ngram/ngram.h"
#include "repl/commands/commands.h"
#include "repl/session.h"

static const char *keep(const Call *call, const char *text)
{
    return arena_copy(call->arena, text, strlen(text));
}

static bool run_models(Session *session, Call *call, Result *result, Error *error)
{
    Workspace *workspace = session_workspace(session);
    for (size_t i = 0; builtin_models[i]; i++)
        if (!workspace_model(workspace, builtin_models[i], error)) return false;
    result_table(result, "rows");
    int mark = result_column(result, NULL, "", UNIT_NONE, false);
    int name = result_column(result, "name", _("model"), UNIT_NONE, false);
    int outcomes = result_column(result, "outcomes", "V", UNIT_NONE, false);
    int parameters = result_column(result, "parameters", _("numbers"), UNIT_NONE, false);
    int corpus = result_column(result, "corpus", _("corpus"), UNIT_NONE, false);
    int about = result_column(result, "about", _("what it is"), UNIT_NONE, false);
    int current = result_column(result, "current", NULL, UNIT_NONE, false);
    for (size_t i = 0; i < workspace->model_count; i++) {
        const NamedModel *named = &workspace->models[i];
        Value *cells = result_row(result);
        cells[mark] = value_text(i == workspace->current ? "*" : "");
        cells[name] = value_text(keep(call, named->name));
        cells[outcomes] = value_count(model_outcomes(named->model));
        cells[parameters] = value_count(model_parameters(named->model));
        cells[corpus] = value_text(keep(call, named->corpus));
        cells[about] = value_text(model_describe(named->model, call->arena));
        cells[current] = value_bool(i == workspace->current);
    }
    return true;
}

const Command models_command = {
    .name = "models",
    .family = N_("models"),
    .usage = "",
    .summary = N_("List the models; * marks the one that commands use"),
    .example = "models",
    .words = WORDS_NONE,
    .run = run_models,
};

static Value weights_of(const Smoothing *smoothing, int order, Arena *arena)
{
    if (!smoothing || smoothing->kind != SMOOTH_INTERP) return value_null();
    double *weights = arena_alloc(arena, (size_t)order, sizeof *weights);
    memcpy(weights, smoothing->weights, (size_t)order * sizeof *weights);
    return value_numbers(weights, (size_t)order);
}

static void describe(const Call *call, const NamedModel *named, Result *result)
{
    const Model *model = named->model;
    const Smoothing *smoothing = ngram_smoothing(model);
    result->title = arena_format(call->arena, "%s: %s", named->name, model_describe(model, call->arena));
    result_field(result, "name", NULL, UNIT_NONE, value_text(keep(call, named->name)));
    result_field(result, "kind", NULL, UNIT_NONE, value_text(model->kind->name));
    result_field(result, "corpus", *named->corpus ? _("corpus %s") : NULL, UNIT_NONE,
                 value_text(keep(call, named->corpus)));
    result_field(result, "parameters", _("%s numbers stored"), UNIT_NONE,
                 value_count(model_parameters(model)));
    result_field(result, "outcomes", "V = %s", UNIT_NONE, value_count(model_outcomes(model)));
    result_field(result, "tokenizer", _("reads %s"), UNIT_NONE, value_text(tokenizer_name(model->tokenizer)));
    result_field(result, "eos", NULL, UNIT_NONE, value_bool(model_ends(model)));
    result_field(result, "order", NULL, UNIT_NONE,
                 smoothing ? value_count((uint64_t)model->context + 1) : value_null());
    result_field(result, "smooth", NULL, UNIT_NONE,
                 smoothing ? value_text(smoothing_name(smoothing->kind)) : value_null());
    result_field(result, "k", NULL, UNIT_NONE,
                 smoothing && smoothing->kind == SMOOTH_ADD ? value_number(smoothing->k) : value_null());
    result_field(result, "weights", NULL, UNIT_NONE, weights_of(smoothing, model->context + 1, call->arena));
    result_field(result, "unk", NULL, UNIT_NONE, value_bool(vocab_unknown(model->vocab) != TOKEN_NONE));
}

/* --- how much each count gives up --- */

static const char *origin(const Estimate *estimate, const Discount *discount, Arena *arena)
{
    if (estimate->smoothing.fixed) return _("given");
    return discount->fell_back ? arena_format(arena, _("stands in: %s"), discount->why) : _("estimated");
}

/* One row an order: n_r, how many n-grams have count r, and the discounts D that follow from them. */
static void add_discounts(const Estimate *estimate, Arena *arena, Result *result)
{
    enum { COUNTS_SHOWN = 4 };
    SmoothingKind kind = estimate->smoothing.kind;
    bool three = kind == SMOOTH_MKN, katz = kind == SMOOTH_KATZ;
    if (!three && !katz && kind != SMOOTH_AD && kind != SMOOTH_KN) return;
    int most = katz ? KATZ_MAX : three ? 3 : 1;
    result_table(result, "discounts");
    result_column(result, "order", _("order"), UNIT_NONE, false);
    for (int r = 1; r <= COUNTS_SHOWN; r++) {
        const char *name = arena_format(arena, "n%d", r);
        result_column(result, name, katz ? NULL : name, UNIT_NONE, false);
    }
    for (int r = 1; r <= most; r++) {
        const char *name = arena_format(arena, katz ? "d%d" : "D%d", r);
        result_column(result, name, three && r == 3 ? "D3+" : most == 1 ? "D" : name, UNIT_BITS, false);
    }
    result_column(result, "from", katz ? NULL : _("how"), UNIT_NONE, false);
    for (int k = 1; k <= estimate->order; k++) {
        const Discount *discount = &estimate->discounts[k];
        Value *cells = result_row(result);
        *cells++ = value_count((uint64_t)k);
        for (int r = 1; r <= COUNTS_SHOWN; r++) *cells++ = value_count(discount->counts[r]);
        for (int r = 1; r <= most; r++) *cells++ = value_number(discount->d[r]);
        *cells = value_text(origin(estimate, discount, arena));
    }
}

static const NamedModel *named_by(Session *session, const Call *call, Error *error)
{
    Workspace *workspace = session_workspace(session);
    if (call->word_count == 0) return workspace_current(workspace);
    const NamedModel *named = workspace_model(workspace, call->words[0].text, error);
    if (!named) error_place(error, call->words[0].start, call->words[0].length);
    return named;
}

static bool run_model(Session *session, Call *call, Result *result, Error *error)
{
    const NamedModel *named = named_by(session, call, error);
    if (!named) return false;
    describe(call, named, result);
    const Estimate *estimate = ngram_estimate(named->model);
    if (estimate) add_discounts(estimate, call->arena, result);
    return true;
}

const Command model_command = {
    .name = "model",
    .family = N_("models"),
    .usage = "[NAME]",
    .summary = N_("Describe one model"),
    .example = "model bigram",
    .words = WORDS_MODEL,
    .most = 1,
    .inside = true,
    .run = run_model,
};

static bool run_use(Session *session, Call *call, Result *result, Error *error)
{
    const NamedModel *named = named_by(session, call, error);
    if (!named) return false;
    workspace_use(session_workspace(session), named);
    describe(call, named, result);
    return true;
}

const Command use_command = {
    .name = "use",
    .aliases = "u",
    .family = N_("models"),
    .usage = "NAME",
    .summary = N_("Switch to a model"),
    .example = "use bigram",
    .words = WORDS_MODEL,
    .least = 1,
    .most = 1,
    .run = run_use,
};

static bool run_drop(Session *session, Call *call, Result *result, Error *error)
{
    const Word *name = &call->words[0];
    if (!workspace_drop_model(session_workspace(session), name->text, error))
        return error_place(error, name->start, name->length);
    result_field(result, "dropped", _("dropped %s"), UNIT_NONE, value_text(name->text));
    result_field(result, "model", _("now using %s"), UNIT_NONE,
                 value_text(keep(call, workspace_current(session_workspace(session))->name)));
    return true;
}

const Command drop_command = {
    .name = "drop",
    .family = N_("models"),
    .usage = "NAME",
    .summary = N_("Forget a model; undo brings it back"),
    .example = "use bigram; drop bigram",
    .words = WORDS_MODEL,
    .least = 1,
    .most = 1,
    .run = run_drop,
};
