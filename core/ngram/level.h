/* level.h - the n-grams of one length: nodes in order of creation, and the table that finds them by a hash of
 * their words. */
#ifndef CORE_NGRAM_LEVEL_H
#define CORE_NGRAM_LEVEL_H

#include <stddef.h>
#include <stdint.h>

#include "core/text/vocab.h"

typedef uint32_t NodeId;
#define NODE_NONE UINT32_MAX

typedef struct {
    NodeId prefix, suffix;
    TokenId word; /* the last one */
    uint32_t count;
} NgramNode;

typedef struct {
    NgramNode *nodes;
    uint32_t count, capacity;
    uint64_t *slots; /* open addressing: high 32 bits of the hash, node + 1; 0 = empty. NULL in level 1 */
    int bits;        /* 2^bits slots */
} Level;

void level_init(Level *level, size_t capacity, bool table); /* no nodes yet; `capacity` of them zeroed */
void level_release(Level *level);
void level_copy(Level *copy, const Level *level);

/* --- hashes: of no words 0, of some words and one more hash_extend --- */

static inline uint64_t hash_extend(uint64_t hash, TokenId word)
{
    hash = (hash ^ (uint64_t)(uint32_t)word) * 0x9E3779B97F4A7C15u;
    return hash ^ hash >> 31;
}

/* The top bits choose the slot, so that a growing table needs no more of a hash than the 32 bits kept. */
static inline uint32_t hash_tag(uint64_t hash) { return (uint32_t)(hash >> 32); }
static inline size_t level_slot(const Level *level, uint32_t tag) { return tag >> (32 - level->bits); }

/* --- finding: `hash` is that of the words of (prefix, word) --- */

/* Where it is, or the empty slot where it would go. */
static inline size_t level_seek(const Level *level, NodeId prefix, TokenId word, uint64_t hash)
{
    size_t mask = ((size_t)1 << level->bits) - 1, at = level_slot(level, hash_tag(hash));
    for (uint64_t slot; (slot = level->slots[at]) != 0; at = (at + 1) & mask) {
        if (slot >> 32 != hash_tag(hash)) continue;
        const NgramNode *node = &level->nodes[(uint32_t)slot - 1];
        if (node->prefix == prefix && node->word == word) break;
    }
    return at;
}

static inline NodeId level_find(const Level *level, NodeId prefix, TokenId word, uint64_t hash)
{
    return (NodeId)level->slots[level_seek(level, prefix, word, hash)] - 1; /* 0 - 1 is NODE_NONE */
}

/* Add a node at the slot where it would go. */
NodeId level_append(Level *level, NgramNode node, size_t slot, uint64_t hash);
NodeId level_find_or_append(Level *level, NodeId prefix, NodeId suffix, TokenId word, uint64_t hash);

/* --- finding ahead of time: first the slot on its way into the cache, later the node --- */

static inline void level_fetch(const Level *level, uint64_t hash)
{
    __builtin_prefetch(&level->slots[level_slot(level, hash_tag(hash))]);
}

/* The first node under this hash, still to be checked; NODE_NONE: there is none. */
static inline NodeId level_likely(const Level *level, uint64_t hash)
{
    uint32_t tag = hash_tag(hash);
    size_t mask = ((size_t)1 << level->bits) - 1, at = level_slot(level, tag);
    uint64_t slot = level->slots[at];
    while (slot != 0 && slot >> 32 != tag) slot = level->slots[at = (at + 1) & mask];
    if (slot != 0) __builtin_prefetch(&level->nodes[(uint32_t)slot - 1]);
    return (NodeId)slot - 1;
}

#endif
