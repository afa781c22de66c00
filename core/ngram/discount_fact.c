#include "core/ngram/discount_fact.h"

#include <math.h>

#include "core/base/i18n.h"

const char *discount_name(const Smoothing *smoothing, int count, Arena *arena)
{
    static const char *const three[] = {NULL, "D1", "D2", "D3+"};
    if (smoothing->kind == SMOOTH_KATZ) return arena_format(arena, "d%d", count);
    return smoothing->kind == SMOOTH_MKN ? three[count] : "D";
}

bool discount_counted(const Discount *discount, const Smoothing *smoothing)
{
    return !smoothing->fixed && !discount->fell_back;
}

static unsigned long long n(const Discount *discount, int r)
{
    return (unsigned long long)discount->counts[r];
}

static const char *ratio_text(const Discount *discount, Arena *arena)
{
    return arena_format(arena, "n1 / (n1 + 2 n2), n1 = %llu, n2 = %llu", n(discount, 1), n(discount, 2));
}

/* --- ad, kn, mkn --- */

static const char *formula_of(const Discount *discount, const Smoothing *smoothing, int j, bool again,
                              Arena *arena)
{
    if (smoothing->fixed) return _("as chosen");
    if (discount->fell_back && again) return _("the fallback");
    if (discount->fell_back)
        return arena_format(arena, _("the fallback: the counts give no discount (%s)"), discount->why);
    if (smoothing->kind != SMOOTH_MKN) return ratio_text(discount, arena);
    return arena_format(arena, "%d - %d Y n%d / n%d, n%d = %llu, n%d = %llu", j, j + 1, j + 1, j, j,
                        n(discount, j), j + 1, n(discount, j + 1));
}

static Fact *subtracted_fact(const Discount *discount, const Smoothing *smoothing, int count, bool again,
                             Arena *arena)
{
    Fact *fact = fact_new(arena, FACT_NUMBER, discount_name(smoothing, count, arena),
                          formula_of(discount, smoothing, count, again, arena), discount->d[count]);
    if (again || smoothing->kind != SMOOTH_MKN || !discount_counted(discount, smoothing)) return fact;
    double once = (double)discount->counts[1], twice = (double)discount->counts[2];
    return fact_because(
        fact, fact_new(arena, FACT_NUMBER, "Y", ratio_text(discount, arena), once / (once + 2 * twice)));
}

/* --- katz --- */

static Fact *better_count_fact(const Discount *discount, int r, Arena *arena)
{
    const char *formula = arena_format(arena, "%d n%d / n%d, n%d = %llu, n%d = %llu", r + 1, r + 1, r, r,
                                       n(discount, r), r + 1, n(discount, r + 1));
    double value = (r + 1) * (double)discount->counts[r + 1] / (double)discount->counts[r];
    return fact_new(arena, FACT_NUMBER, "r*", formula, value);
}

static Fact *tail_fact(const Discount *discount, Arena *arena)
{
    enum { BEYOND = KATZ_MAX + 1 };
    double once = (double)discount->counts[1], beyond = (double)discount->counts[BEYOND];
    if (once <= 0) return fact_new(arena, FACT_NUMBER, "A", _("0, for n1 = 0"), 0);
    const char *formula = arena_format(arena, "%d n%d / n1, n1 = %llu, n%d = %llu", BEYOND, BEYOND,
                                       n(discount, 1), BEYOND, n(discount, BEYOND));
    return fact_new(arena, FACT_NUMBER, "A", formula, BEYOND * beyond / once);
}

static Fact *multiplied_fact(const Discount *discount, const Smoothing *smoothing, int r, Arena *arena)
{
    Fact *better = better_count_fact(discount, r, arena), *tail = tail_fact(discount, arena);
    double d = (better->value / r - tail->value) / (1 - tail->value);
    bool usable = d > 0 && d <= 1;
    const char *formula =
        usable ? arena_format(arena, "(r* / %d - A) / (1 - A)", r)
               : arena_format(arena, _("1, for (r* / %d - A) / (1 - A) is not between 0 and 1"), r);
    Fact *fact = fact_new(arena, FACT_NUMBER, discount_name(smoothing, r, arena), formula, discount->d[r]);
    return fact_because(fact_because(fact, better), tail);
}

Fact *discount_fact(const Discount *discount, const Smoothing *smoothing, int count, bool again, Arena *arena)
{
    return smoothing->kind == SMOOTH_KATZ ? multiplied_fact(discount, smoothing, count, arena)
                                          : subtracted_fact(discount, smoothing, count, again, arena);
}
