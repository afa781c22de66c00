#include "repl/commands/cost_why.h"

#include <math.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/neural/neural.h"
#include "core/ngram/ngram.h"

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

static Fact *explain_work(const Model *model, const Cost *cost, Arena *arena)
{
    if (neural_network(model)) return explain_network(model, cost, arena);
    return ngram_store(model) ? explain_ngrams(model, cost, arena) : explain_table(model, cost, arena);
}

Fact *cost_explain(const Model *model, const Cost *cost, const Rates *rates, Arena *arena)
{
    Fact *work = explain_work(model, cost, arena);
    if (isnan(cost->seconds)) return work;
    Fact *both = fact_note(arena, _("the work, and what it used:"));
    Fact *time = fact_new(arena, FACT_NUMBER, _("training time, s, by the clock"), NULL, cost->seconds);
    fact_because(both, work);
    return fact_because(both, ledger_explain(rates, cost->seconds, time, arena));
}
