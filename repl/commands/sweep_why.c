/* sweep_why.c - why the best setting of a sweep is the best: what is too small, what too large. */
#include <math.h>
#include <string.h>

#include "core/base/i18n.h"
#include "repl/commands/sweep.h"

static const char *percent(double share, Arena *arena) { return arena_format(arena, "%.0f%%", 100 * share); }

/* The trials on the best one's curve, by x; returns how many. */
static size_t best_curve(const Sweep *sweep, const Trial **curve)
{
    size_t count = 0;
    for (size_t i = 0; i < sweep->done; i++) {
        const Trial *trial = &sweep->trials[i];
        if (strcmp(trial->series, sweep_best(sweep)->series) != 0) continue;
        size_t at = count++;
        for (; at > 0 && curve[at - 1]->x > trial->x; at--) curve[at] = curve[at - 1];
        curve[at] = trial;
    }
    return count;
}

static Fact *explain_trial(const Trial *trial, Arena *arena)
{
    Fact *fact = fact_new(arena, FACT_NUMBER, arena_format(arena, _("%s, held out"), trial->setting), NULL,
                          trial->known);
    fact_because(fact, fact_new(arena, FACT_NUMBER, _("on the training text"), NULL, trial->training));
    return fact_because(
        fact, fact_note(arena, arena_format(arena, _("%s of its %d-grams occurred only once"),
                                            percent(trial->once, arena), trial->recipe.ngram.order)));
}

static bool always_falls(const Trial *const *curve, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (!(curve[i]->training < curve[i - 1]->training)) return false;
    return count > 1;
}

static void add_note(Fact *fact, Arena *arena, const char *note)
{
    fact_because(fact, fact_note(arena, note));
}

/* What is too small, and what too large: the two ends of the curve, on either side of the best. */
static void explain_turn(const Trial *best, const Trial *const *curve, size_t count, Arena *arena, Fact *fact)
{
    const Trial *first = curve[0], *last = curve[count - 1];
    if (always_falls(curve, count))
        add_note(
            fact, arena,
            arena_format(arena,
                         _("training perplexity only falls, from %.4g to %.4g: a longer history learns the "
                           "text by heart"),
                         first->training, last->training));
    if (best != first)
        add_note(fact, arena,
                 arena_format(arena,
                              _("n=%d is too small (%.4g): a longer history says more about the next word"),
                              first->recipe.ngram.order, first->known));
    if (last->known > best->known * (1 + 1e-9))
        add_note(
            fact, arena,
            arena_format(arena,
                         _("n=%d is too large (%.4g): %s of its %d-grams occurred only once, too seldom to "
                           "learn from"),
                         last->recipe.ngram.order, last->known, percent(last->once, arena),
                         last->recipe.ngram.order));
    else if (best == last)
        add_note(fact, arena, _("the largest n tried is the best: a larger one may be better still"));
}

/* A smaller n that is nearly as good. */
static void explain_thrift(const Trial *best, const Trial *const *curve, Arena *arena, Fact *fact)
{
    size_t i = 0;
    while (curve[i] != best && !(curve[i]->known <= 1.01 * best->known)) i++;
    if (curve[i] == best) return;
    add_note(fact, arena,
             arena_format(arena, _("n=%d is within 1%% of it, with %llu n-grams instead of %llu"),
                          curve[i]->recipe.ngram.order, (unsigned long long)curve[i]->ngrams,
                          (unsigned long long)best->ngrams));
}

/* The best setting of each other curve. */
static void explain_others(const Sweep *sweep, Arena *arena, Fact *fact)
{
    for (size_t i = 0; i < sweep->done; i++) {
        const Trial *trial = &sweep->trials[i], *least = trial;
        bool told = strcmp(trial->series, sweep_best(sweep)->series) == 0;
        for (size_t j = 0; j < sweep->done && !told; j++) {
            if (strcmp(sweep->trials[j].series, trial->series) != 0) continue;
            told = j < i;
            if (sweep_compared(&sweep->trials[j]) < sweep_compared(least)) least = &sweep->trials[j];
        }
        if (!told && isfinite(sweep_compared(least)))
            fact_because(fact,
                         fact_new(arena, FACT_NUMBER,
                                  arena_format(arena, _("the best of %s, %s"), trial->series, least->setting),
                                  NULL, least->known));
    }
}

const Fact *sweep_explain(const Sweep *sweep, Arena *arena, Error *error)
{
    if (!sweep_best(sweep)) {
        error_set(error, _("no setting gave every word it knows a probability"));
        return error_hint(error, _("smoothing does: sweep smooth=mkn")), NULL;
    }
    const Trial **curve = arena_alloc(arena, sweep->done, sizeof *curve);
    size_t count = best_curve(sweep, curve);
    Fact *fact =
        fact_new(arena, FACT_NUMBER,
                 arena_format(arena, _("the least held-out perplexity, %s"), sweep_best(sweep)->setting),
                 sweep->unknown ? _("exp(-log p / N), without unknown words") : "exp(-log p / N)",
                 sweep_best(sweep)->known);
    if (sweep->x == OPT_ORDER && count > 1) {
        explain_turn(sweep_best(sweep), curve, count, arena, fact);
        explain_thrift(sweep_best(sweep), curve, arena, fact);
    }
    for (size_t i = 0; i < count; i++) fact_because(fact, explain_trial(curve[i], arena));
    explain_others(sweep, arena, fact);
    return fact;
}
