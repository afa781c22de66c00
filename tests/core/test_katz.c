/* Katz's back-off with Good-Turing discounts, against an independent reference that follows SRILM's
 * documentation: coefficients, and the probability of every token of a held-out text. */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/models.h"
#include "tests/support/oracle.h"

TestSuite(katz, .timeout = 20);

#define MINI "tests/data/katz/"
#define KATZ SHARED_NGRAM "katz/"
#define KENLM SHARED_NGRAM "kenlm/"

/* order, r, n_r, n_(r+1), d_r. Unigrams are not discounted: their only row is r = 1. */
static size_t check_coefficients(const Model *model, const char *path)
{
    Table table = table_open(path);
    while (table_row(&table)) {
        int level = atoi(table.cells[0]), r = atoi(table.cells[1]);
        const Discount *discount = &ngram_estimate(model)->discounts[level];
        double d = level > 1 ? discount->d[r] : 1;
        CHECK_FOR(discount->counts[r] == strtoull(table.cells[2], NULL, 10), "%s: n%d of order %d", path, r,
                  level);
        CHECK_FOR(discount->counts[r + 1] == strtoull(table.cells[3], NULL, 10), "%s: n%d of order %d", path,
                  r + 1, level);
        CHECK_FOR(near(d, atof(table.cells[4]), 1e-12), "%s: d%d of order %d is %.17g", path, r, level, d);
    }
    table_close(&table);
    return table.rows;
}

/* sentence, pos, word, oov, p; words of the text the model does not know are <unk> there. */
static void check_token(const State *state, TokenId token, const char *text, Table *table)
{
    CHECK_EACH(table_row(table), "no row for %s", text);
    double p = state_probability(state, token), wanted = atof(table->cells[4]);
    CHECK_EACH(strcmp(table->cells[2], token == TOKEN_NONE ? TEXT_UNKNOWN : text) == 0, "row %zu is not %s",
               table->rows, text);
    CHECK_EACH(near(p, wanted, 1e-9), "row %zu, %s: %.17g, not %.17g", table->rows, text, p, wanted);
}

static size_t check_tokens(const Model *model, const Corpus *test, const char *path)
{
    Table table = table_open(path);
    bool more = true;
    for (size_t s = 0; more; s++) {
        size_t count;
        const TokenId *ids = corpus_sentence(test, s, &count);
        State *state = state_begin(model);
        for (size_t i = 0; i <= count; i++) {
            const char *text = i < count ? vocab_text(corpus_vocab(test), ids[i]) : TEXT_END;
            check_token(state, id_of(model, text), text, &table);
            state_feed(state, id_of(model, text));
        }
        state_free(state);
        more = s + 1 < corpus_sentences(test) && *table.rest;
    }
    CHECK(!table_row(&table));
    table_close(&table);
    return table.rows;
}

/* After every word of the text, known or not. */
static void check_sums(const Model *model, const Corpus *test)
{
    double *p = calloc(model_outcomes(model), sizeof *p);
    State *state = state_begin(model);
    for (size_t s = 0; s < corpus_sentences(test) && s < 20; s++) {
        size_t count;
        const TokenId *ids = corpus_sentence(test, s, &count);
        for (size_t i = 0; i < count; i++) {
            double sum = 0;
            state_predict(state, p);
            for (size_t w = 0; w < model_outcomes(model); w++) sum += p[w];
            CHECK_EACH(near(sum, 1, 1e-9), "sentence %zu, word %zu: the sum is %.17g", s, i, sum);
            state_feed(state, id_of(model, vocab_text(corpus_vocab(test), ids[i])));
        }
    }
    state_free(state);
    free(p);
}

static void check_model(const char *name, int order, size_t coefficients, size_t tokens)
{
    char path[96];
    bool mini = strcmp(name, "mini") == 0;
    const char *folder = mini ? MINI : KATZ;
    snprintf(path, sizeof path, "%s%s.o%d.katz_coef.tsv", folder, name, order);
    need_file(path);
    Corpus *train = corpus_file(mini                         ? "tests/data/mini.txt"
                                : strcmp(name, "ts400") == 0 ? KENLM "ts400.txt"
                                                             : SHARED_DATA "ts_train.txt"),
           *test = corpus_file(mini                         ? "tests/data/kenlm/mini.test.txt"
                               : strcmp(name, "ts400") == 0 ? KENLM "ts400.test.txt"
                                                            : SHARED_DATA "ts_test.txt");
    Model *model = train_on(train, usual(SMOOTH_KATZ, order));
    CHECK_INT(check_coefficients(model, path), coefficients);
    snprintf(path, sizeof path, "%s%s.o%d.katz_tokens.tsv", folder, name, order);
    CHECK_INT(check_tokens(model, test, path), tokens);
    check_sums(model, test);
    model_free(model);
    corpus_free(train);
    corpus_free(test);
}

Test(katz, mini_bigrams) { check_model("mini", 2, 8, 29); }
Test(katz, bigrams_of_four_hundred_lines) { check_model("ts400", 2, 8, 524); }
Test(katz, trigrams_of_four_hundred_lines) { check_model("ts400", 3, 15, 524); }
Test(katz, shakespeare_bigrams) { check_model("ts", 2, 8, 867); }
Test(katz, shakespeare_trigrams) { check_model("ts", 3, 15, 867); }
