#include "core/ngram/insertion.h"

#include <assert.h>
#include <string.h>

/* One n-gram on its way in. Lists of n-grams often have neighbours with a common prefix, or one that begins
 * like the other ends: then the prefix need not be looked for. */
typedef struct {
    uint64_t hashes[NGRAM_ORDER_MAX + 1];           /* [k] of the first k words; [0] of all but the first */
    enum { SEEK, SAME_PREFIX, LAST_SUFFIX } prefix; /* where its prefix is, seen from the n-gram before */
} Arrival;

static uint64_t hash_words(const TokenId *words, int count)
{
    uint64_t hash = 0;
    for (int i = 0; i < count; i++) hash = hash_extend(hash, words[i]);
    return hash;
}

static void announce(const NgramStore *store, int level, const TokenId *words, bool first, Arrival *arrival)
{
    size_t bytes = (size_t)(level - 1) * sizeof *words;
    const TokenId *before = words - level;
    arrival->prefix = first                                   ? SEEK
                      : memcmp(words, before, bytes) == 0     ? SAME_PREFIX
                      : memcmp(words, before + 1, bytes) == 0 ? LAST_SUFFIX
                                                              : SEEK;
    uint64_t hash = 0;
    for (int k = 1; k <= level; k++) {
        arrival->hashes[k] = hash = hash_extend(hash, words[k - 1]);
        if (k >= 2 && (k == level || arrival->prefix == SEEK)) level_fetch(&store->levels[k], hash);
    }
    arrival->hashes[0] = hash_words(words + 1, level - 1);
    if (level > 2) level_fetch(&store->levels[level - 1], arrival->hashes[0]);
}

static void fetch_nodes(const NgramStore *store, int level, const Arrival *arrival)
{
    for (int k = 2; k < level && arrival->prefix == SEEK; k++)
        level_likely(&store->levels[k], arrival->hashes[k]);
    if (level > 2) level_likely(&store->levels[level - 1], arrival->hashes[0]);
}

static NodeId insert(NgramStore *store, int level, const TokenId *words);

static NodeId find_prefix(NgramStore *store, int level, const TokenId *words, const Arrival *arrival,
                          NodeId last)
{
    if (arrival->prefix == SAME_PREFIX) return store->levels[level].nodes[last].prefix;
    if (arrival->prefix == LAST_SUFFIX) return store->levels[level].nodes[last].suffix;
    NodeId prefix = (NodeId)words[0];
    for (int k = 2; k < level && prefix != NODE_NONE; k++)
        prefix = level_find(&store->levels[k], prefix, words[k - 1], arrival->hashes[k]);
    return prefix == NODE_NONE ? insert(store, level - 1, words) : prefix;
}

/* `last` is the node of the n-gram before. */
static NodeId arrive(NgramStore *store, int level, const TokenId *words, const Arrival *arrival, NodeId last)
{
    TokenId word = words[level - 1];
    NodeId prefix = find_prefix(store, level, words, arrival, last), suffix = (NodeId)word;
    const Level *below = &store->levels[level - 1];
    if (level > 2) suffix = level_find(below, below->nodes[prefix].suffix, word, arrival->hashes[0]);
    if (suffix == NODE_NONE) suffix = insert(store, level - 1, words + 1);
    return level_find_or_append(&store->levels[level], prefix, suffix, word, arrival->hashes[level]);
}

static NodeId insert(NgramStore *store, int level, const TokenId *words)
{
    Arrival arrival;
    if (level == 1) return (NodeId)words[0];
    announce(store, level, words, true, &arrival);
    return arrive(store, level, words, &arrival, NODE_NONE);
}

void store_insert(NgramStore *store, int level, const TokenId *words, size_t count, NodeId *nodes)
{
    Arrival arrivals[STORE_AHEAD];
    size_t size = (size_t)level;
    assert(!store->borrowed && level >= 2 && level <= store->order);
    for (size_t i = 0; i < count; i += STORE_AHEAD) {
        size_t some = count - i < STORE_AHEAD ? count - i : STORE_AHEAD;
        for (size_t j = 0; j < some; j++)
            announce(store, level, words + (i + j) * size, i + j == 0, &arrivals[j]);
        for (size_t j = 0; j < some; j++) fetch_nodes(store, level, &arrivals[j]);
        for (size_t j = 0; j < some; j++)
            nodes[i + j] = arrive(store, level, words + (i + j) * size, &arrivals[j],
                                  i + j ? nodes[i + j - 1] : NODE_NONE);
    }
}
