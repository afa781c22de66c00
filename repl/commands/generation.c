#include "repl/commands/generation.h"

#include <math.h>

#include "core/base/i18n.h"
#include "core/model/sampling.h"
#include "repl/ledger.h"

enum { DRAWN_MOST = 1000, TOKENS_MOST = 1000 };

typedef struct {
    double texts, tokens, seconds; /* measured */
    double per;                    /* wanted */
} Generation;

void generation_begin(Call *call)
{
    size_t per = call_size(call, OPT_PER);
    SamplingOptions options = {.decoding = {.temperature = 1, .top_p = 1},
                               .seed = 1,
                               .draws = per < DRAWN_MOST ? per : DRAWN_MOST,
                               .max = TOKENS_MOST};
    call->job = sampling_new(call->model, &options);
}

static Generation measure(const Call *call)
{
    Generation g = {.texts = (double)sampling_done(call->done),
                    .tokens = (double)sampling_tokens(call->done),
                    .seconds = call->done->spent / 1e3,
                    .per = call_number(call, OPT_PER)};
    return g;
}

static void add_time(const Call *call, const Generation *g, Ledger *ledger)
{
    double seconds = g->seconds / g->texts * g->per;
    const char *drawn = arena_format(call->arena, _("of %.0f that were drawn"), g->texts);
    ledger_add(ledger, (Figure){.key = "per", .name = _("texts"), .value = g->per, .how = HOW_COUNTED});
    ledger_add(ledger, (Figure){.key = "tokens_per_text",
                                .name = _("tokens a text"),
                                .value = g->tokens / g->texts,
                                .how = HOW_MEASURED,
                                .about = drawn});
    ledger_add(ledger, (Figure){.key = "tokens_per_second",
                                .name = _("tokens a second"),
                                .value = g->tokens / g->seconds,
                                .how = HOW_MEASURED,
                                .about = _("by the clock"),
                                .told = true});
    ledger_add(ledger, (Figure){.key = "seconds",
                                .name = _("time"),
                                .value = seconds,
                                .how = HOW_MEASURED,
                                .shown = seconds_text(seconds, call->arena),
                                .told = true});
}

/* A person writes a text for human=. A machine's text costs next to nothing, but somebody has to read all of
 * them (review=) to find those that can be used: from which share of usable ones on is that cheaper? */
static void add_money(const Call *call, double kwh, double per, Ledger *ledger)
{
    double price = call_number(call, OPT_ENERGY_PRICE), review = call_number(call, OPT_REVIEW);
    ledger_add(ledger, (Figure){.key = "price",
                                .name = _("price of a kWh"),
                                .value = price,
                                .how = HOW_ASSUMED,
                                .about = _("price= changes it")});
    ledger_add(ledger, (Figure){.key = "cost",
                                .name = _("cost"),
                                .value = kwh * price,
                                .how = HOW_ASSUMED,
                                .about = _("energy x price"),
                                .told = true});
    if (!call_given(call, OPT_HUMAN)) return;
    double human = call_number(call, OPT_HUMAN);
    ledger_add(ledger, (Figure){.key = "break_even",
                                .name = _("usable share to break even"),
                                .value = human > 0 ? (kwh * price / per + review) / human : NAN,
                                .how = HOW_ASSUMED,
                                .about = _("(cost a text + review) / human"),
                                .told = true});
}

bool generation_finish(Call *call, Result *result, bool interrupted, Error *error)
{
    Ledger ledger = {.count = 0};
    Generation g = measure(call);
    if (interrupted && g.texts == 0) return error_set(error, _("stopped before the first text was complete"));
    double seconds = g.seconds / g.texts * g.per;
    Rates *rates = call->work = arena_alloc(call->arena, 1, sizeof *rates);
    *rates = ledger_rates(call, call->done->joules > 0 ? call->done->joules / g.seconds : NAN);
    result_field(result, "model", NULL, UNIT_NONE, value_text(call->model_name));
    add_time(call, &g, &ledger);
    ledger_add_energy(&ledger, rates, seconds, call->arena);
    add_money(call, ledger_kwh(rates, seconds), g.per, &ledger);
    ledger_show(&ledger, call, result);
    return true;
}

Fact *generation_explain(const Call *call, const Result *result, Arena *arena)
{
    double seconds = result_find(result, "seconds")->number;
    Fact *time =
        fact_new(arena, FACT_NUMBER, _("time, s"), _("texts x tokens a text / tokens a second"), seconds);
    fact_because(time, fact_new(arena, FACT_NUMBER, _("texts"), NULL, call_number(call, OPT_PER)));
    fact_because(time, fact_new(arena, FACT_NUMBER, _("tokens a text"), NULL,
                                result_find(result, "tokens_per_text")->number));
    fact_because(time, fact_new(arena, FACT_NUMBER, _("tokens a second"), NULL,
                                result_find(result, "tokens_per_second")->number));
    return ledger_explain(call->work, seconds, time, arena);
}
