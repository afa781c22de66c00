/* plot.c - pictures of a network: how its loss fell, and how its word vectors lie. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/memory.h"
#include "core/neural/floor.h"
#include "repl/commands/commands.h"
#include "repl/commands/embed.h"
#include "repl/commands/look.h"

enum { FLOOR_TOKENS = 1 << 18 };

/* --- the data floor --- */

/* Below which no training loss of this model can fall; NaN where that is not known, or dear. */
static double floor_of(const Call *call)
{
    const Learning *learning = neural_learning(call->model);
    const Corpus *corpus = neural_corpus(call->model);
    if (!corpus || learning->options.valid > 0 || !corpus_lines(corpus) ||
        corpus_tokens(corpus) > FLOOR_TOKENS)
        return NAN;
    const Vocab *words = corpus_vocab(corpus);
    size_t back = network_context(neural_network(call->model));
    TokenId *ids = must_alloc(vocab_size(words) + 1, sizeof *ids);
    for (size_t i = 0; i < vocab_size(words); i++) {
        const char *text = vocab_text(words, (TokenId)i);
        ids[i] = vocab_find(call->model->vocab, text, strlen(text));
    }
    double nats = floor_of_corpus(corpus, ids, back ? back : SIZE_MAX);
    free(ids);
    return nats;
}

/* --- curves --- */

typedef struct {
    Series *series;
    size_t count;
    const char *prefix; /* "mlp ", or "" */
} Curves;

typedef struct {
    double *x, *y;
    size_t count;
} Points;

static Points points_new(size_t room, Arena *arena)
{
    return (Points){.x = arena_alloc(arena, room, sizeof(double)),
                    .y = arena_alloc(arena, room, sizeof(double))};
}

static void add_point(Points *points, double x, double y)
{
    points->x[points->count] = x;
    points->y[points->count++] = y;
}

static Series *add_series(Curves *c, const char *label, const Points *points, Arena *arena)
{
    Series *series = &c->series[c->count++];
    *series = (Series){.label = arena_format(arena, "%s%s", c->prefix, label),
                       .x = points->x,
                       .y = points->y,
                       .count = points->count,
                       .line = true};
    return series;
}

static void add_curves(Curves *c, const Curve *curve, double floor, Arena *arena)
{
    Points train = points_new(curve->count, arena), valid = points_new(curve->count, arena),
           least = points_new(2, arena);
    for (size_t i = 0; i < curve->count; i++) {
        const CurvePoint *point = &curve->points[i];
        add_point(&train, (double)point->step, point->train);
        if (isfinite(point->valid)) add_point(&valid, (double)point->step, point->valid);
    }
    add_series(c, _("train"), &train, arena);
    if (valid.count) add_series(c, _("validation"), &valid, arena);
    if (isnan(floor)) return;
    add_point(&least, (double)curve->points[0].step, floor);
    add_point(&least, (double)curve->points[curve->count - 1].step, floor);
    add_series(c, _("data floor"), &least, arena)->faint = true;
}

/* For machines: a point a row. */
static void add_rows(const Curve *curve, Result *result)
{
    result_table(result, "rows");
    int step = result_column(result, "step", NULL, UNIT_NONE, false),
        train = result_column(result, "train", NULL, UNIT_BITS, false),
        valid = result_column(result, "valid", NULL, UNIT_BITS, false);
    for (size_t i = 0; i < curve->count; i++) {
        Value *cells = result_row(result);
        cells[step] = value_count(curve->points[i].step);
        cells[train] = value_number(curve->points[i].train);
        cells[valid] = value_number(curve->points[i].valid);
    }
}

static void add_fields(const Call *call, const Learning *learning, double floor, Result *result)
{
    const Curve *curve = &learning->curve;
    const CurvePoint *last = &curve->points[curve->count - 1];
    result_field(result, "model", NULL, UNIT_NONE, value_text(call->model_name));
    result_field(result, "steps", _("%s steps"), UNIT_NONE, value_count(learning->step));
    result_field(result, "loss", _("last loss %s"), UNIT_BITS, value_number(last->train));
    if (isfinite(learning->best_valid))
        result_field(result, "best_valid", _("best validation %s"), UNIT_BITS,
                     value_number(learning->best_valid));
    if (isfinite(floor)) result_field(result, "floor", _("data floor %s"), UNIT_BITS, value_number(floor));
}

static bool plot_loss(const Call *call, Result *result, Error *error)
{
    const Network *network = look_network(call, LOOK_ALL, _("neural networks"), error);
    if (!network) return false;
    const Learning *learning = neural_learning(call->model);
    if (!learning || learning->curve.count == 0) {
        error_set(error, _("%s has no curve: nothing is known of its training"), call->model_name);
        return error_hint(error, _("train it here, or go on training: train steps=100"));
    }
    double floor = floor_of(call);
    Curves curves = {.series = arena_alloc(call->arena, 3, sizeof *curves.series)};
    curves.prefix = call->number ? arena_format(call->arena, "%s ", call->model_name) : "";
    add_curves(&curves, &learning->curve, floor, call->arena);
    Plot *plot = arena_alloc(call->arena, 1, sizeof *plot);
    *plot = (Plot){.x_label = _("step"),
                   .y_label = _("loss, nats a token"),
                   .series = curves.series,
                   .count = curves.count};
    if (!call->number) result->title = call->model_name;
    add_fields(call, learning, floor, result);
    add_rows(&learning->curve, result);
    result->plot = plot;
    return true;
}

static bool run(Session *session, Call *call, Result *result, Error *error)
{
    (void)session;
    const Word *what = &call->words[0];
    if (strcmp(what->text, "embed") == 0) return embed_plot(call, 1, result, error);
    if (strcmp(what->text, "loss") == 0 && call->word_count == 1) return plot_loss(call, result, error);
    error_set(error, _("plot draws loss or embed, not '%.60s'"), call->words[call->word_count - 1].text);
    error_hint(error, _("plot loss   plot loss @a,b   plot embed [W...]"));
    return error_place(error, what->start, what->length);
}

const Command plot_command = {
    .name = "plot",
    .family = N_("look"),
    .usage = "loss | embed [W...]",
    .summary = N_("Draw how a network's loss fell, or how its word vectors lie"),
    .example = "train softmax steps=20; plot loss",
    .subwords = "loss|embed",
    .words = WORDS_TOKENS,
    .least = 1,
    .most = SIZE_MAX,
    .models = true,
    .draws = true,
    .run = run,
};
