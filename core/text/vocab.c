#include "core/text/vocab.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/arena.h"
#include "core/base/memory.h"

typedef struct {
    uint64_t hash;
    const char *text;
    uint32_t length; /* in bytes */
} Token;

struct Vocab {
    unsigned references;
    Arena texts;
    Token *tokens; /* tokens[id] */
    size_t count, capacity;
    uint32_t *slots; /* open addressing, at most half full: id + 1, or 0 for an empty slot */
    unsigned bits;   /* 1 << bits slots, found by the highest bits of a hash */
    TokenId unknown, end;
};

/* The first 8 bytes of a token, zeros behind its end.  A load and a mask where the text goes on that far:
 * the lengths of words cannot be foreseen, and a processor that guesses at them loses time. */
static uint64_t head_of(const char *token, size_t length, const char *end)
{
    static const unsigned char kept[16] = {255, 255, 255, 255, 255, 255, 255, 255};
    uint64_t head = 0, mask;
    if (end - token < 8) return memcpy(&head, token, length), head;
    memcpy(&head, token, 8);
    memcpy(&mask, kept + 8 - (length < 8 ? length : 8), 8);
    return head & mask;
}

/* Fibonacci hashing (Knuth, The Art of Computer Programming 3, 6.4), 8 bytes at a time.  Each step takes
 * different numbers to different ones: tokens of one length up to 8 never share a hash. */
static uint64_t hash_of(const char *token, size_t length, const char *end)
{
    const uint64_t golden = 0x9E3779B97F4A7C15u;
    uint64_t hash = length;
    for (; length > 8; token += 8, length -= 8) {
        hash = (hash ^ head_of(token, 8, end)) * golden;
        hash ^= hash >> 32; /* the next product carries nothing from high bits to low ones */
    }
    return (hash ^ head_of(token, length, end)) * golden;
}

static size_t slot_count(const Vocab *vocab) { return (size_t)1 << vocab->bits; }

Vocab *vocab_new(void)
{
    Vocab *vocab = must_alloc(1, sizeof *vocab);
    *vocab = (Vocab){.references = 1, .bits = 6, .unknown = TOKEN_NONE, .end = TOKEN_NONE};
    vocab->slots = must_alloc(slot_count(vocab), sizeof *vocab->slots);
    return vocab;
}

Vocab *vocab_share(Vocab *vocab)
{
    vocab->references++;
    return vocab;
}

Vocab *vocab_clone(const Vocab *vocab)
{
    Vocab *copy = must_alloc(1, sizeof *copy);
    *copy = *vocab;
    copy->references = 1;
    copy->texts = (Arena){0};
    copy->slots = must_grow(NULL, slot_count(vocab), sizeof *copy->slots);
    memcpy(copy->slots, vocab->slots, slot_count(vocab) * sizeof *copy->slots);
    copy->tokens = must_grow(NULL, vocab->capacity, sizeof *copy->tokens);
    for (size_t id = 0; id < vocab->count; id++) {
        copy->tokens[id] = vocab->tokens[id];
        copy->tokens[id].text = arena_copy(&copy->texts, vocab->tokens[id].text, vocab->tokens[id].length);
    }
    return copy;
}

void vocab_free(Vocab *vocab)
{
    if (!vocab || --vocab->references > 0) return;
    arena_release(&vocab->texts);
    free(vocab->tokens);
    free(vocab->slots);
    free(vocab);
}

static bool is_token(const Token *known, const char *token, size_t length, uint64_t hash)
{
    return known->hash == hash && known->length == length &&
           (length <= 8 || memcmp(known->text, token, length) == 0);
}

/* The slot that holds the token, or the empty one where it would go. */
static uint32_t *find_slot(const Vocab *vocab, const char *token, size_t length, uint64_t hash)
{
    size_t mask = slot_count(vocab) - 1, at = hash >> (64 - vocab->bits);
    for (uint32_t number; (number = vocab->slots[at]) != 0; at = (at + 1) & mask)
        if (is_token(&vocab->tokens[number - 1], token, length, hash)) break;
    return &vocab->slots[at];
}

static void double_slots(Vocab *vocab)
{
    free(vocab->slots);
    vocab->bits++;
    vocab->slots = must_alloc(slot_count(vocab), sizeof *vocab->slots);
    for (size_t id = 0; id < vocab->count; id++) {
        size_t mask = slot_count(vocab) - 1, at = vocab->tokens[id].hash >> (64 - vocab->bits);
        while (vocab->slots[at] != 0) at = (at + 1) & mask;
        vocab->slots[at] = (uint32_t)id + 1;
    }
}

/* The token, not known so far, in the empty slot that find_slot gave. */
static TokenId append(Vocab *vocab, uint32_t *slot, const char *token, size_t length, uint64_t hash)
{
    assert(vocab->count < VOCAB_MAX);
    TokenId id = (TokenId)vocab->count++;
    vocab->tokens = must_extend(vocab->tokens, (size_t)id, &vocab->capacity, sizeof *vocab->tokens);
    const char *text = arena_copy(&vocab->texts, token, length);
    vocab->tokens[id] = (Token){.hash = hash, .text = text, .length = (uint32_t)length};
    *slot = (uint32_t)id + 1;
    if (strcmp(text, TEXT_UNKNOWN) == 0) vocab->unknown = id;
    if (strcmp(text, TEXT_END) == 0) vocab->end = id;
    if (vocab->count * 2 > slot_count(vocab)) double_slots(vocab);
    return id;
}

TokenId vocab_add_from(Vocab *vocab, const char *token, size_t length, const char *end)
{
    uint64_t hash = hash_of(token, length, end);
    uint32_t *slot = find_slot(vocab, token, length, hash);
    return *slot ? (TokenId)*slot - 1 : append(vocab, slot, token, length, hash);
}

TokenId vocab_add(Vocab *vocab, const char *token, size_t length)
{
    return vocab_add_from(vocab, token, length, token + length);
}

TokenId vocab_find(const Vocab *vocab, const char *token, size_t length)
{
    return (TokenId)*find_slot(vocab, token, length, hash_of(token, length, token + length)) - 1;
}

size_t vocab_size(const Vocab *vocab) { return vocab->count; }

const char *vocab_text(const Vocab *vocab, TokenId id)
{
    if (id == TOKEN_NONE) return TEXT_BEGIN;
    assert(id >= 0 && (size_t)id < vocab->count);
    return vocab->tokens[id].text;
}

TokenId vocab_unknown(const Vocab *vocab) { return vocab->unknown; }
TokenId vocab_end(const Vocab *vocab) { return vocab->end; }

size_t vocab_words(const Vocab *vocab)
{
    return vocab->count - (vocab->unknown != TOKEN_NONE) - (vocab->end != TOKEN_NONE);
}

bool vocab_is_special(const char *token, size_t length)
{
    if (length == 0 || token[0] != '<') return false;
    static const char *const specials[] = {TEXT_BEGIN, TEXT_END, TEXT_UNKNOWN};
    for (size_t i = 0; i < COUNT_OF(specials); i++)
        if (strlen(specials[i]) == length && memcmp(specials[i], token, length) == 0) return true;
    return false;
}

TokenId *vocab_map(const Vocab *from, const Vocab *to)
{
    TokenId *map = must_alloc(vocab_size(from) + 1, sizeof *map);
    for (size_t id = 0; id < vocab_size(from); id++) {
        const char *text = vocab_text(from, (TokenId)id);
        map[id] = vocab_find(to, text, strlen(text));
    }
    return map;
}
