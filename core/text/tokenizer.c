#include "core/text/tokenizer.h"

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

bool tokenizer_next(Tokenizer tokenizer, const char **text, const char *end, const char **token,
                    size_t *length)
{
    const char *at = *text;
    if (tokenizer == TOKENIZER_WORDS)
        while (at < end && is_space(*at)) at++;
    *token = at;
    if (tokenizer == TOKENIZER_WORDS)
        while (at < end && !is_space(*at)) at++;
    else if (at < end)
        at += utf8_step(at, (size_t)(end - at));
    *length = (size_t)(at - *token);
    *text = at;
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
