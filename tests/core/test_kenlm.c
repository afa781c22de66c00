/* Modified Kneser-Ney against KenLM's lmplz and query: every n-gram, every token, perplexities.
 *
 * KenLM computes in 32-bit floats and prints 8 digits: 2e-6 on log10 p, 1e-6 relative on perplexity. */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/models.h"
#include "tests/support/oracle.h"

TestSuite(kenlm, .timeout = 20);

#define MINI "tests/data/kenlm/"
#define KENLM SHARED_NGRAM "kenlm/"
#define LOG10_TOLERANCE 2e-6

/* One run of lmplz and query. */
typedef struct {
    const char *name, *text, *test; /* as in summary.tsv; the files trained on and scored */
    const char *tokens;             /* the file of tokens scored */
    int order;
    double fallback[3];
    bool plain_unigrams; /* --interpolate_unigrams 0 */
    size_t rows;
} Run;

static Model *train_like_lmplz(const Run *run)
{
    NgramOptions options = usual(SMOOTH_MKN, run->order);
    options.unknown = options.smoothing.kenlm = true;
    options.smoothing.plain_unigrams = run->plain_unigrams;
    memcpy(options.smoothing.fallback, run->fallback, sizeof run->fallback);
    Corpus *corpus = corpus_file(run->text);
    Model *model = train_on(corpus, options);
    corpus_free(corpus);
    return model;
}

/* --- tokens --- */

typedef struct {
    size_t tokens, unknown;
    double logp, logp_known; /* log10 */
} Sum;

/* sentence, pos, word, oov, length matched, log10 p */
static void check_token(const State *state, TokenId token, const char *text, bool known, Table *table)
{
    CHECK_EACH(table_row(table), "no row for %s", text);
    double logp = log10(state_probability(state, token)), wanted = atof(table->cells[5]);
    int matched = state_matched(state, token);
    CHECK_EACH(strcmp(table->cells[2], text) == 0 && atoi(table->cells[3]) == !known, "row %zu: %s, known %d",
               table->rows, text, known);
    CHECK_EACH(matched == atoi(table->cells[4]), "row %zu, %s: matched %d words, not %s", table->rows, text,
               matched, table->cells[4]);
    CHECK_EACH(fabs(logp - wanted) <= LOG10_TOLERANCE, "row %zu, %s: %.9g, not %.9g", table->rows, text, logp,
               wanted);
}

static void add_token(Sum *sum, const State *state, TokenId token, bool known)
{
    double logp = log10(state_probability(state, token));
    sum->tokens++;
    sum->unknown += !known;
    sum->logp += logp;
    if (known) sum->logp_known += logp;
}

static void check_sentence(const Model *model, const Corpus *corpus, size_t index, Table *table, Sum *all)
{
    size_t count;
    const TokenId *ids = corpus_sentence(corpus, index, &count);
    Sum sum = {0, 0, 0, 0};
    State *state = state_begin(model);
    for (size_t i = 0; i <= count; i++) {
        const char *text = i < count ? vocab_text(corpus_vocab(corpus), ids[i]) : TEXT_END;
        TokenId found = id_of(model, text), token = found == TOKEN_NONE ? vocab_unknown(model->vocab) : found;
        check_token(state, token, text, found != TOKEN_NONE, table);
        CHECK_EACH((size_t)atoi(table->cells[0]) == index + 1 && (size_t)atoi(table->cells[1]) == i + 1,
                   "row %zu is of another token", table->rows);
        add_token(&sum, state, token, found != TOKEN_NONE);
        state_feed(state, token);
    }
    state_free(state);
    CHECK_EACH(table_row(table) && strcmp(table->cells[1], "TOTAL") == 0, "row %zu is no total", table->rows);
    CHECK_EACH((size_t)atoi(table->cells[3]) == sum.unknown, "sentence %zu: unknown", index);
    CHECK_EACH(fabs(sum.logp - atof(table->cells[5])) <= LOG10_TOLERANCE * (double)sum.tokens,
               "sentence %zu: %.9g, not %s", index, sum.logp, table->cells[5]);
    all->tokens += sum.tokens;
    all->unknown += sum.unknown;
    all->logp += sum.logp;
    all->logp_known += sum.logp_known;
}

/* --- perplexities --- */

/* corpus, order, statistic, value: the four of this run whose statistic begins with `what`. */
static void check_summary(const Run *run, const char *what, const Sum *sum)
{
    double known = (double)(sum->tokens - sum->unknown);
    const struct {
        const char *name;
        double value, tolerance;
    } wanted[] = {{"Perplexity including OOVs:", pow(10, -sum->logp / (double)sum->tokens), 1e-6},
                  {"Perplexity excluding OOVs:", pow(10, -sum->logp_known / known), 1e-6},
                  {"OOVs:", (double)sum->unknown, 0},
                  {"Tokens:", (double)sum->tokens, 0}};
    size_t compared = 0;
    Table table = table_open(MINI "summary.tsv");
    while (table_row(&table)) {
        if (strcmp(table.cells[0], run->name) != 0 || atoi(table.cells[1]) != run->order) continue;
        for (size_t i = 0; i < COUNT_OF(wanted); i++) {
            char statistic[64];
            snprintf(statistic, sizeof statistic, "%s%s", what, wanted[i].name);
            if (strcmp(table.cells[2], statistic) != 0) continue;
            CHECK_FOR(near(wanted[i].value, atof(table.cells[3]), wanted[i].tolerance),
                      "%s %d: %s %.15g, not %s", run->name, run->order, statistic, wanted[i].value,
                      table.cells[3]);
            compared++;
        }
    }
    CHECK_INT(compared, COUNT_OF(wanted));
    table_close(&table);
}

static void check_run(const Run *run)
{
    Model *model = train_like_lmplz(run);
    Corpus *test = corpus_file(run->test);
    Table table = table_open(run->tokens);
    Sum sum = {0, 0, 0, 0};
    for (size_t s = 0; s < corpus_sentences(test) && s < 500; s++)
        check_sentence(model, test, s, &table, &sum);
    CHECK(!table_row(&table));
    CHECK_INT(table.rows, run->rows);
    check_summary(run, "first500 ", &sum);
    Evaluation whole = evaluate(model, test, true);
    sum = (Sum){whole.tokens, whole.unknown, whole.logp / log(10), whole.logp_known / log(10)};
    check_summary(run, "", &sum);
    table_close(&table);
    corpus_free(test);
    model_free(model);
}

/* --- the runs --- */

static const Run mini[] = {
    {"mini", "tests/data/mini.txt", MINI "mini.test.txt", MINI "mini.o2.tokens.tsv", 2, {0}, false, 35},
    {"mini", "tests/data/mini.txt", MINI "mini.test.txt", MINI "mini.o3.tokens.tsv", 3, {0}, false, 35},
    {"mini", "tests/data/mini.txt", MINI "mini.test.txt", MINI "mini.o4.tokens.tsv", 4, {0}, false, 35},
    {"mini_fb444",
     "tests/data/mini.txt",
     MINI "mini.test.txt",
     MINI "mini_fb444.o4.tokens.tsv",
     4,
     {0.4, 0.8, 1.2},
     false,
     35},
};

static Run shakespeare(int order, const char *tokens, bool plain_unigrams)
{
    return (Run){.name = plain_unigrams ? "ts_nointerp_uni" : "ts",
                 .text = SHARED_DATA "ts_train.txt",
                 .test = SHARED_DATA "ts_test.txt",
                 .tokens = tokens,
                 .order = order,
                 .plain_unigrams = plain_unigrams,
                 .rows = 4955};
}

Test(kenlm, mini_tokens)
{
    for (size_t i = 0; i < COUNT_OF(mini); i++) check_run(&mini[i]);
}

Test(kenlm, four_hundred_lines)
{
    Run run = {"ts400", KENLM "ts400.txt", KENLM "ts400.test.txt", KENLM "ts400.o3.tokens.tsv", 3, {0}, false,
               584};
    need_file(run.tokens);
    check_run(&run);
}

Test(kenlm, shakespeare_bigrams)
{
    Run run = shakespeare(2, KENLM "ts.o2.tokens.tsv", false);
    need_file(run.tokens);
    check_run(&run);
}
Test(kenlm, shakespeare_trigrams)
{
    Run run = shakespeare(3, KENLM "ts.o3.tokens.tsv", false);
    need_file(run.tokens);
    check_run(&run);
}
Test(kenlm, shakespeare_order_4)
{
    Run run = shakespeare(4, KENLM "ts.o4.tokens.tsv", false);
    need_file(run.tokens);
    check_run(&run);
}
Test(kenlm, shakespeare_order_5)
{
    Run run = shakespeare(5, KENLM "ts.o5.tokens.tsv", false);
    need_file(run.tokens);
    check_run(&run);
}
Test(kenlm, unigrams_that_save_for_unknown_words_alone)
{
    Run run = shakespeare(3, KENLM "ts_nointerp_uni.o3.tokens.tsv", true);
    need_file(run.tokens);
    check_run(&run);
}

/* --- the models themselves --- */

Test(kenlm, mini_models)
{
    static const size_t ngrams[] = {0, 17, 17 + 37, 17 + 37 + 50, 17 + 37 + 50 + 51};
    for (int order = 1; order <= 4; order++) {
        char path[64];
        Run run = {.text = "tests/data/mini.txt", .order = order};
        Model *model = train_like_lmplz(&run);
        snprintf(path, sizeof path, MINI "mini.o%d.arpa", order);
        CHECK_INT(check_arpa(model, path, LOG10_TOLERANCE), ngrams[order]);
        model_free(model);
    }
    Model *fallback = train_like_lmplz(&mini[3]);
    CHECK_INT(check_arpa(fallback, MINI "mini_fb444.o4.arpa", LOG10_TOLERANCE), ngrams[4]);
    model_free(fallback);
}

Test(kenlm, the_model_of_four_hundred_lines)
{
    Run run = {.text = KENLM "ts400.txt", .order = 3};
    need_file(run.text);
    Model *model = train_like_lmplz(&run);
    CHECK_INT(check_arpa(model, KENLM "ts400.o3.arpa", LOG10_TOLERANCE), 907 + 2440 + 2789);
    model_free(model);
}

/* Counting by the formula instead of as lmplz does changes mini's unigrams, whose last one in suffix order,
 * "sam", has 2 occurrences but 1 left neighbour. */
Test(kenlm, without_its_quirk_the_numbers_differ)
{
    Run run = {.text = "tests/data/mini.txt", .order = 3};
    NgramOptions options = usual(SMOOTH_MKN, 3);
    options.unknown = true;
    Corpus *corpus = corpus_file(run.text);
    Model *plain = train_on(corpus, options), *quirk = train_like_lmplz(&run);
    double p = next_probability(plain, "", "sam"), q = next_probability(quirk, "", "sam");
    CHECK_FOR(fabs(log10(p / q)) > 1e-3, "%g and %g", p, q);
    model_free(plain);
    model_free(quirk);
    corpus_free(corpus);
}
