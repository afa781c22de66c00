/* growth.c - more and more text: gathering it, and showing what came of it. */
#include "repl/commands/growth.h"

#include <math.h>
#include <string.h>

#include "core/base/i18n.h"

/* --- texts --- */

static bool check_text(const Corpus *corpus, Error *error)
{
    if (corpus_sentences(corpus) > 0) return true;
    error_set(error, _("%s holds no sentence"), corpus_name(corpus));
    return error_hint(error, _("corpus add \"...\" adds one; corpus lists the others"));
}

static bool check_heldout(const Call *call, Error *error)
{
    if (call_given(call, OPT_HELDOUT)) return true;
    error_set(error, _("sweep needs a text that the models do not learn from"));
    return error_hint(error, _("add heldout=FILE or a corpus, or a model to draw text from: heldout=toy"));
}

bool growth_gather(Session *session, Call *call, Growth *growth, Error *error)
{
    if (!check_heldout(call, error)) return false;
    if (growth->source)
        call->phase = RECIPE_GATHERED;
    else if (!recipe_gather(session, call, error))
        return false;
    if (call->job) return true;
    if (!growth->source && !(check_text(call->corpus, error) && check_text(call->heldout, error)))
        return false;
    if (!growth_lay_out(call, growth, error)) return false;
    call->job = growth_job_new(call, growth);
    return true;
}

/* --- the table --- */

static Value known(double number) { return isnan(number) ? value_null() : value_number(number); }

static void add_row(const Growth *growth, const Point *point, Result *result)
{
    bool network = point->variant->kind.neural;
    const Value row[] = {
        value_number(growth->sizes[point->size]),
        value_count(point->tokens),
        value_text(point == growth_best(growth, point->size) ? "*" : ""),
        value_text(point->variant->name),
        value_text(recipe_kind_name(point->variant->kind)),
        value_count((uint64_t)point->cost.parameters),
        value_count((uint64_t)point->cost.multiply_adds),
        value_count((uint64_t)point->cost.lookups),
        known(point->cost.flops),
        network ? value_count(point->steps) : value_null(),
        known(point->cost.seconds),
        value_text(seconds_text(point->cost.seconds, result->arena)),
        value_number(point->bits),
        known(point->bits - growth->floor),
    };
    memcpy(result_row(result), row, sizeof row);
}

static void add_table(const Growth *growth, Result *result)
{
    result_table(result, "rows");
    result_column(result, "data", NULL, UNIT_NONE, false);
    result_column(result, "tokens", _("tokens"), UNIT_NONE, false);
    result_column(result, NULL, "", UNIT_NONE, false);
    result_column(result, "model", _("model"), UNIT_NONE, false);
    result_column(result, "kind", NULL, UNIT_NONE, false);
    result_column(result, "parameters", _("parameters"), UNIT_NONE, false);
    result_column(result, "multiply_adds", _("multiply-adds"), UNIT_NONE, false);
    result_column(result, "lookups", NULL, UNIT_NONE, false);
    result_column(result, "flops", NULL, UNIT_NONE, false);
    result_column(result, "best_step", NULL, UNIT_NONE, false);
    result_column(result, "seconds", NULL, UNIT_SECONDS, false);
    result_column(result, NULL, _("time"), UNIT_NONE, false);
    result_column(result, "bits", _("bits"), UNIT_BITS, false);
    result_column(result, "excess_bits", isnan(growth->floor) ? NULL : _("excess"), UNIT_BITS, false);
    for (size_t i = 0; i < growth->done; i++) add_row(growth, &growth->points[i], result);
}

static void add_fields(const Call *call, const Growth *growth, Result *result)
{
    if (growth->source) {
        result_field(result, "source", _("text drawn from %s"), UNIT_NONE, value_text(growth->source));
        result_field(result, "entropy_bits", _("whose entropy is %s bits a token"), UNIT_BITS,
                     value_number(growth->floor));
        result_field(result, "exact", NULL, UNIT_NONE, value_bool(growth->exact));
    } else {
        result_field(result, "corpus",
                     call_is(call, OPT_AT, "last")
                         ? _("bits of each last word, learnt from the beginning of %s")
                         : _("bits a token, learnt from the beginning of %s"),
                     UNIT_NONE, value_text(corpus_name(call->corpus)));
        result_field(result, "heldout", _("held out %s"), UNIT_NONE, value_text(corpus_name(call->heldout)));
    }
    result_field(result, "seed", _("seed=%s"), UNIT_NONE, value_count(growth->seed));
}

/* --- the picture --- */

typedef struct {
    double x, y;
} Place;

static void add_place(Series *series, double *x, double *y, Place place)
{
    size_t i = series->count++;
    for (; i > 0 && x[i - 1] > place.x; i--) {
        x[i] = x[i - 1];
        y[i] = y[i - 1];
    }
    x[i] = place.x;
    y[i] = place.y;
}

static double abscissa(const Point *point, bool seconds)
{
    return seconds ? point->cost.seconds : (double)point->tokens;
}

static Series make_series(const Growth *growth, size_t variant, bool seconds, Arena *arena)
{
    double *x = arena_alloc(arena, growth->size_count, sizeof *x),
           *y = arena_alloc(arena, growth->size_count, sizeof *y);
    Series series = {.label = growth->variants[variant].name, .x = x, .y = y};
    for (size_t size = 0; size < growth->size_count; size++) {
        const Point *point = growth_point(growth, variant, size);
        if (point && abscissa(point, seconds) > 0)
            add_place(&series, x, y, (Place){abscissa(point, seconds), point->bits});
    }
    return series;
}

/* A level line from the first point to the last. */
static Series make_floor(const Growth *growth, bool seconds, Arena *arena)
{
    double *x = arena_alloc(arena, 2, sizeof *x), *y = arena_alloc(arena, 2, sizeof *y);
    x[0] = INFINITY;
    x[1] = 0;
    for (size_t i = 0; i < growth->done; i++) {
        x[0] = fmin(x[0], abscissa(&growth->points[i], seconds));
        x[1] = fmax(x[1], abscissa(&growth->points[i], seconds));
    }
    y[0] = y[1] = growth->floor;
    return (Series){.label = arena_format(arena, _("entropy of %s"), growth->source),
                    .x = x,
                    .y = y,
                    .count = 2,
                    .faint = true};
}

static void add_plot(const Call *call, const Growth *growth, Result *result)
{
    bool seconds = call_is(call, OPT_SHOW_SWEEP, "seconds");
    Plot *plot = arena_alloc(call->arena, 1, sizeof *plot);
    Series *series = arena_alloc(call->arena, growth->variant_count + 1, sizeof *series);
    size_t count = 0;
    for (size_t i = 0; i < growth->variant_count; i++) {
        series[count] = make_series(growth, i, seconds, call->arena);
        count += series[count].count > 0;
    }
    if (growth->source) series[count++] = make_floor(growth, seconds, call->arena);
    *plot = (Plot){.x_label = seconds ? _("seconds of training") : _("training tokens"),
                   .y_label = call_is(call, OPT_AT, "last") ? _("bits of each held-out last word")
                                                            : _("bits a held-out token"),
                   .series = series,
                   .count = count,
                   .log_x = true};
    result->plot = plot;
}

/* --- notes --- */

static void note_heldout(const Call *call, const Growth *growth, Result *result)
{
    if (growth->exact)
        result_note(result,
                    _("Bits are exact: over all sentences of %zu words, each by its probability in %s; </s> "
                      "after the last is one more token, which costs %s itself nothing."),
                    growth->length, growth->source, growth->source);
    else if (growth->source)
        result_note(result,
                    _("Bits are those of %zu more tokens drawn from %s; excess is what a model needs "
                      "beyond %s itself on them."),
                    corpus_tokens(call->heldout) + corpus_sentences(call->heldout), growth->source,
                    growth->source);
    if (growth->unknown_mass > 0)
        result_note(result, _("<unk> (p up to %.3g) is never drawn: the entropy is that of %s without it."),
                    growth->unknown_mass, growth->source);
    if (growth->unknown > 0)
        result_note(result,
                    _("%zu of %zu held-out tokens are in none of the training texts; they are left "
                      "out for all."),
                    growth->unknown, growth->tokens);
}

static void note_points(const Call *call, const Growth *growth, Result *result)
{
    bool infinite = false, diverged = false;
    for (size_t i = 0; i < growth->done; i++) {
        infinite = infinite || !isfinite(growth->points[i].bits);
        diverged = diverged || growth->points[i].diverged;
    }
    if (growth->cut)
        result_note(result, _("%s has %zu tokens: more than all of it is not to be had."),
                    corpus_name(call->corpus), corpus_tokens(call->corpus) + corpus_sentences(call->corpus));
    if (infinite) result_note(result, _("inf: a token that could come next got probability 0."));
    if (diverged)
        result_note(result,
                    _("A network's loss grew beyond all bounds, so it was stopped: try a lower lr=."));
}

bool growth_finish(Session *session, Call *call, Growth *growth, Result *result, bool interrupted,
                   Error *error)
{
    if (call->phase < RECIPE_GATHERED) {
        if (interrupted) return error_set(error, _("stopped while reading; nothing has changed"));
        return growth_gather(session, call, growth, error);
    }
    if (growth->done == 0)
        return error_set(error, _("stopped before the first model had learnt; nothing has changed"));
    if (growth->done < growth->count)
        result_note(result, _("Stopped after %zu of %zu models."), growth->done, growth->count);
    add_fields(call, growth, result);
    add_table(growth, result);
    add_plot(call, growth, result);
    note_points(call, growth, result);
    note_heldout(call, growth, result);
    if (call_given(call, OPT_CORPUS))
        workspace_put_corpus(session_workspace(session), corpus_share(call->corpus));
    return true;
}
