#include "core/ngram/ngram.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "core/base/i18n.h"
#include "core/base/memory.h"
#include "core/ngram/children.h"
#include "core/ngram/drawing.h"
#include "core/ngram/explain.h"

/* Made at the first question that needs it, and no part of what the model says. */
typedef struct {
    Children *children;
} Cache;

typedef struct {
    Model base;
    NgramStore *store;
    Estimate *estimate;
    Corpus *corpus;
    NgramOptions options;
    Cache *cache;
    void *mapping;
    size_t mapping_length;
} Ngram;

typedef struct {
    State base;
    NgramContext context;
    TokenId history[NGRAM_ORDER_MAX]; /* the last order - 1 words, oldest first, to name them */
} NgramState;

static const Ngram *as_ngram(const Model *model) { return (const Ngram *)model; }
static const NgramContext *context_of(const State *state) { return &((const NgramState *)state)->context; }

/* --- states --- */

static State *ngram_begin(const Model *model)
{
    NgramState *state = must_alloc(1, sizeof *state);
    state->base.model = model;
    state->context = store_start(as_ngram(model)->store);
    for (int i = 0; i < model->context; i++) state->history[i] = store_begin_word(as_ngram(model)->store);
    return &state->base;
}

static State *ngram_copy(const State *state)
{
    NgramState *copy = must_alloc(1, sizeof *copy);
    *copy = *(const NgramState *)state;
    return &copy->base;
}

static void ngram_release(State *state) { free(state); }

static void ngram_feed(State *state, TokenId token)
{
    NgramState *ngram = (NgramState *)state;
    int remembered = state->model->context;
    store_feed(as_ngram(state->model)->store, &ngram->context, token);
    if (remembered == 0) return;
    memmove(ngram->history, ngram->history + 1, (size_t)(remembered - 1) * sizeof *ngram->history);
    ngram->history[remembered - 1] = token;
}

static bool ngram_defined(const State *state)
{
    return estimate_defined(as_ngram(state->model)->estimate, context_of(state));
}

static double ngram_probability(const State *state, TokenId token)
{
    const Ngram *ngram = as_ngram(state->model);
    NodeId found[NGRAM_ORDER_MAX];
    store_find(ngram->store, context_of(state), token, found);
    return estimate_probability(ngram->estimate, context_of(state), found);
}

static int ngram_matched(const State *state, TokenId token)
{
    const NgramStore *store = as_ngram(state->model)->store;
    NodeId found[NGRAM_ORDER_MAX];
    store_find(store, context_of(state), token, found);
    for (int k = store->order; k > 1; k--)
        if (found[k - 1] != NODE_NONE && store->levels[k].nodes[found[k - 1]].count > 0) return k;
    return 1;
}

/* --- the whole distribution --- */

/* p[word] += weight * relative frequency, order after order. */
static void predict_mixture(const State *state, double *p)
{
    const Ngram *ngram = as_ngram(state->model);
    double weights[NGRAM_ORDER_MAX + 1];
    estimate_weights(ngram->estimate, context_of(state), weights);
    memset(p, 0, model_outcomes(state->model) * sizeof *p);
    for (int k = ngram->store->order; k >= 1; k--) {
        size_t count;
        const NodeId *nodes = ngram_children(state->model, k, context_of(state)->nodes[k - 1], &count);
        for (size_t i = 0; i < count && weights[k] > 0; i++) {
            TokenId word = ngram->store->levels[k].nodes[nodes[i]].word;
            if (word != store_begin_word(ngram->store))
                p[word] += weights[k] * ngram->estimate->p[k][nodes[i]];
        }
    }
}

/* factors[k] is what the back-off weights of longer histories leave to level k. */
static void back_off_factors(const Ngram *ngram, const NgramContext *context, double *factors)
{
    factors[ngram->store->order] = 1;
    for (int k = ngram->store->order - 1; k >= 1; k--)
        factors[k] = factors[k + 1] * estimate_backoff(ngram->estimate, context, k);
}

static void ngram_predict(const State *state, double *p)
{
    const Ngram *ngram = as_ngram(state->model);
    double factors[NGRAM_ORDER_MAX + 1];
    size_t outcomes = model_outcomes(state->model), count;
    if (ngram->estimate->smoothing.kind == SMOOTH_INTERP) {
        predict_mixture(state, p);
        return;
    }
    back_off_factors(ngram, context_of(state), factors);
    for (size_t word = 0; word < outcomes; word++) p[word] = factors[1] * ngram->estimate->p[1][word];
    for (int k = 2; k <= ngram->store->order; k++) {
        const NodeId *nodes = ngram_children(state->model, k, context_of(state)->nodes[k - 1], &count);
        for (size_t i = 0; i < count; i++)
            p[ngram->store->levels[k].nodes[nodes[i]].word] = factors[k] * ngram->estimate->p[k][nodes[i]];
    }
}

/* --- a whole sequence at once --- */

static double score(const Ngram *ngram, NgramContext *context, const Glimpse *glimpse)
{
    NodeId found[NGRAM_ORDER_MAX];
    store_check(ngram->store, context, glimpse, found);
    bool possible = glimpse->word != TOKEN_NONE && estimate_defined(ngram->estimate, context);
    double p = possible ? estimate_probability(ngram->estimate, context, found) : 0;
    store_shift(ngram->store, context, found);
    return p > 0 ? log(p) : -INFINITY;
}

static void ngram_score_all(const Model *model, const TokenId *ids, size_t count, bool end, double *logp)
{
    const Ngram *ngram = as_ngram(model);
    NgramContext context = store_start(ngram->store), ahead = context;
    Glimpse glimpses[STORE_AHEAD];
    TokenId piece[STORE_AHEAD], last = vocab_end(model->vocab);
    size_t all = count + (end ? 1 : 0);
    for (size_t i = 0; i < all; i += STORE_AHEAD) {
        size_t n = all - i < STORE_AHEAD ? all - i : STORE_AHEAD;
        for (size_t j = 0; j < n; j++) piece[j] = i + j < count ? ids[i + j] : last;
        store_look(ngram->store, &ahead, piece, n, glimpses);
        for (size_t j = 0; j < n; j++) estimate_fetch(ngram->estimate, &glimpses[j]);
        for (size_t j = 0; j < n; j++) logp[i + j] = score(ngram, &context, &glimpses[j]);
    }
}

/* --- counts and reasons --- */

/* The history that counts: of full length, or back to the start of the sentence. */
static NodeId whole_history(const State *state)
{
    return context_of(state)->nodes[context_of(state)->length];
}

static bool ngram_counts(const State *state, TokenId token, Counts *counts)
{
    const NgramStore *store = as_ngram(state->model)->store;
    int k = context_of(state)->length + 1;
    size_t count;
    if (as_ngram(state->model)->estimate->smoothing.kind == SMOOTH_GIVEN) return false;
    *counts = (Counts){0, 0};
    const NodeId *nodes = ngram_children(state->model, k, whole_history(state), &count);
    for (size_t i = 0; i < count; i++) {
        const NgramNode *node = &store->levels[k].nodes[nodes[i]];
        if (node->word == store_begin_word(store)) continue;
        counts->total += node->count;
        if (node->word == token) counts->count = node->count;
    }
    return true;
}

static bool ngram_fraction(const State *state, TokenId token, Fraction *p)
{
    Counts counts;
    if (as_ngram(state->model)->estimate->smoothing.kind != SMOOTH_MLE) return false;
    ngram_counts(state, token, &counts);
    *p = (Fraction){counts.count, counts.total};
    return counts.total > 0;
}

static Fact *ngram_explain(const State *state, TokenId token, Arena *arena)
{
    const Ngram *ngram = as_ngram(state->model);
    const char *history[NGRAM_ORDER_MAX];
    const Vocab *vocab = state->model->vocab;
    for (int i = 0; i < state->model->context; i++) {
        TokenId word = ((const NgramState *)state)->history[i];
        history[i] = word == TOKEN_NONE                       ? "(?)"
                     : word == store_begin_word(ngram->store) ? TEXT_BEGIN
                                                              : vocab_text(vocab, word);
    }
    NgramQuestion question = {ngram->store,
                              ngram->estimate,
                              context_of(state),
                              token,
                              model_outcomes(state->model),
                              vocab_text(vocab, token),
                              history};
    return explain_probability(&question, arena);
}

static uint64_t ngram_parameters(const Model *model) { return store_ngrams(as_ngram(model)->store); }

static const char *ngram_describe(const Model *model, Arena *arena)
{
    const Smoothing *smoothing = ngram_smoothing(model);
    const char *smooth = smoothing_name(smoothing->kind), *details = "";
    int order = model->context + 1;
    if (smoothing->kind == SMOOTH_GIVEN)
        return arena_format(arena, _("back-off n-grams, n=%d, V=%zu"), order, model_outcomes(model));
    if (smoothing->kind == SMOOTH_ADD) details = arena_format(arena, " k=%g", smoothing->k);
    for (int i = 0; smoothing->kind == SMOOTH_INTERP && i < order; i++)
        details = arena_format(arena, "%s%s%g", details, i ? "," : " weights=", smoothing->weights[i]);
    return arena_format(arena, _("counted n-grams, n=%d smooth=%s%s, V=%zu"), order, smooth, details,
                        model_outcomes(model));
}

/* --- the model --- */

static Model *ngram_clone(const Model *model)
{
    const Ngram *ngram = as_ngram(model);
    NgramStore *store = store_clone(ngram->store);
    Model *copy =
        ngram_new(vocab_share(model->vocab), model->tokenizer, store, estimate_clone(ngram->estimate, store),
                  ngram->corpus ? corpus_share(ngram->corpus) : NULL);
    ngram_remember(copy, &ngram->options);
    copy->scores = model->scores;
    return copy;
}

static void ngram_free(Model *model)
{
    Ngram *ngram = (Ngram *)model;
    children_free(ngram->cache->children);
    free(ngram->cache);
    estimate_free(ngram->estimate);
    store_free(ngram->store);
    corpus_free(ngram->corpus);
    vocab_free(ngram->options.vocabulary);
    if (ngram->mapping) munmap(ngram->mapping, ngram->mapping_length);
    free(ngram);
}

static const ModelKind ngram_kind = {
    .name = "ngram",
    .begin = ngram_begin,
    .copy = ngram_copy,
    .release = ngram_release,
    .feed = ngram_feed,
    .defined = ngram_defined,
    .predict = ngram_predict,
    .probability = ngram_probability,
    .counts = ngram_counts,
    .fraction = ngram_fraction,
    .matched = ngram_matched,
    .explain = ngram_explain,
    .score_all = ngram_score_all,
    .drawing = ngram_drawing,
    .parameters = ngram_parameters,
    .describe = ngram_describe,
    .clone = ngram_clone,
    .free = ngram_free,
};

Model *ngram_new(Vocab *vocab, Tokenizer tokenizer, NgramStore *store, Estimate *estimate, Corpus *corpus)
{
    assert(store->words == vocab_size(vocab));
    Ngram *ngram = must_alloc(1, sizeof *ngram);
    *ngram = (Ngram){.base = {&ngram_kind, 1, vocab, tokenizer, store->order - 1,
                              .scores = estimate->smoothing.kind == SMOOTH_BACKOFF},
                     .store = store,
                     .estimate = estimate,
                     .corpus = corpus,
                     .cache = must_alloc(1, sizeof(Cache))};
    return &ngram->base;
}

void ngram_remember(Model *model, const NgramOptions *options)
{
    Ngram *ngram = (Ngram *)model;
    ngram->options = *options;
    if (options->vocabulary) vocab_share(options->vocabulary);
}

void ngram_own_mapping(Model *model, void *start, size_t length)
{
    ((Ngram *)model)->mapping = start;
    ((Ngram *)model)->mapping_length = length;
}

static bool is_ngram(const Model *model) { return model->kind == &ngram_kind; }

const NgramStore *ngram_store(const Model *model) { return is_ngram(model) ? as_ngram(model)->store : NULL; }
const Estimate *ngram_estimate(const Model *model)
{
    return is_ngram(model) ? as_ngram(model)->estimate : NULL;
}
Corpus *ngram_corpus(const Model *model) { return is_ngram(model) ? as_ngram(model)->corpus : NULL; }
const NgramOptions *ngram_options(const Model *model)
{
    return is_ngram(model) ? &as_ngram(model)->options : NULL;
}
const NgramContext *ngram_context(const State *state) { return context_of(state); }

const Smoothing *ngram_smoothing(const Model *model)
{
    return is_ngram(model) ? &as_ngram(model)->estimate->smoothing : NULL;
}

void ngram_prepare(const Model *model)
{
    Cache *cache = as_ngram(model)->cache;
    if (!cache->children) cache->children = children_new(as_ngram(model)->store);
}

const NodeId *ngram_children(const Model *model, int level, NodeId prefix, size_t *count)
{
    ngram_prepare(model);
    return children_of(as_ngram(model)->cache->children, level, prefix, count);
}
