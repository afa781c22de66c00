#include "core/text/sentence_set.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/memory.h"

typedef struct {
    size_t sentence; /* of the corpus: where it first stands */
    size_t times;
} Entry;

struct SentenceSet {
    const Corpus *corpus;
    Entry *entries;
    size_t count, capacity;
    size_t *slots; /* (slot_count, a power of 2): 1 + the entry's index, 0 where there is none */
    size_t slot_count;
};

/* FNV-1a over the ids. */
static uint64_t hash_of(const TokenId *ids, size_t count)
{
    uint64_t hash = 14695981039346656037U;
    for (size_t i = 0; i < count; i++) hash = (hash ^ (uint32_t)ids[i]) * 1099511628211U;
    return hash ^ hash >> 32;
}

/* The slot of the sentence, or the empty one where it would be. */
static size_t *slot_of(const SentenceSet *set, const TokenId *ids, size_t count)
{
    size_t slot = (size_t)hash_of(ids, count) & (set->slot_count - 1), length;
    for (;; slot = (slot + 1) & (set->slot_count - 1)) {
        if (set->slots[slot] == 0) return &set->slots[slot];
        const TokenId *known = sentence_set_ids(set, set->slots[slot] - 1, &length);
        if (length == count && (count == 0 || memcmp(known, ids, count * sizeof *ids) == 0))
            return &set->slots[slot];
    }
}

static void add(SentenceSet *set, size_t sentence)
{
    size_t count;
    const TokenId *ids = corpus_sentence(set->corpus, sentence, &count);
    size_t *slot = slot_of(set, ids, count);
    if (*slot == 0) {
        set->entries = must_extend(set->entries, set->count, &set->capacity, sizeof *set->entries);
        set->entries[set->count] = (Entry){.sentence = sentence};
        *slot = ++set->count;
    }
    assert(set->entries);
    set->entries[*slot - 1].times++;
}

SentenceSet *sentence_set_new(const Corpus *corpus)
{
    SentenceSet *set = must_alloc(1, sizeof *set);
    *set = (SentenceSet){.corpus = corpus, .slot_count = 16};
    while (set->slot_count < 2 * corpus_sentences(corpus)) set->slot_count *= 2;
    set->slots = must_alloc(set->slot_count, sizeof *set->slots);
    for (size_t i = 0; i < corpus_sentences(corpus); i++) add(set, i);
    return set;
}

void sentence_set_free(SentenceSet *set)
{
    if (!set) return;
    free(set->entries);
    free(set->slots);
    free(set);
}

size_t sentence_set_size(const SentenceSet *set) { return set->count; }

const TokenId *sentence_set_ids(const SentenceSet *set, size_t index, size_t *count)
{
    return corpus_sentence(set->corpus, set->entries[index].sentence, count);
}

size_t sentence_set_times(const SentenceSet *set, size_t index) { return set->entries[index].times; }

size_t sentence_set_find(const SentenceSet *set, const TokenId *ids, size_t count)
{
    size_t slot = *slot_of(set, ids, count);
    return slot ? set->entries[slot - 1].times : 0;
}

size_t sentence_set_once(const SentenceSet *set)
{
    size_t once = 0;
    for (size_t i = 0; i < set->count; i++) once += set->entries[i].times == 1;
    return once;
}
