/* growth_why.c - where the curves cross, and what each costs: statistical and computational efficiency. */
#include <math.h>
#include <string.h>

#include "core/base/i18n.h"
#include "repl/commands/growth.h"

const Point *growth_point(const Growth *growth, size_t variant, size_t size)
{
    size_t index = size * growth->variant_count + variant;
    return index < growth->done ? &growth->points[index] : NULL;
}

const Point *growth_best(const Growth *growth, size_t size)
{
    const Point *best = NULL;
    for (size_t i = 0; i < growth->variant_count; i++) {
        const Point *point = growth_point(growth, i, size);
        if (point && isfinite(point->bits) && (!best || point->bits < best->bits)) best = point;
    }
    return best;
}

/* --- statistical efficiency: what is made of so much text --- */

static Fact *explain_point(const Growth *growth, const Point *point, Arena *arena)
{
    Fact *fact =
        fact_new(arena, FACT_NUMBER,
                 arena_format(arena, _("%s from %zu tokens, bits"), point->variant->name, point->tokens),
                 NULL, point->bits);
    if (isnan(growth->floor)) return fact;
    return fact_because(fact, fact_new(arena, FACT_NUMBER, _("beyond the source's entropy (KL divergence)"),
                                       NULL, point->bits - growth->floor));
}

/* Where a curve meets another between two sizes: straight lines over log tokens. */
static double crossing(const Point *a, const Point *b, const Point *c, const Point *d)
{
    double before = a->bits - b->bits, after = c->bits - d->bits;
    double left = log((double)a->tokens), right = log((double)c->tokens);
    return exp(left + (right - left) * before / (before - after));
}

static bool changes_sign(double before, double after) { return before * after < 0; }

/* How two curves lie: each crossing is a note, and none is one too. */
static void explain_pair(const Growth *growth, size_t one, size_t other, Arena *arena, Fact *fact)
{
    const char *a = growth->variants[one].name, *b = growth->variants[other].name;
    size_t crossings = 0, sizes = 0;
    double last = 0;
    for (size_t size = 0; size < growth->size_count; size++) {
        const Point *p = growth_point(growth, one, size), *q = growth_point(growth, other, size);
        if (!p || !q || !isfinite(p->bits) || !isfinite(q->bits)) break;
        double difference = p->bits - q->bits;
        if (sizes++ > 0 && changes_sign(last, difference)) {
            const char *first = last < 0 ? a : b, *then = last < 0 ? b : a;
            double at = crossing(p - growth->variant_count, q - growth->variant_count, p, q);
            fact_because(fact, fact_note(arena, arena_format(arena,
                                                             _("below about %.2g tokens %s predicts better, "
                                                               "above them %s: there the curves cross"),
                                                             at, first, then)));
            crossings++;
        }
        last = difference;
    }
    if (sizes == 0 || crossings > 0) return;
    fact_because(fact, fact_note(arena, arena_format(arena,
                                                     _("%s predicts better than %s at every size: the "
                                                       "curves do not cross here"),
                                                     last <= 0 ? a : b, last <= 0 ? b : a)));
}

static Fact *explain_statistics(const Growth *growth, Arena *arena)
{
    Fact *fact = fact_note(arena, _("statistical efficiency: how well a model predicts after so much text"));
    for (size_t size = 0; size < growth->size_count; size++) {
        const Point *best = growth_best(growth, size);
        if (best) fact_because(fact, explain_point(growth, best, arena));
    }
    for (size_t other = 1; other < growth->variant_count; other++)
        explain_pair(growth, 0, other, arena, fact);
    return fact;
}

/* --- computational efficiency: what that costs --- */

static size_t last_size(const Growth *growth) { return (growth->done - 1) / growth->variant_count; }

/* "mlp: 1200 times the seconds of ngram, 0.31 bits fewer" */
static void explain_price(const Point *cheap, const Point *dear, Arena *arena, Fact *fact)
{
    double saved = cheap->bits - dear->bits;
    Fact *seconds = fact_new(
        arena, FACT_NUMBER,
        arena_format(arena, _("seconds of training, %s to %s"), dear->variant->name, cheap->variant->name),
        arena_format(arena, "%s / %s", seconds_text(dear->cost.seconds, arena),
                     seconds_text(cheap->cost.seconds, arena)),
        dear->cost.seconds / cheap->cost.seconds);
    const char *buys = saved > 0 ? arena_format(arena, _("for %.3g bits a token fewer"), saved)
                                 : arena_format(arena, _("and %.3g bits a token more"), -saved);
    fact_because(seconds, fact_note(arena, buys));
    fact_because(seconds,
                 fact_note(arena, arena_format(arena, _("multiply-adds to predict a token: %.0f and %.0f"),
                                               dear->cost.multiply_adds, cheap->cost.multiply_adds)));
    fact_because(fact, seconds);
}

static const Point *cheapest(const Growth *growth, size_t size)
{
    const Point *least = NULL;
    for (size_t i = 0; i < growth->variant_count; i++) {
        const Point *point = growth_point(growth, i, size);
        if (point && (!least || point->cost.seconds < least->cost.seconds)) least = point;
    }
    return least;
}

static Fact *explain_computing(const Growth *growth, Arena *arena)
{
    size_t size = last_size(growth);
    const Point *cheap = cheapest(growth, size);
    Fact *fact = fact_note(arena, arena_format(arena,
                                               _("computational efficiency: what it costs, at %zu "
                                                 "tokens"),
                                               cheap->tokens));
    for (size_t i = 0; i < growth->variant_count; i++) {
        const Point *point = growth_point(growth, i, size);
        if (point && point != cheap) explain_price(cheap, point, arena, fact);
    }
    return fact;
}

const Fact *growth_explain(const Growth *growth, Arena *arena)
{
    Fact *fact = fact_note(arena, _("two curves, and who leads depends on which is asked"));
    fact_because(fact, explain_statistics(growth, arena));
    if (growth->variant_count > 1) fact_because(fact, explain_computing(growth, arena));
    if (!isnan(growth->floor))
        fact_because(fact, fact_new(arena, FACT_NUMBER,
                                    arena_format(arena, _("entropy of %s, bits a token"), growth->source),
                                    _("no model predicts its text better"), growth->floor));
    for (size_t i = 0; i < growth->variant_count; i++)
        if (growth->variants[i].kind.neural)
            return fact_because(
                fact, fact_note(arena, _("a network is taken as it was when it predicted best what valid= "
                                         "keeps back of its text; its seconds are those of all its steps")));
    return fact;
}
