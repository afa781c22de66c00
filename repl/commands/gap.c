/* gap.c - two words in the same place: which one a model prefers, and by how much. */
#include <math.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/model/sequence.h"
#include "repl/commands/commands.h"

/* One context, and what the model says of both words behind it. */
typedef struct {
    const Word *words; /* of the context */
    size_t count;
    Tokens tokens;
    double p[2];
    size_t expected; /* which word a stereotype expects: 0 or 1 */
} Place;

typedef struct {
    TokenId ids[2];
    const char *names[2];
    Place *places;
    size_t count;
} Gap;

/* --- the words: A B [after CONTEXT...], where words without quotes side by side are one context --- */

static bool read_outcome(const Call *call, size_t index, Gap *gap, Error *error)
{
    Tokens tokens;
    const Word *word = &call->words[index];
    gap->names[index] = word->text;
    if (!call_tokens(call, TOKENS_SEQUENCE, word, 1, &tokens, error)) return false;
    if (tokens.count + tokens.ended != 1) {
        error_set(error, _("gap compares two single tokens, and '%s' is not one"), word->text);
        error_hint(error, _("compare puts whole sequences side by side"));
        return error_place(error, word->start, word->length);
    }
    gap->ids[index] = tokens.count ? tokens.ids[0] : vocab_end(call->model->vocab);
    if (index == 0 || gap->ids[0] != gap->ids[1]) return true;
    error_set(error, _("the two words are the same"));
    error_hint(error, _("for example: gap he she after \"doctor said\""));
    return error_place(error, word->start, word->length);
}

static bool check_after(const Call *call, Error *error)
{
    if (call->word_count == 2) return true;
    const Word *word = &call->words[2];
    bool after = !word->quoted && strcmp(word->text, "after") == 0;
    if (after && call->word_count > 3) return true;
    error_set(error, after ? _("after what?") : _("behind the two words comes after, then contexts"));
    error_hint(error, _("for example: gap he she after \"doctor said\" \"nurse said\""));
    return error_place(error, word->start, word->length);
}

static size_t split_contexts(const Call *call, Place *places)
{
    size_t count = 0;
    if (call->word_count == 2) places[count++] = (Place){.words = call->words};
    for (size_t i = 3; i < call->word_count; i++) {
        bool joins = i > 3 && !call->words[i].quoted && !call->words[i - 1].quoted;
        if (joins)
            places[count - 1].count++;
        else
            places[count++] = (Place){.words = &call->words[i], .count = 1};
    }
    return count;
}

/* expect=he,she: one a context, or one for all. */
static bool read_expected(const Call *call, Gap *gap, Error *error)
{
    const OptionValue *value = &call->values[OPT_EXPECT];
    if (!value->given) return true;
    for (size_t i = 0; i < gap->count; i++) {
        const char *text = value->count > 1 ? value->texts[i < value->count ? i : 0] : value->text;
        bool known = strcmp(text, gap->names[0]) == 0 || strcmp(text, gap->names[1]) == 0;
        if (known && (value->count <= 1 || value->count == gap->count)) {
            gap->places[i].expected = strcmp(text, gap->names[1]) == 0;
            continue;
        }
        if (known)
            error_set(error, _("expect= names %zu words for %zu contexts"), value->count, gap->count);
        else
            error_set(error, _("expect= is %s or %s for each context, not '%s'"), gap->names[0],
                      gap->names[1], text);
        error_hint(error, _("for example: gap he she after \"doctor said\" \"nurse said\" expect=he,she"));
        return error_place(error, value->start, value->length);
    }
    return true;
}

static bool look(const Call *call, Gap *gap, Place *place, Error *error)
{
    if (!call_tokens(call, TOKENS_CONTEXT, place->words, place->count, &place->tokens, error)) return false;
    State *state = state_begin(call->model);
    for (size_t i = 0; i < place->tokens.count; i++) state_feed(state, place->tokens.ids[i]);
    bool ok = state_defined(state);
    for (size_t i = 0; ok && i < COUNT_OF(place->p); i++) place->p[i] = state_probability(state, gap->ids[i]);
    state_free(state);
    if (ok) return true;
    sequence_undefined(call->model, place->tokens.ids, place->tokens.count, error);
    const Word *last = &place->words[place->count ? place->count - 1 : 0];
    return error_place(error, place->words->start, last->start + last->length - place->words->start);
}

static bool read_gap(const Call *call, Gap *gap, Error *error)
{
    *gap = (Gap){.places = arena_alloc(call->arena, call->word_count, sizeof *gap->places)};
    if (!check_after(call, error) || !read_outcome(call, 0, gap, error) || !read_outcome(call, 1, gap, error))
        return false;
    gap->count = split_contexts(call, gap->places);
    if (!read_expected(call, gap, error)) return false;
    for (size_t i = 0; i < gap->count; i++)
        if (!look(call, gap, &gap->places[i], error)) return false;
    return true;
}

/* --- the figures --- */

/* ln(p_a / p_b): infinite where one is 0, NaN where both are. */
static double log_odds(const Place *place)
{
    if (place->p[0] == place->p[1]) return place->p[0] > 0 ? 0 : NAN;
    return log(place->p[0]) - log(place->p[1]);
}

/* 1 when the model prefers the word expected, 1/2 for a tie, as StereoSet counts (Nadeem et al. 2021). */
static double preference(const Place *place)
{
    double wanted = place->p[place->expected], other = place->p[1 - place->expected];
    if (fabs(wanted - other) <= 1e-12 * fmax(wanted, other)) return 0.5;
    return wanted > other;
}

static void add_row(const Call *call, const Gap *gap, const Place *place, Result *result)
{
    double odds = log_odds(place);
    const char *context =
        sequence_text(call->model->vocab, place->tokens.ids, place->tokens.count, call->arena);
    const char *preferred = preference(place) == 0.5 ? _("neither") : gap->names[place->p[1] > place->p[0]];
    const Value row[] = {
        value_text(*context ? context : TEXT_BEGIN),
        value_number(place->p[0]),
        value_number(place->p[1]),
        value_number(odds),
        value_number(place->p[1] > 0   ? place->p[0] / place->p[1]
                     : place->p[0] > 0 ? INFINITY
                                       : NAN),
        value_text(preferred),
        value_text(gap->names[place->expected]),
        value_number(preference(place)),
    };
    memcpy(result_row(result), row, sizeof row);
}

static void add_table(const Call *call, const Gap *gap, Result *result)
{
    Arena *arena = call->arena;
    bool expects = call_given(call, OPT_EXPECT);
    result_table(result, "rows");
    result_column(result, "context", _("after"), UNIT_NONE, false);
    result_column(result, "p_a", arena_format(arena, "p(%s)", gap->names[0]), UNIT_PROBABILITY, false);
    result_column(result, "p_b", arena_format(arena, "p(%s)", gap->names[1]), UNIT_PROBABILITY, false);
    result_column(result, "log_odds", _("log-odds"), UNIT_RATIO, false);
    result_column(result, "ratio", _("ratio"), UNIT_RATIO, false);
    result_column(result, "preferred", _("preferred"), UNIT_NONE, false);
    result_column(result, "expected", expects ? _("expected") : NULL, UNIT_NONE, false);
    result_column(result, "score", NULL, UNIT_RATIO, false);
    for (size_t i = 0; i < gap->count; i++) add_row(call, gap, &gap->places[i], result);
}

static void add_fields(const Call *call, const Gap *gap, Result *result)
{
    double score = 0, odds = 0;
    bool several = gap->count > 1;
    for (size_t i = 0; i < gap->count; i++) {
        score += preference(&gap->places[i]) / (double)gap->count;
        odds += log_odds(&gap->places[i]) / (double)gap->count;
    }
    const char *of =
        call_given(call, OPT_EXPECT)
            ? _("the expected word is preferred in %s of contexts, 0.5 is no preference")
            : arena_format(call->arena, _("%s is preferred in %%s of contexts, 0.5 is no preference"),
                           gap->names[0]);
    if (!call->setting)
        result->title = arena_format(call->arena, _("ln p(%s)/p(%s) in %s"), gap->names[0], gap->names[1],
                                     call->model_name);
    result_field(result, "model", NULL, UNIT_NONE, value_text(call->model_name));
    result_field(result, "a", NULL, UNIT_NONE, value_text(gap->names[0]));
    result_field(result, "b", NULL, UNIT_NONE, value_text(gap->names[1]));
    result_field(result, "contexts", NULL, UNIT_NONE, value_count(gap->count));
    result_field(result, "log_odds", several ? _("mean %s") : NULL, UNIT_RATIO, value_number(odds));
    result_field(result, "score", several ? of : NULL, UNIT_RATIO, value_number(score));
}

/* A model that sees too little cannot tell the contexts apart, whatever is in the text. */
static void note_blind(const Call *call, const Gap *gap, Result *result)
{
    const Place *first = &gap->places[0];
    size_t same = 1;
    while (same < gap->count && gap->places[same].p[0] == first->p[0] &&
           gap->places[same].p[1] == first->p[1])
        same++;
    if (same < gap->count || gap->count < 2 || first->p[0] == first->p[1]) return;
    if (call->model->context != CONTEXT_WHOLE)
        result_note(result,
                    _("The same after every context: n=%d, and what %s sees of them does not differ."),
                    call->model->context + 1, call->model_name);
}

static bool run(Session *session, Call *call, Result *result, Error *error)
{
    Gap gap;
    (void)session;
    if (!read_gap(call, &gap, error)) return false;
    add_fields(call, &gap, result);
    add_table(call, &gap, result);
    note_blind(call, &gap, result);
    return true;
}

/* --- why --- */

static Fact *explain_place(const Call *call, const Gap *gap, const Place *place, Arena *arena)
{
    const char *context = sequence_text(call->model->vocab, place->tokens.ids, place->tokens.count, arena);
    double odds = log_odds(place);
    Fact *fact =
        isnan(odds)
            ? fact_note(arena, arena_format(arena, _("neither can come after \"%s\""), context))
            : fact_new(arena, FACT_NUMBER,
                       arena_format(arena, _("log-odds after \"%s\""), *context ? context : TEXT_BEGIN),
                       arena_format(arena, "ln p(%s) - ln p(%s)", gap->names[0], gap->names[1]), odds);
    State *state = state_begin(call->model);
    for (size_t i = 0; i < place->tokens.count; i++) state_feed(state, place->tokens.ids[i]);
    for (size_t i = 0; i < COUNT_OF(gap->ids); i++)
        fact_because(fact, state_explain(state, gap->ids[i], arena));
    state_free(state);
    return fact;
}

static const Fact *explain(const Call *call, const Result *result, const Call *why, Error *error)
{
    Gap gap;
    (void)result;
    if (!read_gap(call, &gap, error)) return NULL;
    if (gap.count == 1) return explain_place(call, &gap, &gap.places[0], why->arena);
    Fact *fact = fact_note(why->arena, _("each context by itself:"));
    for (size_t i = 0; i < gap.count; i++)
        fact_because(fact, explain_place(call, &gap, &gap.places[i], why->arena));
    return fact;
}

const Command gap_command = {
    .name = "gap",
    .family = N_("experiments"),
    .usage = "A B [after \"CONTEXT\" ...]",
    .summary = N_("Compare two words in the same place: which one the model prefers, and by how much"),
    .example = "train ngram n=3 corpus=jobs; gap he she after \"doctor said\" \"nurse said\"",
    .words = WORDS_TOKENS,
    .least = 2,
    .most = SIZE_MAX,
    .options = OPTIONS(OPT_EXPECT, OPT_OOV),
    .models = true,
    .run = run,
    .explain = explain,
};
