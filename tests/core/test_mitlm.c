/* Kneser-Ney with one discount, and modified, against MITLM: every n-gram, and held-out perplexities.
 *
 * MITLM prints 6 decimals of log10, 3 of perplexity. It differs from us in two points, both made up for here:
 * where no n-gram occurs three times (mini, order 4: n1 = 49, n2 = 2, n3 = 0) it keeps D1 and D2 as estimated
 * and sets D3 = 3, where we fall back; and it leaves empty lines out, where we predict their </s>. */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/models.h"
#include "tests/support/oracle.h"

TestSuite(mitlm, .timeout = 20);

#define MINI "tests/data/mitlm/"
#define MITLM SHARED_NGRAM "mitlm/"
#define KENLM SHARED_NGRAM "kenlm/"

/* Y = 49/53: D1 = 1 - 2Y 2/49 = 49/53, D2 = 2 - 3Y 0/2 = 2 */
static Model *train_file(const char *path, SmoothingKind kind, int order)
{
    Corpus *corpus = corpus_file(path);
    NgramOptions options = usual(kind, order);
    if (kind == SMOOTH_MKN)
        memcpy(options.smoothing.fallback, (double[]){49.0 / 53, 2, 3}, 3 * sizeof(double));
    Model *model = train_on(corpus, options);
    corpus_free(corpus);
    return model;
}

static const SmoothingKind kinds[] = {SMOOTH_KN, SMOOTH_MKN};
static const char *const names[] = {"KN", "ModKN"};

Test(mitlm, mini_models)
{
    static const size_t ngrams[] = {0, 16, 16 + 37, 16 + 37 + 50, 16 + 37 + 50 + 51};
    for (int order = 2; order <= 4; order++)
        for (size_t i = 0; i < COUNT_OF(kinds); i++) {
            char path[64];
            Model *model = train_file("tests/data/mini.txt", kinds[i], order);
            snprintf(path, sizeof path, MINI "mini.o%d.%s.arpa", order, names[i]);
            CHECK_INT(check_arpa(model, path, 1e-6), ngrams[order]);
            model_free(model);
        }
}

Test(mitlm, models_of_four_hundred_lines)
{
    need_file(MITLM "ts400.o3.KN.arpa");
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        char path[64];
        Model *model = train_file(KENLM "ts400.txt", kinds[i], 3);
        snprintf(path, sizeof path, MITLM "ts400.o3.%s.arpa", names[i]);
        CHECK_INT(check_arpa(model, path, 1e-6), 906 + 2440 + 2789);
        model_free(model);
    }
}

/* --- corpus, order, smoothing, perplexity without unknown words --- */

static void check_perplexity(const Model *model, const Corpus *test, const Table *table)
{
    Evaluation result = evaluate(model, test, true);
    double perplexity = exp(-result.logp_known / (double)(result.tokens - result.unknown)),
           wanted = atof(table->cells[3]);
    CHECK_FOR(fabs(perplexity - wanted) <= 0.0005 * (1 + 1e-9), "%s %s %s: %.6f, not %s", table->cells[0],
              table->cells[1], table->cells[2], perplexity, table->cells[3]);
}

static size_t check_perplexities(const char *corpus, const char *text, const char *test_path)
{
    Corpus *test = corpus_file(test_path);
    corpus_remove(test, "", corpus_sentences(test));
    Table table = table_open(MINI "perplexity.tsv");
    size_t compared = 0;
    while (table_row(&table)) {
        if (strcmp(table.cells[0], corpus) != 0) continue;
        SmoothingKind kind = strcmp(table.cells[2], "KN") == 0 ? SMOOTH_KN : SMOOTH_MKN;
        Model *model = train_file(text, kind, atoi(table.cells[1]));
        check_perplexity(model, test, &table);
        model_free(model);
        compared++;
    }
    table_close(&table);
    corpus_free(test);
    return compared;
}

Test(mitlm, perplexities_of_mini)
{
    CHECK_INT(check_perplexities("mini", "tests/data/mini.txt", "tests/data/kenlm/mini.test.txt"), 6);
}
Test(mitlm, perplexities_of_four_hundred_lines)
{
    need_file(KENLM "ts400.txt");
    CHECK_INT(check_perplexities("ts400", KENLM "ts400.txt", KENLM "ts400.test.txt"), 2);
}
Test(mitlm, perplexities_of_shakespeare)
{
    need_file(SHARED_DATA "ts_train.txt");
    CHECK_INT(check_perplexities("tinyshakespeare", SHARED_DATA "ts_train.txt", SHARED_DATA "ts_test.txt"),
              8);
}
