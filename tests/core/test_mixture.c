/* Tuning the weights of interp: against a closed form, a grid, and what any tuning must keep. */

#include "core/ngram/mixture.h"

#include <math.h>
#include <string.h>

#include "tests/support/models.h"

TestSuite(mixture, .timeout = 20);

static int tune(const Model *model, const Corpus *heldout, double *weights)
{
    return mixture_tune(ngram_estimate(model), ngram_store(model), model->vocab, heldout, weights);
}

/* log p of the text by a model trained with these weights, tokens of p = 0 left out. */
static double likelihood(const Corpus *corpus, NgramOptions options, const double *weights,
                         const Corpus *heldout)
{
    memcpy(options.smoothing.weights, weights, sizeof options.smoothing.weights);
    Model *model = train_on(corpus, options);
    double logp = evaluate(model, heldout, true).logp_possible;
    model_free(model);
    return logp;
}

/* After "a b", each of a, b and </s> has p = 1/3, and p = 1 after its only history. Of the 9 tokens of the
 * held-out text, 6 are such and 3 are ones the bigrams rule out: with weight w on the bigrams its likelihood
 * is (w + (1 - w)/3)^6 ((1 - w)/3)^3, which is highest at w = 1/2. */
Test(mixture, nine_tokens_by_hand)
{
    double weights[2];
    Corpus *corpus = corpus_from("a b\n", TOKENIZER_WORDS),
           *heldout = corpus_from("a b\na b\nb a\n", TOKENIZER_WORDS);
    Model *model = train_on(corpus, interpolated(2, true));
    CHECK(tune(model, heldout, weights) == 1); /* even weights are the best ones */
    CHECK_NEAR(weights[0], 0.5, 1e-12);
    corpus_free(heldout);
    /* with k sentences "a b" to one "b a": (1 + 2w)^3k (1 - w)^3 is highest at w = (2k - 1) / (2k + 2) */
    heldout = corpus_from("a b\na b\na b\na b\nb a\n", TOKENIZER_WORDS);
    CHECK(tune(model, heldout, weights) > 1);
    CHECK_NEAR(weights[0], 0.7, 1e-5);
    CHECK_NEAR(weights[0] + weights[1], 1, 1e-12);
    model_free(model);
    corpus_free(heldout);
    corpus_free(corpus);
}

/* Every weight from 0.05 to 0.9 in steps of 0.05. */
static double best_of_grid(const Corpus *corpus, NgramOptions options, const Corpus *heldout)
{
    double best = -INFINITY;
    for (int i = 1; i < 19; i++)
        for (int j = 1; i + j < 20; j++) {
            double weights[NGRAM_ORDER_MAX] = {i / 20.0, j / 20.0, (20 - i - j) / 20.0};
            best = fmax(best, likelihood(corpus, options, weights, heldout));
        }
    return best;
}

/* No weight can be better spent: moving a little of it from one order to another gains nothing. */
static void check_optimum(const Corpus *corpus, NgramOptions options, const double *weights,
                          const Corpus *heldout)
{
    double best = likelihood(corpus, options, weights, heldout);
    for (int i = 0; i < options.order; i++)
        for (int j = 0; j < options.order; j++) {
            double moved[NGRAM_ORDER_MAX], step = fmin(0.01, weights[i]);
            memcpy(moved, weights, sizeof moved);
            moved[i] -= step;
            moved[j] += step;
            double other = likelihood(corpus, options, moved, heldout);
            CHECK_FOR(other <= best + 1e-6 * fabs(best),
                      "order %d: %.12g after a move from %d to %d, %.12g before", options.order, other, i, j,
                      best);
        }
}

Test(mixture, the_weights_are_the_best_there_are)
{
    for (uint64_t seed = 1; seed < 5; seed++)
        for (int order = 1; order <= 4; order++) {
            double weights[NGRAM_ORDER_MAX] = {0}, sum = 0;
            NgramOptions options = interpolated(order, true);
            Corpus *corpus = corpus_random(seed, 40), *heldout = corpus_random(seed + 100, 15);
            Model *model = train_on(corpus, options);
            int rounds = tune(model, heldout, weights);
            CHECK_FOR(rounds >= 1 && rounds <= 1000, "%d rounds", rounds);
            for (int i = 0; i < order; i++) sum += weights[i];
            CHECK_NEAR(sum, 1, 1e-12);
            check_optimum(corpus, options, weights, heldout);
            if (order == 3)
                CHECK(likelihood(corpus, options, weights, heldout) >=
                      best_of_grid(corpus, options, heldout));
            model_free(model);
            corpus_free(corpus);
            corpus_free(heldout);
        }
}

/* One round by the book, each p asked of a model that has all the weight on one order. */
static void one_round(const Corpus *corpus, NgramOptions options, const Corpus *heldout, double *weights)
{
    double shares[NGRAM_ORDER_MAX] = {0}, tokens = 0;
    Model *models[NGRAM_ORDER_MAX];
    for (int k = 0; k < options.order; k++) {
        for (int j = 0; j < options.order; j++) options.smoothing.weights[j] = j == k;
        models[k] = train_on(corpus, options);
    }
    for (size_t s = 0; s < corpus_sentences(heldout); s++) {
        TokenId ids[IDS_MAX];
        char *line = corpus_line(heldout, s);
        size_t count = ids_of(models[0], line, ids);
        ids[count] = vocab_end(models[0]->vocab);
        double logp[NGRAM_ORDER_MAX][IDS_MAX];
        for (int k = 0; k < options.order; k++) model_score_all(models[k], ids, count, true, logp[k]);
        for (size_t i = 0; i <= count; i++) {
            double p = 0;
            for (int k = 0; k < options.order; k++) p += weights[k] * exp(logp[k][i]);
            for (int k = 0; k < options.order && p > 0; k++) shares[k] += weights[k] * exp(logp[k][i]) / p;
            tokens += p > 0;
        }
        free(line);
    }
    for (int k = 0; k < options.order; k++) {
        weights[k] = shares[k] / tokens;
        model_free(models[k]);
    }
}

/* The rounds begin with even weights and end where one more moves nothing; the likelihood never falls. */
Test(mixture, no_round_lowers_the_likelihood)
{
    NgramOptions options = interpolated(3, true);
    Corpus *corpus = corpus_random(7, 40), *heldout = corpus_random(8, 20);
    Model *model = train_on(corpus, options);
    double weights[NGRAM_ORDER_MAX] = {1.0 / 3, 1.0 / 3, 1.0 / 3}, tuned[NGRAM_ORDER_MAX] = {0},
           before = likelihood(corpus, options, weights, heldout);
    int rounds = tune(model, heldout, tuned);
    CHECK_FOR(rounds > 2 && rounds < 1000, "%d rounds", rounds);
    for (int round = 0; round < rounds; round++) {
        one_round(corpus, options, heldout, weights);
        double after = likelihood(corpus, options, weights, heldout);
        CHECK_FOR(after >= before - 1e-9, "round %d: %.12g after %.12g", round, after, before);
        before = after;
    }
    for (int k = 0; k < 3; k++) CHECK_NEAR(weights[k], tuned[k], 1e-9);
    model_free(model);
    corpus_free(corpus);
    corpus_free(heldout);
}

/* On the text it was counted from, the longest history is always right. */
Test(mixture, the_text_itself_wants_the_highest_order)
{
    double weights[3];
    Corpus *corpus = corpus_numbered(20);
    Model *model = train_on(corpus, interpolated(3, true));
    tune(model, corpus, weights);
    CHECK_FOR(weights[2] < 0.01, "%g for the unigrams", weights[2]);
    model_free(model);
    corpus_free(corpus);
}

static void check_even(const char *text, bool unknown, Corpus *heldout, int wanted_rounds)
{
    double weights[3];
    NgramOptions options = interpolated(3, false);
    options.unknown = unknown;
    Corpus *corpus = corpus_from(text, TOKENIZER_WORDS);
    Model *model = train_on(corpus, options);
    CHECK_INT(tune(model, heldout, weights), wanted_rounds);
    for (int k = 0; k < 3; k++) CHECK_NEAR(weights[k], 1.0 / 3, 1e-12);
    model_free(model);
    corpus_free(corpus);
    corpus_free(heldout);
}

/* After an unknown word no history is known: every order gives what the unigrams give, and no weight is
 * better than another. */
Test(mixture, weights_stay_even_where_no_token_tells_them_apart)
{
    check_even("a b\n", false, corpus_new("empty", TOKENIZER_WORDS, true), 0);
    check_even("a b\n", false, corpus_from("z\nz z\n", TOKENIZER_WORDS), 1); /* only </s> counts */
    check_even("a b\n", true, corpus_from("z\nz z\n", TOKENIZER_WORDS), 1);
    check_even("\n", false, corpus_from("z\n", TOKENIZER_WORDS), 1);
}

/* Tokens that no order knows change nothing, wherever they stand at the end of a history. */
Test(mixture, tokens_without_probability_do_not_count)
{
    double weights[2], same[2];
    Corpus *corpus = corpus_from("a b\nb\na a b\n", TOKENIZER_WORDS),
           *heldout = corpus_from("a b\nb\nb b\n", TOKENIZER_WORDS),
           *more = corpus_from("a b\nb\nb b\nz\nz z z\n", TOKENIZER_WORDS);
    Model *model = train_on(corpus, interpolated(2, true));
    tune(model, heldout, weights);
    tune(model, more, same);
    CHECK(weights[0] > 0.01 && weights[0] < 0.99);
    CHECK_NEAR(same[0], weights[0], 1e-4); /* the two </s> leave the weights where they are, only slower */
    model_free(model);
    corpus_free(corpus);
    corpus_free(heldout);
    corpus_free(more);
}

/* With a cutoff of 2 the "u" below is an <unk>, and so is the "y" of the held-out text. */
Test(mixture, unknown_words_that_the_model_counted_count)
{
    double weights[2], same[2];
    NgramOptions cut = interpolated(2, true);
    cut.cutoff = 2;
    Corpus *corpus = corpus_from("a b\na b\nb\nu\n", TOKENIZER_WORDS),
           *heldout = corpus_from("a b\nb a\nu\n", TOKENIZER_WORDS),
           *unknown = corpus_from("a b\nb a\ny\n", TOKENIZER_WORDS);
    Model *whole = train_on(corpus, interpolated(2, true)), *open = train_on(corpus, cut);
    tune(whole, heldout, weights);
    tune(open, unknown, same);
    CHECK_NEAR(same[0], weights[0], 1e-12);
    model_free(whole);
    model_free(open);
    corpus_free(corpus);
    corpus_free(heldout);
    corpus_free(unknown);
}
