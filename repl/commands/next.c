/* next.c - the whole distribution over the next word. */
#include <math.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/memory.h"
#include "core/model/sequence.h"
#include "repl/commands/commands.h"
#include "repl/commands/decode.h"

typedef struct {
    Tokens given;
    double *p, *decoded; /* (V): the model's distribution; after temperature and cuts */
    size_t outcomes;
} Distribution;

static bool predict(const Call *call, Distribution *d, Error *error)
{
    if (!call_tokens(call, TOKENS_CONTEXT, call->words, call->word_count, &d->given, error)) return false;
    d->outcomes = model_outcomes(call->model);
    d->p = arena_alloc(call->arena, d->outcomes, sizeof *d->p);
    d->decoded = arena_alloc(call->arena, d->outcomes, sizeof *d->decoded);
    State *state = state_begin(call->model);
    for (size_t i = 0; i < d->given.count; i++) state_feed(state, d->given.ids[i]);
    bool defined = state_defined(state);
    state_predict(state, d->p);
    state_free(state);
    if (!defined) return sequence_undefined(call->model, d->given.ids, d->given.count, error);
    Decoding decoding = decode_options(call);
    memcpy(d->decoded, d->p, d->outcomes * sizeof *d->p);
    decoding_apply(&decoding, d->decoded, d->outcomes);
    return true;
}

/* Whether each outcome is shown: those named by for=, or all. */
static bool choose_shown(const Call *call, bool *shown, size_t outcomes, Error *error)
{
    const OptionValue *value = &call->values[OPT_FOR];
    memset(shown, value->count == 0, outcomes);
    for (size_t i = 0; i < value->count; i++) {
        TokenId id = vocab_find(call->model->vocab, value->texts[i], strlen(value->texts[i]));
        if (id == TOKEN_NONE) {
            error_set(error, _("'%s' is not in the vocabulary of %s"), value->texts[i], call->model_name);
            error_hint(error, _("vocab lists its words"));
            return error_place(error, value->start, value->length);
        }
        shown[id] = true;
    }
    return true;
}

static double entropy_bits(const double *p, size_t count)
{
    double bits = 0;
    for (size_t i = 0; i < count; i++)
        if (p[i] > 0) bits -= p[i] * log2(p[i]);
    return bits + 0.0;
}

static const char *title(const Call *call, const Distribution *d)
{
    const char *given = d->given.count
                            ? sequence_text(call->model->vocab, d->given.ids, d->given.count, call->arena)
                            : TEXT_BEGIN;
    const char *text = arena_format(call->arena, "p(x | %s)", given);
    const char *about = decode_title(call);
    return about ? arena_format(call->arena, "%s   %s", text, about) : text;
}

typedef struct {
    int token, p, power, share, final;
} Columns;

static Columns add_columns(const Call *call, Result *result)
{
    Decoding d = decode_options(call);
    bool steps = call_is(call, OPT_SHOW_NEXT, "steps"),
         powers = steps && d.temperature > 0 && isfinite(d.temperature);
    Columns c;
    result_table(result, "rows");
    c.token = result_column(result, "token", _("token"), UNIT_TOKEN, false);
    c.share = result_column(result, NULL, steps ? "p" : NULL, UNIT_PROBABILITY, false);
    c.power = result_column(result, NULL, powers ? "p^(1/T)" : NULL, UNIT_PROBABILITY, false);
    c.p = result_column(result, "p", steps ? _("final") : "p", UNIT_PROBABILITY, true);
    result->join = c.p;
    result->sort = call_is(call, OPT_SORT, "p") ? c.p : NO_COLUMN;
    return c;
}

static void add_rows(const Call *call, const Distribution *d, const bool *shown, Result *result)
{
    Columns c = add_columns(call, result);
    double T = call_number(call, OPT_T);
    for (size_t i = 0; i < d->outcomes; i++) {
        if (!shown[i]) continue;
        Value *cells = result_row(result);
        cells[c.token] = value_text(vocab_text(call->model->vocab, (TokenId)i));
        cells[c.share] = value_number(d->p[i]);
        cells[c.power] = value_number(d->p[i] > 0 ? pow(d->p[i], 1 / T) : 0);
        cells[c.p] = value_number(d->decoded[i]);
    }
}

static void add_notes(const Call *call, const Distribution *d, Result *result)
{
    size_t possible = 0, ties = decoding_ties(d->p, d->outcomes);
    for (size_t i = 0; i < d->outcomes; i++) possible += d->p[i] > 0;
    if (isinf(call_number(call, OPT_T)))
        result_note(result, _("T=inf is uniform over the %zu of %zu words that have p > 0 here."), possible,
                    d->outcomes);
    if (call_number(call, OPT_T) == 0 && ties > 1)
        result_note(result,
                    _("Tie: %zu words are equally probable; T=0 takes the first in vocabulary order."), ties);
}

static bool run(Session *session, Call *call, Result *result, Error *error)
{
    Distribution d;
    (void)session;
    if (!predict(call, &d, error)) return false;
    bool *shown = arena_alloc(call->arena, d.outcomes, sizeof *shown);
    if (!choose_shown(call, shown, d.outcomes, error)) return false;
    double entropy = entropy_bits(d.decoded, d.outcomes);
    result->title = title(call, &d);
    result_field(result, "model", NULL, UNIT_NONE, value_text(call->model_name));
    result_field(result, "given", NULL, UNIT_TOKEN,
                 value_list(call_texts(call, d.given.ids, d.given.count), d.given.count));
    decode_fields(call, result);
    result_field(result, "entropy_bits", _("entropy %s bits"), UNIT_BITS, value_number(entropy));
    if (!call->setting)
        result_field(result, "choices", _("effective choices %s"), UNIT_BITS, value_number(exp2(entropy)));
    add_rows(call, &d, shown, result);
    add_notes(call, &d, result);
    result_fold(result);
    return true;
}

/* The word that `why` names, else the most probable one. */
static bool choose_token(const Call *call, const Distribution *d, const Call *why, TokenId *token,
                         Error *error)
{
    *token = 0;
    for (size_t i = 1; i < d->outcomes; i++)
        if (d->decoded[i] > d->decoded[*token]) *token = (TokenId)i;
    if (why->word_count == 0) return true;
    const Word *word = &why->words[0];
    *token = vocab_find(call->model->vocab, word->text, strlen(word->text));
    if (*token != TOKEN_NONE) return true;
    error_set(error, _("'%s' is not in the vocabulary of %s"), word->text, call->model_name);
    return error_place(error, word->start, word->length);
}

static const Fact *explain(const Call *call, const Result *result, const Call *why, Error *error)
{
    Distribution d;
    TokenId token;
    (void)result;
    if (!predict(call, &d, error) || !choose_token(call, &d, why, &token, error)) return NULL;
    State *state = state_begin(call->model);
    for (size_t i = 0; i < d.given.count; i++) state_feed(state, d.given.ids[i]);
    Fact *reason = state_explain(state, token, why->arena);
    state_free(state);
    return decode_explain(call, reason->name, d.p, d.decoded[token], reason, why->arena);
}

const Command next_command = {
    .name = "next",
    .aliases = "n",
    .family = N_("ask"),
    .usage = "[W...]",
    .summary = N_("Show the whole distribution over the next word"),
    .example = "next the T=0,0.5,1,2,inf",
    .words = WORDS_TOKENS,
    .most = SIZE_MAX,
    .options = DECODE_OPTIONS | OPTION(OPT_SHOW_NEXT) | OPTION(OPT_SORT) | OPTION(OPT_FOR),
    .models = true,
    .run = run,
    .explains_word = true,
    .explain = explain,
};
