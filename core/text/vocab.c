#include "core/text/vocab.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/arena.h"
#include "core/base/memory.h"

struct Vocab {
    unsigned references;
    Arena texts;
    const char **tokens; /* tokens[id] */
    uint32_t *lengths;   /* lengths[id] in bytes */
    size_t count, capacity;
    uint32_t *slots; /* open addressing: id + 1, or 0 for an empty slot */
    size_t slot_count;
    TokenId unknown, end;
};

static uint64_t hash_of(const char *token, size_t length)
{
    uint64_t hash = 0xCBF29CE484222325u; /* FNV-1a, then a mix so that the low bits depend on all */
    for (size_t i = 0; i < length; i++) hash = (hash ^ (unsigned char)token[i]) * 0x100000001B3u;
    return hash ^ hash >> 29;
}

Vocab *vocab_new(void)
{
    Vocab *vocab = must_alloc(1, sizeof *vocab);
    vocab->references = 1;
    vocab->slot_count = 64;
    vocab->slots = must_alloc(vocab->slot_count, sizeof *vocab->slots);
    vocab->unknown = vocab->end = TOKEN_NONE;
    return vocab;
}

Vocab *vocab_share(Vocab *vocab)
{
    vocab->references++;
    return vocab;
}

Vocab *vocab_clone(const Vocab *vocab)
{
    Vocab *copy = vocab_new();
    for (size_t id = 0; id < vocab->count; id++) vocab_add(copy, vocab->tokens[id], vocab->lengths[id]);
    return copy;
}

void vocab_free(Vocab *vocab)
{
    if (!vocab || --vocab->references > 0) return;
    arena_release(&vocab->texts);
    free(vocab->tokens);
    free(vocab->lengths);
    free(vocab->slots);
    free(vocab);
}

/* The slot that holds the token, or the empty one where it would go. */
static size_t find_slot(const Vocab *vocab, const char *token, size_t length)
{
    size_t mask = vocab->slot_count - 1, slot = hash_of(token, length) & mask;
    for (uint32_t id; (id = vocab->slots[slot]) != 0; slot = (slot + 1) & mask)
        if (vocab->lengths[id - 1] == length && memcmp(vocab->tokens[id - 1], token, length) == 0) break;
    return slot;
}

static void double_slots(Vocab *vocab)
{
    free(vocab->slots);
    vocab->slot_count *= 2;
    vocab->slots = must_alloc(vocab->slot_count, sizeof *vocab->slots);
    for (size_t id = 0; id < vocab->count; id++)
        vocab->slots[find_slot(vocab, vocab->tokens[id], vocab->lengths[id])] = (uint32_t)id + 1;
}

static void append(Vocab *vocab, const char *token, size_t length)
{
    size_t capacity = vocab->capacity;
    vocab->tokens = must_extend(vocab->tokens, vocab->count, &vocab->capacity, sizeof *vocab->tokens);
    if (capacity != vocab->capacity)
        vocab->lengths = must_grow(vocab->lengths, vocab->capacity, sizeof *vocab->lengths);
    vocab->tokens[vocab->count] = arena_copy(&vocab->texts, token, length);
    vocab->lengths[vocab->count++] = (uint32_t)length;
}

TokenId vocab_add(Vocab *vocab, const char *token, size_t length)
{
    size_t slot = find_slot(vocab, token, length);
    if (vocab->slots[slot] != 0) return (TokenId)(vocab->slots[slot] - 1);
    assert(vocab->count < VOCAB_MAX);
    append(vocab, token, length);
    vocab->slots[slot] = (uint32_t)vocab->count;
    TokenId id = (TokenId)vocab->count - 1;
    if (strcmp(vocab->tokens[id], TEXT_UNKNOWN) == 0) vocab->unknown = id;
    if (strcmp(vocab->tokens[id], TEXT_END) == 0) vocab->end = id;
    if (vocab->count * 2 > vocab->slot_count) double_slots(vocab);
    return id;
}

TokenId vocab_find(const Vocab *vocab, const char *token, size_t length)
{
    return (TokenId)vocab->slots[find_slot(vocab, token, length)] - 1;
}

size_t vocab_size(const Vocab *vocab) { return vocab->count; }

const char *vocab_text(const Vocab *vocab, TokenId id)
{
    if (id == TOKEN_NONE) return TEXT_BEGIN;
    assert(id >= 0 && (size_t)id < vocab->count);
    return vocab->tokens[id];
}

TokenId vocab_unknown(const Vocab *vocab) { return vocab->unknown; }
TokenId vocab_end(const Vocab *vocab) { return vocab->end; }

size_t vocab_words(const Vocab *vocab)
{
    return vocab->count - (vocab->unknown != TOKEN_NONE) - (vocab->end != TOKEN_NONE);
}

bool vocab_is_special(const char *token, size_t length)
{
    static const char *const specials[] = {TEXT_BEGIN, TEXT_END, TEXT_UNKNOWN};
    for (size_t i = 0; i < COUNT_OF(specials); i++)
        if (strlen(specials[i]) == length && memcmp(specials[i], token, length) == 0) return true;
    return false;
}
