#include "core/model/decoding.h"

#include <math.h>
#include <stdlib.h>

#include "core/base/error.h"
#include "core/base/memory.h"

typedef struct {
    double p;
    size_t index;
} Ranked;

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

static int most_probable_first(const void *left, const void *right)
{
    const Ranked *a = left, *b = right;
    if (a->p != b->p) return a->p < b->p ? 1 : -1;
    return a->index < b->index ? -1 : a->index > b->index;
}

static Ranked *rank(const double *p, size_t count)
{
    Ranked *ranked = must_alloc(count, sizeof *ranked);
    for (size_t i = 0; i < count; i++) ranked[i] = (Ranked){p[i], i};
    qsort(ranked, count, sizeof *ranked, most_probable_first);
    return ranked;
}

static void cut_below(double *p, size_t count, double bar)
{
    for (size_t i = 0; i < count; i++)
        if (p[i] < bar) p[i] = 0;
}

static void keep_top_k(double *p, size_t count, size_t k)
{
    if (k >= count) return;
    Ranked *ranked = rank(p, count);
    cut_below(p, count, ranked[k - 1].p * (1 - DECODING_TIE));
    free(ranked);
}

static void keep_top_p(double *p, size_t count, double top_p)
{
    Ranked *ranked = rank(p, count);
    double total = 0, before = 0;
    for (size_t i = 0; i < count; i++) total += ranked[i].p;
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && before >= top_p * total) p[ranked[i].index] = 0;
        before += ranked[i].p;
    }
    free(ranked);
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
