/* lens.c - what a transformer would predict after each of its layers, at every position. */
#include <math.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/neural/lens.h"
#include "repl/commands/commands.h"
#include "repl/commands/look.h"

typedef struct {
    Look look;
    size_t layers, outcomes; /* layers with the embedding below them */
    double *p;               /* [layers, steps, outcomes] */
} Lens;

static const double *row_of(const Lens *lens, size_t layer, size_t position)
{
    return lens->p + (layer * lens->look.steps + position) * lens->outcomes;
}

static void lens_compute(Lens *lens)
{
    const Network *network = lens->look.network;
    size_t block = lens->look.steps * lens->outcomes;
    lens->p = arena_alloc(lens->look.call->arena, lens->layers * block, sizeof *lens->p);
    for (size_t layer = 0; layer < lens->layers; layer++)
        neural_lens(network, lens->look.tape, lens->look.steps, layer, lens->p + layer * block);
}

static const char *layer_name(const Lens *lens, size_t layer)
{
    return layer ? arena_format(lens->look.call->arena, _("layer %zu"), layer) : _("embedding");
}

static const char *token_text(const Lens *lens, TokenId id)
{
    return vocab_text(lens->look.call->model->vocab, id);
}

/* --- one cell --- */

static TokenId first_of(const double *p, size_t count)
{
    size_t first = 0;
    for (size_t i = 1; i < count; i++)
        if (p[i] > p[first]) first = i;
    return (TokenId)first;
}

static size_t rank_of(const double *p, size_t count, TokenId id)
{
    size_t rank = 1;
    for (size_t i = 0; i < count; i++) rank += p[i] > p[id];
    return rank;
}

/* --- for machines: a row a layer and position --- */

static void add_rows(const Lens *lens, const TokenId *watched, size_t count, Result *result)
{
    result_table(result, "rows");
    int layer = result_column(result, "layer", NULL, UNIT_NONE, false),
        position = result_column(result, "position", NULL, UNIT_NONE, false),
        given = result_column(result, "given", NULL, UNIT_TOKEN, false),
        token = result_column(result, "token", NULL, UNIT_TOKEN, false),
        p = result_column(result, "p", NULL, UNIT_PROBABILITY, false),
        rank = result_column(result, "rank", NULL, UNIT_NONE, false);
    for (size_t l = 0; l < lens->layers; l++)
        for (size_t t = 0; t < lens->look.steps; t++)
            for (size_t w = 0; w < (count ? count : 1); w++) {
                const double *row = row_of(lens, l, t);
                TokenId id = count ? watched[w] : first_of(row, lens->outcomes);
                Value *cells = result_row(result);
                cells[layer] = value_count(l);
                cells[position] = value_count(look_word_number(&lens->look, t));
                cells[given] = value_text(look_word(&lens->look, t));
                cells[token] = value_text(token_text(lens, id));
                cells[p] = value_number(row[id]);
                cells[rank] = value_count(rank_of(row, lens->outcomes, id));
            }
}

/* --- for people: layers down, positions across --- */

typedef struct {
    const char **names, **texts;
    double *values;
} Cells;

/* Layers, and perhaps one row more. */
static Cells fill_cells(const Lens *lens, TokenId watched)
{
    Arena *arena = lens->look.call->arena;
    size_t steps = lens->look.steps, rows = lens->layers + 1;
    Cells c = {.names = arena_alloc(arena, rows, sizeof *c.names),
               .texts = arena_alloc(arena, rows * steps, sizeof *c.texts),
               .values = arena_alloc(arena, rows * steps, sizeof *c.values)};
    for (size_t at = 0; at < lens->layers * steps; at++) {
        const double *row = row_of(lens, at / steps, at % steps);
        TokenId id = watched == TOKEN_NONE ? first_of(row, lens->outcomes) : watched;
        c.values[at] = row[id];
        c.texts[at] = watched == TOKEN_NONE
                          ? arena_format(arena, "%s %.2f", look_token(token_text(lens, id)), row[id])
                          : arena_format(arena, "#%zu %.3f", rank_of(row, lens->outcomes, id), row[id]);
    }
    for (size_t l = 0; l < lens->layers; l++) c.names[l] = layer_name(lens, l);
    return c;
}

/* The last row: the token that came next, and whether the last layer had it first. */
static void add_truth(const Lens *lens, Cells *c)
{
    size_t steps = lens->look.steps, begin = lens->layers * steps;
    c->names[lens->layers] = _("came");
    for (size_t t = 0; t < steps; t++) {
        c->values[begin + t] = NAN;
        c->texts[begin + t] = "";
        if (t + 1 == steps) continue;
        TokenId id = lens->look.words.ids[look_word_number(&lens->look, t + 1) - 1];
        bool right = first_of(row_of(lens, lens->layers - 1, t), lens->outcomes) == id;
        c->texts[begin + t] = arena_format(lens->look.call->arena, "%s %s", look_token(token_text(lens, id)),
                                           right ? _("ok") : "-");
    }
}

/* `watched` TOKEN_NONE: the most probable token of each cell, and below them what came. */
static Grid lens_grid(const Lens *lens, TokenId watched)
{
    Cells c = fill_cells(lens, watched);
    if (watched == TOKEN_NONE) add_truth(lens, &c);
    return (Grid){.rows = c.names,
                  .columns = look_names(&lens->look, false),
                  .row_count = lens->layers + (watched == TOKEN_NONE),
                  .column_count = lens->look.steps,
                  .values = c.values,
                  .texts = c.texts,
                  .full = 1};
}

static bool read_watched(const Call *call, TokenId **watched, Error *error)
{
    *watched = arena_alloc(call->arena, call->values[OPT_WATCH].count + 1, sizeof **watched);
    return call_listed(call, OPT_WATCH, *watched, error);
}

static void show(const Lens *lens, const TokenId *watched, size_t count, Result *result)
{
    const Call *call = lens->look.call;
    Grid *all = arena_alloc(result->arena, count + 1, sizeof *all);
    Grids *grids = arena_alloc(result->arena, 1, sizeof *grids);
    *grids = (Grids){.grids = all, .count = count ? count : 1, .across = 1};
    for (size_t i = 0; i < grids->count; i++) {
        all[i] = lens_grid(lens, count ? watched[i] : TOKEN_NONE);
        if (count)
            all[i].title =
                arena_format(result->arena, _("%s: rank and p"), look_token(token_text(lens, watched[i])));
    }
    result->grids = grids;
    result->title = arena_format(result->arena, _("%s: the next token, after each layer"), call->model_name);
    result_field(result, "model", NULL, UNIT_NONE, value_text(call->model_name));
    result_field(result, "tokens", NULL, UNIT_TOKEN, value_list(look_words(&lens->look), lens->look.steps));
    add_rows(lens, watched, count, result);
    look_note(&lens->look, result);
}

static bool run(Session *session, Call *call, Result *result, Error *error)
{
    Lens lens;
    TokenId *watched;
    (void)session;
    const Network *network = look_network(call, LOOK(NETWORK_TRANSFORMER), _("transformers"), error);
    if (!network || !read_watched(call, &watched, error)) return false;
    if (!look_pass(call, network, &lens.look, error)) return false;
    lens.layers = network->architecture.layers + 1;
    lens.outcomes = network->architecture.outcomes;
    lens_compute(&lens);
    show(&lens, watched, call->values[OPT_WATCH].count, result);
    look_release(&lens.look);
    return true;
}

const Command lens_command = {
    .name = "lens",
    .family = N_("look"),
    .usage = "W...",
    .summary = N_("Show what a transformer would predict after each of its layers"),
    .example = "train transformer d=8 heads=2 layers=2 steps=20; lens the mouse ate",
    .words = WORDS_TOKENS,
    .least = 1,
    .most = SIZE_MAX,
    .options = OPTIONS(OPT_WATCH, OPT_OOV),
    .models = true,
    .draws = true,
    .run = run,
};
