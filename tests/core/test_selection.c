/* The largest numbers, found without sorting, are those a full sort finds. */

#include <stdlib.h>

#include "core/base/random.h"
#include "core/model/selection.h"
#include "tests/support/models.h"

TestSuite(selection, .timeout = 20);

/* Looking for the largest one again and again. */
static void check(const double *p, size_t count, const bool *among, size_t most)
{
    size_t *places, found = selection_largest(p, count, among, most, &places), available = 0;
    bool *taken = calloc(count + 1, sizeof *taken);
    for (size_t i = 0; i < count; i++) available += !among || among[i];
    CHECK_EACH(found == (most < available ? most : available), "%zu of %zu", found, available);
    for (size_t k = 0; k < found; k++) {
        size_t best = count;
        for (size_t i = 0; i < count; i++)
            if ((!among || among[i]) && !taken[i] && (best == count || p[i] > p[best])) best = i;
        CHECK_EACH(places[k] == best, "place %zu of %zu: %zu, not %zu", k, count, places[k], best);
        taken[best] = true;
    }
    free(taken);
    free(places);
}

Test(selection, agrees_with_taking_the_largest_again_and_again)
{
    Random random = random_seeded(5);
    double p[64];
    bool among[64];
    for (int round = 0; round < 3000; round++) {
        size_t count = random_next(&random) % 64;
        uint64_t values = 1 + random_next(&random) % 30; /* few values: many ties */
        for (size_t i = 0; i < count; i++) {
            p[i] = (double)(random_next(&random) % values);
            among[i] = random_next(&random) % 3 > 0;
        }
        check(p, count, round % 2 ? among : NULL, random_next(&random) % 70);
    }
}

Test(selection, numbers_in_order_and_all_equal)
{
    enum { COUNT = 500 };
    double rising[COUNT], falling[COUNT], equal[COUNT];
    for (int i = 0; i < COUNT; i++) {
        rising[i] = i;
        falling[i] = COUNT - i;
        equal[i] = 1;
    }
    for (size_t most = 0; most <= COUNT + 1; most += 25) {
        check(rising, COUNT, NULL, most);
        check(falling, COUNT, NULL, most);
        check(equal, COUNT, NULL, most);
    }
}

/* Linear time: a million numbers in any order are no wait. */
Test(selection, a_million_numbers)
{
    enum { COUNT = 1000000 };
    double *p = malloc(COUNT * sizeof *p);
    Random random = random_seeded(6);
    for (size_t i = 0; i < COUNT; i++) p[i] = random_unit(&random);
    p[777] = 2;
    size_t *places;
    CHECK_INT(selection_largest(p, COUNT, NULL, 20, &places), 20);
    CHECK_INT(places[0], 777);
    for (size_t k = 1; k < 20; k++) CHECK(p[places[k]] <= p[places[k - 1]] && p[places[k]] > 0.9999);
    free(places);
    free(p);
}
