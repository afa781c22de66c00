#include "core/model/selection.h"

#include <stdlib.h>

#include "core/base/memory.h"

typedef struct {
    double p;
    size_t place;
} Ranked;

/* Equal numbers go by place, so no two are the same. */
static bool before(const Ranked *a, const Ranked *b)
{
    return a->p > b->p || (a->p == b->p && a->place < b->place);
}

static int by_rank(const void *left, const void *right)
{
    return before(left, right) ? -1 : before(right, left);
}

/* Bring those before the pivot to the front; returns where the others begin. */
static size_t part(Ranked *r, size_t count)
{
    Ranked pivot = r[(count - 1) / 2];
    size_t i = 0, j = count - 1;
    for (;; i++, j--) {
        while (before(&r[i], &pivot)) i++;
        while (before(&pivot, &r[j])) j--;
        if (i >= j) return j + 1;
        Ranked kept = r[i];
        r[i] = r[j];
        r[j] = kept;
    }
}

static void bring_to_front(Ranked *r, size_t count, size_t most)
{
    while (most > 0 && most < count) {
        size_t front = part(r, count);
        if (most < front) {
            count = front;
        } else {
            r += front;
            count -= front;
            most -= front;
        }
    }
}

size_t selection_largest(const double *p, size_t count, const bool *among, size_t most, size_t **places)
{
    size_t all = 0;
    Ranked *ranked = must_alloc(count, sizeof *ranked);
    for (size_t i = 0; i < count; i++)
        if (!among || among[i]) ranked[all++] = (Ranked){p[i], i};
    if (most > all) most = all;
    bring_to_front(ranked, all, most);
    qsort(ranked, most, sizeof *ranked, by_rank);
    *places = must_alloc(most, sizeof **places);
    for (size_t i = 0; i < most; i++) (*places)[i] = ranked[i].place;
    free(ranked);
    return most;
}
