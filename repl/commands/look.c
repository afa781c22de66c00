#include "repl/commands/look.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/model/mix.h"
#include "core/ngram/ngram.h"

/* --- which models --- */

/* "counts n-grams", "is an rnn", ...: and where to look instead. */
static bool fail_kind(const Call *call, const char *wanted, Error *error)
{
    static const char *const instead[NETWORK_KINDS] = {
        [NETWORK_SOFTMAX] = N_("try weights or step: all it has is one row of logits a word"),
        [NETWORK_MLP] = N_("try embed, weights or trace"),
        [NETWORK_RNN] = N_("try state, embed or trace"),
        [NETWORK_GRU] = N_("try state, embed or trace"),
        [NETWORK_LSTM] = N_("try state, embed or trace"),
        [NETWORK_TRANSFORMER] = N_("try attn, lens, embed or trace"),
    };
    const char *name = call->model_name, *verb = call->command->name;
    const Network *network = neural_network(call->model);
    if (network) {
        error_set(error, _("%s looks into %s, which %s is not"), verb, wanted, name);
        return error_hint(error, "%s", _(instead[network->architecture.kind]));
    }
    if (ngram_smoothing(call->model)) {
        error_set(error, _("%s looks into %s; %s counts n-grams"), verb, wanted, name);
        return error_hint(error, _("try counts, or train a network: %s"), call->command->example);
    }
    if (mix_base(call->model)) {
        error_set(error, _("%s looks into %s; %s is a mix"), verb, wanted, name);
        return error_hint(error, _("ask the model under it: %s @NAME"), verb);
    }
    error_set(error, _("%s looks into %s; %s is a table"), verb, wanted, name);
    return error_hint(error, _("try next, or train a network: %s"), call->command->example);
}

const Network *look_network(const Call *call, unsigned kinds, const char *wanted, Error *error)
{
    const Network *network = neural_network(call->model);
    if (network && (kinds & LOOK(network->architecture.kind))) return network;
    fail_kind(call, wanted, error);
    return NULL;
}

/* --- one pass --- */

bool look_pass(const Call *call, const Network *network, Look *look, Error *error)
{
    *look = (Look){.call = call, .network = network};
    if (!call_tokens(call, TOKENS_CONTEXT, call->words, call->word_count, &look->words, error)) return false;
    look->tape = neural_pass(call->model, look->words.ids, look->words.count, TOKEN_NONE, &look->steps);
    return true;
}

void look_release(Look *look) { tape_free(look->tape); }

const Tensor *look_tensor(const Look *look, const char *name, ...)
{
    char text[64];
    va_list arguments;
    va_start(arguments, name);
    vsnprintf(text, sizeof text, name, arguments);
    va_end(arguments);
    const Tensor *tensor = tape_find(look->tape, text);
    assert(tensor);
    return tensor;
}

/* --- positions --- */

size_t look_word_number(const Look *look, size_t position)
{
    size_t from_behind = look->steps - 1 - position;
    return from_behind < look->words.count ? look->words.count - from_behind : 0;
}

const char *look_word(const Look *look, size_t position)
{
    size_t number = look_word_number(look, position);
    return vocab_text(look->call->model->vocab, number ? look->words.ids[number - 1] : TOKEN_NONE);
}

const char *const *look_words(const Look *look)
{
    const char **words = arena_alloc(look->call->arena, look->steps, sizeof *words);
    for (size_t i = 0; i < look->steps; i++) words[i] = look_word(look, i);
    return words;
}

const char *const *look_names(const Look *look, bool numbered)
{
    Arena *arena = look->call->arena;
    const char **names = arena_alloc(arena, look->steps, sizeof *names);
    for (size_t i = 0; i < look->steps; i++) {
        const char *word = look_token(look_word(look, i));
        names[i] = numbered ? arena_format(arena, "%zu %s", look_word_number(look, i), word) : word;
    }
    return names;
}

const char *look_token(const char *token)
{
    static const char *const blanks[][2] = {{" ", "' '"}, {"\n", "\\n"}, {"\t", "\\t"}, {"\r", "\\r"}};
    for (size_t i = 0; i < COUNT_OF(blanks); i++)
        if (strcmp(token, blanks[i][0]) == 0) return blanks[i][1];
    return token;
}

void look_note(const Look *look, Result *result)
{
    size_t first = look_word_number(look, 0);
    if (first > 1)
        result_note(result, _("%s looks back %zu tokens: it begins at word %zu."), look->call->model_name,
                    look->steps, first);
}

bool look_position(const Look *look, OptionId id, size_t *position, Error *error)
{
    const OptionValue *value = &look->call->values[id];
    *position = look->steps - 1;
    if (!value->given) return true;
    size_t wanted = call_size(look->call, id), first = look_word_number(look, 0);
    for (*position = 0; *position < look->steps; ++*position)
        if (look_word_number(look, *position) == wanted) return true;
    error_set(error, _("%s=%zu: %s read the words %zu to %zu"), option_table[id].key, wanted,
              look->call->model_name, first ? first : 1, look->words.count);
    error_hint(error, "%s= : %s", option_table[id].key, _(option_table[id].summary));
    return error_place(error, value->start, value->length);
}

bool look_index(const Call *call, OptionId id, size_t most, const char *what, size_t *index, Error *error)
{
    const OptionValue *value = &call->values[id];
    if (value->given) *index = call_size(call, id) - 1;
    if (*index < most) return true;
    error_set(error, _("%s=%zu: %s has %zu %s"), option_table[id].key, *index + 1, call->model_name, most,
              what);
    error_hint(error, "%s= : %s", option_table[id].key, _(option_table[id].summary));
    return error_place(error, value->start, value->length);
}

void look_grid(const Grid *grid, Result *result)
{
    Grid *copy = arena_alloc(result->arena, 1, sizeof *copy);
    Grids *grids = arena_alloc(result->arena, 1, sizeof *grids);
    *copy = *grid;
    *grids = (Grids){.grids = copy, .count = 1, .across = 1};
    result->grids = grids;
}

bool look_drawn(const Call *call, const Result *result, const char *hint, Error *error)
{
    const OptionValue *as = &call->values[OPT_AS];
    const char *path = call->statement->path.text, *ending = path ? strrchr(path, '.') : NULL;
    bool wanted = as->length > 0 ? call_is(call, OPT_AS, "svg") : ending && strcmp(ending, ".svg") == 0;
    if (!wanted || result->plot || result->grids || result->scatter) return true;
    error_set(error, _("this answer of %s is no picture"), call->command->name);
    error_hint(error, "%s", hint);
    return as->length ? error_place(error, as->start, as->length)
                      : error_place(error, call->statement->path.start, call->statement->path.length);
}

double look_largest(const double *values, size_t count)
{
    double largest = 0;
    for (size_t i = 0; i < count; i++)
        if (fabs(values[i]) > largest) largest = fabs(values[i]);
    return largest > 0 ? largest : 1;
}
