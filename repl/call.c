#include "repl/call.h"

#include <string.h>

#include "core/base/i18n.h"
#include "repl/command.h"
#include "repl/nearest.h"

void call_release(Call *call)
{
    job_free(call->job);
    job_free(call->done);
    model_free(call->model);
    model_free(call->made);
    corpus_free(call->corpus);
    corpus_free(call->heldout);
    vocab_free(call->vocabulary);
    call->job = call->done = NULL;
    call->model = call->made = NULL;
    call->corpus = call->heldout = NULL;
    call->vocabulary = NULL;
}

double call_number(const Call *call, OptionId id) { return call->values[id].number; }
size_t call_size(const Call *call, OptionId id) { return (size_t)call->values[id].number; }
const char *call_text(const Call *call, OptionId id) { return call->values[id].text; }
bool call_given(const Call *call, OptionId id) { return call->values[id].given; }

bool call_check_name(const Call *call, Error *error)
{
    const OptionValue *value = &call->values[OPT_NAME];
    if (!value->given ||
        (value->text[0] && strcmp(value->text, "toy") != 0 && !strpbrk(value->text, CALL_NOT_IN_NAMES)))
        return true;
    error_set(error, _("a model cannot be called '%s'"), value->text);
    error_hint(error, _("a name is one word, and toy is taken for good"));
    return error_place(error, value->start, value->length);
}

bool call_is(const Call *call, OptionId id, const char *choice)
{
    return call->values[id].text && strcmp(call->values[id].text, choice) == 0;
}

/* --- words to tokens --- */

typedef struct {
    const Call *call;
    TokensUse use;
    Tokens *tokens;
    const Word *word;  /* being read */
    const char *token; /* inside it */
    size_t length;
    bool last, first; /* whether this is the last, the first token of all */
} Reader;

/* Where the token stands in the line: exactly, where no full-width form was folded. */
static bool fail_at_token(const Reader *r, Error *error)
{
    size_t inside = strlen(r->word->text) + (r->word->quoted ? 2 : 0);
    if (inside != r->word->length) return error_place(error, r->word->start, r->word->length);
    size_t offset = (size_t)(r->token - r->word->text) + r->word->quoted;
    return error_place(error, r->word->start + offset, r->length);
}

/* " ate ball cheese": all words, if they fit into the line of a hint; else NULL. */
static const char *few_words(const Vocab *vocab, Arena *arena)
{
    enum { ROOM = 48, FEW = 16 };
    const char *text = "";
    if (vocab_words(vocab) > FEW) return NULL;
    for (size_t i = 0; i < vocab_words(vocab); i++)
        text = arena_format(arena, "%s %s", text, vocab_text(vocab, (TokenId)i));
    return strlen(text) <= ROOM ? text : NULL;
}

/* The error that a text is no token of the call's model, with the nearest ones. */
static void say_unknown(const Call *call, const char *token, Error *error)
{
    char sentence[160];
    const Vocab *vocab = call->model->vocab;
    const char *words = few_words(vocab, call->arena);
    Nearest nearest;
    nearest_init(&nearest, token);
    for (size_t i = 0; i < vocab_size(vocab); i++) nearest_offer(&nearest, vocab_text(vocab, (TokenId)i));
    nearest_sentence(&nearest, sentence, sizeof sentence);
    const char *gap = *sentence ? "   " : "";
    error_set(error, _("'%.80s' is not in the vocabulary of %s"), token, call->model_name);
    if (option_find(token, call->command->options) != OPTION_COUNT)
        error_hint(error, _("an option is written without blanks: %s=..."), token);
    else if (strcmp(token, " ") == 0)
        error_hint(error, _("it predicts characters: write them without blanks between"));
    else if (words)
        error_hint(error, _("%s%sall words:%s"), sentence, gap, words);
    else if (call->model->tokenizer == TOKENIZER_CHARS)
        error_hint(error, _("%s%svocab lists the %zu characters"), sentence, gap, vocab_words(vocab));
    else
        error_hint(error, _("%s%svocab lists the %zu words"), sentence, gap, vocab_words(vocab));
}

bool call_token(const Call *call, const Word *word, TokenId *id, Error *error)
{
    *id = vocab_find(call->model->vocab, word->text, strlen(word->text));
    if (*id != TOKEN_NONE) return true;
    say_unknown(call, word->text, error);
    return error_place(error, word->start, word->length);
}

bool call_listed(const Call *call, OptionId option, TokenId *ids, Error *error)
{
    const OptionValue *value = &call->values[option];
    for (size_t i = 0; i < value->count; i++) {
        Word word = {.text = value->texts[i], .start = value->start, .length = value->length};
        if (!call_token(call, &word, &ids[i], error)) return false;
    }
    return true;
}

static bool fail_unknown(const Reader *r, Error *error)
{
    say_unknown(r->call, arena_copy(r->call->arena, r->token, r->length), error);
    return fail_at_token(r, error);
}

static bool is_text(const Reader *r, const char *text)
{
    return strlen(text) == r->length && memcmp(text, r->token, r->length) == 0;
}

static bool read_begin(const Reader *r, Error *error)
{
    if (r->use == TOKENS_CONTEXT && r->first) return true; /* every context begins there anyway */
    error_set(error, r->use == TOKENS_CONTEXT ? _("<s> stands only before the first word")
                                              : _("<s> is never predicted, so it has no probability"));
    error_hint(error, _("leave it out: every sequence begins by itself"));
    return fail_at_token(r, error);
}

static bool read_end(const Reader *r, Error *error)
{
    if (!model_ends(r->call->model)) {
        error_set(error, _("%s has no </s>: its sequences have a fixed length"), r->call->model_name);
        return fail_at_token(r, error);
    }
    if (r->use == TOKENS_SEQUENCE && r->last) return r->tokens->ended = true;
    error_set(error, _("nothing follows </s>: it ends a sequence"));
    return fail_at_token(r, error);
}

static bool read_token(Reader *r, Error *error)
{
    const Vocab *vocab = r->call->model->vocab;
    if (is_text(r, TEXT_BEGIN)) return read_begin(r, error);
    if (is_text(r, TEXT_END)) return read_end(r, error);
    TokenId id = vocab_find(vocab, r->token, r->length);
    if (id == TOKEN_NONE && call_is(r->call, OPT_OOV, "unk")) {
        id = vocab_unknown(vocab);
        if (id == TOKEN_NONE) {
            error_set(error, _("oov=unk needs a model with <unk>, and %s has none"), r->call->model_name);
            error_hint(error, _("for example: train ngram unk=on smooth=add"));
            return fail_at_token(r, error);
        }
    }
    if (id == TOKEN_NONE) return fail_unknown(r, error);
    r->tokens->ids[r->tokens->count++] = id;
    return true;
}

/* One word may be several tokens: a string of words, or the characters of a character model. */
static bool read_inside(Reader *r, bool last_word, Error *error)
{
    Tokenizer tokenizer = r->call->model->tokenizer;
    if (vocab_is_special(r->word->text, strlen(r->word->text))) tokenizer = TOKENIZER_WORDS;
    const char *text = r->word->text, *end = text + strlen(text), *next = text, *token;
    size_t length;
    bool more = tokenizer_next(tokenizer, &next, end, &r->token, &r->length);
    while (more) {
        more = tokenizer_next(tokenizer, &next, end, &token, &length);
        r->last = last_word && !more;
        if (!read_token(r, error)) return false;
        r->first = false;
        r->token = token;
        r->length = length;
    }
    return true;
}

static bool read_space(Reader *r, Error *error)
{
    static const Word space = {.text = " "};
    Word kept = *r->word;
    r->word = &space;
    bool ok = read_inside(r, false, error);
    if (!ok) error_place(error, kept.start, kept.length);
    return ok;
}

bool call_tokens(const Call *call, TokensUse use, const Word *words, size_t count, Tokens *tokens,
                 Error *error)
{
    size_t room = 1;
    for (size_t i = 0; i < count; i++) room += strlen(words[i].text) + 1;
    *tokens = (Tokens){.ids = arena_alloc(call->arena, room, sizeof(TokenId))};
    Reader reader = {.call = call, .use = use, .tokens = tokens, .first = true};
    for (size_t i = 0; i < count; i++) {
        reader.word = &words[i];
        bool special = vocab_is_special(words[i].text, strlen(words[i].text));
        bool gap = i > 0 && call->model->tokenizer == TOKENIZER_CHARS && !special;
        if (gap && !read_space(&reader, error)) return false;
        reader.word = &words[i];
        if (!read_inside(&reader, i + 1 == count, error)) return false;
    }
    return true;
}

const char *const *call_texts(const Call *call, const TokenId *ids, size_t count)
{
    const char **texts = arena_alloc(call->arena, count ? count : 1, sizeof *texts);
    for (size_t i = 0; i < count; i++) texts[i] = vocab_text(call->model->vocab, ids[i]);
    return texts;
}

bool call_counts_end(const Call *call, const Tokens *tokens)
{
    return model_ends(call->model) && (tokens->ended || call_is(call, OPT_EOS, "on"));
}

static const char *count_words(const Call *call, size_t count)
{
    bool one = count == 1;
    if (call->model->tokenizer == TOKENIZER_WORDS)
        return one ? _("1 word") : arena_format(call->arena, _("%zu words"), count);
    return one ? _("1 character") : arena_format(call->arena, _("%zu characters"), count);
}

const char *call_convention(const Call *call, size_t tokens, bool end)
{
    return arena_format(call->arena, "%s, %s, %s", call->model_name, count_words(call, tokens - end),
                        end ? _("and </s>") : _("no </s>"));
}
