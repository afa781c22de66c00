#include "core/ngram/drawing.h"

#include <math.h>
#include <stdlib.h>

#include "core/base/memory.h"

/* The words seen after one history, and what they add to the sum: additions[i] belongs to words[0 .. i]. */
typedef struct {
    size_t count;
    TokenId *words;
    double *additions;
    double taken; /* what the negative ones among the terms of additions[] sum to, without its sign */
} Seen;

typedef struct {
    Drawing drawing;
    const Model *model;
    double power;
    bool mixture;
    double *unigrams; /* (V): sums over all words up to each */
    Seen *
        *seen[NGRAM_ORDER_MAX + 1]; /* seen[k][node of level k - 1]: its followers, or NULL: not asked yet */
    const Seen *now[NGRAM_ORDER_MAX + 1]; /* in the context at work */
    double factors[NGRAM_ORDER_MAX + 1];  /* what each level's additions are multiplied by there */
    double *sums; /* (V): those of the context at work, where too little would be left of what is subtracted
                     ... */
    bool summed;  /* ... which is so in this one */
} NgramDrawing;

static double raise(const NgramDrawing *d, double p)
{
    return d->power == 1 || p <= 0 ? p : pow(p, d->power);
}

/* What word number `node` of level k adds after its history. */
static double addition(const NgramDrawing *d, int k, NodeId node)
{
    const Estimate *estimate = ngram_estimate(d->model);
    const NgramNode *at = &ngram_store(d->model)->levels[k].nodes[node];
    double p = estimate->p[k][node];
    if (d->mixture) return p;
    return raise(d, p) - raise(d, estimate->backoff[k - 1][at->prefix] * estimate->p[k - 1][at->suffix]);
}

static Seen *look(const NgramDrawing *d, int k, NodeId history)
{
    const NgramNode *nodes = ngram_store(d->model)->levels[k].nodes;
    Seen *seen = must_alloc(1, sizeof *seen);
    const NodeId *children = ngram_children(d->model, k, history, &seen->count);
    double sum = 0;
    seen->words = must_alloc(seen->count + 1, sizeof *seen->words);
    seen->additions = must_alloc(seen->count + 1, sizeof *seen->additions);
    for (size_t i = 0; i < seen->count; i++) {
        seen->words[i] = nodes[children[i]].word;
        double added = addition(d, k, children[i]);
        seen->additions[i] = sum += added;
        seen->taken += added < 0 ? -added : 0;
    }
    return seen;
}

/* The sum of the additions of words up to this one. */
static double upto_word(const Seen *seen, TokenId word)
{
    size_t low = 0, high = seen->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (seen->words[middle] <= word)
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 ? seen->additions[low - 1] : 0;
}

static double upto(Drawing *drawing, TokenId token)
{
    const NgramDrawing *d = (const NgramDrawing *)drawing;
    if (token < 0) return 0;
    if (d->summed) return d->sums[token];
    double sum = d->factors[1] * d->unigrams[token];
    for (int k = 2; k <= ngram_estimate(d->model)->order; k++)
        if (d->now[k]) sum += d->factors[k] * upto_word(d->now[k], token);
    return sum;
}

/* All that is taken off again: a weight above 1 (Katz, ARPA files), raised to a high power, can give words
 * seen after the history so much more than they have that nothing of the sum is left but rounding. */
static double taken(const NgramDrawing *d)
{
    double sum = 0;
    for (int k = 2; k <= ngram_estimate(d->model)->order; k++)
        if (d->now[k]) sum += d->factors[k] * d->now[k]->taken;
    return sum;
}

/* The long way, for such a context. */
static void sum_all(NgramDrawing *d, const State *state)
{
    size_t outcomes = model_outcomes(d->model);
    double sum = 0;
    if (!d->sums) d->sums = must_alloc(outcomes, sizeof *d->sums);
    state_predict(state, d->sums);
    for (size_t i = 0; i < outcomes; i++) d->sums[i] = sum += raise(d, d->sums[i]);
    d->summed = true;
}

static void begin(Drawing *drawing, const State *state)
{
    NgramDrawing *d = (NgramDrawing *)drawing;
    const Estimate *estimate = ngram_estimate(d->model);
    const NgramContext *context = ngram_context(state);
    double factor = 1;
    if (d->mixture) estimate_weights(estimate, context, d->factors);
    for (int k = estimate->order; k > 1; k--) {
        NodeId history = context->nodes[k - 1];
        if (history != NODE_NONE && !d->seen[k][history]) d->seen[k][history] = look(d, k, history);
        d->now[k] = history == NODE_NONE ? NULL : d->seen[k][history];
        if (d->mixture) continue;
        d->factors[k] = factor;
        factor *= raise(d, estimate_backoff(estimate, context, k - 1));
    }
    if (!d->mixture) d->factors[1] = factor;
    d->summed = false;
    if (!(taken(d) <= 1e4 * upto(drawing, (TokenId)model_outcomes(d->model) - 1))) sum_all(d, state);
}

static void free_seen(Seen **seen, size_t count)
{
    for (size_t i = 0; seen && i < count; i++) {
        if (!seen[i]) continue;
        free(seen[i]->words);
        free(seen[i]->additions);
        free(seen[i]);
    }
    free(seen);
}

static void drawing_release(Drawing *drawing)
{
    NgramDrawing *d = (NgramDrawing *)drawing;
    const NgramStore *store = ngram_store(d->model);
    for (int k = 2; k <= store->order; k++) free_seen(d->seen[k], store->levels[k - 1].count);
    free(d->unigrams);
    free(d->sums);
    free(d);
}

Drawing *ngram_drawing(const Model *model, double power)
{
    static const DrawingKind kind = {begin, upto, drawing_release};
    const Estimate *estimate = ngram_estimate(model);
    const NgramStore *store = ngram_store(model);
    bool mixture = estimate->smoothing.kind == SMOOTH_INTERP;
    if (mixture && power != 1) return NULL;
    NgramDrawing *d = must_alloc(1, sizeof *d);
    *d = (NgramDrawing){.drawing = {&kind}, .model = model, .power = power, .mixture = mixture};
    d->unigrams = must_alloc(store->words + 1, sizeof *d->unigrams);
    double sum = 0;
    for (uint32_t word = 0; word < store->words; word++)
        d->unigrams[word] = sum += raise(d, estimate->p[1][word]);
    for (int k = 2; k <= store->order; k++)
        d->seen[k] = must_alloc(store->levels[k - 1].count, sizeof *d->seen[k]);
    return &d->drawing;
}
