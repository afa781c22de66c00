#include "core/ngram/pruning.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "core/base/memory.h"

typedef struct {
    const NgramStore *store;
    const Estimate *estimate;
    int order;
    bool interpolated;               /* p holds a share of the lower order, which is estimated anew */
    NodeId *to[NGRAM_ORDER_MAX + 1]; /* [level][node]: its number in the smaller store; NODE_NONE: it goes */
} Cut;

static uint32_t count_of(const Cut *cut, int level) { return cut->store->levels[level].count; }
static const NgramNode *node_of(const Cut *cut, int level, NodeId node)
{
    return &cut->store->levels[level].nodes[node];
}

/* p(w|h') of the n-gram h w: a node, since every suffix is one. */
static double lower_of(const Cut *cut, int level, NodeId node)
{
    return cut->estimate->p[level - 1][node_of(cut, level, node)->suffix];
}

/* What the n-gram's own level gives it: all of p, or p less what the lower order added. */
static double own_of(const Cut *cut, int level, NodeId node)
{
    double p = cut->estimate->p[level][node];
    if (!cut->interpolated) return p;
    NodeId history = node_of(cut, level, node)->prefix;
    return p - cut->estimate->backoff[level - 1][history] * lower_of(cut, level, node);
}

/* --- which go --- */

static void mark_by_count(Cut *cut, const uint64_t *thresholds)
{
    for (int level = 2; level <= cut->order; level++)
        for (NodeId node = 0; node < count_of(cut, level); node++)
            if (node_of(cut, level, node)->count <= thresholds[level]) cut->to[level][node] = NODE_NONE;
}

/* p(h) of the histories of one word. */
static double *unigram_probabilities(const Cut *cut, TokenId end)
{
    const double *p = cut->estimate->p[1];
    double *joint = must_alloc(count_of(cut, 1), sizeof *joint);
    for (NodeId node = 0; node < count_of(cut, 1); node++) joint[node] = p[node];
    joint[store_begin_word(cut->store)] = end == TOKEN_NONE ? 1 : p[end];
    return joint;
}

/* p(h) of the histories one word longer than those of `shorter`, which it frees. */
static double *lengthen(const Cut *cut, int level, double *shorter)
{
    double *joint = must_alloc(count_of(cut, level), sizeof *joint);
    for (NodeId node = 0; node < count_of(cut, level); node++)
        joint[node] = shorter[node_of(cut, level, node)->prefix] * cut->estimate->p[level][node];
    free(shorter);
    return joint;
}

/* What the lower order gives the words that no n-gram of this level has after the history: [history]. */
static double *unseen_masses(const Cut *cut, int level)
{
    double *unseen = must_alloc(count_of(cut, level - 1), sizeof *unseen);
    for (NodeId history = 0; history < count_of(cut, level - 1); history++) unseen[history] = 1;
    for (NodeId node = 0; node < count_of(cut, level); node++)
        unseen[node_of(cut, level, node)->prefix] -= lower_of(cut, level, node);
    return unseen;
}

static double loss(double mass, double before, double after)
{
    return mass > 0 ? mass * log(before / after) : 0;
}

/* By how much the perplexity rises without h w, given p(h) and the unseen mass of h: w gets the back-off
 * weight times p(w|h'), and that weight changes for all words not seen after h. Never below 0. */
static double rise_without(const Cut *cut, int level, NodeId node, double joint, double unseen)
{
    double p = cut->estimate->p[level][node], lower = lower_of(cut, level, node),
           backoff = cut->estimate->backoff[level - 1][node_of(cut, level, node)->prefix];
    if (lower <= 0) return INFINITY;
    unseen = fmax(0, unseen);
    double rest = backoff * unseen, without = (rest + p) / (unseen + lower);
    return fmax(0, expm1(joint * (loss(p, p, without * lower) + loss(rest, backoff, without))));
}

static void mark_by_entropy(Cut *cut, double threshold, TokenId end)
{
    double *joint = unigram_probabilities(cut, end);
    for (int level = 2; level <= cut->order; level++) {
        double *unseen = unseen_masses(cut, level);
        for (NodeId node = 0; node < count_of(cut, level); node++) {
            NodeId history = node_of(cut, level, node)->prefix;
            if (rise_without(cut, level, node, joint[history], unseen[history]) < threshold)
                cut->to[level][node] = NODE_NONE;
        }
        free(unseen);
        joint = lengthen(cut, level, joint);
    }
    free(joint);
}

/* A node that stays needs its prefix and its suffix. */
static void spare_the_needed(Cut *cut)
{
    for (int level = cut->order; level > 2; level--)
        for (NodeId node = 0; node < count_of(cut, level); node++) {
            if (cut->to[level][node] == NODE_NONE) continue;
            const NgramNode *longer = node_of(cut, level, node);
            cut->to[level - 1][longer->prefix] = longer->prefix;
            cut->to[level - 1][longer->suffix] = longer->suffix;
        }
}

/* --- the smaller store --- */

static void cut_init(Cut *cut, const Model *model, const Pruning *pruning)
{
    SmoothingKind kind = ngram_smoothing(model)->kind;
    assert(kind != SMOOTH_MLE && kind != SMOOTH_INTERP && kind != SMOOTH_BACKOFF);
    *cut = (Cut){.store = ngram_store(model), .estimate = ngram_estimate(model)};
    cut->order = cut->store->order;
    cut->interpolated = !pruning->entropy && kind != SMOOTH_KATZ && kind != SMOOTH_GIVEN;
    for (int level = 0; level <= cut->order; level++) {
        cut->to[level] = must_alloc(count_of(cut, level), sizeof *cut->to[level]);
        for (NodeId node = 0; node < count_of(cut, level); node++) cut->to[level][node] = node;
    }
}

static void cut_release(Cut *cut)
{
    for (int level = 0; level <= cut->order; level++) free(cut->to[level]);
}

/* Levels in order and nodes in order, so that whatever a node needs is there before it. */
static NgramStore *copy_store(Cut *cut, size_t *removed)
{
    NgramStore *small = store_new(cut->order, cut->store->words);
    *removed = 0;
    for (int level = 0; level <= cut->order; level++)
        for (NodeId node = 0; node < count_of(cut, level); node++) {
            const NgramNode *old = node_of(cut, level, node);
            NodeId *to = &cut->to[level][node];
            *removed += *to == NODE_NONE;
            if (*to == NODE_NONE) continue;
            if (level > 1) *to = store_add(small, level, cut->to[level - 1][old->prefix], old->word);
            small->levels[level].nodes[*to].count = old->count;
        }
    return small;
}

/* --- its probabilities --- */

typedef struct {
    double own;   /* what its n-grams that stay have of their own */
    double lower; /* what the lower order gives the words of these, unless it is a part of their p */
    double lost;  /* what the lower order gives the words of those that go */
    bool loses;   /* whether any goes */
} History;

static History *sum_histories(const Cut *cut, int level)
{
    History *histories = must_alloc(count_of(cut, level - 1), sizeof *histories);
    for (NodeId node = 0; node < count_of(cut, level); node++) {
        History *history = &histories[node_of(cut, level, node)->prefix];
        double lower = lower_of(cut, level, node);
        if (cut->to[level][node] == NODE_NONE) {
            history->loses = true;
            history->lost += lower;
        } else {
            history->own += own_of(cut, level, node);
            history->lower += cut->interpolated ? 0 : lower;
        }
    }
    return histories;
}

/* The weight with which the history sums to 1. The numbers of a file, which may sum to anything, must not
 * make a probability above 1 or below 0. */
static double backoff_of(const History *history, double before)
{
    if (!history->loses) return before;
    double rest = fmax(0, 1 - history->own), room = fmax(1 - history->lower, history->lost);
    return room > 0 ? rest / room : before;
}

static void estimate_level(const Cut *cut, int level, Estimate *small)
{
    History *histories = sum_histories(cut, level);
    const double *before = cut->estimate->backoff[level - 1];
    double *backoff = small->backoff[level - 1];
    const NodeId *shorter = cut->to[level - 1], *to = cut->to[level];
    for (NodeId history = 0; history < count_of(cut, level - 1); history++)
        if (shorter[history] != NODE_NONE)
            backoff[shorter[history]] = backoff_of(&histories[history], before[history]);
    for (NodeId node = 0; node < count_of(cut, level); node++) {
        if (to[node] == NODE_NONE) continue;
        const NgramNode *old = node_of(cut, level, node);
        small->p[level][to[node]] = own_of(cut, level, node);
        if (cut->interpolated)
            small->p[level][to[node]] +=
                backoff[shorter[old->prefix]] * small->p[level - 1][shorter[old->suffix]];
    }
    free(histories);
}

static Estimate *estimate_small(const Cut *cut, const NgramStore *store)
{
    Estimate *small = estimate_blank(store, &(Smoothing){.kind = SMOOTH_GIVEN});
    for (NodeId node = 0; node < count_of(cut, 1); node++) small->p[1][node] = cut->estimate->p[1][node];
    for (int level = 2; level <= cut->order; level++) estimate_level(cut, level, small);
    return small;
}

Model *pruning_apply(const Model *model, const Pruning *pruning, size_t *removed)
{
    Cut cut;
    cut_init(&cut, model, pruning);
    if (pruning->entropy)
        mark_by_entropy(&cut, pruning->threshold, vocab_end(model->vocab));
    else
        mark_by_count(&cut, pruning->thresholds);
    spare_the_needed(&cut);
    NgramStore *store = copy_store(&cut, removed);
    Estimate *estimate = estimate_small(&cut, store);
    cut_release(&cut);
    return ngram_new(vocab_share(model->vocab), model->tokenizer, store, estimate, NULL);
}
