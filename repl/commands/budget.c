#include "repl/commands/budget.h"

#include <math.h>

#include "core/base/i18n.h"
#include "repl/commands/cost.h"
#include "repl/ledger.h"

/* What is not known is NaN. */
typedef struct {
    double parameters, tokens, flops, rate, seconds; /* of one machine, or of all added up */
    double machines;
    bool powered; /* watts= was given */
    Rates rates;
} Budget;

static const OptionId work_options[] = {OPT_FLOPS, OPT_PARAMETERS, OPT_TRAINING_TOKENS,
                                        OPT_RATE,  OPT_HOURS,      OPT_MACHINES};

bool budget_asked(const Call *call)
{
    for (size_t i = 0; i < COUNT_OF(work_options); i++)
        if (call_given(call, work_options[i])) return true;
    return false;
}

static double number_or_nan(const Call *call, OptionId id)
{
    return call_given(call, id) ? call_number(call, id) : NAN;
}

static Budget read_budget(const Call *call)
{
    Budget b = {.parameters = number_or_nan(call, OPT_PARAMETERS),
                .tokens = number_or_nan(call, OPT_TRAINING_TOKENS),
                .flops = number_or_nan(call, OPT_FLOPS),
                .rate = number_or_nan(call, OPT_RATE),
                .seconds = 3600 * number_or_nan(call, OPT_HOURS),
                .machines = call_given(call, OPT_MACHINES) ? call_number(call, OPT_MACHINES) : 1,
                .powered = call_given(call, OPT_WATTS),
                .rates = ledger_rates(call, NAN)};
    if (!isnan(b.parameters)) b.flops = 6 * b.parameters * b.tokens;
    if (isnan(b.flops) && isnan(b.seconds)) b.flops = cost_of(call->model).flops;
    if (isnan(b.seconds)) b.seconds = b.flops / b.rate;
    return b;
}

/* --- what does not make up an amount of work --- */

static bool fail_at(const Call *call, OptionId id, const char *hint, Error *error)
{
    const OptionValue *value = &call->values[id];
    error_hint(error, "%s", hint);
    return error_place(error, value->start, value->length);
}

static bool check(const Call *call, const Budget *b, Error *error)
{
    bool parameters = call_given(call, OPT_PARAMETERS), tokens = call_given(call, OPT_TRAINING_TOKENS);
    const char *example = _("for example: cost params=175e9 tokens=300e9");
    if (parameters != tokens) {
        OptionId there = parameters ? OPT_PARAMETERS : OPT_TRAINING_TOKENS;
        error_set(error, _("%s= needs %s= beside it: training is 6 x parameters x tokens"),
                  option_table[there].key, parameters ? "tokens" : "params");
        return fail_at(call, there, example, error);
    }
    if (call_given(call, OPT_FLOPS) && parameters) {
        error_set(error, _("flops= is what params= and tokens= would give: leave one out"));
        return fail_at(call, OPT_FLOPS, example, error);
    }
    if (call_given(call, OPT_HOURS) && (!isnan(b->flops) || !isnan(b->rate))) {
        error_set(error, _("hours= is what the work and rate= would give: leave one out"));
        return fail_at(call, OPT_HOURS, _("for example: cost hours=79.2 watts=12041.5 pue=1.58 grid=us"),
                       error);
    }
    if (!isnan(b->flops) || !isnan(b->seconds)) return true;
    error_set(error, _("training %s took no FLOPs that are known; how much work is it?"), call->model_name);
    return error_hint(error, _("flops=, or params= and tokens=, or hours="));
}

/* --- what it says --- */

static void add_work(const Call *call, const Budget *b, Ledger *ledger)
{
    double ours = cost_of(call->model).flops;
    if (!isnan(b->parameters)) {
        ledger_add(ledger, (Figure){.key = "parameters",
                                    .name = _("parameters, N"),
                                    .value = b->parameters,
                                    .how = HOW_ASSUMED,
                                    .about = _("as you said")});
        ledger_add(ledger, (Figure){.key = "tokens",
                                    .name = _("training tokens, D"),
                                    .value = b->tokens,
                                    .how = HOW_ASSUMED,
                                    .about = _("as you said")});
    }
    if (isnan(b->flops)) return;
    bool given = call_given(call, OPT_FLOPS);
    ledger_add(ledger, (Figure){.key = "flops",
                                .name = _("FLOPs"),
                                .value = b->flops,
                                .how = given ? HOW_ASSUMED : HOW_COMPUTED,
                                .about = given ? _("as you said") : "6 N D",
                                .told = true});
    if (!(ours > 0)) return;
    ledger_add(ledger, (Figure){.key = "times_model",
                                .name = arena_format(call->arena, _("times training %s"), call->model_name),
                                .value = b->flops / ours,
                                .how = HOW_COMPUTED});
}

static void add_time(const Call *call, const Budget *b, Ledger *ledger)
{
    bool given = call_given(call, OPT_HOURS);
    if (!isnan(b->rate))
        ledger_add(ledger, (Figure){.key = "rate",
                                    .name = _("FLOP/s of one machine"),
                                    .value = b->rate,
                                    .how = HOW_ASSUMED,
                                    .about = _("as you said")});
    ledger_add(ledger, (Figure){.key = "machine_hours",
                                .name = _("hours of machines"),
                                .value = b->seconds / 3600,
                                .how = given ? HOW_ASSUMED : HOW_COMPUTED,
                                .about = given ? _("as you said") : _("FLOPs / rate / 3600"),
                                .told = true});
    ledger_add(ledger,
               (Figure){.key = "machines", .name = _("machines"), .value = b->machines, .how = HOW_ASSUMED});
    ledger_add(ledger, (Figure){.key = "days",
                                .name = _("days"),
                                .value = b->seconds / 86400 / b->machines,
                                .how = HOW_COMPUTED,
                                .about = _("hours / machines / 24"),
                                .told = true});
}

/* People see megawatt-hours and tonnes from 1 MWh on, machines always both. */
static void add_energy(const Budget *b, Ledger *ledger)
{
    double kwh = ledger_kwh(&b->rates, b->seconds), kg = ledger_kg(&b->rates, b->seconds);
    bool large = kwh >= 1000;
    ledger_add(ledger, (Figure){.key = "watts",
                                .name = _("watts of one machine"),
                                .value = b->rates.watts,
                                .how = HOW_ASSUMED,
                                .about = _("as you said")});
    ledger_add(ledger, (Figure){.key = "pue",
                                .name = "PUE",
                                .value = b->rates.pue,
                                .how = HOW_ASSUMED,
                                .about = _("energy of the data centre for 1 of its machines")});
    const char *energy = _("hours x watts x PUE");
    ledger_add(ledger, (Figure){.key = "mwh",
                                .name = large ? _("energy, MWh") : NULL,
                                .value = kwh / 1000,
                                .how = HOW_ASSUMED,
                                .about = energy,
                                .told = large});
    ledger_add(ledger, (Figure){.key = "kwh",
                                .name = large ? NULL : _("energy, kWh"),
                                .value = kwh,
                                .how = HOW_ASSUMED,
                                .about = energy,
                                .told = !large});
    const char *region = b->rates.region;
    ledger_add(ledger, (Figure){.key = "grid",
                                .name = _("grid, kg CO2e/kWh"),
                                .value = b->rates.grid,
                                .how = HOW_ASSUMED,
                                .about = region ? region : _("as you said")});
    const char *carbon = _("energy x grid");
    ledger_add(ledger, (Figure){.key = "t_co2e",
                                .name = large ? _("CO2e, t") : NULL,
                                .value = kg / 1000,
                                .how = HOW_ASSUMED,
                                .about = carbon,
                                .told = large});
    ledger_add(ledger, (Figure){.key = "kg_co2e",
                                .name = large ? NULL : _("CO2e, kg"),
                                .value = kg,
                                .how = HOW_ASSUMED,
                                .about = carbon,
                                .told = !large});
}

bool budget_run(const Call *call, Result *result, Error *error)
{
    Ledger ledger = {.count = 0};
    Budget b = read_budget(call);
    if (!check(call, &b, error)) return false;
    add_work(call, &b, &ledger);
    if (!isnan(b.seconds)) add_time(call, &b, &ledger);
    if (!isnan(b.seconds) && b.powered) add_energy(&b, &ledger);
    ledger_show(&ledger, call, result);
    if (call->number > 1) return true;
    if (isnan(b.seconds))
        result_note(result, _("rate=, the FLOP/s that one machine really does, gives hours; watts= energy."));
    else if (!b.powered)
        result_note(result, _("watts= of one machine gives its energy and carbon dioxide."));
    return true;
}

/* --- why --- */

static Fact *given_number(Arena *arena, const char *name, double value)
{
    return fact_new(arena, FACT_NUMBER, name, NULL, value);
}

static Fact *explain_flops(const Budget *b, Arena *arena)
{
    bool computed = !isnan(b->parameters);
    Fact *flops = fact_new(arena, FACT_NUMBER, "FLOPs", computed ? "6 N D" : NULL, b->flops);
    if (!computed) return flops;
    fact_because(flops, given_number(arena, _("parameters, N"), b->parameters));
    fact_because(flops, given_number(arena, _("training tokens, D"), b->tokens));
    return fact_because(flops, fact_note(arena, _("6: a weight is multiplied and added once forwards, and "
                                                  "twice backwards, for its input's gradient and for its "
                                                  "own")));
}

Fact *budget_explain(const Call *call, Arena *arena)
{
    Budget b = read_budget(call);
    if (isnan(b.seconds)) return explain_flops(&b, arena);
    Fact *time = given_number(arena, _("seconds of machines"), b.seconds);
    if (!isnan(b.flops)) {
        time->formula = _("FLOPs / rate");
        fact_because(time, explain_flops(&b, arena));
        fact_because(time, given_number(arena, _("rate, FLOP/s of one machine"), b.rate));
    }
    return b.powered ? ledger_explain(&b.rates, b.seconds, time, arena) : time;
}

/* --- models of history --- */

typedef struct {
    const char *name, *from;
    int year;
    double parameters;
} Published;

/* The table of CS324's introduction (Winter 2022). */
static const Published published[] = {{"ELMo", "AI2", 2018, 94e6},
                                      {"GPT", "OpenAI", 2018, 110e6},
                                      {"BERT", "Google", 2018, 340e6},
                                      {"XLM", "Facebook", 2019, 655e6},
                                      {"GPT-2", "OpenAI", 2019, 1.5e9},
                                      {"RoBERTa", "Facebook", 2019, 355e6},
                                      {"Megatron-LM", "NVIDIA", 2019, 8.3e9},
                                      {"T5", "Google", 2019, 11e9},
                                      {"Turing-NLG", "Microsoft", 2020, 17e9},
                                      {"GPT-3", "OpenAI", 2020, 175e9},
                                      {"Megatron-Turing NLG", "Microsoft, NVIDIA", 2021, 530e9},
                                      {"Gopher", "DeepMind", 2021, 280e9}};

void budget_sizes(const Call *call, Result *result)
{
    double ours = (double)model_parameters(call->model);
    result->title = arena_format(call->arena, _("%s: %.0f parameters"), call->model_name, ours);
    result_field(result, "model", NULL, UNIT_NONE, value_text(call->model_name));
    result_field(result, "parameters", NULL, UNIT_NONE, value_number(ours));
    result_table(result, "rows");
    int name = result_column(result, "name", _("name"), UNIT_NONE, false);
    int from = result_column(result, "from", _("from"), UNIT_NONE, false);
    int year = result_column(result, "year", _("year"), UNIT_NONE, false);
    int size = result_column(result, "parameters", _("parameters"), UNIT_NONE, false);
    int times = result_column(result, "times", _("as many as ours"), UNIT_RATIO, false);
    for (size_t i = 0; i < COUNT_OF(published); i++) {
        Value *cells = result_row(result);
        cells[name] = value_text(published[i].name);
        cells[from] = value_text(published[i].from);
        cells[year] = value_count((uint64_t)published[i].year);
        cells[size] = value_number(published[i].parameters);
        cells[times] = value_number(published[i].parameters / ours);
    }
}

Fact *budget_explain_sizes(const Call *call, Arena *arena)
{
    const Published *last = &published[COUNT_OF(published) - 1];
    double ours = (double)model_parameters(call->model);
    Fact *fact = fact_new(arena, FACT_NUMBER, arena_format(arena, _("%s as many as ours"), last->name),
                          _("its parameters / ours"), last->parameters / ours);
    fact_because(fact, given_number(arena, _("its parameters, as published"), last->parameters));
    return fact_because(fact, given_number(arena, _("ours"), ours));
}
