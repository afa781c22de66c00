#include "core/ngram/smoothing.h"

#include <string.h>

#include "core/base/i18n.h"

static const char *const names[] = {[SMOOTH_MLE] = "mle", [SMOOTH_ADD] = "add", [SMOOTH_INTERP] = "interp"};

const char *smoothing_name(SmoothingKind kind) { return names[kind]; }

bool smoothing_find(const char *name, SmoothingKind *kind)
{
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (strcmp(names[i], name) == 0) return *kind = (SmoothingKind)i, true;
    return false;
}

static int order_of(const SmoothedContext *c) { return store_order(c->store); }
static NodeId node_of(const SmoothedContext *c, int order) { return c->context->contexts[order - 1]; }
static double total_of(const SmoothedContext *c, int order)
{
    return (double)store_total(c->store, node_of(c, order));
}

static double times_of(const SmoothedContext *c, int order, TokenId word)
{
    return (double)store_times(c->store, store_child(c->store, node_of(c, order), word));
}

/* The weight of `order` once unseen higher orders have passed theirs down; 0 for those. */
static void effective_weights(const SmoothedContext *c, double *weights)
{
    double passed = 0;
    for (int order = order_of(c); order >= 1; order--) {
        double weight = c->smoothing->weights[order_of(c) - order] + passed;
        bool seen = total_of(c, order) > 0;
        weights[order] = seen ? weight : 0;
        passed = seen ? 0 : weight;
    }
}

bool smoothing_defined(const SmoothedContext *c)
{
    return c->smoothing->kind != SMOOTH_MLE || total_of(c, order_of(c)) > 0;
}

double smoothing_probability(const SmoothedContext *c, TokenId word)
{
    int top = order_of(c);
    double weights[NGRAM_ORDER_MAX + 1], p = 0;
    switch (c->smoothing->kind) {
    case SMOOTH_MLE: return times_of(c, top, word) / total_of(c, top);
    case SMOOTH_ADD:
        return (times_of(c, top, word) + c->smoothing->k) /
               (total_of(c, top) + c->smoothing->k * (double)c->outcomes);
    case SMOOTH_INTERP:
        effective_weights(c, weights);
        for (int order = top; order >= 1; order--)
            if (weights[order] > 0) p += weights[order] * times_of(c, order, word) / total_of(c, order);
    }
    return p;
}

/* p[word] += weight * c(h word) / c(h) for every word seen after the history. */
static void add_order(const SmoothedContext *c, int order, double weight, double *p)
{
    size_t count;
    const NodeId *children = store_children(c->store, node_of(c, order), &count);
    for (size_t i = 0; i < count; i++) {
        TokenId word = store_word(c->store, children[i]);
        if (word >= 0) p[word] += weight * (double)store_times(c->store, children[i]) / total_of(c, order);
    }
}

static void predict_add(const SmoothedContext *c, double *p)
{
    size_t count;
    int top = order_of(c);
    double k = c->smoothing->k, total = total_of(c, top) + k * (double)c->outcomes;
    const NodeId *children = store_children(c->store, node_of(c, top), &count);
    for (size_t i = 0; i < c->outcomes; i++) p[i] = k / total;
    for (size_t i = 0; i < count; i++) {
        TokenId word = store_word(c->store, children[i]);
        if (word >= 0) p[word] = ((double)store_times(c->store, children[i]) + k) / total;
    }
}

void smoothing_predict(const SmoothedContext *c, double *p)
{
    if (c->smoothing->kind == SMOOTH_ADD) {
        predict_add(c, p);
        return;
    }
    double weights[NGRAM_ORDER_MAX + 1] = {0};
    memset(p, 0, c->outcomes * sizeof *p);
    if (c->smoothing->kind == SMOOTH_MLE)
        weights[order_of(c)] = 1;
    else
        effective_weights(c, weights);
    for (int order = order_of(c); order >= 1; order--)
        if (weights[order] > 0) add_order(c, order, weights[order], p);
}

/* --- why --- */

typedef struct {
    const SmoothedContext *context;
    TokenId word;
    const char *spelling;       /* of the word */
    const char *const *history; /* (order - 1) of the words before it, oldest first */
    Arena *arena;
} Why;

/* "ate the ": the last order - 1 words, each followed by a space. */
static const char *history_text(const Why *why, int order)
{
    const char *text = "";
    int top = order_of(why->context);
    for (int i = top - order; i < top - 1; i++)
        text = arena_format(why->arena, "%s%s ", text, why->history[i]);
    return text;
}

static Fact *probability_fact(const Why *why, int order, const char *formula, double value)
{
    const char *history = history_text(why, order);
    size_t length = strlen(history);
    const char *name = length
                           ? arena_format(why->arena, "p(%s | %.*s)", why->spelling, (int)length - 1, history)
                           : arena_format(why->arena, "p(%s)", why->spelling);
    return fact_new(why->arena, FACT_PROBABILITY, name, formula, value);
}

static void add_counts(Fact *fact, const Why *why, int order)
{
    const char *history = history_text(why, order);
    const char *both = arena_format(why->arena, "count(%s%s)", history, why->spelling);
    const char *all = arena_format(why->arena, "count(%s...)", history);
    fact_because(fact,
                 fact_new(why->arena, FACT_COUNT, both, NULL, times_of(why->context, order, why->word)));
    fact_because(fact, fact_new(why->arena, FACT_COUNT, all, NULL, total_of(why->context, order)));
}

static Fact *explain_ratio(const Why *why, int order)
{
    const char *history = history_text(why, order);
    const char *formula =
        arena_format(why->arena, "count(%s%s) / count(%s...)", history, why->spelling, history);
    double total = total_of(why->context, order);
    double value = total > 0 ? times_of(why->context, order, why->word) / total : 0;
    Fact *fact = probability_fact(why, order, formula, value);
    add_counts(fact, why, order);
    if (total == 0)
        fact_because(fact,
                     fact_note(why->arena, _("this context was never seen: 0/0 is no probability, and the "
                                             "product is taken as 0 from here on")));
    return fact;
}

static Fact *explain_add(const Why *why)
{
    const SmoothedContext *c = why->context;
    const char *history = history_text(why, order_of(c));
    const char *formula =
        arena_format(why->arena, "(count(%s%s) + k) / (count(%s...) + k V)", history, why->spelling, history);
    Fact *fact = probability_fact(why, order_of(c), formula, smoothing_probability(c, why->word));
    add_counts(fact, why, order_of(c));
    fact_because(fact, fact_new(why->arena, FACT_NUMBER, "k", NULL, c->smoothing->k));
    return fact_because(fact, fact_new(why->arena, FACT_COUNT, "V", NULL, (double)c->outcomes));
}

static Fact *explain_interp(const Why *why)
{
    const SmoothedContext *c = why->context;
    double weights[NGRAM_ORDER_MAX + 1];
    const char *formula = "";
    Fact *fact = probability_fact(why, order_of(c), NULL, smoothing_probability(c, why->word));
    effective_weights(c, weights);
    for (int order = order_of(c); order >= 1; order--) {
        if (weights[order] <= 0) continue;
        Fact *part = explain_ratio(why, order);
        const char *plus = *formula ? " + " : "";
        formula = arena_format(why->arena, "%s%s%g x %s", formula, plus, weights[order], part->name);
        fact_because(fact, part);
    }
    fact->formula = formula;
    if (weights[order_of(c)] <= 0)
        fact_because(
            fact, fact_note(why->arena, _("a context never seen passes its weight to the next shorter one")));
    return fact;
}

Fact *smoothing_explain(const SmoothedContext *c, TokenId word, const char *spelling,
                        const char *const *history, Arena *arena)
{
    Why why = {c, word, spelling, history, arena};
    switch (c->smoothing->kind) {
    case SMOOTH_ADD: return explain_add(&why);
    case SMOOTH_INTERP: return explain_interp(&why);
    case SMOOTH_MLE: break;
    }
    return explain_ratio(&why, order_of(c));
}
