/* cost.c - what a model takes: numbers stored, bytes, work a token, work and time of its training. */
#include <math.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/neural/neural.h"
#include "core/ngram/ngram.h"
#include "repl/commands/commands.h"
#include "repl/commands/cost.h"

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

typedef enum { COUNTED, COMPUTED, MEASURED, HOWS } How;

typedef struct {
    const char *key, *name; /* for machines; for people */
    How how;
    Unit unit;
    const char *ngram, *network; /* where the figure comes from */
    bool wide;                   /* of several models people see as much as fits beside each other */
} Figure;

enum { FIGURES = 7 };

static const Figure figures[FIGURES] = {
    {"parameters", N_("parameters"), COUNTED, UNIT_NONE, N_("numbers stored"), N_("weights"), false},
    {"bytes", N_("bytes"), COMPUTED, UNIT_NONE, N_("with the tables that find them"), N_("4 a weight"),
     false},
    {"multiply_adds", N_("multiply-adds a token"), COMPUTED, UNIT_NONE, N_("at most, of back-off"),
     N_("products of matrices"), false},
    {"lookups", N_("look-ups a token"), COMPUTED, UNIT_NONE, N_("at most: one an order"),
     N_("rows of tables"), false},
    {"tokens", N_("training tokens"), COUNTED, UNIT_NONE, N_("in its corpus, with </s>"),
     N_("each as often as it was learnt from"), true},
    {"flops", N_("training FLOPs"), COMPUTED, UNIT_NONE, N_("it counts, and divides once"),
     N_("6 x parameters x training tokens"), false},
    {"seconds", N_("training time"), MEASURED, UNIT_SECONDS, N_("by the clock"), N_("by the clock"), false},
};

static const char *how_name(How how)
{
    static const char *const names[HOWS] = {N_("counted"), N_("computed"), N_("measured")};
    return names[how];
}

static Value figure_value(const Cost *cost, size_t index)
{
    const double values[FIGURES] = {cost->parameters, cost->bytes, cost->multiply_adds, cost->lookups,
                                    cost->tokens,     cost->flops, cost->seconds};
    bool whole = values[index] < 1e15 && values[index] == floor(values[index]);
    if (isnan(values[index])) return value_null();
    return whole && figures[index].unit == UNIT_NONE ? value_count((uint64_t)values[index])
                                                     : value_number(values[index]);
}

/* For machines, and beside other models for people. */
static void add_fields(const Call *call, const Cost *cost, Result *result)
{
    result_field(result, "model", NULL, UNIT_NONE, value_text(call->model_name));
    result_field(result, "kind", NULL, UNIT_NONE, value_text(call->model->kind->name));
    for (size_t i = 0; i < FIGURES; i++)
        result_field(result, figures[i].key, call->setting && !figures[i].wide ? "%s" : NULL, figures[i].unit,
                     figure_value(cost, i));
    for (How how = 0; how < HOWS; how++) {
        const char **keys = arena_alloc(call->arena, FIGURES, sizeof *keys);
        size_t count = 0;
        for (size_t i = 0; i < FIGURES; i++)
            if (figures[i].how == how) keys[count++] = figures[i].key;
        result_field(result, how_name(how), NULL, UNIT_NONE, value_list(keys, count));
    }
}

/* Why there is no figure: training that does no arithmetic, or that nobody watched. */
static const char *absence(const Model *model, size_t index)
{
    return figures[index].unit != UNIT_SECONDS && !neural_network(model) ? _("none") : _("not known");
}

static void add_row(const Call *call, const Cost *cost, size_t index, Result *result)
{
    const Figure *figure = &figures[index];
    bool network = neural_network(call->model) != NULL, table = !network && !ngram_store(call->model);
    Value *cells = result_row(result), value = figure_value(cost, index);
    bool known = value.type != VALUE_NULL;
    bool time = known && figure->unit == UNIT_SECONDS;
    cells[0] = value_text(_(figure->name));
    cells[1] = time ? value_text(seconds_text(cost->seconds, call->arena)) : value;
    cells[2] = value_text(known ? _(how_name(figure->how)) : absence(call->model, index));
    if (!table) cells[3] = value_text(network ? _(figure->network) : _(figure->ngram));
}

/* One model alone has room to say where each figure comes from. */
static void add_table(const Call *call, const Cost *cost, Result *result)
{
    result->title =
        arena_format(call->arena, "%s: %s", call->model_name, model_describe(call->model, call->arena));
    result_table(result, NULL);
    result_column(result, NULL, _("cost"), UNIT_NONE, false);
    result_column(result, NULL, _("figure"), UNIT_NONE, false);
    result_column(result, NULL, _("how"), UNIT_NONE, false);
    result_column(result, NULL, _("of what"), UNIT_NONE, false);
    for (size_t i = 0; i < FIGURES; i++) add_row(call, cost, i, result);
}

static bool run(Session *session, Call *call, Result *result, Error *error)
{
    (void)session;
    (void)error;
    Cost cost = cost_of(call->model);
    add_fields(call, &cost, result);
    if (!call->setting)
        add_table(call, &cost, result);
    else if (call->number == 1)
        result_note(result, _("seconds are measured; all other figures are counted or computed (cost alone "
                              "says from what)."));
    return true;
}

/* --- why --- */

static void add_number(Fact *fact, Arena *arena, const char *name, const char *formula, double value)
{
    fact_because(fact, fact_new(arena, FACT_COUNT, name, formula, value));
}

/* "h.3.attn.c_attn.weight" belongs to block "h.3"; other tensors stand alone. */
static size_t block_length(const char *name)
{
    const char *dot = strncmp(name, "h.", 2) == 0 ? strchr(name + 2, '.') : NULL;
    return dot ? (size_t)(dot - name) : strlen(name);
}

static const char *shape_text(const Tensor *tensor, Arena *arena)
{
    const char *text = arena_format(arena, "%zu", tensor->shape[0]);
    for (int i = 1; i < tensor->dims; i++) text = arena_format(arena, "%s x %zu", text, tensor->shape[i]);
    return text;
}

static Fact *explain_weights(const Network *network, Arena *arena)
{
    const Parameters *p = &network->parameters;
    Fact *fact = fact_new(arena, FACT_COUNT, _("parameters, N"), NULL, (double)p->total);
    for (size_t i = 0, next; i < p->count; i = next) {
        const char *name = p->tensors[i].name;
        size_t length = block_length(name), size = 0;
        for (next = i; next < p->count && strncmp(p->tensors[next].name, name, length) == 0 &&
                       block_length(p->tensors[next].name) == length;
             next++)
            size += tensor_size(&p->tensors[next]);
        const char *formula = next - i == 1 ? shape_text(&p->tensors[i], arena)
                                            : arena_format(arena, _("%zu tensors"), next - i);
        add_number(fact, arena, arena_copy(arena, name, length), formula, (double)size);
    }
    return fact;
}

static const char *products_formula(const Architecture *a)
{
    switch (a->kind) {
    case NETWORK_SOFTMAX: return _("none: a row is looked up");
    case NETWORK_MLP: return "(n - 1) d h + h V";
    case NETWORK_TRANSFORMER: return "layers (12 d^2 + 2 d ctx) + d V";
    case NETWORK_GRU: return _("3 h (d + h) + (layers - 1) 3 h (h + h) + h V");
    case NETWORK_LSTM: return _("4 h (d + h) + (layers - 1) 4 h (h + h) + h V");
    default: return _("h (d + h) + (layers - 1) h (h + h) + h V");
    }
}

static Fact *explain_network(const Model *model, const Cost *cost, Arena *arena)
{
    const Network *network = neural_network(model);
    Fact *products = fact_new(arena, FACT_COUNT, _("multiply-adds a token"),
                              products_formula(&network->architecture), cost->multiply_adds);
    if (isnan(cost->flops)) return fact_because(products, explain_weights(network, arena));
    Fact *fact = fact_new(arena, FACT_NUMBER, _("training FLOPs"), "6 N D", cost->flops);
    fact_because(fact, explain_weights(network, arena));
    add_number(fact, arena, _("training tokens, D"), NULL, cost->tokens);
    fact_because(fact, fact_note(arena, _("6: a weight is multiplied and added once forwards, and twice "
                                          "backwards, for its input's gradient and for its own")));
    Fact *exact = fact_new(arena, FACT_NUMBER, _("without the rule of thumb"), _("6 x multiply-adds x D"),
                           6 * cost->multiply_adds * cost->tokens);
    fact_because(exact, products);
    return fact_because(
        fact, fact_because(exact, fact_note(arena, _("embeddings are looked up, not multiplied; attention "
                                                     "multiplies without weights"))));
}

static Fact *explain_ngrams(const Model *model, const Cost *cost, Arena *arena)
{
    const NgramStore *store = ngram_store(model);
    Fact *fact =
        fact_new(arena, FACT_COUNT, _("look-ups a token, at most"), _("one an order"), cost->lookups);
    Fact *stored = fact_new(arena, FACT_COUNT, _("parameters"), NULL, cost->parameters);
    double longer = 0;
    for (int level = 2; level <= store->order; level++) longer += store->levels[level].count;
    for (int level = 1; level <= store->order; level++)
        add_number(stored, arena, arena_format(arena, _("%d-grams"), level), NULL,
                   level == 1 ? cost->parameters - longer : store->levels[level].count);
    fact_because(fact, stored);
    fact_because(fact, fact_note(arena, _("however many n-grams there are, a hash finds each at once: more "
                                          "text costs memory, not time")));
    if (isnan(cost->tokens)) return fact;
    Fact *work = fact_new(arena, FACT_NUMBER, _("counts added to in training"), _("tokens x orders"),
                          cost->tokens * store->order);
    add_number(work, arena, _("training tokens"), NULL, cost->tokens);
    return fact_because(fact, work);
}

static Fact *explain_table(const Model *model, const Cost *cost, Arena *arena)
{
    double outcomes = (double)model_outcomes(model);
    Fact *fact = fact_new(arena, FACT_COUNT, _("parameters"), _("rows x V"), cost->parameters);
    add_number(fact, arena, _("rows: one a token, and one for <s>"), NULL, cost->parameters / outcomes);
    add_number(fact, arena, "V", NULL, outcomes);
    return fact_because(fact, fact_note(arena, _("written by hand: nothing was trained")));
}

static const Fact *explain(const Call *call, const Result *result, const Call *why, Error *error)
{
    (void)result;
    (void)error;
    Cost cost = cost_of(call->model);
    if (neural_network(call->model)) return explain_network(call->model, &cost, why->arena);
    return ngram_store(call->model) ? explain_ngrams(call->model, &cost, why->arena)
                                    : explain_table(call->model, &cost, why->arena);
}

const Command cost_command = {
    .name = "cost",
    .family = N_("look"),
    .usage = "",
    .summary = N_("Show what a model takes: numbers, bytes, work a token, FLOPs and seconds of training"),
    .example = "cost @unigram,bigram,trigram",
    .words = WORDS_NONE,
    .models = true,
    .run = run,
    .explain = explain,
};
