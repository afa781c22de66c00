/* Languages made by dice: their lines are what they are said to be, and so are their floors. */

#include "core/text/synthetic.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/models.h"

TestSuite(synthetic, .timeout = 20);

static Corpus *recall(size_t distance, size_t lines, uint64_t seed)
{
    Random random = random_seeded(seed);
    return synthetic_recall("recall", distance, lines, &random);
}

static double last_bits(const Model *model, const Corpus *corpus)
{
    Error error;
    Job *job = evaluation_new(model, corpus, true);
    evaluation_detail(job, (EvaluationDetail){.last = true});
    CHECK(job_run(job, &error));
    const Evaluation *e = evaluation_result(job);
    CHECK_INT(e->tokens, corpus_sentences(corpus));
    double bits = -e->logp / (double)e->tokens / log(2);
    job_free(job);
    return bits;
}

/* By hand from the generator: the first die of a line is the key, then one a filler. */
Test(synthetic, lines_are_the_dice)
{
    Random random = random_seeded(5);
    Corpus *corpus = recall(2, 50, 5);
    for (size_t i = 0; i < 50; i++) {
        const char *key = random_unit(&random) < 0.5 ? "p" : "q";
        const char *first = random_unit(&random) < 0.5 ? "x" : "y";
        const char *second = random_unit(&random) < 0.5 ? "x" : "y";
        char wanted[16], *line = corpus_line(corpus, i);
        snprintf(wanted, sizeof wanted, "%s %s %s %s", key, first, second, key);
        CHECK_STR(line, wanted);
        free(line);
    }
    corpus_free(corpus);
}

/* Every line there is, once: the counts are the language itself. */
static Corpus *all_recall_lines(size_t distance)
{
    Corpus *corpus = corpus_new("all", TOKENIZER_WORDS, true);
    for (size_t bits = 0; bits < (size_t)2 << distance; bits++) {
        const char *tokens[16];
        for (size_t i = 0; i <= distance; i++) {
            bool one = bits >> i & 1;
            tokens[i] = i == 0 ? (one ? "q" : "p") : one ? "y" : "x";
        }
        tokens[distance + 1] = tokens[0];
        corpus_append(corpus, tokens, distance + 2);
    }
    return corpus;
}

Test(synthetic, the_floor_is_what_counting_every_line_reaches)
{
    for (size_t distance = 1; distance <= 6; distance++) {
        Corpus *corpus = all_recall_lines(distance);
        for (int order = 1; order <= NGRAM_ORDER_MAX; order++) {
            Model *model = train_on(corpus, counted(order));
            CHECK_NEAR(last_bits(model, corpus), synthetic_recall_floor(distance, order), 1e-12);
            model_free(model);
        }
        corpus_free(corpus);
    }
}

/* The curriculum's figures: d=3, n=2..5. */
Test(synthetic, the_floor_of_d_3)
{
    static const double wanted[] = {2.584962500721156, 2, 1, 0, 0};
    for (size_t i = 0; i < COUNT_OF(wanted); i++)
        CHECK_NEAR(synthetic_recall_floor(3, (int)i + 2), wanted[i], 1e-12);
}

Test(synthetic, fresh_text_comes_near_the_floor)
{
    Corpus *corpus = recall(3, 4000, 1), *fresh = recall(3, 4000, 2);
    for (int order = 1; order <= 6; order++) {
        Model *model = train_on(corpus, counted(order));
        CHECK_NEAR(last_bits(model, fresh), synthetic_recall_floor(3, order), 0.01);
        model_free(model);
    }
    corpus_free(corpus);
    corpus_free(fresh);
}

/* --- copying --- */

static Corpus *copying(CopyingShape shape, size_t lines, uint64_t seed)
{
    Random random = random_seeded(seed);
    return synthetic_copying("icl", &shape, lines, &random);
}

static char key_of(const Corpus *corpus, TokenId id) { return *vocab_text(corpus_vocab(corpus), id); }

static void check_line(const Corpus *corpus, size_t index, const CopyingShape *shape)
{
    size_t count;
    const TokenId *ids = corpus_sentence(corpus, index, &count);
    CHECK_EACH(count == 2 * (shape->pairs + shape->queries), "line %zu", index);
    for (size_t i = 0; i < count; i += 2) {
        size_t same = 0, first = count;
        for (size_t k = 0; k < 2 * shape->pairs; k += 2)
            if (ids[k] == ids[i]) {
                same++;
                if (first == count) first = k;
            }
        bool order = i == 0 || i >= 2 * shape->pairs || shape->shuffled ||
                     key_of(corpus, ids[i - 2]) < key_of(corpus, ids[i]);
        CHECK_EACH(order, "line %zu, key %zu", index, i / 2);
        CHECK_EACH(same == 1 && ids[first + 1] == ids[i + 1], "line %zu, pair %zu", index, i / 2);
    }
}

Test(synthetic, keys_come_again_with_their_values)
{
    static const CopyingShape shapes[] = {{2, 2, 2, 1, true},
                                          {3, 3, 4, 1, false},
                                          {2, 5, 8, 4, false},
                                          {26, 26, 10, 30, true},
                                          {4, 26, 10, 2, false}};
    for (size_t i = 0; i < COUNT_OF(shapes); i++) {
        Corpus *corpus = copying(shapes[i], 300, i);
        for (size_t line = 0; line < 300; line++) check_line(corpus, line, &shapes[i]);
        CHECK_INT(vocab_size(corpus_vocab(corpus)), shapes[i].keys + shapes[i].values);
        corpus_free(corpus);
    }
}

/* Which value this key has is not among what a bigram sees. */
Test(synthetic, counts_do_not_copy)
{
    CopyingShape shape = {.pairs = 3, .keys = 6, .values = 4, .queries = 2};
    Corpus *corpus = copying(shape, 20000, 1), *fresh = copying(shape, 5000, 2);
    Model *bigram = train_on(corpus, counted(2));
    CHECK_NEAR(last_bits(bigram, fresh), log2(4), 0.01);
    model_free(bigram);
    corpus_free(corpus);
    corpus_free(fresh);
}

/* --- what a corpus can do for it --- */

Test(synthetic, text_multiplied_is_text_read_again)
{
    static const char text[] = "the mouse\n\nate the cheese\n";
    char thrice[128];
    snprintf(thrice, sizeof thrice, "%s%s%s", text, text, text);
    Corpus *corpus = corpus_from(text, TOKENIZER_WORDS), *wanted = corpus_from(thrice, TOKENIZER_WORDS);
    corpus_multiply(corpus, 3);
    CHECK_INT(corpus_sentences(corpus), 9);
    CHECK_INT(corpus_tokens(corpus), corpus_tokens(wanted));
    for (size_t i = 0; i < 9; i++) {
        char *line = corpus_line(corpus, i), *other = corpus_line(wanted, i);
        CHECK_STR(line, other);
        free(line);
        free(other);
    }
    corpus_multiply(corpus, 1);
    CHECK_INT(corpus_sentences(corpus), 9);
    CHECK_INT(corpus_count(corpus, "the mouse"), 3);
    CHECK_INT(corpus_count(corpus, "the"), 0);
    CHECK_INT(corpus_count(corpus, "a dog"), 0);
    CHECK_INT(corpus_count(corpus, ""), 3);
    corpus_free(corpus);
    corpus_free(wanted);
}
