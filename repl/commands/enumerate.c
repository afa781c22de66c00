/* enumerate.c - every sequence of a length, ranked, with total mass and entropy. */
#include <string.h>

#include "core/base/i18n.h"
#include "core/model/enumeration.h"
#include "core/model/sequence.h"
#include "repl/commands/commands.h"
#include "repl/commands/decode.h"
#include "repl/commands/sequence.h"

static bool check_size(const Call *call, Error *error)
{
    size_t words = vocab_words(call->model->vocab), length = call_size(call, OPT_ENUMERATE_LEN);
    if (words == 0) return error_set(error, _("%s knows no words"), call->model_name);
    if (enumeration_size(call->model, length) > 0) return true;
    error_set(error, _("%zu^%zu sequences are too many to go through one by one (at most %d)"), words, length,
              ENUMERATION_MAX);
    error_hint(error, _("a smaller len=, or the toy model: enumerate len=5 @toy"));
    return error_place(error, call->values[OPT_ENUMERATE_LEN].start, call->values[OPT_ENUMERATE_LEN].length);
}

/* The sequence of rank=, which must have the length enumerated. */
static bool read_target(const Call *call, Tokens *target, Error *error)
{
    const OptionValue *value = &call->values[OPT_RANK];
    *target = (Tokens){0};
    if (!call_given(call, OPT_RANK)) return true;
    Word word = option_word(value);
    if (!call_tokens(call, TOKENS_SEQUENCE, &word, 1, target, error)) return false;
    if (target->count == call_size(call, OPT_ENUMERATE_LEN)) return true;
    if (target->count == 0) {
        error_set(error, _("rank= needs words"));
        error_hint(error, _("for example: rank=\"the mouse ate the cheese\""));
        return error_place(error, value->start, value->length);
    }
    error_set(error, _("rank= has %zu words, but sequences of %zu are enumerated"), target->count,
              call_size(call, OPT_ENUMERATE_LEN));
    error_hint(error, _("add len=%zu"), target->count);
    return error_place(error, value->start, value->length);
}

/* Without len=, a sequence to rank says how long the sequences are. */
static void take_length_from_target(Call *call)
{
    Error ignored;
    Tokens target;
    const OptionValue *value = &call->values[OPT_RANK];
    if (call_given(call, OPT_ENUMERATE_LEN) || !value->given) return;
    Word word = option_word(value);
    if (call_tokens(call, TOKENS_SEQUENCE, &word, 1, &target, &ignored) && target.count > 0)
        call->values[OPT_ENUMERATE_LEN].number = (double)target.count;
}

static bool run(Session *session, Call *call, Result *result, Error *error)
{
    Tokens target;
    (void)session;
    (void)result;
    take_length_from_target(call);
    if (!check_size(call, error) || !read_target(call, &target, error)) return false;
    EnumerationOptions options = {.length = call_size(call, OPT_ENUMERATE_LEN),
                                  .top = call_size(call, OPT_TOP),
                                  .temperature = call_number(call, OPT_T),
                                  .target = target.count ? target.ids : NULL};
    call->job = enumeration_new(call->model, &options);
    return true;
}

static void add_target(const Call *call, const Enumeration *e, Result *result)
{
    bool annealed = call_number(call, OPT_T) != 1, ties = e->board.equal > 1;
    const char *label = arena_format(call->arena, _("rank %%s: %s"), call_text(call, OPT_RANK));
    result_field(result, "rank", label, UNIT_NONE, value_count(e->board.better + 1));
    result_field(result, "tied", ties ? _("shared by %s") : NULL, UNIT_NONE, value_count(e->board.equal));
    result_field(result, "p", annealed ? _("p = %s with T on each word") : _("p = %s"), UNIT_PROBABILITY,
                 value_number(e->board.target));
    if (!annealed) return;
    result_field(result, "p_whole", _("p = %s with T on the whole sequence"), UNIT_PROBABILITY,
                 value_number(e->target_whole));
    result_field(result, "p_model", _("p = %s at T=1"), UNIT_PROBABILITY, value_number(e->target_plain));
}

static bool finish(Session *session, Call *call, Result *result, bool interrupted, Error *error)
{
    const Enumeration *e = enumeration_result(call->done);
    (void)session;
    if (interrupted) return error_set(error, _("stopped: a part of the sequences says nothing"));
    result->title = decode_title(call);
    result_field(result, "model", NULL, UNIT_NONE, value_text(call->model_name));
    result_field(result, "len", _("length %s"), UNIT_NONE, value_count(call_size(call, OPT_ENUMERATE_LEN)));
    result_field(result, "T", NULL, UNIT_NONE, temperature_value(call_number(call, OPT_T)));
    result_field(result, "sequences", _("sequences %s"), UNIT_NONE, value_count(e->sequences));
    result_field(result, "possible", e->possible < e->sequences ? _("possible %s") : NULL, UNIT_NONE,
                 value_count(e->possible));
    result_field(result, "mass", _("mass %s"), UNIT_PROBABILITY, value_number(e->board.mass));
    result_field(result, "entropy_bits", _("entropy %s bits"), UNIT_BITS, value_number(e->entropy_bits));
    if (call_given(call, OPT_RANK)) add_target(call, e, result);
    ranked_rows(call, &e->board, _("sequence"), result);
    if (model_ends(call->model) && !call->setting)
        result_note(result, _("The mass is P(length = %zu): %s may also stop earlier or later."),
                    call_size(call, OPT_ENUMERATE_LEN), call->model_name);
    return true;
}

/* Each factor at the temperature of the call, and the model's own p below it. */
static Fact *explain_annealed(const Call *call, const Tokens *tokens, Arena *arena)
{
    size_t outcomes = model_outcomes(call->model), count = tokens->count + model_ends(call->model);
    double *p = arena_alloc(arena, outcomes, sizeof *p),
           *decoded = arena_alloc(arena, outcomes, sizeof *decoded);
    Decoding decoding = decode_options(call);
    Fact *product = fact_new(arena, FACT_PROBABILITY, "p", _("the product of the factors below"), 1);
    State *state = state_begin(call->model);
    for (size_t i = 0; i < count; i++) {
        TokenId token = i < tokens->count ? tokens->ids[i] : vocab_end(call->model->vocab);
        Fact *reason = state_explain(state, token, arena);
        state_predict(state, p);
        memcpy(decoded, p, outcomes * sizeof *p);
        if (state_defined(state)) decoding_apply(&decoding, decoded, outcomes);
        product->value *= decoded[token];
        fact_because(product, decode_explain(call, reason->name, p, decoded[token], reason, arena));
        state_feed(state, token);
    }
    state_free(state);
    return product;
}

/* Of the sequence of rank=, else of the most probable one. */
static const Fact *explain(const Call *call, const Result *result, const Call *why, Error *error)
{
    Tokens tokens;
    Word word = {.text = call_given(call, OPT_RANK) ? call_text(call, OPT_RANK) : NULL};
    if (!word.text && result->row_count > 0) word.text = result_cell(result, 0, 1)->text;
    if (!word.text) return fact_note(why->arena, _("no sequence of this length is possible"));
    if (!call_tokens(call, TOKENS_SEQUENCE, &word, 1, &tokens, error)) return NULL;
    Fact *fact = explain_annealed(call, &tokens, why->arena);
    fact->name = arena_format(why->arena, "p(%s)", word.text);
    return fact;
}

const Command enumerate_command = {
    .name = "enumerate",
    .family = N_("ask"),
    .usage = "",
    .summary = N_("Go through every sequence of a length: mass, entropy, the most probable, ranks"),
    .example = "enumerate len=5 top=10",
    .words = WORDS_NONE,
    .options = OPTIONS(OPT_ENUMERATE_LEN, OPT_TOP, OPT_T, OPT_RANK, OPT_OOV),
    .models = true,
    .run = run,
    .finish = finish,
    .explain = explain,
};
