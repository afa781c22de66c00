#include "core/ngram/store.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/memory.h"

typedef struct {
    NodeId parent;
    TokenId word;
    uint32_t times, total;
} Node;

struct NgramStore {
    int order;
    Node *nodes; /* in order of creation; nodes[0] is the root */
    size_t count, capacity;
    NodeId *slots; /* open addressing by (parent, word); NODE_NONE = empty */
    size_t slot_count;
    NodeId *children; /* all nodes but the root, grouped by parent, each group in order of words */
    size_t *firsts;   /* (count + 1): children[firsts[node]] .. children[firsts[node + 1]] */
};

static size_t hash_of(NodeId parent, TokenId word)
{
    uint64_t key = (uint64_t)parent << 32 | (uint32_t)word;
    key *= 0x9E3779B97F4A7C15u;
    return (size_t)(key ^ key >> 32);
}

/* The slot that holds the child, or the empty one where it would go. */
static size_t find_slot(const NgramStore *store, NodeId parent, TokenId word)
{
    size_t mask = store->slot_count - 1, slot = hash_of(parent, word) & mask;
    for (NodeId node; (node = store->slots[slot]) != NODE_NONE; slot = (slot + 1) & mask)
        if (store->nodes[node].parent == parent && store->nodes[node].word == word) break;
    return slot;
}

static void set_slots(NgramStore *store, size_t slot_count)
{
    free(store->slots);
    store->slot_count = slot_count;
    store->slots = must_grow(NULL, slot_count, sizeof *store->slots);
    memset(store->slots, 0xFF, slot_count * sizeof *store->slots);
    for (size_t node = 1; node < store->count; node++)
        store->slots[find_slot(store, store->nodes[node].parent, store->nodes[node].word)] = (NodeId)node;
}

NgramStore *store_new(int order)
{
    assert(order >= 1 && order <= NGRAM_ORDER_MAX);
    NgramStore *store = must_alloc(1, sizeof *store);
    store->order = order;
    store->nodes = must_extend(NULL, 0, &store->capacity, sizeof *store->nodes);
    store->nodes[store->count++] = (Node){.parent = NODE_NONE, .word = WORD_BEGIN};
    set_slots(store, 1024);
    return store;
}

NgramStore *store_clone(const NgramStore *store)
{
    NgramStore *copy = must_alloc(1, sizeof *copy);
    copy->order = store->order;
    copy->count = copy->capacity = store->count;
    copy->nodes = must_grow(NULL, store->count, sizeof *copy->nodes);
    memcpy(copy->nodes, store->nodes, store->count * sizeof *copy->nodes);
    set_slots(copy, store->slot_count);
    store_finish(copy);
    return copy;
}

void store_free(NgramStore *store)
{
    if (!store) return;
    free(store->nodes);
    free(store->slots);
    free(store->children);
    free(store->firsts);
    free(store);
}

int store_order(const NgramStore *store) { return store->order; }

NodeId store_child(const NgramStore *store, NodeId parent, TokenId word)
{
    return parent == NODE_NONE || word == WORD_UNKNOWN ? NODE_NONE
                                                       : store->slots[find_slot(store, parent, word)];
}

static NodeId child_or_new(NgramStore *store, NodeId parent, TokenId word)
{
    size_t slot = find_slot(store, parent, word);
    if (store->slots[slot] != NODE_NONE) return store->slots[slot];
    assert(store->count < NODE_NONE);
    store->nodes = must_extend(store->nodes, store->count, &store->capacity, sizeof *store->nodes);
    store->nodes[store->count] = (Node){.parent = parent, .word = word};
    NodeId node = store->slots[slot] = (NodeId)store->count++;
    if (store->count * 2 > store->slot_count) set_slots(store, store->slot_count * 2);
    return node;
}

void store_begin(NgramStore *store, NgramContext *context)
{
    context->contexts[0] = NODE_ROOT;
    for (int k = 1; k < store->order; k++)
        context->contexts[k] = child_or_new(store, context->contexts[k - 1], WORD_BEGIN);
}

/* Longest context first, so that contexts[k] still is the old one when contexts[k + 1] is made from it. */
void store_count(NgramStore *store, NgramContext *context, TokenId word)
{
    for (int k = store->order - 1; k >= 0; k--) {
        NodeId parent = context->contexts[k], node = child_or_new(store, parent, word);
        store->nodes[node].times++;
        store->nodes[parent].total++;
        if (k + 1 < store->order) context->contexts[k + 1] = node;
    }
}

/* Words from -2 (WORD_BEGIN) on, as places from 0 on. */
static size_t place_of(TokenId word) { return (size_t)word + 2; }

/* How many nodes have a word before this place: starts[place], up to starts[*places]. */
static size_t *count_words(const NgramStore *store, size_t *places)
{
    *places = 1;
    for (size_t i = 1; i < store->count; i++)
        if (place_of(store->nodes[i].word) >= *places) *places = place_of(store->nodes[i].word) + 1;
    size_t *starts = must_alloc(*places + 1, sizeof *starts);
    for (size_t i = 1; i < store->count; i++) starts[place_of(store->nodes[i].word) + 1]++;
    for (size_t place = 1; place <= *places; place++) starts[place] += starts[place - 1];
    return starts;
}

/* All nodes but the root in order of their words. */
static NodeId *sort_by_word(const NgramStore *store)
{
    size_t places, *starts = count_words(store, &places);
    NodeId *sorted = must_alloc(store->count, sizeof *sorted);
    for (size_t i = 1; i < store->count; i++) sorted[starts[place_of(store->nodes[i].word)]++] = (NodeId)i;
    free(starts);
    return sorted;
}

/* Two counting sorts: by word, then, keeping that order, by parent. firsts[] is counted one place further on,
 * so that filling the groups moves each entry to where its group begins. */
void store_finish(NgramStore *store)
{
    NodeId *by_word = sort_by_word(store);
    free(store->firsts);
    free(store->children);
    store->firsts = must_alloc(store->count + 2, sizeof *store->firsts);
    store->children = must_alloc(store->count, sizeof *store->children);
    for (size_t i = 1; i < store->count; i++) store->firsts[(size_t)store->nodes[i].parent + 2]++;
    for (size_t i = 1; i <= store->count + 1; i++) store->firsts[i] += store->firsts[i - 1];
    for (size_t i = 0; i + 1 < store->count; i++)
        store->children[store->firsts[(size_t)store->nodes[by_word[i]].parent + 1]++] = by_word[i];
    free(by_word);
}

NgramContext store_start(const NgramStore *store)
{
    NgramContext context = {.contexts = {NODE_ROOT}};
    for (int k = 1; k < store->order; k++)
        context.contexts[k] = store_child(store, context.contexts[k - 1], WORD_BEGIN);
    return context;
}

void store_feed(const NgramStore *store, NgramContext *context, TokenId word)
{
    for (int k = store->order - 1; k > 0; k--)
        context->contexts[k] = store_child(store, context->contexts[k - 1], word);
}

uint64_t store_times(const NgramStore *store, NodeId node)
{
    return node == NODE_NONE ? 0 : store->nodes[node].times;
}
uint64_t store_total(const NgramStore *store, NodeId node)
{
    return node == NODE_NONE ? 0 : store->nodes[node].total;
}

const NodeId *store_children(const NgramStore *store, NodeId node, size_t *count)
{
    *count = node == NODE_NONE ? 0 : store->firsts[(size_t)node + 1] - store->firsts[node];
    return *count ? store->children + store->firsts[node] : NULL;
}

TokenId store_word(const NgramStore *store, NodeId node) { return store->nodes[node].word; }

size_t store_ngrams(const NgramStore *store)
{
    size_t ngrams = 0;
    for (size_t i = 1; i < store->count; i++) ngrams += store->nodes[i].times > 0;
    return ngrams;
}
