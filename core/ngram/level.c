#include "core/ngram/level.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/memory.h"

enum { BITS_MIN = 6 };

void level_init(Level *level, size_t capacity, bool table)
{
    *level = (Level){.capacity = (uint32_t)capacity, .bits = table ? BITS_MIN : 0};
    level->nodes = must_alloc(capacity, sizeof *level->nodes);
    if (table) level->slots = must_alloc((size_t)1 << BITS_MIN, sizeof *level->slots);
}

void level_release(Level *level)
{
    free(level->nodes);
    free(level->slots);
}

static void *copy_array(const void *array, size_t count, size_t size)
{
    void *copy = must_alloc_table(count + 1, size);
    if (count) memcpy(copy, array, count * size);
    return copy;
}

void level_copy(Level *copy, const Level *level)
{
    *copy = *level;
    copy->capacity = level->count + 1;
    copy->nodes = copy_array(level->nodes, level->count, sizeof *level->nodes);
    if (level->slots) copy->slots = copy_array(level->slots, (size_t)1 << level->bits, sizeof *level->slots);
}

static void double_slots(Level *level)
{
    uint64_t *old = level->slots;
    size_t count = (size_t)1 << level->bits, mask = 2 * count - 1;
    level->slots = must_alloc_table(2 * count, sizeof *level->slots);
    level->bits++;
    for (size_t i = 0; i < count; i++) {
        if (old[i] == 0) continue;
        size_t at = level_slot(level, (uint32_t)(old[i] >> 32));
        while (level->slots[at] != 0) at = (at + 1) & mask;
        level->slots[at] = old[i];
    }
    free(old);
}

/* At most three quarters full, so that looking in vain stays short. */
NodeId level_append(Level *level, NgramNode node, size_t slot, uint64_t hash)
{
    assert(level->count < (uint32_t)3 << 30); /* the table has 2^32 slots then */
    if (level->count == level->capacity) {
        level->capacity = level->capacity < UINT32_MAX / 2 ? level->capacity * 2 : UINT32_MAX;
        level->nodes = must_grow_table(level->nodes, level->count, level->capacity, sizeof *level->nodes);
    }
    level->nodes[level->count++] = node;
    level->slots[slot] = (uint64_t)hash_tag(hash) << 32 | level->count;
    if (level->count > ((size_t)3 << level->bits) / 4) double_slots(level);
    return level->count - 1;
}

NodeId level_find_or_append(Level *level, NodeId prefix, NodeId suffix, TokenId word, uint64_t hash)
{
    size_t slot = level_seek(level, prefix, word, hash);
    if (level->slots[slot] != 0) return (NodeId)level->slots[slot] - 1;
    return level_append(level, (NgramNode){prefix, suffix, word, 0}, slot, hash);
}
