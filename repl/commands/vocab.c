/* vocab.c - the outcomes of a model, in their order; and how it cuts text into tokens. */
#include <math.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/ngram/ngram.h"
#include "repl/commands/commands.h"

/* How often each word was counted; NULL where nothing was. */
static const NgramNode *counted(const Model *model)
{
    const NgramStore *store = ngram_store(model);
    return store && ngram_smoothing(model)->kind != SMOOTH_GIVEN ? store->levels[1].nodes : NULL;
}

static bool run_vocab(Session *session, Call *call, Result *result, Error *error)
{
    const Vocab *vocab = call->model->vocab;
    const NgramNode *words = counted(call->model);
    (void)session;
    (void)error;
    result_field(result, "model", NULL, UNIT_NONE, value_text(call->model_name));
    result_field(result, "outcomes", _("V = %s outcomes"), UNIT_NONE, value_count(vocab_size(vocab)));
    result_table(result, "rows");
    int id = result_column(result, "id", "id", UNIT_NONE, false);
    int token = result_column(result, "token", _("token"), UNIT_TOKEN, false);
    int count = result_column(result, "count", words ? _("count") : NULL, UNIT_NONE, true);
    for (size_t i = 0; i < vocab_size(vocab); i++) {
        Value *cells = result_row(result);
        cells[id] = value_count(i);
        cells[token] = value_text(vocab_text(vocab, (TokenId)i));
        if (words) cells[count] = value_count(words[i].count);
    }
    result_fold(result);
    return true;
}

const Command vocab_command = {
    .name = "vocab",
    .family = N_("learn"),
    .usage = "",
    .summary = N_("List the outcomes of a model in vocabulary order"),
    .example = "vocab @bigram",
    .words = WORDS_NONE,
    .models = true,
    .run = run_vocab,
};

typedef struct {
    const char **tokens;
    double *ids;
    size_t count, unknown;
} Cut;

static Cut cut(const Call *call)
{
    size_t room = 0, length;
    for (size_t i = 0; i < call->word_count; i++) room += strlen(call->words[i].text);
    Cut cut = {.tokens = arena_alloc(call->arena, room + 1, sizeof *cut.tokens),
               .ids = arena_alloc(call->arena, room + 1, sizeof *cut.ids)};
    for (size_t i = 0; i < call->word_count; i++) {
        const char *text = call->words[i].text, *end = text + strlen(text), *start;
        while (tokenizer_next(call->model->tokenizer, &text, end, &start, &length)) {
            TokenId id = vocab_find(call->model->vocab, start, length);
            cut.tokens[cut.count] = arena_copy(call->arena, start, length);
            cut.ids[cut.count++] = id == TOKEN_NONE ? NAN : (double)id;
            cut.unknown += id == TOKEN_NONE;
        }
    }
    return cut;
}

/* People read the tokens below each other; machines get two lists. */
static void add_rows(const Cut *cut, Result *result)
{
    result_table(result, NULL);
    int token = result_column(result, NULL, _("token"), UNIT_TOKEN, false);
    int id = result_column(result, NULL, "id", UNIT_NONE, false);
    for (size_t i = 0; i < cut->count; i++) {
        Value *cells = result_row(result);
        cells[token] = value_text(cut->tokens[i]);
        cells[id] = isnan(cut->ids[i]) ? value_text(_("unknown")) : value_count((uint64_t)cut->ids[i]);
    }
}

static bool run_tokens(Session *session, Call *call, Result *result, Error *error)
{
    (void)session;
    (void)error;
    Cut text = cut(call);
    result_field(result, "model", NULL, UNIT_NONE, value_text(call->model_name));
    result_field(result, "tokenizer", NULL, UNIT_NONE, value_text(tokenizer_name(call->model->tokenizer)));
    result_field(result, "tokens", NULL, UNIT_TOKEN, value_list(text.tokens, text.count));
    result_field(result, "ids", NULL, UNIT_NONE, value_numbers(text.ids, text.count));
    result_field(result, "count", _("tokens %s"), UNIT_NONE, value_count(text.count));
    result_field(result, "unknown", _("unknown %s"), UNIT_NONE, value_count(text.unknown));
    add_rows(&text, result);
    return true;
}

const Command tokens_command = {
    .name = "tokens",
    .family = N_("learn"),
    .usage = "\"TEXT\" ...",
    .summary = N_("Cut text into the tokens of a model and give their numbers"),
    .example = "tokens \"the mouse ate\"",
    .words = WORDS_TOKENS,
    .least = 1,
    .most = SIZE_MAX,
    .models = true,
    .run = run_tokens,
};
