#include "core/ngram/store.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/memory.h"

/* --- making and copying --- */

NgramStore *store_new(int order, size_t words)
{
    assert(order >= 1 && order <= NGRAM_ORDER_MAX && words < VOCAB_MAX);
    NgramStore *store = must_alloc(1, sizeof *store);
    store->order = order;
    store->words = (uint32_t)words;
    level_init(&store->levels[0], 1, false);
    store->levels[0].count = 1;
    store->levels[0].nodes[0] = (NgramNode){NODE_NONE, NODE_NONE, TOKEN_NONE, 0};
    level_init(&store->levels[1], words + 1, false);
    store->levels[1].count = (uint32_t)words + 1;
    for (uint32_t word = 0; word <= words; word++) store->levels[1].nodes[word].word = (TokenId)word;
    for (int k = 2; k <= order; k++) level_init(&store->levels[k], 16, true);
    return store;
}

NgramStore *store_clone(const NgramStore *store)
{
    NgramStore *copy = must_alloc(1, sizeof *copy);
    *copy = *store;
    copy->borrowed = false;
    for (int k = 0; k <= store->order; k++) level_copy(&copy->levels[k], &store->levels[k]);
    return copy;
}

void store_free(NgramStore *store)
{
    if (!store) return;
    for (int k = 0; k <= store->order && !store->borrowed; k++) level_release(&store->levels[k]);
    free(store);
}

TokenId store_begin_word(const NgramStore *store) { return (TokenId)store->words; }

/* --- asking --- */

NgramContext store_empty(const NgramStore *store)
{
    NgramContext context = {.nodes = {0}};
    for (int k = 1; k < store->order; k++) context.nodes[k] = NODE_NONE;
    return context;
}

NgramContext store_start(const NgramStore *store)
{
    NgramContext context = store_empty(store);
    store_feed(store, &context, store_begin_word(store));
    return context;
}

static NodeId find_unigram(const NgramStore *store, TokenId word)
{
    assert(word == TOKEN_NONE || (uint32_t)word <= store->words);
    return word == TOKEN_NONE ? NODE_NONE : (NodeId)word;
}

void store_find(const NgramStore *store, const NgramContext *context, TokenId word, NodeId *found)
{
    found[0] = find_unigram(store, word);
    for (int k = 1; k < store->order; k++) {
        NodeId prefix = context->nodes[k];
        found[k] =
            prefix == NODE_NONE || word == TOKEN_NONE
                ? NODE_NONE
                : level_find(&store->levels[k + 1], prefix, word, hash_extend(context->hashes[k], word));
    }
}

void store_shift(const NgramStore *store, NgramContext *context, const NodeId *found)
{
    for (int k = store->order - 1; k > 0; k--) context->nodes[k] = found[k - 1];
    if (context->length < store->order - 1) context->length++;
}

void store_advance(const NgramStore *store, NgramContext *context, TokenId word, NodeId *found)
{
    store_find(store, context, word, found);
    store_shift(store, context, found);
    for (int k = store->order - 1; k > 0; k--) context->hashes[k] = hash_extend(context->hashes[k - 1], word);
}

void store_feed(const NgramStore *store, NgramContext *context, TokenId word)
{
    NodeId found[NGRAM_ORDER_MAX] = {0};
    store_advance(store, context, word, found);
}

static void hash_ahead(const NgramStore *store, NgramContext *ahead, TokenId word, Glimpse *glimpse)
{
    int length = ahead->length;
    glimpse->word = word;
    glimpse->length = length;
    for (int k = 0; k <= length; k++) {
        glimpse->hashes[k] = hash_extend(ahead->hashes[k], word);
        glimpse->likely[k] = NODE_NONE;
    }
    if (length < store->order - 1) ahead->length = ++length;
    for (int k = 1; k <= length; k++) ahead->hashes[k] = glimpse->hashes[k - 1];
}

/* An n-gram can be there only if its suffix is, so each order asks for what the one below has found. */
static void look_at(const NgramStore *store, int k, Glimpse *g)
{
    if (k > g->length || (k > 1 && g->likely[k - 1] == NODE_NONE)) return;
    g->likely[k] = level_likely(&store->levels[k + 1], g->hashes[k]);
    if (k < g->length && g->likely[k] != NODE_NONE) level_fetch(&store->levels[k + 2], g->hashes[k + 1]);
}

void store_look(const NgramStore *store, NgramContext *ahead, const TokenId *words, size_t count,
                Glimpse *glimpses)
{
    assert(count <= STORE_AHEAD);
    for (size_t i = 0; i < count; i++) {
        hash_ahead(store, ahead, words[i], &glimpses[i]);
        if (glimpses[i].length > 0) level_fetch(&store->levels[2], glimpses[i].hashes[1]);
    }
    for (int k = 1; k < store->order; k++)
        for (size_t i = 0; i < count; i++) look_at(store, k, &glimpses[i]);
}

/* The likely node if it is the right one, which is nearly always, else the answer of the table. */
static NodeId check_likely(const Level *level, NodeId likely, NodeId prefix, TokenId word, uint64_t hash)
{
    if (likely == NODE_NONE) return NODE_NONE;
    const NgramNode *node = &level->nodes[likely];
    return node->prefix == prefix && node->word == word ? likely : level_find(level, prefix, word, hash);
}

void store_check(const NgramStore *store, const NgramContext *context, const Glimpse *glimpse, NodeId *found)
{
    found[0] = find_unigram(store, glimpse->word);
    for (int k = 1; k < store->order; k++) {
        NodeId prefix = context->nodes[k];
        bool none = prefix == NODE_NONE || k > glimpse->length || glimpse->word == TOKEN_NONE;
        found[k] = none ? NODE_NONE
                        : check_likely(&store->levels[k + 1], glimpse->likely[k], prefix, glimpse->word,
                                       glimpse->hashes[k]);
    }
}

void store_words(const NgramStore *store, int level, NodeId node, TokenId *words)
{
    for (int k = level; k > 0; k--) {
        words[k - 1] = store->levels[k].nodes[node].word;
        node = store->levels[k].nodes[node].prefix;
    }
}

static uint64_t hash_of(const NgramStore *store, int level, NodeId node)
{
    TokenId words[NGRAM_ORDER_MAX];
    uint64_t hash = 0;
    store_words(store, level, node, words);
    for (int i = 0; i < level; i++) hash = hash_extend(hash, words[i]);
    return hash;
}

NodeId store_child(const NgramStore *store, int level, NodeId prefix, TokenId word)
{
    if (prefix == NODE_NONE || word == TOKEN_NONE) return NODE_NONE;
    if (level == 1) return find_unigram(store, word);
    return level_find(&store->levels[level], prefix, word,
                      hash_extend(hash_of(store, level - 1, prefix), word));
}

size_t store_ngrams(const NgramStore *store)
{
    size_t ngrams = 0;
    for (uint32_t word = 0; word < store->words; word++) ngrams += store->levels[1].nodes[word].count > 0;
    for (int k = 2; k <= store->order; k++) ngrams += store->levels[k].count;
    return ngrams;
}

/* --- counting --- */

NodeId store_add(NgramStore *store, int level, NodeId prefix, TokenId word)
{
    assert(!store->borrowed);
    if (level == 1) return find_unigram(store, word);
    NodeId shorter = level == 2 ? 0 : store->levels[level - 1].nodes[prefix].suffix;
    NodeId suffix = store_add(store, level - 1, shorter, word);
    return level_find_or_append(&store->levels[level], prefix, suffix, word,
                                hash_extend(hash_of(store, level - 1, prefix), word));
}

static void count_node(Level *level, NodeId node, int64_t times)
{
    int64_t count = (int64_t)level->nodes[node].count + times;
    assert(count >= 0 && count <= UINT32_MAX);
    level->nodes[node].count = (uint32_t)count;
}

/* A node seen by store_look is there; one that was not may have come since, with the words before. */
static NodeId count_ngram(Level *level, NodeId prefix, NodeId suffix, const Glimpse *glimpse, int k)
{
    NodeId node = glimpse->likely[k];
    bool right =
        node != NODE_NONE && level->nodes[node].prefix == prefix && level->nodes[node].word == glimpse->word;
    return right ? node : level_find_or_append(level, prefix, suffix, glimpse->word, glimpse->hashes[k]);
}

static void count_word(NgramStore *store, NgramCounting *counting, const Glimpse *glimpse)
{
    NodeId found[NGRAM_ORDER_MAX] = {(NodeId)glimpse->word};
    NgramContext *context = &counting->context;
    count_node(&store->levels[1], found[0], counting->times);
    if (glimpse->word == store_begin_word(store)) {
        *context = counting->start;
        return;
    }
    for (int k = 1; k <= context->length; k++) {
        Level *level = &store->levels[k + 1];
        found[k] = count_ngram(level, context->nodes[k], found[k - 1], glimpse, k);
        count_node(level, found[k], counting->times);
    }
    if (context->length < store->order - 1) context->length++;
    for (int k = context->length; k > 0; k--) context->nodes[k] = found[k - 1];
}

/* Like store_look, but every n-gram will be there when it is counted, so all places are fetched at once. */
static void look_everywhere(const NgramStore *store, NgramCounting *counting, const TokenId *words,
                            size_t count, Glimpse *glimpses)
{
    for (size_t i = 0; i < count; i++) {
        if (words[i] == store_begin_word(store)) {
            glimpses[i] = (Glimpse){.word = words[i]};
            counting->ahead = counting->start;
            continue;
        }
        hash_ahead(store, &counting->ahead, words[i], &glimpses[i]);
        for (int k = 1; k <= glimpses[i].length; k++)
            level_fetch(&store->levels[k + 1], glimpses[i].hashes[k]);
    }
    for (size_t i = 0; i < count; i++)
        for (int k = 1; k <= glimpses[i].length; k++)
            glimpses[i].likely[k] = level_likely(&store->levels[k + 1], glimpses[i].hashes[k]);
}

NgramCounting store_counting(const NgramStore *store, int64_t times)
{
    NgramContext start = store_start(store);
    return (NgramCounting){start, start, start, times};
}

void store_count(NgramStore *store, NgramCounting *counting, const TokenId *words, size_t count)
{
    Glimpse glimpses[STORE_AHEAD];
    assert(!store->borrowed);
    for (size_t i = 0; i < count; i += STORE_AHEAD) {
        size_t n = count - i < STORE_AHEAD ? count - i : STORE_AHEAD;
        look_everywhere(store, counting, words + i, n, glimpses);
        for (size_t j = 0; j < n; j++) count_word(store, counting, &glimpses[j]);
    }
}

/* --- renumbering --- */

typedef struct {
    NodeId *to;       /* [old node]: new one, or NODE_NONE */
    uint64_t *hashes; /* [new node] */
} Moved;

static Moved move_words(const NgramStore *store, NgramStore *copy, const TokenId *to)
{
    const Level *from = &store->levels[1];
    Moved moved = {must_alloc(from->count, sizeof(NodeId)), must_alloc(copy->words + 1, sizeof(uint64_t))};
    for (uint32_t word = 0; word < from->count; word++) {
        TokenId fresh = word == store->words ? store_begin_word(copy) : to[word];
        moved.to[word] = fresh == TOKEN_NONE ? NODE_NONE : (NodeId)fresh;
        if (fresh == TOKEN_NONE) continue;
        moved.hashes[fresh] = hash_extend(0, fresh);
        copy->levels[1].nodes[fresh].count = from->nodes[word].count;
    }
    return moved;
}

static Moved move_level(const NgramStore *store, NgramStore *copy, int k, const TokenId *to,
                        const Moved *below)
{
    const Level *from = &store->levels[k];
    Moved moved = {must_alloc(from->count + 1, sizeof(NodeId)),
                   must_alloc(from->count + 1, sizeof(uint64_t))};
    for (uint32_t i = 0; i < from->count; i++) {
        NgramNode node = from->nodes[i];
        moved.to[i] = NODE_NONE;
        if (node.count == 0) continue;
        node.prefix = below->to[node.prefix];
        node.suffix = below->to[node.suffix];
        node.word = to[node.word];
        uint64_t hash = hash_extend(below->hashes[node.prefix], node.word);
        size_t slot = level_seek(&copy->levels[k], node.prefix, node.word, hash);
        moved.to[i] = level_append(&copy->levels[k], node, slot, hash);
        moved.hashes[moved.to[i]] = hash;
    }
    return moved;
}

static void free_moved(Moved *moved)
{
    free(moved->to);
    free(moved->hashes);
}

NgramStore *store_compact(const NgramStore *store, const TokenId *to, size_t words)
{
    NgramStore *copy = store_new(store->order, words);
    Moved below = move_words(store, copy, to);
    for (int k = 2; k <= store->order; k++) {
        Moved moved = move_level(store, copy, k, to, &below);
        free_moved(&below);
        below = moved;
    }
    free_moved(&below);
    return copy;
}
