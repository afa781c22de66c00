#include "core/ngram/children.h"

#include <stdlib.h>

#include "core/base/memory.h"

struct Children {
    uint32_t *firsts[NGRAM_ORDER_MAX + 1]; /* sorted[k][firsts[k][h]] .. [firsts[k][h + 1]] follow h */
    NodeId *sorted[NGRAM_ORDER_MAX + 1];   /* the nodes of level k by prefix, then by word */
};

/* Counting sort, one pass of it: where each of `keys` begins in starts[key], ends in starts[key + 1]. */
static void sum_up(uint32_t *starts, size_t keys)
{
    for (size_t key = 1; key <= keys; key++) starts[key] += starts[key - 1];
}

static NodeId *sort_by_word(const Level *level, size_t words)
{
    uint32_t *starts = must_alloc(words + 2, sizeof *starts);
    NodeId *sorted = must_alloc(level->count ? level->count : 1, sizeof *sorted);
    for (uint32_t i = 0; i < level->count; i++) starts[level->nodes[i].word + 1]++;
    sum_up(starts, words + 1);
    for (uint32_t i = 0; i < level->count; i++) sorted[starts[level->nodes[i].word]++] = i;
    free(starts);
    return sorted;
}

/* firsts[] is counted one place further on, so that filling the groups moves each to where it begins. */
static void sort_level(Children *children, const NgramStore *store, int k)
{
    const Level *level = &store->levels[k];
    size_t histories = store->levels[k - 1].count;
    NodeId *by_word = sort_by_word(level, store->words + 1);
    uint32_t *firsts = must_alloc(histories + 2, sizeof *firsts);
    NodeId *sorted = must_alloc(level->count ? level->count : 1, sizeof *sorted);
    for (uint32_t i = 0; i < level->count; i++) firsts[level->nodes[i].prefix + 2]++;
    sum_up(firsts, histories + 1);
    for (uint32_t i = 0; i < level->count; i++)
        sorted[firsts[level->nodes[by_word[i]].prefix + 1]++] = by_word[i];
    free(by_word);
    children->firsts[k] = firsts;
    children->sorted[k] = sorted;
}

Children *children_new(const NgramStore *store)
{
    Children *children = must_alloc(1, sizeof *children);
    for (int k = 1; k <= store->order; k++) sort_level(children, store, k);
    return children;
}

void children_free(Children *children)
{
    if (!children) return;
    for (int k = 0; k <= NGRAM_ORDER_MAX; k++) {
        free(children->firsts[k]);
        free(children->sorted[k]);
    }
    free(children);
}

const NodeId *children_of(const Children *children, int level, NodeId prefix, size_t *count)
{
    *count = 0;
    if (prefix == NODE_NONE) return NULL;
    const uint32_t *firsts = children->firsts[level] + prefix;
    *count = firsts[1] - firsts[0];
    return children->sorted[level] + firsts[0];
}
