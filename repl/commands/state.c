/* state.c - what a recurrent network remembers: its hidden units after each token, and the gates that decide.
 */
#include <math.h>

#include "core/base/i18n.h"
#include "repl/commands/commands.h"
#include "repl/commands/look.h"

/* One set of units that is shown: the hidden state, the cell, or a gate. */
typedef struct {
    const char *name;
    const Real *x; /* [steps, width], of which `units` from `offset` on */
    size_t width, offset;
} Part;

enum { PARTS_MOST = 6, UNITS_SHOWN = 32 };

typedef struct {
    Look look;
    size_t layer, units, first, behind; /* units from first to behind, from 0 */
    Part parts[PARTS_MOST];
    size_t part_count;
} States;

static void add_part(States *s, const char *name, const Tensor *tensor, size_t index)
{
    s->parts[s->part_count++] = (Part){name, tensor->x, tensor_columns(tensor), index * s->units};
}

static void add_gates(States *s, NetworkKind kind)
{
    static const char *const gru[] = {"r", "z", "n"}, *const lstm[] = {"i", "f", "g", "o"};
    const Tensor *gates = look_tensor(&s->look, "rnn.%zu.gates", s->layer);
    for (size_t i = 0; i < (kind == NETWORK_GRU ? COUNT_OF(gru) : COUNT_OF(lstm)); i++)
        add_part(s, kind == NETWORK_GRU ? gru[i] : lstm[i], gates, i);
    if (kind == NETWORK_LSTM) add_part(s, "c", look_tensor(&s->look, "rnn.%zu.c", s->layer), 0);
}

/* The first units that there is room for, or the one asked for. */
static bool choose_units(States *s, Error *error)
{
    const Call *call = s->look.call;
    if (!look_index(call, OPT_UNIT, s->units, _("units"), &s->first, error)) return false;
    s->behind = call_given(call, OPT_UNIT) ? s->first + 1 : s->units;
    return true;
}

static bool choose(States *s, Error *error)
{
    const Call *call = s->look.call;
    NetworkKind kind = s->look.network->architecture.kind;
    if (!choose_units(s, error)) return false;
    bool gates = call_is(call, OPT_SHOW_STATE, "gates");
    if (gates && kind == NETWORK_RNN) {
        error_set(error, _("%s is an rnn: it has no gates"), call->model_name);
        return error_hint(error, _("state without show= shows its units; train gru or train lstm has gates"));
    }
    if (gates) add_gates(s, kind);
    add_part(s, "h", look_tensor(&s->look, "rnn.%zu.h", s->layer), 0);
    return true;
}

static double value_of(const Part *part, size_t position, size_t unit)
{
    return (double)part->x[position * part->width + part->offset + unit];
}

/* For machines: one number a row. */
static void add_rows(const States *s, Result *result)
{
    result_table(result, "rows");
    int what = result_column(result, "what", NULL, UNIT_NONE, false),
        unit = result_column(result, "unit", NULL, UNIT_NONE, false),
        position = result_column(result, "position", NULL, UNIT_NONE, false),
        token = result_column(result, "token", NULL, UNIT_TOKEN, false),
        value = result_column(result, "value", NULL, UNIT_NONE, false);
    for (size_t p = 0; p < s->part_count; p++)
        for (size_t u = s->first; u < s->behind; u++)
            for (size_t t = 0; t < s->look.steps; t++) {
                Value *cells = result_row(result);
                cells[what] = value_text(s->parts[p].name);
                cells[unit] = value_count(u + 1);
                cells[position] = value_count(look_word_number(&s->look, t));
                cells[token] = value_text(look_word(&s->look, t));
                cells[value] = value_number(value_of(&s->parts[p], t, u));
            }
}

static void add_grid(const States *s, Result *result)
{
    Arena *arena = result->arena;
    size_t shown = s->behind - s->first < UNITS_SHOWN ? s->behind - s->first : UNITS_SHOWN,
           rows = shown * s->part_count, columns = s->look.steps;
    double *values = arena_alloc(arena, rows * columns, sizeof *values);
    const char **names = arena_alloc(arena, rows, sizeof *names);
    for (size_t r = 0; r < rows; r++) {
        const Part *part = &s->parts[r % s->part_count];
        size_t unit = s->first + r / s->part_count;
        names[r] = arena_format(arena, "%s%zu", part->name, unit + 1);
        for (size_t t = 0; t < columns; t++) values[r * columns + t] = value_of(part, t, unit);
    }
    Grid grid = {.rows = names,
                 .columns = look_names(&s->look, false),
                 .row_count = rows,
                 .column_count = columns,
                 .values = values,
                 .full = look_largest(values, rows * columns),
                 .balanced = true};
    look_grid(&grid, result);
    if (shown < s->behind - s->first)
        result_note(result, _("%zu of %zu units; unit=N shows one, as=csv gives all."), shown, s->units);
}

static void show(const States *s, Result *result)
{
    const Call *call = s->look.call;
    result->title = arena_format(result->arena, _("%s   layer %zu"), call->model_name, s->layer + 1);
    result_field(result, "model", NULL, UNIT_NONE, value_text(call->model_name));
    result_field(result, "layer", NULL, UNIT_NONE, value_count(s->layer + 1));
    result_field(result, "tokens", NULL, UNIT_TOKEN, value_list(look_words(&s->look), s->look.steps));
    add_rows(s, result);
    add_grid(s, result);
}

static bool run(Session *session, Call *call, Result *result, Error *error)
{
    States s = {0};
    (void)session;
    const Network *network = look_network(call, LOOK_RECURRENT, _("rnn, gru and lstm"), error);
    if (!network) return false;
    const Architecture *a = &network->architecture;
    if (!look_index(call, OPT_LAYER, a->layers, _("layers"), &s.layer, error)) return false;
    if (!look_pass(call, network, &s.look, error)) return false;
    s.units = a->h;
    bool ok = choose(&s, error);
    if (ok) show(&s, result);
    look_release(&s.look);
    return ok;
}

const Command state_command = {
    .name = "state",
    .family = N_("look"),
    .usage = "W...",
    .summary = N_("Show what a recurrent network remembers after each word"),
    .example = "train rnn h=4 d=4 steps=20; state the mouse ate",
    .words = WORDS_TOKENS,
    .least = 1,
    .most = SIZE_MAX,
    .options = OPTIONS(OPT_LAYER, OPT_UNIT, OPT_SHOW_STATE, OPT_OOV),
    .models = true,
    .draws = true,
    .run = run,
};
