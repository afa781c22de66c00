#include "core/neural/stored_vocab.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/utf8.h"

static const char vocab_key[] = "vocab", tokenizer_key[] = "lmsh.tokenizer", print_key[] = "lmsh.fingerprint";

/* FNV-1a (Fowler, Noll & Vo 1991) over the tokens in order, a NUL behind each: a list that was edited, or
 * taken from another model of the same size, is noticed. */
static uint64_t fingerprint(const Vocab *vocab)
{
    uint64_t hash = 0xCBF29CE484222325;
    for (size_t i = 0; i < vocab_size(vocab); i++) {
        const char *text = vocab_text(vocab, (TokenId)i);
        size_t length = strlen(text) + 1;
        for (size_t at = 0; at < length; at++) hash = (hash ^ (unsigned char)text[at]) * 0x100000001B3;
    }
    return hash;
}

void store_vocab(SafetensorsWriter *writer, const Vocab *vocab, Tokenizer tokenizer)
{
    json_t *list = json_array();
    for (size_t i = 0; i < vocab_size(vocab); i++)
        json_array_append_new(list, json_string(vocab_text(vocab, (TokenId)i)));
    char *text = json_dumps(list, JSON_COMPACT);
    assert(text && json_array_size(list) == vocab_size(vocab)); /* tokens are well-formed UTF-8 */
    safetensors_put_metadata(writer, vocab_key, text);
    safetensors_put_metadata(writer, tokenizer_key, tokenizer_name(tokenizer));
    store_whole(writer, print_key, fingerprint(vocab));
    free(text);
    json_decref(list);
}

static bool add_token(const Stored *stored, Vocab *vocab, const json_t *item)
{
    const char *text = json_string_value(item);
    size_t index = vocab_size(vocab), length = text ? strlen(text) : 0;
    if (length == 0) return stored_fail(stored, _("token %zu of its vocabulary is no text"), index);
    if (index == VOCAB_MAX) return stored_fail(stored, _("its vocabulary is too large"));
    if (strcmp(text, TEXT_BEGIN) == 0)
        return stored_fail(stored, _("<s> stands in its vocabulary, which no model predicts"));
    return (size_t)vocab_add(vocab, text, length) == index ||
           stored_fail(stored, _("token %zu of its vocabulary stands there twice"), index);
}

static bool add_tokens(const Stored *stored, Vocab *vocab, const json_t *list)
{
    for (size_t i = 0; i < json_array_size(list); i++)
        if (!add_token(stored, vocab, json_array_get(list, i))) return false;
    return vocab_size(vocab) > 0 || stored_fail(stored, _("its vocabulary is no list of tokens"));
}

static bool check_fingerprint(const Stored *stored, const Vocab *vocab)
{
    uint64_t print;
    if (!safetensors_metadata(stored->file, print_key)) return true;
    if (!stored_whole(stored, print_key, 0, UINT64_MAX, &print)) return false;
    return print == fingerprint(vocab) ||
           stored_fail(stored, _("its vocabulary is not the one it was saved with"));
}

static bool is_character(const char *text)
{
    size_t length = strlen(text);
    return utf8_step(text, length) == length || vocab_is_special(text, length);
}

static bool find_tokenizer(const Stored *stored, const Vocab *vocab, Tokenizer *tokenizer)
{
    const char *name = safetensors_metadata(stored->file, tokenizer_key);
    if (name)
        return tokenizer_find(name, tokenizer) ||
               stored_fail(stored, _("its tokenizer, %.40s, is none we know"), name);
    *tokenizer = TOKENIZER_CHARS;
    for (size_t i = 0; i < vocab_size(vocab); i++)
        if (!is_character(vocab_text(vocab, (TokenId)i))) *tokenizer = TOKENIZER_WORDS;
    return true;
}

static bool fail_missing(const Stored *stored)
{
    stored_fail(stored, _("its metadata has no vocabulary"));
    return error_hint(stored->error,
                      _("put one in: \"vocab\" with a JSON list of the tokens, as save_file(tensors, path, "
                        "{\"vocab\": json.dumps(tokens)}) does in Python"));
}

Vocab *stored_vocab(const Stored *stored, Tokenizer *tokenizer)
{
    const char *text = safetensors_metadata(stored->file, vocab_key);
    if (!text) return fail_missing(stored), NULL;
    json_t *list = json_loads(text, 0, NULL);
    Vocab *vocab = vocab_new();
    bool ok = add_tokens(stored, vocab, list) && check_fingerprint(stored, vocab) &&
              find_tokenizer(stored, vocab, tokenizer);
    json_decref(list);
    if (ok) return vocab;
    vocab_free(vocab);
    return NULL;
}
