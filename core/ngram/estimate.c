#include "core/ngram/estimate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/memory.h"

/* What followed a history: how much in all, and how many different words with count 1, 2 and 3 or more. */
typedef struct {
    uint32_t total, types[3];
} History;

/* One level at work. */
typedef struct {
    const NgramStore *store;
    Estimate *estimate;
    int level;
    const Level *below, *nodes;
    uint32_t
        *neighbours; /* different left neighbours of the nodes, where the smoothing counts these; or NULL */
    History *histories; /* [node of the level below] */
} Pass;

/* --- making and copying --- */

Estimate *estimate_blank(const NgramStore *store, const Smoothing *smoothing)
{
    Estimate *estimate = must_alloc(1, sizeof *estimate);
    estimate->order = store->order;
    estimate->smoothing = *smoothing;
    estimate->unseen = smoothing->kind == SMOOTH_BACKOFF ? BACKOFF_FACTOR : 1;
    for (int k = 1; k <= store->order; k++) {
        size_t count = store->levels[k].count;
        estimate->p[k] = must_alloc_table(count ? count : 1, sizeof *estimate->p[k]);
        if (k == store->order) break;
        estimate->backoff[k] = must_alloc_table(count ? count : 1, sizeof *estimate->backoff[k]);
        for (size_t i = 0; i < count; i++) estimate->backoff[k][i] = estimate->unseen;
    }
    return estimate;
}

Estimate *estimate_clone(const Estimate *estimate, const NgramStore *store)
{
    Estimate *copy = estimate_blank(store, &estimate->smoothing);
    memcpy(copy->discounts, estimate->discounts, sizeof copy->discounts);
    for (int k = 1; k <= store->order; k++) {
        size_t count = store->levels[k].count;
        memcpy(copy->p[k], estimate->p[k], count * sizeof *copy->p[k]);
        if (k < store->order)
            memcpy(copy->backoff[k], estimate->backoff[k], count * sizeof *copy->backoff[k]);
    }
    return copy;
}

void estimate_free(Estimate *estimate)
{
    if (!estimate) return;
    for (int k = 1; k <= estimate->order && !estimate->borrowed; k++) {
        free(estimate->p[k]);
        if (k < estimate->order) free(estimate->backoff[k]);
    }
    free(estimate);
}

/* --- counts, adjusted, and counts of counts --- */

static uint32_t *count_neighbours(const NgramStore *store, int level)
{
    const Level *longer = &store->levels[level + 1];
    uint32_t *neighbours = must_alloc(store->levels[level].count, sizeof *neighbours);
    for (uint32_t i = 0; i < longer->count; i++) neighbours[longer->nodes[i].suffix]++;
    return neighbours;
}

/* What the formulas take for a count. n-grams that begin with <s> have no left neighbours and keep theirs;
 * <s> itself is never predicted and has 0. */
static uint32_t count_of(const Pass *pass, NodeId node)
{
    if (pass->level == 1 && node == pass->store->words) return 0;
    uint32_t neighbours = pass->neighbours ? pass->neighbours[node] : 0;
    return neighbours ? neighbours : pass->nodes->nodes[node].count;
}

static void count_counts(const Pass *pass, Discount *discount)
{
    for (uint32_t i = 0; i < pass->nodes->count; i++) {
        uint32_t count = count_of(pass, i);
        if (count > 0 && count < COUNTS_OF_COUNTS) discount->counts[count]++;
    }
}

/* The n-gram that lmplz comes to last: its words compared from the last one back. NODE_NONE where the last
 * one of the order below is the beginning of a sentence. */
static NodeId last_ngram(const NgramStore *store, int level, const uint32_t *rank)
{
    TokenId words[NGRAM_ORDER_MAX];
    NodeId suffix = level > 1 ? last_ngram(store, level - 1, rank) : 0, last = NODE_NONE;
    uint32_t highest = 0;
    for (uint32_t i = 0; i < store->levels[level].count; i++) {
        const NgramNode *node = &store->levels[level].nodes[i];
        if (node->suffix != suffix || node->count == 0) continue;
        store_words(store, level, i, words);
        if (rank[words[0]] < highest) continue;
        highest = rank[words[0]];
        last = i;
    }
    return last;
}

/* lmplz files the last n-gram of each lower order under its plain count, not the adjusted one
 * (github.com/kpu/kenlm/issues/427). */
static void count_like_kenlm(const Pass *pass, const uint32_t *rank, Discount *discount)
{
    NodeId last = last_ngram(pass->store, pass->level, rank);
    if (last == NODE_NONE) return;
    uint32_t plain = pass->nodes->nodes[last].count, count = count_of(pass, last);
    if (count < COUNTS_OF_COUNTS) discount->counts[count]--;
    if (plain < COUNTS_OF_COUNTS) discount->counts[plain]++;
}

static History *count_histories(const Pass *pass)
{
    History *histories = must_alloc_table(pass->below->count, sizeof *histories);
    for (uint32_t i = 0; i < pass->nodes->count; i++) {
        uint32_t count = count_of(pass, i);
        if (count == 0) continue;
        History *history = &histories[pass->nodes->nodes[i].prefix];
        history->total += count;
        history->types[count < 3 ? count - 1 : 2]++;
    }
    return histories;
}

static double types_of(const History *f) { return (double)f->types[0] + f->types[1] + f->types[2]; }

/* --- formulas: what a history keeps for unseen words, and what a word gets of it --- */

/* The mass that an interpolated smoothing takes from the followers of a history and passes down. */
static double passed_down(const Pass *pass, const History *f)
{
    const Smoothing *smoothing = &pass->estimate->smoothing;
    const double *d = pass->estimate->discounts[pass->level].d;
    double total = (double)f->total;
    if (pass->level == 1 && smoothing->plain_unigrams && !smoothing_adjusts(smoothing->kind)) return 0;
    if (smoothing->kind == SMOOTH_WB) return types_of(f) / (total + types_of(f));
    return (d[1] * f->types[0] + d[2] * f->types[1] + d[3] * f->types[2]) / total;
}

static double kept(const Pass *pass, const History *f, uint32_t count)
{
    const Smoothing *smoothing = &pass->estimate->smoothing;
    double total = (double)f->total;
    if (pass->level == 1 && smoothing->plain_unigrams && !smoothing_adjusts(smoothing->kind))
        return count / total;
    if (smoothing->kind == SMOOTH_WB) return count / (total + types_of(f));
    return (count - discount_of(&pass->estimate->discounts[pass->level], count)) / total;
}

/* wb, ad, kn, mkn: p = kept + passed_down * lower, at the unigrams lower = 1/V. */
static void interpolate(const Pass *pass)
{
    const NgramNode *nodes = pass->nodes->nodes;
    double *p = pass->estimate->p[pass->level], *backoff = pass->estimate->backoff[pass->level - 1];
    const double *lower = pass->estimate->p[pass->level - 1];
    for (uint32_t h = 0; h < pass->below->count; h++)
        if (pass->histories[h].total > 0) backoff[h] = passed_down(pass, &pass->histories[h]);
    for (uint32_t i = 0; i < pass->nodes->count; i++) {
        NodeId h = nodes[i].prefix;
        if (count_of(pass, i) > 0)
            p[i] = kept(pass, &pass->histories[h], count_of(pass, i)) + backoff[h] * lower[nodes[i].suffix];
    }
}

static bool begins_sentence(const NgramStore *store, int level, NodeId node)
{
    TokenId words[NGRAM_ORDER_MAX];
    store_words(store, level, node, words);
    return level > 0 && words[0] == store_begin_word(store);
}

/* A sentence's first words have n - 1 times <s> before them, of which one is stored. All these histories
 * have the same followers, so the step from the lower order to theirs is taken once for each. */
static void repeat_steps(const Pass *pass)
{
    const NgramNode *nodes = pass->nodes->nodes;
    double *p = pass->estimate->p[pass->level], *backoff = pass->estimate->backoff[pass->level - 1];
    for (uint32_t i = 0; i < pass->nodes->count; i++) {
        NodeId h = nodes[i].prefix;
        if (!begins_sentence(pass->store, pass->level, i)) continue;
        for (int k = pass->level; k < pass->store->order; k++)
            p[i] = kept(pass, &pass->histories[h], count_of(pass, i)) + backoff[h] * p[i];
    }
}

static void repeat_weights(const Pass *pass)
{
    double *backoff = pass->estimate->backoff[pass->level - 1];
    int times = pass->store->order - pass->level + 1;
    for (uint32_t h = 0; h < pass->below->count; h++)
        if (begins_sentence(pass->store, pass->level - 1, h)) backoff[h] = pow(backoff[h], times);
}

static void interpolate_padded(const Pass *pass)
{
    interpolate(pass);
    repeat_steps(pass);
    repeat_weights(pass);
}

static void interpolate_unigrams(const Pass *pass, TokenId unknown)
{
    const Smoothing *smoothing = &pass->estimate->smoothing;
    const History *all = pass->histories;
    uint32_t words = pass->store->words;
    double *p = pass->estimate->p[1], rest = all->total > 0 ? passed_down(pass, all) : 1;
    bool to_unknown =
        smoothing->plain_unigrams && smoothing_adjusts(smoothing->kind) && unknown != TOKEN_NONE;
    for (uint32_t word = 0; word < words; word++) {
        if (count_of(pass, word) > 0) p[word] = kept(pass, all, count_of(pass, word));
        if (!to_unknown) p[word] += rest / words;
    }
    if (to_unknown) p[unknown] += rest;
}

/* Relative frequencies, and a mark on histories that have followers. */
static void divide(const Pass *pass, double mark)
{
    const NgramNode *nodes = pass->nodes->nodes;
    double *p = pass->estimate->p[pass->level], *backoff = pass->estimate->backoff[pass->level - 1];
    for (uint32_t i = 0; i < pass->nodes->count; i++)
        if (count_of(pass, i) > 0)
            p[i] = (double)count_of(pass, i) / (double)pass->histories[nodes[i].prefix].total;
    for (uint32_t h = 0; backoff && h < pass->below->count; h++)
        if (pass->histories[h].total > 0) backoff[h] = mark;
}

static void back_off_simply(const Pass *pass)
{
    divide(pass, BACKOFF_FACTOR);
    if (pass->level > 1) repeat_weights(pass);
}

/* Only the longest histories count, those of full length or from the start of the sentence; what is below
 * holds 1/V, which is what their unseen words get a share of. */
static void add_constant(const Pass *pass)
{
    const NgramNode *nodes = pass->nodes->nodes;
    double *p = pass->estimate->p[pass->level], *backoff = pass->estimate->backoff[pass->level - 1];
    double k = pass->estimate->smoothing.k, outcomes = (double)pass->store->words;
    TokenId words[NGRAM_ORDER_MAX];
    for (uint32_t i = 0; i < pass->nodes->count; i++) {
        const History *f = &pass->histories[nodes[i].prefix];
        double total = (double)f->total + k * outcomes;
        store_words(pass->store, pass->level, i, words);
        bool whole = pass->level == pass->store->order || words[0] == store_begin_word(pass->store);
        if (pass->level == 1 && words[0] == store_begin_word(pass->store)) continue;
        p[i] = whole ? (count_of(pass, i) + k) / total : 1 / outcomes;
        if (whole && backoff) backoff[nodes[i].prefix] = k * outcomes / total;
    }
}

/* Discount, then let alpha spread what is left over the words not seen after the history, in the lower
 * order's proportions. Where no other word is possible the seen ones share it. */
static void back_off(const Pass *pass)
{
    enum { SEEN, LOWER };
    const NgramNode *nodes = pass->nodes->nodes;
    double *p = pass->estimate->p[pass->level], *backoff = pass->estimate->backoff[pass->level - 1];
    const double *lower = pass->estimate->p[pass->level - 1], *d = pass->estimate->discounts[pass->level].d;
    double(*sums)[2] = must_alloc(pass->below->count, sizeof *sums);
    divide(pass, 0);
    for (uint32_t i = 0; i < pass->nodes->count; i++) {
        if (count_of(pass, i) <= KATZ_MAX) p[i] *= d[count_of(pass, i)];
        sums[nodes[i].prefix][SEEN] += p[i];
        sums[nodes[i].prefix][LOWER] += lower[nodes[i].suffix];
    }
    for (uint32_t h = 0; h < pass->below->count; h++) {
        double left = 1 - sums[h][SEEN], room = 1 - sums[h][LOWER];
        if (pass->histories[h].total == 0) continue;
        backoff[h] = room > 1e-12 && left > 1e-15 ? left / room : 0;
        if (room > 1e-12) sums[h][SEEN] = 1;
    }
    for (uint32_t i = 0; i < pass->nodes->count; i++) p[i] /= sums[nodes[i].prefix][SEEN];
    free(sums);
}

static void estimate_level(const Pass *pass, TokenId unknown)
{
    bool unigrams = pass->level == 1;
    switch (pass->estimate->smoothing.kind) {
    case SMOOTH_ADD: add_constant(pass); break;
    case SMOOTH_MLE:
    case SMOOTH_INTERP: divide(pass, 0); break;
    case SMOOTH_BACKOFF: back_off_simply(pass); break;
    case SMOOTH_WB: unigrams ? interpolate_unigrams(pass, unknown) : interpolate_padded(pass); break;
    case SMOOTH_KATZ: unigrams ? divide(pass, 0) : back_off(pass); break;
    default: unigrams ? interpolate_unigrams(pass, unknown) : interpolate(pass);
    }
}

void estimate_fill(Estimate *estimate, const NgramStore *store, int level, TokenId unknown,
                   const uint32_t *rank)
{
    const Smoothing *smoothing = &estimate->smoothing;
    Discount *discount = &estimate->discounts[level];
    Pass pass = {store, estimate, level, &store->levels[level - 1], &store->levels[level], NULL, NULL};
    if (smoothing_adjusts(smoothing->kind) && level < store->order)
        pass.neighbours = count_neighbours(store, level);
    count_counts(&pass, discount);
    if (smoothing->kenlm && level < store->order) count_like_kenlm(&pass, rank, discount);
    discount_estimate(discount, smoothing);
    pass.histories = count_histories(&pass);
    estimate_level(&pass, unknown);
    free(pass.histories);
    free(pass.neighbours);
}

/* --- asking --- */

bool estimate_defined(const Estimate *estimate, const NgramContext *context)
{
    if (estimate->smoothing.kind != SMOOTH_MLE || context->length == 0) return true;
    NodeId history = context->nodes[context->length];
    return history != NODE_NONE && estimate->backoff[context->length][history] <= 0;
}

double estimate_backoff(const Estimate *estimate, const NgramContext *context, int k)
{
    NodeId history = context->nodes[k];
    if (history != NODE_NONE) return estimate->backoff[k][history];
    if (k > context->length || estimate->unseen == 1) return 1;
    return k < context->length ? estimate->unseen : pow(estimate->unseen, estimate->order - k);
}

void estimate_weights(const Estimate *estimate, const NgramContext *context, double *weights)
{
    double passed = 0;
    for (int k = estimate->order; k >= 1; k--) {
        double weight = estimate->smoothing.weights[estimate->order - k] + passed;
        NodeId history = context->nodes[k - 1];
        bool seen = k == 1 || (history != NODE_NONE && estimate->backoff[k - 1][history] <= 0);
        weights[k] = seen ? weight : 0;
        passed = seen ? 0 : weight;
    }
}

static double mix(const Estimate *estimate, const NgramContext *context, const NodeId *found)
{
    double weights[NGRAM_ORDER_MAX + 1], p = 0;
    estimate_weights(estimate, context, weights);
    for (int k = estimate->order; k >= 1; k--)
        if (weights[k] > 0 && found[k - 1] != NODE_NONE) p += weights[k] * estimate->p[k][found[k - 1]];
    return p;
}

double estimate_probability(const Estimate *estimate, const NgramContext *context, const NodeId *found)
{
    if (estimate->smoothing.kind == SMOOTH_INTERP) return mix(estimate, context, found);
    double factor = 1;
    for (int k = estimate->order - 1; k > 0; k--) {
        if (found[k] != NODE_NONE) return factor * estimate->p[k + 1][found[k]];
        factor *= estimate_backoff(estimate, context, k);
    }
    return found[0] == NODE_NONE ? 0 : factor * estimate->p[1][found[0]];
}

void estimate_fetch(const Estimate *estimate, const Glimpse *glimpse)
{
    for (int k = 1; k <= glimpse->length; k++) {
        if (glimpse->likely[k] == NODE_NONE) continue;
        __builtin_prefetch(&estimate->p[k + 1][glimpse->likely[k]]);
        if (k + 1 < estimate->order) __builtin_prefetch(&estimate->backoff[k + 1][glimpse->likely[k]]);
    }
}
