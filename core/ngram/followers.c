#include "core/ngram/followers.h"

#include <stdlib.h>

#include "core/base/memory.h"

typedef struct {
    const NgramStore *store;
    const Estimate *estimate;
    const NgramContext *context;
    const NodeId *found;
    Followers *after;
} Sum;

typedef struct {
    NodeId *nodes;
    size_t count, capacity;
} NodeList;

/* Nothing stands left of <s>. */
static bool is_adjusted(const Sum *sum, int level)
{
    NodeId history = sum->context->nodes[level - 1];
    TokenId words[NGRAM_ORDER_MAX] = {TOKEN_NONE};
    if (!smoothing_adjusts(sum->estimate->smoothing.kind) || level == sum->store->order ||
        history == NODE_NONE)
        return false;
    store_words(sum->store, level - 1, history, words);
    return words[0] != store_begin_word(sum->store);
}

/* The nodes of `level` that continue its history. Nodes of the level below whose left neighbours are asked
 * for have 1 in neighbours[]: these are added to it. NULL: none are. */
static NodeList read_level(const Sum *sum, int level, uint32_t *neighbours)
{
    const NgramNode *nodes = sum->store->levels[level].nodes;
    uint32_t count =
        level == 1 ? sum->store->words : sum->store->levels[level].count; /* <s> follows nothing */
    NodeId history = sum->context->nodes[level - 1];
    NodeList list = {NULL, 0, 0};
    if (history == NODE_NONE && !neighbours) return list;
    for (NodeId node = 0; node < count; node++) {
        if (neighbours && neighbours[nodes[node].suffix]) neighbours[nodes[node].suffix]++;
        if (nodes[node].prefix != history) continue;
        list.nodes = must_extend(list.nodes, list.count, &list.capacity, sizeof *list.nodes);
        list.nodes[list.count++] = node;
    }
    return list;
}

/* An array for read_level of the level above, or NULL if this one's counts are not adjusted. */
static uint32_t *mark_nodes(const Sum *sum, int level, const NodeList *list)
{
    if (!sum->after[level].adjusted) return NULL;
    uint32_t *neighbours = must_alloc(sum->store->levels[level].count, sizeof *neighbours);
    for (size_t i = 0; i < list->count; i++) neighbours[list->nodes[i]] = 1;
    return neighbours;
}

static void add_follower(const Sum *sum, int level, NodeId node, uint32_t count)
{
    const Estimate *estimate = sum->estimate;
    Followers *f = &sum->after[level];
    if (count == 0) return;
    if (node == sum->found[level - 1]) f->count = count;
    f->total += count;
    f->types[0]++;
    f->types[count < 3 ? count : 3]++;
    f->p += estimate->p[level][node];
    f->kept += count * (count <= KATZ_MAX ? estimate->discounts[level].d[count] : 1);
    if (level > 1) f->lower += estimate->p[level - 1][sum->store->levels[level].nodes[node].suffix];
}

static void add_followers(const Sum *sum, int level, const NodeList *list, const uint32_t *neighbours)
{
    const NgramNode *nodes = sum->store->levels[level].nodes;
    for (size_t i = 0; i < list->count; i++) {
        NodeId node = list->nodes[i];
        bool plain = !neighbours || neighbours[node] == 1;
        add_follower(sum, level, node, plain ? nodes[node].count : neighbours[node] - 1);
    }
    if (sum->after[level].total > 0) sum->after[level].kept /= sum->after[level].total;
}

void followers_sum(const NgramStore *store, const Estimate *estimate, const NgramContext *context,
                   const NodeId *found, Followers *after)
{
    Sum sum = {store, estimate, context, found, after};
    NodeList list = {NULL, 0, 0};
    uint32_t *neighbours = NULL;
    for (int level = 1; level <= store->order; level++) {
        NodeList shorter = list;
        after[level] = (Followers){.adjusted = is_adjusted(&sum, level)};
        list = read_level(&sum, level, neighbours);
        if (neighbours) add_followers(&sum, level - 1, &shorter, neighbours);
        free(shorter.nodes);
        free(neighbours);
        neighbours = mark_nodes(&sum, level, &list);
        if (!neighbours) add_followers(&sum, level, &list, NULL);
    }
    free(list.nodes);
}
