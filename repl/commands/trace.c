/* trace.c - a forward pass as arithmetic: its stops, or one unit at one of them multiplied out. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/neural/trace.h"
#include "repl/commands/commands.h"
#include "repl/commands/look.h"
#include "repl/nearest.h"

typedef struct {
    Look look;
    TracePass pass;
    TraceStop *stops;
    size_t count;
    size_t position; /* of the pass */
} Tour;

/* The tokens as the network read them. */
static const TokenId *ids_read(const Look *look)
{
    TokenId *ids = arena_alloc(look->call->arena, look->steps, sizeof *ids);
    for (size_t i = 0; i < look->steps; i++) {
        size_t number = look_word_number(look, i);
        ids[i] = number ? look->words.ids[number - 1] : neural_begin_id(look->call->model);
    }
    return ids;
}

/* softmax and mlp read a window at once: all their tensors have one row. */
static bool tour_begin(const Call *call, const Network *network, Tour *t, Error *error)
{
    size_t position;
    if (!look_pass(call, network, &t->look, error)) return false;
    t->pass = (TracePass){network, t->look.tape, ids_read(&t->look), t->look.steps};
    t->count = trace_stops(network, &t->stops, call->arena);
    if (!look_position(&t->look, OPT_POS, &position, error)) return false;
    t->position = network_windowed(network) ? 0 : position;
    if (!network_windowed(network) || position + 1 == t->look.steps) return true;
    error_set(error, _("%s reads its words at once, and predicts after the last"), call->model_name);
    error_hint(error, _("leave out pos=, or give it fewer words"));
    return error_place(error, call->values[OPT_POS].start, call->values[OPT_POS].length);
}

static const char *unit_name(const Tour *t, const TraceStop *stop, size_t unit)
{
    bool outcomes = strcmp(stop->name, "logits") == 0 || strcmp(stop->name, "p") == 0;
    if (outcomes) return vocab_text(t->look.call->model->vocab, (TokenId)unit);
    return arena_format(t->look.call->arena, "%zu", unit + 1);
}

static void add_fields(const Tour *t, Result *result)
{
    const Look *look = &t->look;
    size_t last = network_windowed(look->network) ? look->steps - 1 : t->position;
    result_field(result, "model", NULL, UNIT_NONE, value_text(look->call->model_name));
    result_field(result, "tokens", NULL, UNIT_TOKEN, value_list(look_words(look), look->steps));
    result_field(result, "position", NULL, UNIT_NONE, value_count(look_word_number(look, last)));
    result_field(result, "token", NULL, UNIT_TOKEN, value_text(look_word(look, last)));
    look_note(look, result);
}

/* --- the list --- */

static void show_stops(const Tour *t, Result *result)
{
    const Look *look = &t->look;
    size_t last = network_windowed(look->network) ? look->steps - 1 : t->position;
    result->title = arena_format(result->arena, _("%s: the pass after \"%s\", in %zu stops"),
                                 look->call->model_name, look_token(look_word(look, last)), t->count);
    result_table(result, "rows");
    int number = result_column(result, "stop", _("stop"), UNIT_NONE, false),
        layer = result_column(result, "layer", _("layer"), UNIT_NONE, false),
        name = result_column(result, "name", _("name"), UNIT_NONE, false),
        units = result_column(result, "units", _("units"), UNIT_NONE, false),
        first = result_column(result, "first", _("unit 1"), UNIT_BITS, false),
        formula = result_column(result, "formula", _("each unit is"), UNIT_NONE, false);
    for (size_t i = 0; i < t->count; i++) {
        Value *cells = result_row(result);
        cells[number] = value_count(i + 1);
        cells[layer] = t->stops[i].layer ? value_count(t->stops[i].layer) : value_null();
        cells[name] = value_text(t->stops[i].name);
        cells[units] = value_count(t->stops[i].units);
        cells[first] = value_number(trace_value(&t->pass, &t->stops[i], t->position, 0));
        cells[formula] = value_text(t->stops[i].formula);
    }
    result_note(result, _("stop=N unit=N multiplies one of them out; stop= also takes a name."));
}

/* --- one unit --- */

static bool fail_stop(const Tour *t, Error *error)
{
    const OptionValue *value = &t->look.call->values[OPT_STOP];
    char sentence[160];
    Nearest nearest;
    nearest_init(&nearest, value->text);
    for (size_t i = 0; i < t->count; i++) nearest_offer(&nearest, t->stops[i].name);
    nearest_sentence(&nearest, sentence, sizeof sentence);
    error_set(error, _("there is no stop '%.60s': they are 1 to %zu"), value->text, t->count);
    error_hint(error, "%s%s%s", sentence, *sentence ? "   " : "", _("trace W... lists them"));
    return error_place(error, value->start, value->length);
}

/* By number or name; else the hidden units of layer=, or of the last layer. */
static bool find_stop(const Tour *t, size_t *stop, Error *error)
{
    const Call *call = t->look.call;
    size_t layers = t->look.network->architecture.layers, layer = layers ? layers - 1 : 0;
    if (!look_index(call, OPT_LAYER, layers ? layers : 1, _("layers"), &layer, error)) return false;
    const char *wanted = call_text(call, OPT_STOP);
    double number;
    if (wanted && number_read(wanted, &number)) {
        for (*stop = 0; *stop < t->count; ++*stop)
            if ((double)(*stop + 1) == number) return true;
        return fail_stop(t, error);
    }
    for (*stop = 0; *stop < t->count; ++*stop) {
        const TraceStop *one = &t->stops[*stop];
        if (wanted ? strcmp(one->name, wanted) == 0 : one->hidden && one->layer == layer + 1) return true;
    }
    if (wanted) return fail_stop(t, error);
    *stop = 0; /* a softmax has nothing hidden */
    return true;
}

/* Of outcomes the most probable, of hidden units the first. */
static size_t usual_unit(const Tour *t, const TraceStop *stop)
{
    size_t unit = 0;
    const TraceStop *end = &t->stops[t->count - 1];
    if (stop->units != end->units || (strcmp(stop->name, "p") != 0 && strcmp(stop->name, "logits") != 0))
        return 0;
    const Tensor *logits = tape_find(t->pass.tape, "logits");
    const Real *row = logits->x + t->position * tensor_columns(logits);
    for (size_t i = 1; i < stop->units; i++)
        if (row[i] > row[unit]) unit = i;
    return unit;
}

static Value product_part(double number) { return isnan(number) ? value_null() : value_number(number); }

static void add_lines(const Trace *trace, Result *result)
{
    result_table(result, "rows");
    bool products = false, formulas = false;
    for (size_t i = 0; i < trace->count; i++) {
        products = products || !isnan(trace->lines[i].weight);
        formulas = formulas || trace->lines[i].formula;
    }
    int name = result_column(result, "term", _("term"), UNIT_NONE, false),
        weight = result_column(result, "weight", products ? _("weight") : NULL, UNIT_RATIO, false),
        input = result_column(result, "input", products ? _("x input") : NULL, UNIT_RATIO, false),
        value = result_column(result, "value", _("= value"), UNIT_RATIO, false),
        formula = result_column(result, "formula", formulas ? _("from") : NULL, UNIT_NONE, false);
    for (size_t i = 0; i < trace->count; i++) {
        const TraceLine *line = &trace->lines[i];
        Value *cells = result_row(result);
        cells[name] = value_text(line->name);
        cells[weight] = product_part(line->weight);
        cells[input] = product_part(line->input);
        cells[value] = value_number(line->value);
        cells[formula] = line->formula ? value_text(line->formula) : value_null();
    }
}

static bool show_unit(const Tour *t, Result *result, Error *error)
{
    size_t index;
    if (!find_stop(t, &index, error)) return false;
    const TraceStop *stop = &t->stops[index];
    size_t unit = usual_unit(t, stop);
    if (!look_index(t->look.call, OPT_UNIT, stop->units, _("units at this stop"), &unit, error)) return false;
    Trace trace = trace_unit(&t->pass, stop, t->position, unit, result->arena);
    result->title =
        arena_format(result->arena, "%s[%s] = %s   [%s]", stop->name, look_token(unit_name(t, stop, unit)),
                     stop->formula, arena_format(result->arena, _("stop %zu of %zu"), index + 1, t->count));
    result_field(result, "stop", NULL, UNIT_NONE, value_text(stop->name));
    result_field(result, "layer", NULL, UNIT_NONE, stop->layer ? value_count(stop->layer) : value_null());
    result_field(result, "unit", NULL, UNIT_NONE, value_count(unit + 1));
    result_field(result, "unit_name", NULL, UNIT_TOKEN, value_text(unit_name(t, stop, unit)));
    result_field(result, "value", NULL, UNIT_RATIO, value_number(trace.value));
    add_lines(&trace, result);
    return true;
}

static bool run(Session *session, Call *call, Result *result, Error *error)
{
    Tour t = {0};
    (void)session;
    const Network *network = look_network(call, LOOK_ALL, _("neural networks"), error);
    if (!network) return false;
    bool ok = tour_begin(call, network, &t, error);
    bool one = call_given(call, OPT_STOP) || call_given(call, OPT_UNIT) || call_given(call, OPT_LAYER);
    if (ok) add_fields(&t, result);
    if (ok && one)
        ok = show_unit(&t, result, error);
    else if (ok)
        show_stops(&t, result);
    look_release(&t.look);
    return ok;
}

const Command trace_command = {
    .name = "trace",
    .family = N_("look"),
    .usage = "W...",
    .summary = N_("Show a network's pass over some words as arithmetic, one unit at a time"),
    .example = "train mlp n=3 d=2 h=4 steps=20; trace the mouse layer=1 unit=3",
    .words = WORDS_TOKENS,
    .least = 1,
    .most = SIZE_MAX,
    .options = OPTIONS(OPT_STOP, OPT_LAYER, OPT_UNIT, OPT_POS, OPT_OOV),
    .models = true,
    .run = run,
};
