#include "core/ngram/explain.h"

#include <math.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/ngram/discount_fact.h"
#include "core/ngram/why.h"

static bool nearly(double actual, double wanted) { return fabs(actual - wanted) <= 1e-9 * fabs(wanted); }

/* --- counts alone: mle, add, interp --- */

static void add_counts(Fact *fact, const Why *why, int order)
{
    const Followers *f = &why->after[order];
    fact_because(fact, why_count(why, why_count_name(why, order), NULL, f->count));
    fact_because(fact, why_count(why, why_total_name(why, order), NULL, f->total));
}

static Fact *explain_ratio(const Why *why, int order)
{
    const Followers *f = &why->after[order];
    const char *formula =
        arena_format(why->arena, "%s / %s", why_count_name(why, order), why_total_name(why, order));
    Fact *fact = why_probability(why, order, formula, f->total > 0 ? f->count / f->total : 0);
    add_counts(fact, why, order);
    if (f->total <= 0)
        fact_because(fact, fact_note(why->arena,
                                     _("this context was never seen (0/0): the product is 0 from here on")));
    return fact;
}

static Fact *explain_add(const Why *why, int order)
{
    const char *formula = arena_format(why->arena, "(%s + k) / (%s + k V)", why_count_name(why, order),
                                       why_total_name(why, order));
    Fact *fact = why_probability(why, order, formula, why->p[order]);
    add_counts(fact, why, order);
    fact_because(fact, why_number(why, "k", NULL, why->smoothing->k));
    return fact_because(fact, why_count(why, "V", NULL, (double)why->question->outcomes));
}

static Fact *explain_interp(const Why *why, int top)
{
    const char *formula = "";
    double passed = 0;
    Fact *fact = why_probability(why, top, NULL, why->p[top]);
    for (int order = top; order >= 1; order--) {
        double weight = why->smoothing->weights[top - order] + passed;
        passed = why->after[order].total > 0 ? 0 : weight;
        if (passed > 0 || weight <= 0) continue;
        Fact *part = explain_ratio(why, order);
        part->name = arena_format(why->arena, "f%s", part->name + 1); /* a frequency, not this model's p */
        formula = arena_format(why->arena, "%s%s%g x %s", formula, *formula ? " + " : "", weight, part->name);
        fact_because(fact, part);
    }
    fact->formula = formula;
    if (why->after[top].total <= 0)
        fact_because(
            fact, fact_note(why->arena, _("a context never seen passes its weight to the next shorter one")));
    return fact;
}

/* --- counts with a lower order below them --- */

static Fact *explain_level(Why *why, int level);

static Fact *followed_count(const Why *why, int level)
{
    const Followers *f = &why->after[level];
    if (!f->adjusted) return why_count(why, why_count_name(why, level), NULL, f->count);
    const char *name = arena_format(why->arena, _("different words before '%s%s'"), why_history(why, level),
                                    why->question->spelling);
    return why_count(why, name, NULL, f->count);
}

static Fact *followed_total(const Why *why, int level)
{
    const Followers *f = &why->after[level];
    const char *what = why_total_name(why, level);
    if (f->adjusted && level == 1)
        what = _("different words before each word, summed");
    else if (f->adjusted)
        what = arena_format(why->arena, _("different words before '%s...', summed over what follows"),
                            why_history(why, level));
    return why_count(why, "total", what, f->total);
}

static Fact *followed_types(const Why *why, int level)
{
    const char *what = level > 1 ? arena_format(why->arena, _("different words seen after '%s'"),
                                                why_history_name(why, level))
                                 : _("different words seen");
    return why_count(why, "T", what, why->after[level].types[0]);
}

/* N1, N2, N3+: how many words followed with that count. */
static Fact *followed_types_of(const Why *why, int level, int count)
{
    static const char *const names[] = {NULL, "N1", "N2", "N3+"},
                             *const times[] = {NULL, N_("once"), N_("twice"), N_("3 times or more")},
                             *const before[] = {NULL, N_("1 different word"), N_("2 different words"),
                                                N_("3 or more different words")};
    const Followers *f = &why->after[level];
    const char *history = why_history_name(why, level), *what;
    if (f->adjusted && level > 1)
        what = arena_format(why->arena, _("words w after '%s' with %s before '%s w'"), history,
                            _(before[count]), history);
    else if (f->adjusted)
        what = arena_format(why->arena, _("words with %s before them"), _(before[count]));
    else if (level > 1)
        what = arena_format(why->arena, _("words seen %s after '%s'"), _(times[count]), history);
    else
        what = arena_format(why->arena, _("words seen %s"), _(times[count]));
    return why_count(why, names[count], what, f->types[count]);
}

static Fact *uniform_fact(const Why *why)
{
    return why_number(why, "1/V", arena_format(why->arena, "1 / %zu", why->question->outcomes), why->p[0]);
}

static Fact *lower_fact(Why *why, int level)
{
    return level > 1 ? explain_level(why, level - 1) : uniform_fact(why);
}

/* "10^-0.30103", as files of probabilities have it; NULL for 0. */
static const char *power_text(const Why *why, double value)
{
    return value > 0 ? arena_format(why->arena, "10^%.6g", log10(value)) : NULL;
}

/* How often the n-gram of this level occurred; 0 where the model does not have it. A model read from a file
 * has 1 for every n-gram of the file. */
static uint32_t occurrences(const Why *why, int level)
{
    NodeId node = why->found[level - 1];
    return node == NODE_NONE ? 0 : why->question->store->levels[level].nodes[node].count;
}

/* A probability that is stored, and that no count explains. */
static Fact *explain_stored(const Why *why, int level)
{
    Fact *fact = why_probability(why, level, power_text(why, why->p[level]), why->p[level]);
    uint32_t count = occurrences(why, level);
    if (count > 1) fact_because(fact, why_count(why, why_count_name(why, level), NULL, count));
    if (why->smoothing->kind != SMOOTH_GIVEN)
        fact_because(fact, fact_note(why->arena, _("the counts no longer give this number")));
    return fact;
}

static Fact *stored_weight(const Why *why, const char *name, int level)
{
    double weight = why_backoff(why, level);
    return why_number(why, why_weight_name(why, name, level), power_text(why, weight), weight);
}

static Fact *explain_frequency(const Why *why, int level)
{
    const Followers *f = &why->after[level];
    if (!nearly(f->count / f->total, why->p[level])) return explain_stored(why, level);
    Fact *fact = why_probability(why, level, "count / total", why->p[level]);
    fact_because(fact, followed_count(why, level));
    return fact_because(fact, followed_total(why, level));
}

/* --- wb --- */

static Fact *explain_witten_bell(Why *why, int level)
{
    if (!nearly(why_step(why, level), why->p[level])) return explain_stored(why, level);
    Fact *lower = lower_fact(why, level);
    const char *formula = arena_format(why->arena, "(count + T x %s) / (total + T)", lower->name);
    Fact *fact = why_probability(why, level, formula, why->p[level]);
    fact_because(fact, followed_count(why, level));
    fact_because(fact, followed_types(why, level));
    fact_because(fact, followed_total(why, level));
    return fact_because(fact, lower);
}

/* --- ad, kn, mkn --- */

/* D1, D2 and D3+ of a level share what the first of them tells. */
static Fact *explain_discount(Why *why, int level, int count)
{
    const Discount *discount = &why->question->estimate->discounts[level];
    bool again = why->discounted == level;
    why->discounted = level;
    why->counts_of_counts |= discount_counted(discount, why->smoothing);
    return discount_fact(discount, why->smoothing, count, again, why->arena);
}

/* What the discounts take from the followers, as a share of all: it goes to the lower order. */
static double saved(const Why *why, int level)
{
    const Followers *f = &why->after[level];
    const double *d = why_discounts(why, level);
    return (d[1] * f->types[1] + d[2] * f->types[2] + d[3] * f->types[3]) / f->total;
}

/* "(D1 x N1 + D3+ x N3+) / total", without the terms that are 0; `named` is a discount named before. */
static Fact *three_saved(Why *why, int level, int named)
{
    const Followers *f = &why->after[level];
    const char *sum = "";
    int terms = 0;
    Fact *fact = why_number(why, why_weight_name(why, "backoff", level), NULL, saved(why, level));
    for (int count = 1; count <= 3; count++) {
        if (f->types[count] <= 0) continue;
        Fact *types = followed_types_of(why, level, count);
        sum = arena_format(why->arena, "%s%s%s x %s", sum, terms++ ? " + " : "",
                           discount_name(why->smoothing, count, why->arena), types->name);
        if (count != named) fact_because(fact, explain_discount(why, level, count));
        fact_because(fact, types);
    }
    fact->formula = arena_format(why->arena, terms > 1 ? "(%s) / total" : "%s / total", sum);
    return fact;
}

static Fact *one_saved(Why *why, int level, int named)
{
    Fact *fact = why_number(why, why_weight_name(why, "backoff", level), "D x T / total", saved(why, level));
    if (!named) fact_because(fact, explain_discount(why, level, 1));
    return fact_because(fact, followed_types(why, level));
}

/* `named`: which discount was named before, with the total; 0 = none. */
static Fact *saved_fact(Why *why, int level, int named)
{
    if (level > 1 && !nearly(saved(why, level), why_backoff(why, level)))
        return stored_weight(why, "backoff", level);
    Fact *fact =
        why->smoothing->kind == SMOOTH_MKN ? three_saved(why, level, named) : one_saved(why, level, named);
    return named ? fact : fact_because(fact, followed_total(why, level));
}

/* What the word gets of the mass saved: p of the lower order, at the unigrams 1/V; there, plain_unigrams
 * gives all of it to <unk>, if there is one. */
static double share_of_saved(const Why *why, int level, double kept)
{
    if (level > 1) return why->p[level - 1];
    if (!why->smoothing->plain_unigrams || nearly(kept + saved(why, level) * why->p[0], why->p[level]))
        return why->p[0];
    return nearly(kept, why->p[level]) ? 0 : 1;
}

static void add_saved(Why *why, int level, int named, double share, Fact *fact)
{
    if (share <= 0 && level == 1) return;
    Fact *weight = saved_fact(why, level, named), *lower = NULL;
    const char *plus = fact->formula ? " + " : "", *before = fact->formula ? fact->formula : "";
    fact_because(fact, weight);
    if (level > 1 || share == why->p[0]) lower = lower_fact(why, level);
    fact->formula = lower ? arena_format(why->arena, "%s%s%s x %s", before, plus, weight->name, lower->name)
                          : arena_format(why->arena, "%s%s%s", before, plus, weight->name);
    fact_because(fact, lower ? lower : fact_note(why->arena, _("<unk> gets all that the discounts save")));
}

static Fact *explain_discounted(Why *why, int level)
{
    const Followers *f = &why->after[level];
    int named = f->count < 3 ? (int)f->count : 3;
    double kept = named ? (f->count - why_discounts(why, level)[named]) / f->total : 0,
           share = share_of_saved(why, level, kept);
    bool explained = nearly(kept + saved(why, level) * share, why->p[level]);
    if (!explained && (named || level == 1)) return explain_stored(why, level);
    Fact *fact = why_probability(why, level, NULL, why->p[level]);
    fact_because(fact, followed_count(why, level));
    if (named) {
        fact->formula = arena_format(why->arena, "(count - %s) / total",
                                     discount_name(why->smoothing, named, why->arena));
        fact_because(fact, explain_discount(why, level, named));
        fact_because(fact, followed_total(why, level));
    }
    add_saved(why, level, named, share, fact);
    return fact;
}

/* --- katz, backoff --- */

static Fact *alpha_fact(const Why *why, int level)
{
    const Followers *f = &why->after[level];
    const char *history = why_history_name(why, level);
    Fact *fact = stored_weight(why, "alpha", level);
    bool divided = nearly((1 - f->p) / (1 - f->lower), fact->value);
    if (!divided && fact->value > 0) return fact;
    fact->formula = divided ? "(1 - seen) / (1 - lower)" : NULL;
    if (!divided)
        return fact_because(fact, fact_note(why->arena, _("the words seen leave nothing to others")));
    const char *seen =
        arena_format(why->arena, _("p(w | %s), summed over the words w seen after '%s'"), history, history);
    fact_because(fact, why_number(why, "seen", seen, f->p));
    return fact_because(
        fact, why_number(why, "lower", _("p of the next lower order, summed over these words"), f->lower));
}

static Fact *explain_katz_seen(Why *why, int level)
{
    const Followers *f = &why->after[level];
    int r = f->count <= KATZ_MAX ? (int)f->count : 0;
    double p = (r ? why_discounts(why, level)[r] : 1) * f->count / f->total;
    bool shared = !nearly(p, why->p[level]);
    if (shared && !nearly(p / f->kept, why->p[level])) return explain_stored(why, level);
    const char *factor = r ? arena_format(why->arena, "d%d x ", r) : "";
    const char *formula = arena_format(why->arena, "%scount / total%s", factor, shared ? " / kept" : "");
    Fact *fact = why_probability(why, level, formula, why->p[level]);
    fact_because(fact, r ? explain_discount(why, level, r)
                         : fact_note(why->arena, _("counts above 7 are not discounted")));
    fact_because(fact, followed_count(why, level));
    fact_because(fact, followed_total(why, level));
    if (shared)
        fact_because(fact,
                     why_number(why, "kept",
                                _("d x count / total, summed over the words seen: no others are possible"),
                                f->kept));
    return fact;
}

static Fact *explain_katz(Why *why, int level)
{
    if (level == 1) return explain_frequency(why, level);
    if (why->after[level].count > 0) return explain_katz_seen(why, level);
    Fact *alpha = alpha_fact(why, level), *lower = explain_level(why, level - 1);
    const char *formula = arena_format(why->arena, "%s x %s", alpha->name, lower->name);
    Fact *fact = why_probability(why, level, formula, why->p[level]);
    fact_because(fact, followed_count(why, level));
    return fact_because(fact_because(fact, alpha), lower);
}

static Fact *explain_backoff(Why *why, int level)
{
    if (level == 1 || why->after[level].count > 0) return explain_frequency(why, level);
    Fact *lower = explain_level(why, level - 1);
    const char *formula = arena_format(why->arena, "%g x %s", BACKOFF_FACTOR, lower->name);
    Fact *fact = why_probability(why, level, formula, why->p[level]);
    return fact_because(fact_because(fact, followed_count(why, level)), lower);
}

/* --- all of them --- */

/* Back-off weights of 1 are left out: histories the model does not have, most of them. */
static Fact *explain_given(const Why *why, int top)
{
    int match = top;
    const char *product = "";
    while (match > 1 && occurrences(why, match) == 0) match--;
    Fact *matched = explain_stored(why, match), *fact = matched;
    if (match < top) fact = why_probability(why, top, NULL, why->p[top]);
    const char *longest = arena_format(why->arena, _("the longest n-gram the model has is '%s%s'"),
                                       why_history(why, match), why->question->spelling);
    fact_because(fact, fact_note(why->arena, longest));
    for (int level = top; level > match; level--) {
        if (why_backoff(why, level) == 1) continue;
        Fact *weight = stored_weight(why, "backoff", level);
        product = arena_format(why->arena, "%s%s x ", product, weight->name);
        fact_because(fact, weight);
    }
    if (match == top) return fact;
    fact->formula = arena_format(why->arena, "%s%s", product, matched->name);
    return fact_because(fact, matched);
}

/* Nothing was seen after the history, and it has no back-off weight. */
static bool is_skipped(const Why *why, int level)
{
    return level > 1 && why->smoothing->kind != SMOOTH_BACKOFF && why->after[level].total <= 0 &&
           nearly(why->p[level], why->p[level - 1]);
}

static Fact *explain_skipped(Why *why, int level)
{
    int seen = level - 1;
    while (is_skipped(why, seen)) seen--;
    Fact *lower = explain_level(why, seen);
    Fact *fact = why_probability(why, level, lower->name, why->p[level]);
    const char *note =
        arena_format(why->arena, _("nothing was seen after '%s': the shorter history stands (weight 1)"),
                     why_history_name(why, seen + 1));
    return fact_because(fact_because(fact, fact_note(why->arena, note)), lower);
}

static Fact *explain_level(Why *why, int level)
{
    const Smoothing *smoothing = why->smoothing;
    bool plain = level == 1 && smoothing->plain_unigrams && !smoothing_adjusts(smoothing->kind);
    if (is_skipped(why, level)) return explain_skipped(why, level);
    switch (smoothing->kind) {
    case SMOOTH_WB: return plain ? explain_frequency(why, level) : explain_witten_bell(why, level);
    case SMOOTH_KATZ: return explain_katz(why, level);
    case SMOOTH_BACKOFF: return explain_backoff(why, level);
    default: return plain ? explain_frequency(why, level) : explain_discounted(why, level);
    }
}

static Fact *explain_root(Why *why)
{
    int order = why->question->store->order;
    switch (why->smoothing->kind) {
    case SMOOTH_MLE: return explain_ratio(why, order);
    case SMOOTH_ADD: return explain_add(why, order);
    case SMOOTH_INTERP: return explain_interp(why, order);
    case SMOOTH_GIVEN: return explain_given(why, why_top(why));
    default: return explain_level(why, why_top(why));
    }
}

Fact *explain_probability(const NgramQuestion *question, Arena *arena)
{
    const Estimate *estimate = question->estimate;
    Why why = {.question = question, .smoothing = &estimate->smoothing, .arena = arena};
    why_ask(&why);
    Fact *fact = explain_root(&why);
    fact->value = estimate_defined(estimate, question->context) ? why.p[estimate->order] : 0;
    if (why.smoothing->kind == SMOOTH_BACKOFF)
        fact_because(fact, fact_note(arena, _("scores, not probabilities: they need not sum to 1")));
    if (why.counts_of_counts)
        fact_because(fact,
                     fact_note(arena, smoothing_adjusts(why.smoothing->kind)
                                          ? _("n1, n2, ...: how many n-grams of that length have count 1, "
                                              "2, ...; in lower orders, so many different words before them")
                                          : _("n1, n2, ...: how many different n-grams of that length have "
                                              "count 1, 2, ...")));
    return fact;
}
