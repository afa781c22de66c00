#include "core/text/tokenizer.h"

#include <endian.h>
#include <string.h>

#include "core/base/error.h"
#include "core/base/memory.h"
#include "core/base/utf8.h"

static const char *const names[] = {[TOKENIZER_WORDS] = "words", [TOKENIZER_CHARS] = "chars"};

const char *tokenizer_name(Tokenizer tokenizer) { return names[tokenizer]; }

bool tokenizer_find(const char *name, Tokenizer *tokenizer)
{
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (strcmp(names[i], name) == 0) return *tokenizer = (Tokenizer)i, true;
    return false;
}

static bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\0'; }

/* The end of the word at `at`, looked for in 8 bytes at a time: the lowest bit set in `low` is that of the
 * first byte below '!', which is nearly always a space. */
static const char *word_end(const char *at, const char *end)
{
    const uint64_t ones = 0x0101010101010101u;
    while (end - at >= 8) {
        uint64_t bytes;
        memcpy(&bytes, at, 8);
        bytes = le64toh(bytes);
        uint64_t low = (bytes - '!' * ones) & ~bytes & 0x80 * ones;
        if (low == 0) {
            at += 8;
        } else {
            at += __builtin_ctzll(low) / 8;
            if (is_space(*at)) return at;
            at++;
        }
    }
    while (at < end && !is_space(*at)) at++;
    return at;
}

static const char *next_word(const char **text, const char *end)
{
    const char *at = *text;
    while (at < end && is_space(*at)) at++;
    *text = word_end(at, end);
    return at;
}

static const char *next_character(const char **text, const char *end)
{
    const char *at = *text;
    *text += utf8_step(at, (size_t)(end - at));
    return at;
}

bool tokenizer_next(Tokenizer tokenizer, const char **text, const char *end, const char **token,
                    size_t *length)
{
    *token = tokenizer == TOKENIZER_WORDS ? next_word(text, end) : next_character(text, end);
    *length = (size_t)(*text - *token);
    return *length > 0;
}

const char *tokenizer_joint(Tokenizer tokenizer) { return tokenizer == TOKENIZER_WORDS ? " " : ""; }

char *tokenizer_join(Tokenizer tokenizer, const Vocab *vocab, const TokenId *ids, size_t count)
{
    const char *joint = tokenizer_joint(tokenizer);
    size_t size = 1;
    for (size_t i = 0; i < count; i++) size += strlen(vocab_text(vocab, ids[i])) + strlen(joint);
    char *text = must_alloc(size, 1), *at = text;
    for (size_t i = 0; i < count; i++) {
        if (ids[i] == TOKEN_NONE || ids[i] == vocab_end(vocab)) continue;
        if (at > text) at = stpcpy(at, joint);
        at = stpcpy(at, vocab_text(vocab, ids[i]));
    }
    return text;
}
