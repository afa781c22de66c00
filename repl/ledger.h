/* ledger.h - from work to its price: time, energy and carbon dioxide, each figure with how it is known.
 *
 *   machine-hours = FLOPs / (FLOP/s of one machine) / 3600
 *   energy        = machine-hours x watts x PUE        (kWh: / 1000; 1 kWh is 3.6 million joules)
 *   CO2e          = energy x kg CO2e a kWh of the grid
 *
 * (Strubell, Ganesh & McCallum 2019; Patterson et al. 2021, Carbon Emissions and Large Neural Network
 * Training.) PUE, power usage effectiveness, is what a data centre draws for each watt of its machines: 1.58
 * on average in 2018, 1.11 at Google; nothing of that kind stands around a laptop. */
#ifndef REPL_LEDGER_H
#define REPL_LEDGER_H

#include "repl/call.h"
#include "repl/result.h"

/* From the best known to the worst: a figure is as well known as the worst of those it is made of. */
typedef enum { HOW_COUNTED, HOW_COMPUTED, HOW_MEASURED, HOW_ASSUMED, HOWS } How;

/* --- the grid ---
 *
 * kg CO2e a kWh. average, google: Patterson et al. 2021, as CS324 quotes them (.429, and .080 net of what it
 * buys). us: 0.954 lb, the United States in 2018 (Strubell et al. 2019, from the EPA). quebec, estonia: water
 * and oil shale; CS324 gives their ratio, 30, and these are round figures of that size. */
#define LEDGER_REGIONS "average|us|google|quebec|estonia"

/* --- what a kilowatt-hour is made of --- */
typedef struct {
    double watts; /* of one machine */
    How watts_how;
    double pue;
    double grid;        /* kg CO2e a kWh */
    const char *region; /* its name, or NULL for a number of the learner's own */
} Rates;

/* watts=, pue= and grid= of a call. Where watts= was not given, what was measured (NaN: nothing was), else
 * an assumption. */
Rates ledger_rates(const Call *call, double measured_watts);

double ledger_kwh(const Rates *rates, double machine_seconds);
double ledger_kg(const Rates *rates, double machine_seconds);
How ledger_energy_how(const Rates *rates); /* of an energy whose seconds were measured or computed */

/* --- figures --- */
typedef struct {
    const char *key, *name; /* for machines; for people, NULL: they do not see it */
    double value;           /* NaN: not known */
    How how;
    const char *about;  /* where it comes from, or NULL */
    const char *shown;  /* what people see instead of the number, or NULL */
    const char *absent; /* and instead of how it is known when it is not; NULL: "not known" */
    bool told;          /* people see it too where several settings stand beside each other */
} Figure;

enum { LEDGER_FIGURES = 18 };

typedef struct {
    Figure figures[LEDGER_FIGURES];
    size_t count;
} Ledger;

void ledger_add(Ledger *ledger, Figure figure);

/* watts, pue, kwh, grid and g_co2e of so many seconds of one machine. */
void ledger_add_energy(Ledger *ledger, const Rates *rates, double machine_seconds, Arena *arena);

/* All figures as fields, and the lists of keys "counted", "computed", "measured" and "assumed"; for people a
 * table, unless the call is one of several settings. A question means the last figure told that is known. */
void ledger_show(const Ledger *ledger, const Call *call, Result *result);

/* CO2e and the chain of products behind it, from `time`, the fact of the machines' time in seconds or hours.
 */
Fact *ledger_explain(const Rates *rates, double machine_seconds, Fact *time, Arena *arena);

#endif
