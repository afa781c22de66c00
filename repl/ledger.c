#include "repl/ledger.h"

#include <math.h>
#include <string.h>

#include "core/base/i18n.h"

static const double WATTS = 30;     /* a laptop at work */
static const double LONGEST = 1e9;  /* from here on people see powers of ten */
static const double JOULES = 3.6e6; /* a kWh */

/* --- rates --- */

static double region_grid(const char *name)
{
    static const struct {
        const char *name;
        double grid;
    } regions[] = {{"average", 0.429},
                   {"us", 0.954 * 0.45359237}, /* pounds */
                   {"google", 0.080},
                   {"quebec", 0.030},
                   {"estonia", 0.900}};
    for (size_t i = 0; i < COUNT_OF(regions); i++)
        if (strcmp(name, regions[i].name) == 0) return regions[i].grid;
    assert(false && "a region of option_table that is not in this list");
    return NAN;
}

Rates ledger_rates(const Call *call, double measured_watts)
{
    bool given = call_given(call, OPT_WATTS), named = isnan(call_number(call, OPT_GRID));
    const char *region = named ? call_text(call, OPT_GRID) : NULL;
    return (Rates){.watts = given                   ? call_number(call, OPT_WATTS)
                            : isnan(measured_watts) ? WATTS
                                                    : measured_watts,
                   .watts_how = given || isnan(measured_watts) ? HOW_ASSUMED : HOW_MEASURED,
                   .pue = call_number(call, OPT_PUE),
                   .grid = named ? region_grid(region) : call_number(call, OPT_GRID),
                   .region = region};
}

double ledger_kwh(const Rates *rates, double machine_seconds)
{
    return machine_seconds * rates->watts * rates->pue / JOULES;
}

double ledger_kg(const Rates *rates, double machine_seconds)
{
    return ledger_kwh(rates, machine_seconds) * rates->grid;
}

How ledger_energy_how(const Rates *rates) { return rates->pue > 1 ? HOW_ASSUMED : rates->watts_how; }

/* --- figures --- */

void ledger_add(Ledger *ledger, Figure figure)
{
    assert(ledger->count < LEDGER_FIGURES);
    ledger->figures[ledger->count++] = figure;
}

static const char *grid_about(const Rates *rates, Arena *arena)
{
    return rates->region ? arena_format(arena, _("%s; grid= or region= changes it"), rates->region)
                         : _("as you said");
}

void ledger_add_energy(Ledger *ledger, const Rates *rates, double machine_seconds, Arena *arena)
{
    const char *watts =
        rates->watts_how == HOW_MEASURED ? _("RAPL: all that ran on the processors") : _("watts= changes it");
    ledger_add(ledger, (Figure){.key = "watts",
                                .name = _("power, W"),
                                .value = rates->watts,
                                .how = rates->watts_how,
                                .about = watts});
    ledger_add(ledger, (Figure){.key = "pue",
                                .name = "PUE",
                                .value = rates->pue,
                                .how = HOW_ASSUMED,
                                .about = _("pue= changes it")});
    ledger_add(ledger, (Figure){.key = "kwh",
                                .name = _("energy, kWh"),
                                .value = ledger_kwh(rates, machine_seconds),
                                .how = ledger_energy_how(rates),
                                .about = _("time x power x PUE")});
    ledger_add(ledger, (Figure){.key = "grid",
                                .name = _("grid, kg CO2e/kWh"),
                                .value = rates->grid,
                                .how = HOW_ASSUMED,
                                .about = grid_about(rates, arena)});
    ledger_add(ledger, (Figure){.key = "g_co2e",
                                .name = _("CO2e, g"),
                                .value = 1e3 * ledger_kg(rates, machine_seconds),
                                .how = HOW_ASSUMED,
                                .about = _("energy x grid"),
                                .told = true});
}

/* --- what it says --- */

static const char *how_name(How how)
{
    static const char *const names[HOWS] = {N_("counted"), N_("computed"), N_("measured"), N_("assumed")};
    return names[how];
}

static Value figure_value(const Figure *figure)
{
    if (isnan(figure->value)) return value_null();
    bool whole = figure->value < 1e15 && figure->value == floor(figure->value);
    return whole ? value_count((uint64_t)figure->value) : value_number(figure->value);
}

static void add_fields(const Ledger *ledger, const Call *call, Result *result)
{
    for (size_t i = 0; i < ledger->count; i++) {
        const Figure *figure = &ledger->figures[i];
        bool time = strcmp(figure->key, "seconds") == 0;
        result_field(result, figure->key, call->setting && figure->told ? "%s" : NULL,
                     time ? UNIT_SECONDS : UNIT_NONE, figure_value(figure));
        if (figure->told && !isnan(figure->value)) result->answer = figure->key;
    }
    for (How how = 0; how < HOWS; how++) {
        const char **keys = arena_alloc(call->arena, LEDGER_FIGURES, sizeof *keys);
        size_t count = 0;
        for (size_t i = 0; i < ledger->count; i++)
            if (ledger->figures[i].how == how) keys[count++] = ledger->figures[i].key;
        result_field(result, how_name(how), NULL, UNIT_NONE, value_list(keys, count));
    }
}

static void add_row(const Figure *figure, Result *result)
{
    bool known = !isnan(figure->value);
    Value *cells = result_row(result);
    cells[0] = value_text(figure->name);
    cells[1] = known && figure->shown     ? value_text(figure->shown)
               : figure->value >= LONGEST ? value_number(figure->value)
                                          : figure_value(figure);
    cells[2] = value_text(known            ? _(how_name(figure->how))
                          : figure->absent ? figure->absent
                                           : _("not known"));
    cells[3] = value_text(figure->about);
}

void ledger_show(const Ledger *ledger, const Call *call, Result *result)
{
    add_fields(ledger, call, result);
    if (call->setting) return;
    result_table(result, NULL);
    result_column(result, NULL, _("cost"), UNIT_NONE, false);
    result_column(result, NULL, _("figure"), UNIT_NONE, false);
    result_column(result, NULL, _("how"), UNIT_NONE, false);
    result_column(result, NULL, _("of what"), UNIT_NONE, false);
    for (size_t i = 0; i < ledger->count; i++)
        if (ledger->figures[i].name) add_row(&ledger->figures[i], result);
}

/* --- why --- */

static void add_number(Fact *fact, Arena *arena, const char *name, How how, double value)
{
    fact_because(fact, fact_new(arena, FACT_NUMBER, arena_format(arena, "%s (%s)", name, _(how_name(how))),
                                NULL, value));
}

Fact *ledger_explain(const Rates *rates, double machine_seconds, Fact *time, Arena *arena)
{
    Fact *kwh = fact_new(arena, FACT_NUMBER, _("energy, kWh"), _("hours x watts x PUE / 1000"),
                         ledger_kwh(rates, machine_seconds));
    Fact *kg =
        fact_new(arena, FACT_NUMBER, _("CO2e, kg"), _("kWh x kg a kWh"), ledger_kg(rates, machine_seconds));
    Fact *hours =
        fact_new(arena, FACT_NUMBER, _("hours of machines"), _("seconds / 3600"), machine_seconds / 3600);
    fact_because(kwh, fact_because(hours, time));
    add_number(kwh, arena, _("watts of one machine"), rates->watts_how, rates->watts);
    add_number(kwh, arena, "PUE", HOW_ASSUMED, rates->pue);
    fact_because(kg, kwh);
    add_number(kg, arena,
               rates->region ? arena_format(arena, _("kg CO2e a kWh, %s"), rates->region)
                             : _("kg CO2e a kWh"),
               HOW_ASSUMED, rates->grid);
    return kg;
}
