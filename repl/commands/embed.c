/* embed.c - the vectors that a network keeps of words: their numbers, their neighbours, and how they lie. */
#include "repl/commands/embed.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/memory.h"
#include "core/neural/projection.h"
#include "repl/commands/axes.h"
#include "repl/commands/commands.h"
#include "repl/commands/look.h"

/* Without words named a large vocabulary is not shown whole: neighbours of all would take V^2 d steps. */
enum { WORDS_MOST = 1000, PLOT_MOST = 200, VALUES_SHOWN = 4, NEAREST_KEPT = 3, NEAREST_SHOWN = 2 };

typedef struct {
    const Call *call;
    double *points; /* (V, dims), the caller's to free */
    size_t words, dims;
    TokenId *chosen;
    size_t count;
} Embedding;

/* --- which words --- */

static bool choose_named(Embedding *e, size_t first, Error *error)
{
    const Call *call = e->call;
    for (size_t i = first; i < call->word_count; i++) {
        const Word *word = &call->words[i];
        TokenId id;
        if (!call_token(call, word, &id, error)) return false;
        e->chosen[e->count++] = id;
    }
    return true;
}

static bool embedding_begin(const Call *call, size_t first, size_t most, Embedding *e, Error *error)
{
    unsigned kinds = LOOK_ALL & ~LOOK(NETWORK_SOFTMAX);
    const Network *network = look_network(call, kinds, _("networks with word vectors"), error);
    if (!network) return false;
    const Tensor *table = axis_embedding(call->model);
    *e = (Embedding){.call = call, .words = tensor_rows(table), .dims = tensor_columns(table)};
    size_t named = call->word_count - first, room = named ? named : e->words < most ? e->words : most;
    e->chosen = arena_alloc(call->arena, room, sizeof *e->chosen);
    if (!choose_named(e, first, error)) return false;
    while (!named && e->count < room) {
        e->chosen[e->count] = (TokenId)e->count;
        e->count++;
    }
    e->points = must_alloc(tensor_size(table), sizeof *e->points);
    for (size_t i = 0; i < tensor_size(table); i++) e->points[i] = (double)table->x[i];
    return true;
}

static const char *word_text(const Embedding *e, TokenId id) { return vocab_text(e->call->model->vocab, id); }

static const double *vector_of(const Embedding *e, TokenId id) { return e->points + (size_t)id * e->dims; }

static void add_fields(const Embedding *e, Result *result)
{
    result_field(result, "model", NULL, UNIT_NONE, value_text(e->call->model_name));
    result_field(result, "d", NULL, UNIT_NONE, value_count(e->dims));
    if (e->count < e->words && e->call->word_count == 0)
        result_note(result, _("The first %zu of %zu words; embed W... shows those you name."), e->count,
                    e->words);
}

/* --- neighbours --- */

typedef struct {
    TokenId id;
    double cosine;
} Neighbour;

/* The `most` words closest in direction, nearest first; returns how many. */
static size_t find_nearest(const Embedding *e, TokenId id, Neighbour *nearest, size_t most)
{
    size_t count = 0;
    for (size_t i = 0; i < e->words; i++) {
        if ((TokenId)i == id) continue;
        Neighbour one = {(TokenId)i, cosine(vector_of(e, id), vector_of(e, (TokenId)i), e->dims)};
        size_t at = count < most ? count++ : most;
        for (; at > 0 && nearest[at - 1].cosine < one.cosine; at--)
            if (at < most) nearest[at] = nearest[at - 1];
        if (at < most) nearest[at] = one;
    }
    return count;
}

static void show_nearest(const Embedding *e, Result *result)
{
    size_t most = call_size(e->call, OPT_TOP);
    Neighbour *nearest = arena_alloc(result->arena, most, sizeof *nearest);
    result->title = arena_format(result->arena, _("%s: nearest by cosine"), e->call->model_name);
    result_table(result, "rows");
    int token = result_column(result, "token", _("token"), UNIT_TOKEN, false),
        rank = result_column(result, "rank", _("rank"), UNIT_NONE, false),
        other = result_column(result, "nearest", _("nearest"), UNIT_TOKEN, false),
        near = result_column(result, "cosine", _("cosine"), UNIT_BITS, true);
    for (size_t i = 0; i < e->count; i++) {
        size_t found = find_nearest(e, e->chosen[i], nearest, most);
        for (size_t r = 0; r < found; r++) {
            Value *cells = result_row(result);
            cells[token] = value_text(word_text(e, e->chosen[i]));
            cells[rank] = value_count(r + 1);
            cells[other] = value_text(word_text(e, nearest[r].id));
            cells[near] = value_number(nearest[r].cosine);
        }
    }
    result_fold(result);
}

/* --- a row a word --- */

typedef struct {
    int token, values, norm, nearest, cosines, shown[VALUES_SHOWN], found;
    size_t count; /* of `shown` */
} Columns;

static Columns add_columns(const Embedding *e, Result *result)
{
    Columns c = {.count = e->dims < VALUES_SHOWN ? e->dims : VALUES_SHOWN};
    result_table(result, "rows");
    c.token = result_column(result, "token", _("token"), UNIT_TOKEN, false);
    c.values = result_column(result, "values", NULL, UNIT_NONE, false);
    for (size_t i = 0; i < c.count; i++)
        c.shown[i] = result_column(result, NULL, arena_format(result->arena, "%zu", i + 1), UNIT_NONE, false);
    c.norm = result_column(result, "norm", _("norm"), UNIT_BITS, false);
    c.nearest = result_column(result, "nearest", NULL, UNIT_TOKEN, false);
    c.cosines = result_column(result, "cosines", NULL, UNIT_NONE, false);
    c.found = result_column(result, NULL, _("nearest by cosine"), UNIT_NONE, false);
    return c;
}

static void add_neighbours(const Embedding *e, TokenId id, const Columns *c, Value *cells, Arena *arena)
{
    Neighbour nearest[NEAREST_KEPT];
    size_t found = find_nearest(e, id, nearest, NEAREST_KEPT);
    const char **names = arena_alloc(arena, NEAREST_KEPT, sizeof *names), *text = "";
    double *cosines = arena_alloc(arena, NEAREST_KEPT, sizeof *cosines);
    for (size_t i = 0; i < found; i++) {
        names[i] = word_text(e, nearest[i].id);
        cosines[i] = nearest[i].cosine;
        if (i < NEAREST_SHOWN)
            text = arena_format(arena, "%s%s%s %.2f", text, i ? ", " : "", look_token(names[i]), cosines[i]);
    }
    cells[c->nearest] = value_list(names, found);
    cells[c->cosines] = value_numbers(cosines, found);
    cells[c->found] = value_text(text);
}

static void show_table(const Embedding *e, Result *result)
{
    Arena *arena = result->arena;
    Columns c = add_columns(e, result);
    result->title = arena_format(arena, _("%s: %zu numbers a word"), e->call->model_name, e->dims);
    for (size_t i = 0; i < e->count; i++) {
        const double *vector = vector_of(e, e->chosen[i]);
        double *values = arena_alloc(arena, e->dims, sizeof *values), squares = 0;
        memcpy(values, vector, e->dims * sizeof *values);
        for (size_t d = 0; d < e->dims; d++) squares += vector[d] * vector[d];
        Value *cells = result_row(result);
        cells[c.token] = value_text(word_text(e, e->chosen[i]));
        cells[c.values] = value_numbers(values, e->dims);
        for (size_t d = 0; d < c.count; d++)
            cells[c.shown[d]] = value_text(arena_format(arena, "%+.3f", vector[d]));
        cells[c.norm] = value_number(sqrt(squares));
        add_neighbours(e, e->chosen[i], &c, cells, arena);
    }
    result_fold(result);
    if (c.count < e->dims)
        result_note(result, _("The first %zu of %zu numbers; show=values gives all."), c.count, e->dims);
}

/* --- all numbers --- */

static void show_values(const Embedding *e, Result *result)
{
    enum { SHOWN = 40 };
    Arena *arena = result->arena;
    size_t rows = e->count < SHOWN ? e->count : SHOWN;
    const char **names = arena_alloc(arena, e->count, sizeof *names),
               **dims = arena_alloc(arena, e->dims, sizeof *dims);
    double *values = arena_alloc(arena, e->count * e->dims, sizeof *values);
    result_table(result, "rows");
    int token = result_column(result, "token", NULL, UNIT_TOKEN, false),
        numbers = result_column(result, "values", NULL, UNIT_NONE, false);
    for (size_t d = 0; d < e->dims; d++) dims[d] = arena_format(arena, "%zu", d + 1);
    for (size_t i = 0; i < e->count; i++) {
        memcpy(values + i * e->dims, vector_of(e, e->chosen[i]), e->dims * sizeof *values);
        names[i] = word_text(e, e->chosen[i]);
        Value *cells = result_row(result);
        cells[token] = value_text(names[i]);
        cells[numbers] = value_numbers(values + i * e->dims, e->dims);
    }
    Grid grid = {.rows = names,
                 .columns = dims,
                 .row_count = rows,
                 .column_count = e->dims,
                 .values = values,
                 .full = look_largest(values, rows * e->dims),
                 .balanced = true};
    look_grid(&grid, result);
    result->title = arena_format(arena, _("%s: the vector of each word"), e->call->model_name);
    if (rows < e->count) result_note(result, _("%zu of %zu words; as=csv gives all."), rows, e->count);
}

/* --- on a plane --- */

static void add_places(const Embedding *e, const Projection *p, Result *result)
{
    Arena *arena = result->arena;
    double *x = arena_alloc(arena, e->count, sizeof *x), *y = arena_alloc(arena, e->count, sizeof *y);
    const char **names = arena_alloc(arena, e->count, sizeof *names);
    result_table(result, "rows");
    int token = result_column(result, "token", NULL, UNIT_TOKEN, false),
        across = result_column(result, "x", NULL, UNIT_NONE, false),
        up = result_column(result, "y", NULL, UNIT_NONE, false);
    for (size_t i = 0; i < e->count; i++) {
        Value *cells = result_row(result);
        names[i] = word_text(e, e->chosen[i]);
        x[i] = p->places[i * PROJECTION_AXES];
        y[i] = p->places[i * PROJECTION_AXES + 1];
        cells[token] = value_text(names[i]);
        cells[across] = value_number(x[i]);
        cells[up] = value_number(y[i]);
    }
    Scatter *scatter = arena_alloc(arena, 1, sizeof *scatter);
    *scatter =
        (Scatter){.x_label = arena_format(arena, _("first principal component (%.0f%% of the variance)"),
                                          100 * p->share[0]),
                  .y_label = arena_format(arena, _("second (%.0f%%)"), 100 * p->share[1]),
                  .names = names,
                  .x = x,
                  .y = y,
                  .count = e->count};
    result->scatter = scatter;
}

static void show_plot(const Embedding *e, Result *result)
{
    Projection projection;
    double *points = must_alloc(e->count * e->dims, sizeof *points);
    for (size_t i = 0; i < e->count; i++)
        memcpy(points + i * e->dims, vector_of(e, e->chosen[i]), e->dims * sizeof *points);
    projection_init(&projection, points, e->count, e->dims);
    add_places(e, &projection, result);
    double *shares = arena_alloc(result->arena, PROJECTION_AXES, sizeof *shares);
    memcpy(shares, projection.share, sizeof projection.share);
    result_field(result, "variance", NULL, UNIT_NONE, value_numbers(shares, PROJECTION_AXES));
    result->title = arena_format(result->arena, _("%s: word vectors on a plane"), e->call->model_name);
    projection_release(&projection);
    free(points);
}

bool embed_plot(const Call *call, size_t first, Result *result, Error *error)
{
    Embedding e;
    if (!embedding_begin(call, first, PLOT_MOST, &e, error)) return false;
    add_fields(&e, result);
    show_plot(&e, result);
    free(e.points);
    return true;
}

/* --- the command --- */

static bool run(Session *session, Call *call, Result *result, Error *error)
{
    Embedding e;
    (void)session;
    if (call_is(call, OPT_SHOW_EMBED, "plot")) return embed_plot(call, 0, result, error);
    if (!embedding_begin(call, 0, WORDS_MOST, &e, error)) return false;
    add_fields(&e, result);
    if (call_is(call, OPT_SHOW_EMBED, "nearest"))
        show_nearest(&e, result);
    else if (call_is(call, OPT_SHOW_EMBED, "values"))
        show_values(&e, result);
    else
        show_table(&e, result);
    free(e.points);
    return look_drawn(call, result, _("show=values and show=plot are pictures"), error);
}

const Command embed_command = {
    .name = "embed",
    .family = N_("look"),
    .usage = "[W...]",
    .summary = N_("Show the vectors a network has for words, and which lie close together"),
    .example = "train mlp n=3 d=2 h=4 steps=20; embed",
    .words = WORDS_TOKENS,
    .most = SIZE_MAX,
    .options = OPTIONS(OPT_SHOW_EMBED, OPT_TOP),
    .models = true,
    .draws = true,
    .run = run,
};
