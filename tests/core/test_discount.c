/* Discounts from counts of counts: worked by hand, and to the last digit of an independent computation. */

#include "core/ngram/discount.h"

#include <stdlib.h>
#include <string.h>

#include "tests/support/models.h"
#include "tests/support/oracle.h"

TestSuite(discount, .timeout = 20);

static Discount estimated(Smoothing smoothing, const uint64_t *counts)
{
    Discount discount = {.fell_back = false};
    memcpy(discount.counts + 1, counts, (COUNTS_OF_COUNTS - 1) * sizeof *counts);
    discount_estimate(&discount, &smoothing);
    return discount;
}

static const struct {
    SmoothingKind kind;
    uint64_t counts[COUNTS_OF_COUNTS - 1]; /* n1, n2, ... */
    double d[3];
    const char *why; /* NULL: estimated */
} cases[] = {
    /* D = 6/(6 + 2 x 2) */
    {SMOOTH_AD, {6, 2}, {0.6, 0.6, 0.6}, NULL},
    {SMOOTH_KN, {6, 2, 0, 9}, {0.6, 0.6, 0.6}, NULL},
    {SMOOTH_AD, {0, 2}, {0.75, 0.75, 0.75}, "n1 = 0"},
    {SMOOTH_KN, {6, 0, 3}, {0.75, 0.75, 0.75}, "n2 = 0"},
    /* Y = 8/(8 + 2 x 4) = 1/2: D1 = 1 - 2/2 x 4/8, D2 = 2 - 3/2 x 2/4, D3 = 3 - 4/2 x 1/2 */
    {SMOOTH_MKN, {8, 4, 2, 1}, {0.5, 1.25, 2}, NULL},
    /* n4 = 0 is allowed, and so is D3 = 3 */
    {SMOOTH_MKN, {8, 4, 2}, {0.5, 1.25, 3}, NULL},
    {SMOOTH_MKN, {8, 4, 0, 1}, {0.5, 1, 1.5}, "n3 = 0"},
    {SMOOTH_MKN, {8, 0, 2, 1}, {0.5, 1, 1.5}, "n2 = 0"},
    {SMOOTH_MKN, {0, 4, 2, 1}, {0.5, 1, 1.5}, "n1 = 0"},
    {SMOOTH_MKN, {0}, {0.5, 1, 1.5}, "n1 = 0"},
    /* Y = 1/2: D2 = 2 - 3/2 x 6/4 < 0; D3 = 3 - 2 x 4/2 < 0 */
    {SMOOTH_MKN, {8, 4, 6, 1}, {0.5, 1, 1.5}, "D2 = -0.25"},
    {SMOOTH_MKN, {8, 4, 2, 4}, {0.5, 1, 1.5}, "D3 = -1"},
    /* A = 8 x 0/40: d1 = 2 x 12/40, d2 = 3/2 x 6/12, d3 = 4/3 x 3/6 */
    {SMOOTH_KATZ, {40, 12, 6, 3}, {0.6, 0.75, 4.0 / 6}, NULL},
    /* A = 8/40 = 1/5: d1 = (3/5 - 1/5)/(4/5), d2 = (3/4 - 1/5)/(4/5), d3 = (2/3 - 1/5)/(4/5) */
    {SMOOTH_KATZ, {40, 12, 6, 3, 1, 1, 1, 1}, {0.5, 0.6875, 7.0 / 12}, NULL},
    /* 2 x 21/40 > 1, then n3 = 0 and 0/0 */
    {SMOOTH_KATZ, {40, 21, 0}, {1, 1, 1}, NULL},
    {SMOOTH_KATZ, {0}, {1, 1, 1}, NULL},
};

Test(discount, by_hand)
{
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        Discount got = estimated((Smoothing){.kind = cases[i].kind}, cases[i].counts);
        for (int j = 1; j <= 3; j++)
            CHECK_FOR(near(got.d[j], cases[i].d[j - 1], 1e-15), "row %zu: D%d = %.17g", i, j, got.d[j]);
        CHECK_FOR(got.fell_back == (cases[i].why != NULL), "row %zu: fell back", i);
        if (cases[i].why) CHECK_STR(got.why, cases[i].why);
    }
}

/* What a learner chose stands in for both the estimate and what it falls back to. */
Test(discount, chosen_ones)
{
    static const uint64_t good[COUNTS_OF_COUNTS - 1] = {8, 4, 2, 1}, bad[COUNTS_OF_COUNTS - 1] = {0, 4, 2, 1};
    static const SmoothingKind kinds[] = {SMOOTH_AD, SMOOTH_KN, SMOOTH_MKN};
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        bool one = kinds[i] != SMOOTH_MKN;
        Smoothing fixed = {.kind = kinds[i], .discounts = {0.1, 0.2, 0.3}, .fixed = true},
                  fallback = {.kind = kinds[i], .fallback = {0.4, 0.8, 1.2}};
        Discount given = estimated(fixed, bad), fallen = estimated(fallback, bad),
                 well = estimated(fallback, good);
        CHECK(!given.fell_back && fallen.fell_back && !well.fell_back);
        for (int j = 1; j <= 3; j++) {
            CHECK_FOR(near(given.d[j], one ? 0.1 : 0.1 * j, 1e-15), "D%d = %g", j, given.d[j]);
            CHECK_FOR(near(fallen.d[j], one ? 0.4 : 0.4 * j, 1e-15), "D%d = %g", j, fallen.d[j]);
        }
        CHECK_FOR(well.d[1] == 0.5, "D1 = %g", well.d[1]);
    }
}

Test(discount, counts_of_three_and_more_share_one)
{
    const Discount discount = {.d = {0, 0.5, 1.25, 2}};
    CHECK(discount_of(&discount, 0) == 0 && discount_of(&discount, 1) == 0.5 &&
          discount_of(&discount, 2) == 1.25);
    CHECK(discount_of(&discount, 3) == 2 && discount_of(&discount, 4) == 2 &&
          discount_of(&discount, UINT64_MAX) == 2);
}

/* --- corpus, order of the model, variant, level, n1 .. n4, D1, D2, D3+, types --- */

static void check_discounts(const Model *model, const Table *table)
{
    int level = atoi(table->cells[3]);
    const Discount *discount = &ngram_estimate(model)->discounts[level];
    const NgramStore *store = ngram_store(model);
    size_t types = store->levels[level].count; /* of level 1: with <s> and <unk>, as lmplz counts them */
    for (int r = 1; r <= 4; r++)
        CHECK_FOR(discount->counts[r] == strtoull(table->cells[3 + r], NULL, 10), "row %zu: n%d = %lu",
                  table->rows, r, (unsigned long)discount->counts[r]);
    for (int j = 1; j <= 3; j++)
        CHECK_FOR(near(discount->d[j], atof(table->cells[7 + j]), 1e-12), "row %zu: D%d = %.17g", table->rows,
                  j, discount->d[j]);
    CHECK_FOR(types == strtoull(table->cells[11], NULL, 10), "row %zu: %zu types", table->rows, types);
}

static Model *train_row(const Table *table, const char *path)
{
    NgramOptions options = usual(SMOOTH_MKN, atoi(table->cells[1]));
    options.unknown = true;
    options.smoothing.kenlm = strcmp(table->cells[2], "kenlm") == 0;
    Corpus *corpus = corpus_file(path);
    Model *model = train_on(corpus, options);
    corpus_free(corpus);
    return model;
}

static size_t check_all_discounts(const char *corpus, const char *path)
{
    Table table = table_open("tests/data/kenlm/mkn_discounts_exact.tsv");
    size_t compared = 0;
    while (table_row(&table)) {
        if (strcmp(table.cells[0], corpus) != 0) continue;
        Model *model = train_row(&table, path);
        check_discounts(model, &table);
        model_free(model);
        compared++;
    }
    CHECK_INT(table.rows, 24);
    table_close(&table);
    return compared;
}

Test(discount, of_mini_with_and_without_the_quirk_of_kenlm)
{
    CHECK_INT(check_all_discounts("mini", "tests/data/mini.txt"), 18);
}
Test(discount, of_four_hundred_lines)
{
    need_file(SHARED_NGRAM "kenlm/ts400.txt");
    CHECK_INT(check_all_discounts("ts400", SHARED_NGRAM "kenlm/ts400.txt"), 6);
}
