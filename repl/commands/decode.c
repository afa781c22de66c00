#include "repl/commands/decode.h"

#include <math.h>

#include "core/base/i18n.h"

Decoding decode_options(const Call *call)
{
    Decoding d = decoding_plain();
    if (call_text(call, OPT_T)) d.temperature = call_number(call, OPT_T);
    if (call_text(call, OPT_TOP_K)) d.top_k = call_size(call, OPT_TOP_K);
    if (call_text(call, OPT_MIN_P)) d.min_p = call_number(call, OPT_MIN_P);
    if (call_text(call, OPT_TOP_P)) d.top_p = call_number(call, OPT_TOP_P);
    return d;
}

Value temperature_value(double temperature)
{
    if (isinf(temperature)) return value_text("inf");
    bool whole = temperature == floor(temperature) && temperature < 1e9;
    return whole ? value_count((uint64_t)temperature) : value_number(temperature);
}

void decode_fields(const Call *call, Result *result)
{
    Decoding d = decode_options(call);
    result_field(result, "T", NULL, UNIT_NONE, temperature_value(d.temperature));
    if (d.top_k > 0) result_field(result, "top_k", NULL, UNIT_NONE, value_count(d.top_k));
    if (d.top_p < 1) result_field(result, "top_p", NULL, UNIT_NONE, value_number(d.top_p));
    if (d.min_p > 0) result_field(result, "min_p", NULL, UNIT_NONE, value_number(d.min_p));
}

const char *decode_text(const Call *call)
{
    Decoding d = decode_options(call);
    const char *text = arena_format(call->arena, "T=%g", d.temperature);
    if (d.top_k > 0) text = arena_format(call->arena, "%s top_k=%zu", text, d.top_k);
    if (d.min_p > 0) text = arena_format(call->arena, "%s min_p=%g", text, d.min_p);
    if (d.top_p < 1) text = arena_format(call->arena, "%s top_p=%g", text, d.top_p);
    return text;
}

const char *decode_title(const Call *call)
{
    if (call->statement->model_count > 1) return NULL;
    return call->setting ? call->model_name
                         : arena_format(call->arena, "%s   %s", call->model_name, decode_text(call));
}

static void add_temperature(Fact *fact, const Call *call, const double *model_p, Arena *arena)
{
    Decoding d = decode_options(call);
    double sum = 0, possible = 0;
    for (size_t i = 0; i < model_outcomes(call->model); i++) {
        possible += model_p[i] > 0;
        if (model_p[i] > 0 && d.temperature > 0) sum += pow(model_p[i], 1 / d.temperature);
    }
    if (d.temperature == 0) {
        fact_because(fact, fact_note(arena, _("T=0 gives the most probable word 1 and every other word 0")));
    } else if (isinf(d.temperature)) {
        fact_because(fact,
                     fact_new(arena, FACT_COUNT, _("words with p > 0, all equal at T=inf"), NULL, possible));
    } else if (d.temperature != 1) {
        fact_because(fact, fact_new(arena, FACT_NUMBER, "1/T", NULL, 1 / d.temperature));
        fact_because(fact, fact_new(arena, FACT_NUMBER, "Z", _("sum of p^(1/T) over all words"), sum));
    }
}

Fact *decode_explain(const Call *call, const char *name, const double *model_p, double decoded, Fact *reason,
                     Arena *arena)
{
    Decoding d = decode_options(call);
    if (decoding_is_plain(&d)) return reason;
    bool cut = d.top_k > 0 || d.top_p < 1 || d.min_p > 0,
         power = d.temperature > 0 && isfinite(d.temperature);
    const char *formula = cut ? _("renormalised over the words that stay") : power ? "p^(1/T) / Z" : NULL;
    Fact *fact = fact_new(arena, FACT_PROBABILITY, arena_format(arena, "%s, %s", name, decode_text(call)),
                          formula, decoded);
    add_temperature(fact, call, model_p, arena);
    return fact_because(fact, reason);
}
