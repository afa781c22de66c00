/* cost.c - what a model takes: numbers stored, bytes, work a token; work, time, energy and carbon dioxide of
 * its training. Other work is budget.c's, texts to be drawn generation.c's. */
#include <math.h>

#include "core/base/i18n.h"
#include "core/model/mix.h"
#include "core/neural/neural.h"
#include "core/ngram/ngram.h"
#include "repl/commands/commands.h"
#include "repl/commands/budget.h"
#include "repl/commands/cost.h"
#include "repl/commands/cost_why.h"
#include "repl/commands/generation.h"

/* --- n-grams and tables --- */

/* A node with its probability and back-off weight, and the table that finds it. */
static double level_bytes(const NgramStore *store, int level)
{
    const Level *nodes = &store->levels[level];
    double each = (double)(sizeof(NgramNode) + sizeof(double) * (level < store->order ? 2 : 1));
    double slots = nodes->slots ? ldexp(sizeof *nodes->slots, nodes->bits) : 0;
    return each * nodes->count + slots;
}

/* Back-off weights multiplied on the way down; interpolated orders multiplied by their weights. */
static double ngram_products(const Model *model, int order)
{
    switch (ngram_smoothing(model)->kind) {
    case SMOOTH_MLE: return 0;
    case SMOOTH_INTERP: return order;
    default: return order - 1;
    }
}

static Cost ngram_cost(const Model *model)
{
    const NgramStore *store = ngram_store(model);
    const Corpus *corpus = ngram_corpus(model);
    Cost cost = {.multiply_adds = ngram_products(model, store->order),
                 .lookups = store->order,
                 .tokens = corpus ? (double)(corpus_tokens(corpus) + corpus_sentences(corpus)) : NAN,
                 .flops = NAN};
    for (int level = 1; level <= store->order; level++) cost.bytes += level_bytes(store, level);
    return cost;
}

static Cost table_cost(const Model *model)
{
    return (Cost){
        .bytes = sizeof(double) * (double)model_parameters(model), .lookups = 1, .tokens = NAN, .flops = NAN};
}

/* --- networks --- */

static double rows_read(const Network *network)
{
    const Architecture *a = &network->architecture;
    if (network_windowed(network)) return (double)(a->n - 1);
    return a->kind == NETWORK_TRANSFORMER ? 2 : 1; /* a token's row, a position's row */
}

static Cost network_cost(const Network *network, const Learning *learning)
{
    double weights = (double)network->parameters.total, tokens = learning ? (double)learning->tokens : NAN;
    return (Cost){.bytes = weights * sizeof(Real),
                  .multiply_adds = (double)network_multiply_adds(&network->architecture),
                  .lookups = rows_read(network),
                  .tokens = tokens,
                  .flops = 6 * weights * tokens};
}

Cost cost_of(const Model *model)
{
    Cost cost = neural_network(model) ? network_cost(neural_network(model), neural_learning(model))
                : ngram_store(model)  ? ngram_cost(model)
                                      : table_cost(model);
    cost.parameters = (double)model_parameters(model);
    cost.seconds = model->seconds > 0 ? model->seconds : NAN;
    return cost;
}

/* --- what it says --- */

static const char *told_by(const Model *model, const char *ngram, const char *network)
{
    return neural_network(model) ? network : ngram_store(model) ? ngram : NULL;
}

/* Of a table and of counts: training that does no arithmetic. */
static const char *absence(const Model *model) { return neural_network(model) ? NULL : _("none"); }

static void add_size(const Model *model, const Cost *cost, Ledger *ledger)
{
    ledger_add(ledger, (Figure){.key = "parameters",
                                .name = _("parameters"),
                                .value = cost->parameters,
                                .about = told_by(model, _("numbers stored"), _("weights")),
                                .told = true});
    ledger_add(ledger,
               (Figure){.key = "bytes",
                        .name = _("bytes"),
                        .value = cost->bytes,
                        .how = HOW_COMPUTED,
                        .told = true,
                        .about = told_by(model, _("with the tables that find them"), _("4 a weight"))});
}

static void add_prediction(const Model *model, const Cost *cost, Ledger *ledger)
{
    ledger_add(ledger,
               (Figure){.key = "multiply_adds",
                        .name = _("multiply-adds a token"),
                        .value = cost->multiply_adds,
                        .how = HOW_COMPUTED,
                        .told = true,
                        .about = told_by(model, _("at most, of back-off"), _("products of matrices"))});
    ledger_add(ledger, (Figure){.key = "lookups",
                                .name = _("look-ups a token"),
                                .value = cost->lookups,
                                .how = HOW_COMPUTED,
                                .told = true,
                                .about = told_by(model, _("at most: one an order"), _("rows of tables"))});
}

static void add_training(const Call *call, const Cost *cost, Ledger *ledger)
{
    const Model *model = call->model;
    ledger_add(ledger, (Figure){.key = "tokens",
                                .name = _("training tokens"),
                                .value = cost->tokens,
                                .about = told_by(model, _("in its corpus, with </s>"),
                                                 _("each as often as it was learnt from")),
                                .absent = absence(model)});
    ledger_add(ledger, (Figure){.key = "flops",
                                .name = _("training FLOPs"),
                                .value = cost->flops,
                                .how = HOW_COMPUTED,
                                .absent = absence(model),
                                .told = true,
                                .about = told_by(model, _("it counts, and divides once"),
                                                 _("6 x parameters x training tokens"))});
    ledger_add(ledger, (Figure){.key = "seconds",
                                .name = _("training time"),
                                .value = cost->seconds,
                                .how = HOW_MEASURED,
                                .told = true,
                                .shown = seconds_text(cost->seconds, call->arena),
                                .about = told_by(model, _("by the clock"), _("by the clock"))});
}

/* What the processors drew while it was trained; NaN where that could not be read. */
static double measured_watts(const Model *model)
{
    return model->joules > 0 && model->seconds > 0 ? model->joules / model->seconds : NAN;
}

static void show_model(const Call *call, Result *result)
{
    Ledger ledger = {.count = 0};
    Cost cost = cost_of(call->model);
    Rates rates = ledger_rates(call, measured_watts(call->model));
    result_field(result, "model", NULL, UNIT_NONE, value_text(call->model_name));
    result_field(result, "kind", NULL, UNIT_NONE, value_text(call->model->kind->name));
    if (!call->setting)
        result->title =
            arena_format(call->arena, "%s: %s", call->model_name, model_describe(call->model, call->arena));
    add_size(call->model, &cost, &ledger);
    add_prediction(call->model, &cost, &ledger);
    add_training(call, &cost, &ledger);
    ledger_add_energy(&ledger, &rates, cost.seconds, call->arena);
    ledger_show(&ledger, call, result);
    if (call->number == 1)
        result_note(result, _("seconds are measured, g_co2e rests on assumed watts and grid; all other "
                              "figures are counted or computed (cost alone says from what)."));
}

/* A mix costs what the model under it does. */
static void look_under(Call *call)
{
    Model *base = mix_base(call->model);
    if (!base) return;
    model_share(base);
    model_free(call->model);
    call->model = base;
}

static bool run(Session *session, Call *call, Result *result, Error *error)
{
    (void)session;
    if (call_is(call, OPT_SHOW_COST, "sizes")) return budget_sizes(call, result), true;
    if (budget_asked(call)) return budget_run(call, result, error);
    if (call_given(call, OPT_PER)) {
        generation_begin(call);
        return true;
    }
    look_under(call);
    show_model(call, result);
    return true;
}

static bool finish(Session *session, Call *call, Result *result, bool interrupted, Error *error)
{
    (void)session;
    return generation_finish(call, result, interrupted, error);
}

static const Fact *explain(const Call *call, const Result *result, const Call *why, Error *error)
{
    (void)error;
    if (call_is(call, OPT_SHOW_COST, "sizes")) return budget_explain_sizes(call, why->arena);
    if (budget_asked(call)) return budget_explain(call, why->arena);
    if (call_given(call, OPT_PER)) return generation_explain(call, result, why->arena);
    Cost cost = cost_of(call->model);
    Rates rates = ledger_rates(call, measured_watts(call->model));
    return cost_explain(call->model, &cost, &rates, why->arena);
}

const Command cost_command = {
    .name = "cost",
    .family = N_("look"),
    .usage = "",
    .summary = N_("Show what a model, or work, takes: numbers, FLOPs, seconds, energy, carbon dioxide"),
    .example = "cost @unigram,bigram,trigram",
    .words = WORDS_NONE,
    .options =
        OPTIONS(OPT_FLOPS, OPT_PARAMETERS, OPT_TRAINING_TOKENS, OPT_RATE, OPT_HOURS, OPT_MACHINES, OPT_WATTS,
                OPT_PUE, OPT_GRID, OPT_PER, OPT_ENERGY_PRICE, OPT_HUMAN, OPT_REVIEW, OPT_SHOW_COST),
    .models = true,
    .run = run,
    .finish = finish,
    .explain = explain,
};
