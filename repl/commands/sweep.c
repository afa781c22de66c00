/* sweep.c - n too small or too large? Many models trained and measured side by side, none kept. */
#include <math.h>
#include <string.h>

#include "core/base/i18n.h"
#include "repl/commands/commands.h"
#include "repl/commands/reading.h"
#include "repl/commands/sweep.h"

enum { TRYING = RECIPE_GATHERED, ORDERS_UNASKED = 5, LOG_FROM = 20 };

static bool scores_last(const Call *call) { return call_is(call, OPT_AT, "last"); }

static Sweep *sweep_of(const Call *call) { return call->work; }

/* --- options --- */

/* Beside a corpus that `make` made lies the one it is to be measured on. */
static void fill_heldout(Session *session, Call *call)
{
    OptionValue *value = &call->values[OPT_HELDOUT];
    const char *corpus = call_text(call, OPT_CORPUS);
    if (value->given) return;
    if (!corpus) corpus = corpus_name(workspace_corpus(session_workspace(session)));
    const char *name = arena_format(call->arena, "%s" HELDOUT_SUFFIX, corpus);
    if (workspace_find_corpus(session_workspace(session), name))
        *value = (OptionValue){.text = name, .given = true};
}

/* What sweep calls n= and smooth= becomes that of a recipe: without n= the first few orders, without smooth=
 * the smoothing that mostly wins. */
static void fill_axes(Call *call)
{
    OptionValue *order = &call->values[OPT_ORDER], *smooth = &call->values[OPT_SMOOTH];
    *order = call->values[OPT_SWEEP_ORDER];
    *smooth = call->values[OPT_SWEEP_SMOOTH];
    call->values[OPT_SWEEP_ORDER] = call->values[OPT_SWEEP_SMOOTH] = (OptionValue){.text = NULL};
    if (!smooth->given) smooth->text = smoothing_name(SMOOTH_MKN);
    if (order->given) return;
    double *orders = arena_alloc(call->arena, ORDERS_UNASKED, sizeof *orders);
    for (int i = 0; i < ORDERS_UNASKED; i++) orders[i] = i + 1;
    order->numbers = orders;
    order->count = ORDERS_UNASKED;
}

static OptionId choose_x(const Call *call)
{
    static const OptionId wanted[] = {OPT_ORDER, OPT_K, OPT_CUTOFF};
    for (size_t i = 0; i < COUNT_OF(wanted); i++)
        if (trial_values(call, wanted[i]) > 1) return wanted[i];
    return OPT_ORDER;
}

/* Only some options take several values, and each must say something to at least one smoothing. */
static bool check_option(const Call *call, OptionId id, Error *error)
{
    const OptionId *varied = OPTIONS(OPT_SMOOTH, OPT_CUTOFF, OPT_K, OPT_ORDER);
    const OptionValue *value = &call->values[id];
    if (!value->given) return true;
    if (value->count > 1 && !option_listed(id, varied) && !option_table[id].list) {
        error_set(error, _("sweep varies n=, smooth=, k= and cutoff=, not %s="), option_table[id].key);
        error_hint(error, _("give it one value, and sweep once for each"));
        return error_place(error, value->start, value->length);
    }
    for (size_t i = 0; i < trial_values(call, OPT_SMOOTH); i++)
        if (recipe_ngram_uses(trial_smoothing(call, i), id)) return true;
    return recipe_ngram_fail_useless(call->values, id, trial_smoothing(call, 0), error);
}

static bool check_call(const Call *call, Error *error)
{
    if (!call_given(call, OPT_HELDOUT)) {
        error_set(error, _("sweep needs a text that the models do not learn from"));
        return error_hint(error, _("add heldout=FILE, or the name of a corpus: heldout=jobs"));
    }
    for (OptionId id = 0; id < OPTION_COUNT; id++)
        if (!check_option(call, id, error)) return false;
    return true;
}

/* --- the work --- */

static bool check_text(const Corpus *corpus, Error *error)
{
    if (corpus_sentences(corpus) > 0) return true;
    error_set(error, _("%s holds no sentence"), corpus_name(corpus));
    return error_hint(error, _("corpus add \"...\" adds one; corpus lists the others"));
}

static bool gather(Session *session, Call *call, Error *error)
{
    Sweep *sweep = sweep_of(call);
    if (!recipe_gather(session, call, error)) return false;
    if (call->job) return true;
    if (!check_text(call->corpus, error) || !check_text(call->heldout, error)) return false;
    call->job = trial_new(call, sweep->trials, sweep->count);
    return true;
}

static bool run_growth(Session *session, Call *call, Error *error)
{
    Growth *growth = sweep_of(call)->growth = growth_read(session, call, error);
    return growth && growth_gather(session, call, growth, error);
}

static bool run(Session *session, Call *call, Result *result, Error *error)
{
    (void)result;
    Sweep *sweep = call->work = arena_alloc(call->arena, 1, sizeof *sweep);
    fill_heldout(session, call);
    if (growth_wanted(session, call)) return run_growth(session, call, error);
    fill_axes(call);
    if (!check_call(call, error)) return false;
    sweep->x = choose_x(call);
    sweep->trials = trial_list(call, sweep->x, &sweep->count, error);
    return sweep->trials && gather(session, call, error);
}

static bool is_scores(const Trial *trial) { return trial->recipe.ngram.smoothing.kind == SMOOTH_BACKOFF; }

double sweep_compared(const Trial *trial) { return is_scores(trial) ? NAN : trial->known; }

static void sum_up(Sweep *sweep, size_t done)
{
    double least = INFINITY;
    sweep->done = sweep->best = done;
    for (size_t i = 0; i < done; i++) {
        sweep->unknown = sweep->unknown || sweep->trials[i].unknown > 0;
        if (!(sweep_compared(&sweep->trials[i]) < least * (1 - 1e-9))) continue;
        least = sweep_compared(&sweep->trials[i]);
        sweep->best = i;
    }
}

const Trial *sweep_best(const Sweep *sweep)
{
    return sweep->best < sweep->done ? &sweep->trials[sweep->best] : NULL;
}

/* --- the table --- */

static bool unknown_differs(const Sweep *sweep)
{
    for (size_t i = 1; i < sweep->done; i++)
        if (sweep->trials[i].unknown != sweep->trials[0].unknown) return true;
    return false;
}

static Value perplexity_value(const Trial *trial, double perplexity)
{
    return is_scores(trial) ? value_null() : value_number(perplexity);
}

static void add_row(const Trial *trial, bool best, Result *result)
{
    const NgramOptions *ngram = &trial->recipe.ngram;
    bool adds = ngram->smoothing.kind == SMOOTH_ADD;
    const Value row[] = {
        value_text(best ? "*" : ""),
        value_count((uint64_t)ngram->order),
        value_text(smoothing_name(ngram->smoothing.kind)),
        adds ? value_number(ngram->smoothing.k) : value_null(),
        value_count(ngram->cutoff),
        value_count(trial->ngrams),
        value_number(trial->once),
        value_number(trial->seconds),
        value_text(seconds_text(trial->seconds, result->arena)),
        perplexity_value(trial, trial->training),
        perplexity_value(trial, trial->heldout),
        perplexity_value(trial, trial->known),
        value_count(trial->unknown),
        perplexity_value(trial, log2(trial->known)),
    };
    memcpy(result_row(result), row, sizeof row);
}

/* People see what fits into 80 columns. */
static void add_table(const Call *call, Result *result)
{
    const Sweep *sweep = sweep_of(call);
    bool ks = trial_values(call, OPT_K) > 1, cutoffs = trial_values(call, OPT_CUTOFF) > 1;
    result_table(result, "rows");
    result_column(result, NULL, "", UNIT_NONE, false);
    result_column(result, "order", "n", UNIT_NONE, false);
    result_column(result, "smooth", _("smooth"), UNIT_NONE, false);
    result_column(result, "k", ks ? "k" : NULL, UNIT_NONE, false);
    result_column(result, "cutoff", cutoffs ? _("cutoff") : NULL, UNIT_NONE, false);
    result_column(result, "ngrams", _("n-grams"), UNIT_NONE, false);
    result_column(result, "once", NULL, UNIT_PROBABILITY, false);
    result_column(result, "seconds", NULL, UNIT_SECONDS, false);
    result_column(result, NULL, ks && cutoffs ? NULL : _("time"), UNIT_NONE, false);
    result_column(result, "train_perplexity", _("training"), UNIT_RATIO, false);
    result_column(result, "heldout_perplexity", _("held out"), UNIT_RATIO, false);
    result_column(result, "heldout_perplexity_excluding_oov", sweep->unknown ? _("known") : NULL, UNIT_RATIO,
                  false);
    result_column(result, "heldout_oov", unknown_differs(sweep) ? _("unknown") : NULL, UNIT_NONE, false);
    result_column(result, "heldout_bits", scores_last(call) ? _("bits") : NULL, UNIT_BITS, false);
    for (size_t i = 0; i < sweep->done; i++) add_row(&sweep->trials[i], i == sweep->best, result);
}

static void add_fields(const Call *call, Result *result)
{
    const Trial *best = sweep_best(sweep_of(call));
    bool told = best && trial_values(call, OPT_CUTOFF) <= 1; /* across vocabularies nothing is the best */
    result_field(result, "corpus",
                 scores_last(call) ? _("perplexity of the last word of each line, trained on %s")
                                   : _("perplexity, trained on %s"),
                 UNIT_NONE, value_text(corpus_name(call->corpus)));
    result_field(result, "heldout", _("held out %s"), UNIT_NONE, value_text(corpus_name(call->heldout)));
    result_field(result, "best", told ? _("best: %s") : NULL, UNIT_NONE,
                 best ? value_text(best->setting) : value_null());
    result_field(result, "best_perplexity", told ? _("with perplexity %s") : NULL, UNIT_RATIO,
                 best ? value_number(best->known) : value_null());
}

/* --- the picture --- */

/* A point goes where its x belongs among those before it. */
static void add_point(Series *series, double *x, double *y, double at, double value)
{
    size_t i = series->count++;
    for (; i > 0 && x[i - 1] > at; i--) {
        x[i] = x[i - 1];
        y[i] = y[i - 1];
    }
    x[i] = at;
    y[i] = value;
}

/* The curve of this name: held-out perplexities, or those of the training text. A smoothing to which k says
 * nothing is a level line. */
static Series make_series(const Call *call, const char *name, bool training)
{
    const Sweep *sweep = sweep_of(call);
    const OptionValue *axis = &call->values[sweep->x];
    double *x = arena_alloc(call->arena, sweep->done + axis->count + 1, sizeof *x),
           *y = arena_alloc(call->arena, sweep->done + axis->count + 1, sizeof *y);
    Series series = {.label = name, .x = x, .y = y, .faint = training};
    for (size_t i = 0; i < sweep->done; i++) {
        const Trial *trial = &sweep->trials[i];
        double value = training ? trial->training : sweep_compared(trial);
        if (strcmp(trial->series, name) != 0) continue;
        for (size_t k = 0; isnan(trial->x) && series.count < axis->count; k++)
            add_point(&series, x, y, axis->numbers[k], value);
        if (!isnan(trial->x)) add_point(&series, x, y, trial->x, value);
    }
    if (training) series.label = arena_format(call->arena, _("%s on the training text"), name);
    return series;
}

static bool has_series(const Series *series, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(series[i].label, name) == 0) return true;
    return false;
}

static bool spans(const Series *series, size_t count, double factor)
{
    double least = INFINITY, most = 0;
    for (size_t s = 0; s < count; s++)
        for (size_t i = 0; i < series[s].count; i++) {
            if (!isfinite(series[s].y[i])) continue;
            least = fmin(least, series[s].y[i]);
            most = fmax(most, series[s].y[i]);
        }
    return most > factor * least;
}

/* The training text of the best setting stands for all: each learns its own text by heart. */
static void add_plot(const Call *call, Result *result)
{
    const Sweep *sweep = sweep_of(call);
    const Trial *best = sweep_best(sweep);
    Plot *plot = arena_alloc(call->arena, 1, sizeof *plot);
    Series *series = arena_alloc(call->arena, PLOT_SERIES, sizeof *series);
    size_t count = 0;
    for (size_t i = 0; i < sweep->done && count + 1 < PLOT_SERIES; i++)
        if (!is_scores(&sweep->trials[i]) && !has_series(series, count, sweep->trials[i].series))
            series[count++] = make_series(call, sweep->trials[i].series, false);
    if (best) series[count++] = make_series(call, best->series, true);
    *plot = (Plot){.x_label = option_table[sweep->x].key,
                   .y_label = sweep->unknown ? _("held-out perplexity without unknown words")
                                             : _("held-out perplexity"),
                   .series = series,
                   .count = count,
                   .log_x = sweep->x != OPT_ORDER,
                   .log_y = spans(series, count, LOG_FROM)};
    result->plot = plot;
}

/* --- notes --- */

static void note_unknown(const Sweep *sweep, Result *result)
{
    const Trial *first = &sweep->trials[0];
    if (unknown_differs(sweep))
        result_note(result, _("The settings know different words, so \"known\" is not over the same tokens"
                              " everywhere: compare with care."));
    else if (sweep->unknown)
        result_note(
            result,
            _("%zu of %zu held-out tokens are unknown words. Settings are compared without them: what "
              "<unk> gets says little about n."),
            first->unknown, first->tokens);
}

static void note_kinds(const Sweep *sweep, Result *result)
{
    bool infinite = false, scores = false, tuned = false, fell_back = false;
    for (size_t i = 0; i < sweep->done; i++) {
        const Trial *trial = &sweep->trials[i];
        infinite = infinite || (!is_scores(trial) && !isfinite(trial->known));
        scores = scores || is_scores(trial);
        tuned = tuned || trial->recipe.tuned;
        fell_back = fell_back || trial->fell_back;
    }
    if (infinite)
        result_note(result, _("inf: a word that the model knows got probability 0; such settings are not in "
                              "the picture."));
    if (scores) result_note(result, _("smooth=backoff gives scores, which have no perplexity."));
    if (tuned)
        result_note(result,
                    _("weights=em was tuned on the held-out text itself, which flatters it a little."));
    if (fell_back)
        result_note(
            result,
            _("Some discounts could not be estimated, so the usual ones stand in: train says where."));
}

static bool finish(Session *session, Call *call, Result *result, bool interrupted, Error *error)
{
    Sweep *sweep = sweep_of(call);
    if (sweep->growth) return growth_finish(session, call, sweep->growth, result, interrupted, error);
    if (call->phase < TRYING) {
        if (interrupted) return error_set(error, _("stopped while reading; nothing has changed"));
        return gather(session, call, error);
    }
    sum_up(sweep, trial_done(call->done));
    if (sweep->done == 0)
        return error_set(error, _("stopped before the first setting was done; nothing has changed"));
    if (sweep->done < sweep->count)
        result_note(result, _("Stopped after %zu of %zu settings."), sweep->done, sweep->count);
    add_fields(call, result);
    add_table(call, result);
    add_plot(call, result);
    note_unknown(sweep, result);
    note_kinds(sweep, result);
    if (call_given(call, OPT_CORPUS))
        workspace_put_corpus(session_workspace(session), corpus_share(call->corpus));
    return true;
}

static const Fact *explain(const Call *call, const Result *result, const Call *why, Error *error)
{
    const Sweep *sweep = sweep_of(call);
    (void)result;
    return sweep->growth ? growth_explain(sweep->growth, why->arena)
                         : sweep_explain(sweep, why->arena, error);
}

const Command sweep_command = {
    .name = "sweep",
    .family = N_("learn"),
    .usage = "[KIND] heldout=FILE|CORPUS|MODEL",
    .summary = N_("Train in many ways, or on more and more text, and compare held out; none is kept"),
    .example = "sweep n=1..4 smooth=mkn,wb heldout=facts",
    .subwords = RECIPE_KINDS,
    .words = WORDS_OTHER,
    .most = 1,
    .options = OPTIONS(NGRAM_DETAILS, NEURAL_OPTIONS, OPT_SWEEP_ORDER, OPT_SWEEP_SMOOTH, OPT_KIND, OPT_DATA,
                       OPT_AT, OPT_SHOW_SWEEP, OPT_CORPUS, OPT_TOKENS, OPT_LINES),
    .whole = true,
    .draws = true,
    .run = run,
    .finish = finish,
    .explain = explain,
};
