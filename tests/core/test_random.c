/* The dice: published first numbers, and the generator against its own definition. */

#include "core/base/random.h"
#include "core/base/error.h"
#include "tests/support/check.h"

TestSuite(random, .timeout = 20);

/* DESIGN.md, section 1. */
Test(random, seed_1337_begins_as_published)
{
    static const uint32_t high[] = {17869394, 3979852424, 1072273016};
    Random random = random_seeded(1337);
    for (size_t i = 0; i < COUNT_OF(high); i++) CHECK_INT(random_next(&random) >> 32, high[i]);
}

/* EurekaLabsAI/ngram starts from the raw state. */
Test(random, state_1337_gives_the_numbers_of_its_peers)
{
    static const uint32_t high[] = {989205090, 818269915, 1335155955};
    Random random = {.state = 1337};
    for (size_t i = 0; i < COUNT_OF(high); i++) CHECK_INT(random_next(&random) >> 32, high[i]);
}

/* First outputs of the reference splitmix64.c (Vigna): 0 -> e220a8397b1dcdaf, and, one step on from state
 * 9e3779b97f4a7c15, 6e789e6aa1b965f4. */
Test(random, the_state_starts_as_splitmix64_of_the_seed)
{
    CHECK(random_seeded(0).state == 0xE220A8397B1DCDAFu);
    CHECK(random_seeded(0x9E3779B97F4A7C15u).state == 0x6E789E6AA1B965F4u);
}

/* The one seed whose splitmix64 is 0 is -0x9E3779B97F4A7C15 mod 2^64: the mix maps 0 to 0. */
Test(random, the_state_is_never_zero)
{
    CHECK_INT(random_seeded(0x61C8864680B583EBu).state, 1);
    Random random = random_seeded(0x61C8864680B583EBu);
    CHECK(random_next(&random) != 0);
}

Test(random, units_are_53_bits_in_0_to_1_and_evenly_spread)
{
    Random random = random_seeded(7), again = random;
    size_t bins[10] = {0}, draws = 100000;
    double smallest = 1, largest = 0;
    for (size_t i = 0; i < draws; i++) {
        double u = random_unit(&random), wanted = (double)(random_next(&again) >> 11) / 0x1p53;
        if (u != wanted || u < 0 || u >= 1) CHECK_FOR(false, "draw %zu is %a, not %a", i, u, wanted);
        bins[(int)(u * 10)]++;
        if (u < smallest) smallest = u;
        if (u > largest) largest = u;
    }
    for (size_t b = 0; b < 10; b++)
        CHECK_FOR(bins[b] > 9600 && bins[b] < 10400, "bin %zu holds %zu", b, bins[b]);
    CHECK(smallest < 0.0001 && largest > 0.9999);
}
