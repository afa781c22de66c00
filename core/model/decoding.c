#include "core/model/decoding.h"

#include <math.h>
#include <stdlib.h>

#include "core/base/error.h"
#include "core/base/memory.h"
#include "core/model/selection.h"

Decoding decoding_plain(void) { return (Decoding){.temperature = 1, .top_p = 1}; }

bool decoding_is_plain(const Decoding *d)
{
    return d->temperature == 1 && d->top_k == 0 && d->min_p <= 0 && d->top_p >= 1;
}

static double largest(const double *p, size_t count)
{
    double max = 0;
    for (size_t i = 0; i < count; i++) max = p[i] > max ? p[i] : max;
    return max;
}

static void renormalise(double *p, size_t count)
{
    double total = 0;
    for (size_t i = 0; i < count; i++) total += p[i];
    assert(total > 0);
    for (size_t i = 0; i < count; i++) p[i] /= total;
}

static void keep_first_best(double *p, size_t count)
{
    double bar = largest(p, count) * (1 - DECODING_TIE);
    bool found = false;
    for (size_t i = 0; i < count; i++) {
        bool take = !found && p[i] >= bar;
        p[i] = take ? 1 : 0;
        found = found || take;
    }
}

/* Powers of p / max, so that nothing overflows at a small T and the largest is always 1. */
static void rescale(double temperature, double *p, size_t count)
{
    double max = largest(p, count);
    for (size_t i = 0; i < count; i++) {
        if (p[i] <= 0) continue;
        p[i] = isinf(temperature) ? 1 : exp(log(p[i] / max) / temperature);
    }
}

static void cut_below(double *p, size_t count, double bar)
{
    for (size_t i = 0; i < count; i++)
        if (p[i] < bar) p[i] = 0;
}

static void keep_top_k(double *p, size_t count, size_t k)
{
    if (k >= count) return;
    size_t *places;
    selection_largest(p, count, NULL, k, &places);
    cut_below(p, count, p[places[k - 1]] * (1 - DECODING_TIE));
    free(places);
}

/* How many of the largest make up the mass wanted; `most` if that many do not. */
static size_t prefix_length(const double *p, const size_t *places, size_t most, double wanted)
{
    double before = p[places[0]];
    size_t length = 1;
    while (length < most && before < wanted) before += p[places[length++]];
    return before < wanted ? most + 1 : length;
}

static void keep_only(double *p, size_t count, const size_t *places, size_t length)
{
    bool *kept = must_alloc(count, sizeof *kept);
    for (size_t i = 0; i < length; i++) kept[places[i]] = true;
    for (size_t i = 0; i < count; i++)
        if (!kept[i]) p[i] = 0;
    free(kept);
}

/* Most often a few hundred of the largest are enough; if not, four times as many are sought out. */
static void keep_top_p(double *p, size_t count, double top_p)
{
    double total = 0;
    for (size_t i = 0; i < count; i++) total += p[i];
    for (size_t most = 256;; most *= 4) {
        size_t *places, found = selection_largest(p, count, NULL, most, &places),
                        length = prefix_length(p, places, found, top_p * total);
        if (length <= found) keep_only(p, count, places, length);
        free(places);
        if (length <= found || found == count) return;
    }
}

void decoding_apply(const Decoding *d, double *p, size_t count)
{
    if (decoding_is_plain(d)) return;
    if (d->temperature == 0) {
        keep_first_best(p, count);
        return;
    }
    if (d->temperature != 1) rescale(d->temperature, p, count);
    if (d->top_k > 0) keep_top_k(p, count, d->top_k);
    if (d->min_p > 0) cut_below(p, count, d->min_p * largest(p, count));
    if (d->top_p < 1) keep_top_p(p, count, d->top_p);
    renormalise(p, count);
}

size_t decoding_ties(const double *p, size_t count)
{
    double bar = largest(p, count) * (1 - DECODING_TIE);
    size_t ties = 0;
    for (size_t i = 0; i < count; i++) ties += p[i] >= bar && p[i] > 0;
    return ties;
}
