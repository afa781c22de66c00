/* next.c - the whole distribution over the next word. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/memory.h"
#include "core/model/selection.h"
#include "core/model/sequence.h"
#include "repl/commands/commands.h"
#include "repl/commands/decode.h"
#include "repl/session.h"

typedef struct {
    Tokens given;
    double *p, *decoded; /* (V): the model's distribution; after temperature and cuts */
    size_t outcomes;
    bool scores; /* nothing was renormalised: the model's scores, which sum to something else than 1 */
    double sum;  /* of decoded; 1 unless they are scores */
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
    d->scores = call->model->scores && decoding_is_plain(&decoding);
    d->sum = d->scores ? 0 : 1;
    for (size_t i = 0; d->scores && i < d->outcomes; i++) d->sum += d->p[i];
    return true;
}

/* Whether each outcome is asked for: those named by for=, or all. */
static bool choose_asked(const Call *call, bool *asked, size_t outcomes, Error *error)
{
    size_t count = call->values[OPT_FOR].count;
    TokenId *ids = arena_alloc(call->arena, count + 1, sizeof *ids);
    memset(asked, count == 0, outcomes);
    if (!call_listed(call, OPT_FOR, ids, error)) return false;
    for (size_t i = 0; i < count; i++) asked[ids[i]] = true;
    return true;
}

/* The outcomes in the table: in vocabulary order, or with top= the most probable ones first. */
typedef struct {
    size_t *ids, count;
    double rest; /* what the others have together */
} Shown;

static Shown list_shown(const Call *call, const Distribution *d, bool *shown)
{
    size_t *best = NULL, count = 0;
    Shown list = {.ids = arena_alloc(call->arena, d->outcomes, sizeof *list.ids)};
    if (call_text(call, OPT_NEXT_TOP)) {
        count = selection_largest(d->p, d->outcomes, shown, call_size(call, OPT_NEXT_TOP), &best);
        memset(shown, false, d->outcomes);
        for (size_t i = 0; i < count; i++) shown[best[i]] = true;
    }
    for (size_t i = 0; i < d->outcomes; i++) {
        if (shown[i])
            list.ids[list.count++] = i;
        else
            list.rest += d->decoded[i];
    }
    if (best && call_is(call, OPT_SORT, "p")) memcpy(list.ids, best, count * sizeof *best);
    free(best);
    return list;
}

static double entropy_bits(const Distribution *d)
{
    double bits = 0;
    for (size_t i = 0; i < d->outcomes; i++)
        if (d->decoded[i] > 0) bits -= d->decoded[i] / d->sum * log2(d->decoded[i] / d->sum);
    return bits + 0.0;
}

static const char *title(const Call *call, const Distribution *d)
{
    const char *given = d->given.count
                            ? sequence_text(call->model->vocab, d->given.ids, d->given.count, call->arena)
                            : TEXT_BEGIN;
    const char *text = arena_format(call->arena, "%s(x | %s)", d->scores ? "S" : "p", given);
    const char *about = decode_title(call);
    return about ? arena_format(call->arena, "%s   %s", text, about) : text;
}

typedef struct {
    int token, p, power, share, final;
} Columns;

static Columns add_columns(const Call *call, const Distribution *d, Result *result)
{
    double T = call_number(call, OPT_T);
    bool steps = call_is(call, OPT_SHOW_NEXT, "steps"), powers = steps && T > 0 && isfinite(T);
    const char *plain = call->model->scores ? _("score") : "p";
    Columns c;
    result_table(result, "rows");
    c.token = result_column(result, "token", _("token"), UNIT_TOKEN, false);
    c.share = result_column(result, NULL, steps ? plain : NULL, UNIT_PROBABILITY, false);
    c.power = result_column(result, NULL, powers ? arena_format(call->arena, "%s^(1/T)", plain) : NULL,
                            UNIT_PROBABILITY, false);
    c.p = result_column(result, "p", steps ? _("final") : d->scores ? plain : "p", UNIT_PROBABILITY, true);
    result->join = c.p;
    result->sort = call_is(call, OPT_SORT, "p") ? c.p : NO_COLUMN;
    return c;
}

static void add_rows(const Call *call, const Distribution *d, const Shown *shown, Result *result)
{
    Columns c = add_columns(call, d, result);
    double T = call_number(call, OPT_T);
    for (size_t i = 0; i < shown->count; i++) {
        size_t id = shown->ids[i];
        Value *cells = result_row(result);
        cells[c.token] = value_text(vocab_text(call->model->vocab, (TokenId)id));
        cells[c.share] = value_number(d->p[id]);
        cells[c.power] = value_number(d->p[id] > 0 ? pow(d->p[id], 1 / T) : 0);
        cells[c.p] = value_number(d->decoded[id]);
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
    if (call->first && call->first->model != call->model && call_text(call, OPT_NEXT_TOP))
        result_note(result, _("A blank: not among the most probable ones there."));
    if (d->scores)
        result_note(result,
                    _("Scores, not probabilities: here they sum to %.6g. The entropy is that of the scores "
                      "divided by their sum, which is what sample draws from."),
                    d->sum);
}

/* The entropy is of all outcomes: an API that lists a few does not tell it. */
static void add_entropy(const Call *call, const Distribution *d, Result *result)
{
    double entropy = entropy_bits(d);
    result_field(result, "entropy_bits", _("entropy %s bits"), UNIT_BITS, value_number(entropy));
    if (!call->setting)
        result_field(result, "choices", _("effective choices %s"), UNIT_BITS, value_number(exp2(entropy)));
}

static void add_fields(const Call *call, const Distribution *d, const Shown *shown, bool secret,
                       Result *result)
{
    result_field(result, "model", NULL, UNIT_NONE, value_text(call->model_name));
    result_field(result, "given", NULL, UNIT_TOKEN,
                 value_list(call_texts(call, d->given.ids, d->given.count), d->given.count));
    decode_fields(call, result);
    if (!secret) add_entropy(call, d, result);
    if (d->scores) result_field(result, "sum", _("sum of scores %s"), UNIT_PROBABILITY, value_number(d->sum));
    if (!call_text(call, OPT_NEXT_TOP)) return;
    size_t others = d->outcomes - shown->count;
    const char *label = others ? arena_format(call->arena, _("%zu others together %%s"), others) : NULL;
    result_field(result, "rest", label, UNIT_PROBABILITY, value_number(shown->rest));
}

static bool run(Session *session, Call *call, Result *result, Error *error)
{
    Distribution d;
    if (!predict(call, &d, error)) return false;
    bool *asked = arena_alloc(call->arena, d.outcomes, sizeof *asked);
    if (!choose_asked(call, asked, d.outcomes, error)) return false;
    Shown shown = list_shown(call, &d, asked);
    result->title = title(call, &d);
    call->questions = 1;
    call->tokens = (double)d.given.count + 1;
    add_fields(call, &d, &shown, session_workspace(session)->access.api, result);
    add_rows(call, &d, &shown, result);
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
    return call_token(call, &why->words[0], token, error);
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
    .options = OPTIONS(DECODE_OPTIONS, OPT_SHOW_NEXT, OPT_SORT, OPT_FOR, OPT_NEXT_TOP),
    .models = true,
    .api = true,
    .run = run,
    .explains_word = true,
    .explain = explain,
};
