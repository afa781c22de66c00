/* attn.c - attention: how much each position of a transformer takes from each one before it, and why. */
#include <math.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/neural/elementary.h"
#include "repl/commands/commands.h"
#include "repl/commands/look.h"

typedef struct {
    Look look;
    size_t layer, head, heads, width; /* indices from 0; numbers in a head */
    const Real *weights;              /* [steps, steps] of this layer and head */
    const Real *qkv;                  /* [steps, 3 heads width] */
} Attention;

static const Real *weights_of(const Look *look, size_t layer, size_t head)
{
    return look_tensor(look, "h.%zu.attn_probs", layer)->x + head * look->steps * look->steps;
}

static bool attention_begin(const Call *call, Attention *a, Error *error)
{
    const Network *network = look_network(call, LOOK(NETWORK_TRANSFORMER), _("transformers"), error);
    if (!network) return false;
    const Architecture *shape = &network->architecture;
    a->layer = a->head = 0;
    a->heads = shape->heads;
    a->width = shape->d / shape->heads;
    bool all = call_is(call, OPT_HEAD, "all");
    if (!look_index(call, OPT_LAYER, shape->layers, _("layers"), &a->layer, error)) return false;
    if (!all && !look_index(call, OPT_HEAD, shape->heads, _("heads"), &a->head, error)) return false;
    if (!look_pass(call, network, &a->look, error)) return false;
    a->weights = weights_of(&a->look, a->layer, a->head);
    a->qkv = look_tensor(&a->look, "h.%zu.qkv", a->layer)->x;
    return true;
}

/* --- the whole matrix --- */

/* More positions than NUMBERS_MOST have marks without numbers, and of more than MARKS_MOST the last are
 * shown. */
enum { NUMBERS_MOST = 14, MARKS_MOST = 60 };

static size_t shown_from(const Look *look) { return look->steps > MARKS_MOST ? look->steps - MARKS_MOST : 0; }

/* Among many positions all weights are small: their marks compare them with the largest of the row. */
static double scale_of(const Look *look, const Real *row, size_t to)
{
    double largest = 0;
    for (size_t from = 0; from <= to; from++) largest = fmax(largest, (double)row[from]);
    return look->steps > NUMBERS_MOST && largest > 0 ? 1 / largest : 1;
}

/* A position cannot look at those behind it: NaN there. */
static Grid weight_grid(const Look *look, size_t layer, size_t head)
{
    const Real *weights = weights_of(look, layer, head);
    size_t first = shown_from(look), n = look->steps - first;
    double *values = arena_alloc(look->call->arena, n * n, sizeof *values);
    for (size_t to = 0; to < n; to++) {
        const Real *row = weights + (first + to) * look->steps;
        double scale = scale_of(look, row, first + to);
        for (size_t from = 0; from < n; from++)
            values[to * n + from] = from > to ? NAN : scale * (double)row[first + from];
    }
    return (Grid){.title = arena_format(look->call->arena, "L%zu H%zu", layer + 1, head + 1),
                  .rows = look_names(look, true) + first,
                  .columns = look_names(look, false) + first,
                  .row_count = n,
                  .column_count = n,
                  .values = values,
                  .full = 1};
}

typedef struct {
    int layer, head, position, token, key_position, key, weight;
} WeightColumns;

/* For machines: one weight a row. */
static WeightColumns add_weight_columns(Result *result)
{
    result_table(result, "rows");
    return (WeightColumns){
        .layer = result_column(result, "layer", NULL, UNIT_NONE, false),
        .head = result_column(result, "head", NULL, UNIT_NONE, false),
        .position = result_column(result, "position", NULL, UNIT_NONE, false),
        .token = result_column(result, "token", NULL, UNIT_TOKEN, false),
        .key_position = result_column(result, "key_position", NULL, UNIT_NONE, false),
        .key = result_column(result, "key", NULL, UNIT_TOKEN, false),
        .weight = result_column(result, "weight", NULL, UNIT_PROBABILITY, false),
    };
}

static void add_weights(const Look *look, size_t layer, size_t head, const WeightColumns *c, Result *result)
{
    const Real *weights = weights_of(look, layer, head);
    for (size_t to = 0; to < look->steps; to++)
        for (size_t from = 0; from <= to; from++) {
            Value *cells = result_row(result);
            cells[c->layer] = value_count(layer + 1);
            cells[c->head] = value_count(head + 1);
            cells[c->position] = value_count(look_word_number(look, to));
            cells[c->token] = value_text(look_word(look, to));
            cells[c->key_position] = value_count(look_word_number(look, from));
            cells[c->key] = value_text(look_word(look, from));
            cells[c->weight] = value_number((double)weights[to * look->steps + from]);
        }
}

static void add_legend(const Look *look, Result *result)
{
    if (shown_from(look) > 0)
        result_note(result, _("The last %d of %zu positions; as=csv gives all."), MARKS_MOST, look->steps);
    if (look->steps > NUMBERS_MOST) result_note(result, _("A full mark: the largest weight of its row."));
    result_note(result,
                _("Rows look at columns; each row sums to 1. A dot: a token cannot look at what comes "
                  "after it."));
}

static void show_matrix(const Attention *a, Result *result)
{
    const Look *look = &a->look;
    Grid *grid = arena_alloc(result->arena, 1, sizeof *grid);
    Grids *grids = arena_alloc(result->arena, 1, sizeof *grids);
    *grid = weight_grid(look, a->layer, a->head);
    *grids = (Grids){.grids = grid, .count = 1, .across = 1, .bare = look->steps > NUMBERS_MOST};
    if (!grids->bare) grid->title = NULL;
    result->grids = grids;
    result->title = arena_format(result->arena, _("%s   layer %zu   head %zu"), look->call->model_name,
                                 a->layer + 1, a->head + 1);
    WeightColumns columns = add_weight_columns(result);
    add_weights(look, a->layer, a->head, &columns, result);
    add_legend(look, result);
}

/* Heads across, layers down: different axes. */
static void show_grid(const Attention *a, Result *result)
{
    const Call *call = a->look.call;
    size_t layers = a->look.network->architecture.layers;
    size_t first = call_given(call, OPT_LAYER) ? a->layer : 0,
           behind = call_given(call, OPT_LAYER) ? first + 1 : layers;
    Grid *grid = arena_alloc(result->arena, (behind - first) * a->heads, sizeof *grid);
    Grids *grids = arena_alloc(result->arena, 1, sizeof *grids);
    WeightColumns columns = add_weight_columns(result);
    *grids = (Grids){.grids = grid, .across = a->heads, .bare = true};
    for (size_t layer = first; layer < behind; layer++)
        for (size_t head = 0; head < a->heads; head++) {
            grid[grids->count++] = weight_grid(&a->look, layer, head);
            add_weights(&a->look, layer, head, &columns, result);
        }
    result->title = arena_format(result->arena, _("%s: heads across, layers down"), call->model_name);
    result->grids = grids;
    add_legend(&a->look, result);
}

/* --- one row, opened up --- */

static double score(const Attention *a, size_t to, size_t from)
{
    size_t d = a->heads * a->width, row = 3 * d;
    const Real *q = a->qkv + to * row + a->head * a->width, *k = a->qkv + from * row + d + a->head * a->width;
    double sum = 0;
    for (size_t i = 0; i < a->width; i++) sum += (double)q[i] * (double)k[i];
    return sum;
}

/* exp of a large number has too many digits to be read, or none: then the largest is taken off before. */
static double shift_of(const Attention *a, size_t to)
{
    enum { READABLE = 20 };
    double largest = -INFINITY;
    for (size_t from = 0; from <= to; from++)
        largest = fmax(largest, score(a, to, from) / sqrt((double)a->width));
    return fabs(largest) > READABLE ? largest : 0;
}

static const char *scaled_name(const Attention *a, Arena *arena)
{
    return arena_format(arena, "/sqrt(%zu)", a->width);
}

static void show_row(const Attention *a, size_t to, bool steps, Result *result)
{
    const Look *look = &a->look;
    double shift = shift_of(a, to), sums[2] = {0};
    result->title = arena_format(result->arena, _("%s   layer %zu   head %zu   query: %s (position %zu)"),
                                 look->call->model_name, a->layer + 1, a->head + 1,
                                 look_token(look_word(look, to)), look_word_number(look, to));
    result_table(result, "rows");
    int number = result_column(result, "key_position", "", UNIT_NONE, false);
    int key = result_column(result, "key", _("key"), UNIT_TOKEN, false);
    int dot = result_column(result, "qk", steps ? "q.k" : NULL, UNIT_BITS, false);
    int scaled =
        result_column(result, "scaled", steps ? scaled_name(a, result->arena) : NULL, UNIT_BITS, false);
    int power = result_column(result, "exp", steps ? shift == 0 ? "exp" : _("exp(x - largest)") : NULL,
                              UNIT_BITS, false);
    int weight = result_column(result, "weight", _("weight"), UNIT_BITS, true);
    for (size_t from = 0; from <= to; from++) {
        double qk = score(a, to, from), x = qk / sqrt((double)a->width), e = exact_exp(x - shift),
               w = (double)a->weights[to * look->steps + from];
        Value *cells = result_row(result);
        cells[number] = value_count(look_word_number(look, from));
        cells[key] = value_text(look_word(look, from));
        cells[dot] = value_number(qk);
        cells[scaled] = value_number(x);
        cells[power] = value_number(e);
        cells[weight] = value_number(w);
        sums[0] += e;
        sums[1] += w;
    }
    result->foot = result->row_count;
    Value *cells = result_row(result);
    cells[number] = value_text("");
    cells[key] = value_text(_("sum"));
    cells[power] = value_number(sums[0]);
    cells[weight] = value_number(sums[1]);
}

static void add_fields(const Attention *a, Result *result)
{
    const Look *look = &a->look;
    result_field(result, "model", NULL, UNIT_NONE, value_text(look->call->model_name));
    result_field(result, "tokens", NULL, UNIT_TOKEN, value_list(look_words(look), look->steps));
    look_note(look, result);
}

static bool show(Attention *a, Result *result, Error *error)
{
    const Call *call = a->look.call;
    bool steps = call_is(call, OPT_SHOW_ATTENTION, "steps"),
         grid = call_is(call, OPT_SHOW_ATTENTION, "grid") || call_is(call, OPT_HEAD, "all");
    size_t row;
    if (!look_position(&a->look, OPT_FROM, &row, error)) return false;
    add_fields(a, result);
    if (grid)
        show_grid(a, result);
    else if (steps || call_given(call, OPT_FROM))
        show_row(a, row, steps, result);
    else
        show_matrix(a, result);
    return look_drawn(call, result, _("the picture is that of the whole matrix, without from= and steps"),
                      error);
}

static bool run(Session *session, Call *call, Result *result, Error *error)
{
    Attention a;
    (void)session;
    if (!attention_begin(call, &a, error)) return false;
    bool ok = show(&a, result, error);
    look_release(&a.look);
    return ok;
}

/* --- why --- */

/* The dot product, component by component, the largest first. */
static Fact *product_fact(const Attention *a, size_t to, size_t from, Arena *arena)
{
    size_t d = a->heads * a->width, row = 3 * d;
    const Real *q = a->qkv + to * row + a->head * a->width, *k = a->qkv + from * row + d + a->head * a->width;
    const char *formula = "";
    enum { TERMS = 8 };
    for (size_t i = 0; i < a->width && i < TERMS; i++)
        formula = arena_format(arena, "%s%s%.4g x %.4g", formula, i ? " + " : "", (double)q[i], (double)k[i]);
    if (a->width > TERMS) formula = arena_format(arena, "%s + ...", formula);
    return fact_new(arena, FACT_NUMBER, "q.k", formula, score(a, to, from));
}

static const Fact *explain_weight(const Attention *a, size_t to, Arena *arena)
{
    const Look *look = &a->look;
    size_t first = 0;
    double root = sqrt((double)a->width), shift = shift_of(a, to), sum = 0;
    for (size_t from = 0; from <= to; from++) {
        sum += exact_exp(score(a, to, from) / root - shift);
        if (a->weights[to * look->steps + from] > a->weights[to * look->steps + first]) first = from;
    }
    const char *name = arena_format(arena, _("weight(%s looks at %s)"), look_token(look_word(look, to)),
                                    look_token(look_word(look, first))),
               *taken = shift == 0 ? "" : arena_format(arena, " - %.6g", shift);
    double x = score(a, to, first) / root;
    Fact *fact =
        fact_new(arena, FACT_PROBABILITY, name, "exp(s) / sum", (double)a->weights[to * look->steps + first]);
    Fact *scaled = fact_new(arena, FACT_NUMBER, "s",
                            arena_format(arena, "q.k / sqrt(%zu)%s", a->width, taken), x - shift);
    fact_because(fact, fact_because(scaled, product_fact(a, to, first, arena)));
    fact_because(fact, fact_new(arena, FACT_NUMBER, "exp(s)", NULL, exact_exp(x - shift)));
    return fact_because(
        fact, fact_new(arena, FACT_NUMBER, "sum", _("exp(s) over all positions it may look at"), sum));
}

static const Fact *explain(const Call *call, const Result *result, const Call *why, Error *error)
{
    Attention a;
    size_t row;
    const Fact *fact = NULL;
    (void)result;
    if (!attention_begin(call, &a, error)) return NULL;
    if (look_position(&a.look, OPT_FROM, &row, error)) fact = explain_weight(&a, row, why->arena);
    look_release(&a.look);
    return fact;
}

const Command attn_command = {
    .name = "attn",
    .aliases = "attention",
    .family = N_("look"),
    .usage = "W...",
    .summary = N_("Show what each position of a transformer looks at"),
    .example = "train transformer d=8 heads=2 layers=1 steps=20; attn the mouse ate",
    .words = WORDS_TOKENS,
    .least = 1,
    .most = SIZE_MAX,
    .options = OPTIONS(OPT_LAYER, OPT_HEAD, OPT_FROM, OPT_SHOW_ATTENTION, OPT_OOV),
    .models = true,
    .draws = true,
    .run = run,
    .explain = explain,
};
