/* Sums over all sentences against going through them one by one, and against what is known of mouse. */

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/model/copying.h"
#include "core/model/sentences.h"
#include "tests/support/models.h"

TestSuite(sentences, .timeout = 20);

static SentenceSums sums_of(Model *model, Model *other, SentenceQuestion question)
{
    Error error;
    Job *job = sentences_new(model, other, question);
    CHECK(job_run(job, &error));
    SentenceSums sums = sentences_sums(job);
    job_free(job);
    return sums;
}

/* p of every sentence of at most `LONGEST` words. */
enum { LONGEST = 5, SENTENCES = 1 + 5 + 25 + 125 + 625 + 3125 };

static void score_all_sentences(const Model *model, double *p)
{
    TokenId ids[LONGEST];
    double logp[LONGEST + 1];
    size_t at = 0, texts = 1;
    for (size_t length = 0; length <= LONGEST; length++, texts *= 5)
        for (size_t text = 0; text < texts; text++, at++) {
            size_t rest = text;
            for (size_t i = 0; i < length; i++, rest /= 5) ids[i] = (TokenId)(rest % 5);
            model_score_all(model, ids, length, true, logp);
            p[at] = 0;
            for (size_t i = 0; i <= length; i++) p[at] += logp[i];
            p[at] = exp(p[at]);
        }
    CHECK_INT(at, SENTENCES);
}

/* With n = 4 no sentence is longer than 5 words: all of them are met. */
Test(sentences, one_by_one)
{
    static double p[SENTENCES], q[SENTENCES];
    Model *four = train_built_in("mouse", counted(4)), *five = train_built_in("mouse", counted(5));
    double mass = 0, unlisted = 0, different = 0, overlap = 0;
    size_t possible = 0;
    score_all_sentences(four, p);
    score_all_sentences(five, q);
    for (size_t i = 0; i < SENTENCES; i++) {
        possible += p[i] > 0;
        mass += p[i];
        unlisted += p[i] * pow(1 - p[i], 100);
        different += 1 - pow(1 - p[i], 1000);
        overlap += fmin(p[i], q[i]);
    }
    CHECK_NEAR(mass, 1, 1e-12);
    SentenceSums sums = sums_of(four, NULL, (SentenceQuestion){.listed = 100, .drawn = 1000});
    CHECK_INT(sums.sentences, possible);
    CHECK_NEAR(sums.mass, 1, 1e-12);
    CHECK_NEAR(sums.left, 0, 1e-12);
    CHECK_NEAR(sums.unlisted.low, unlisted, 1e-12);
    CHECK_NEAR(sums.unlisted.high, unlisted, 1e-12);
    CHECK_NEAR(sums.different.low, different, 1e-9);
    CHECK_NEAR(sums_of(four, five, (SentenceQuestion){.listed = 0}).mass, overlap, 1e-12);
    CHECK_NEAR(sums_of(five, four, (SentenceQuestion){.listed = 0}).mass, overlap, 1e-12);
    model_free(four);
    model_free(five);
}

/* A die that stops half of the time, or says its only word: sentence k has p = 2^-(k+1). */
Test(sentences, that_never_end_are_bounded)
{
    Corpus *corpus = corpus_from("a\n\n", TOKENIZER_WORDS);
    Model *coin = train_on(corpus, counted(1)), *biased = NULL;
    double unlisted = 0, different = 0;
    for (int k = 0; k < 60; k++) { /* "a" once, </s> twice: p = (1/3)^k 2/3 */
        double p = pow(1.0 / 3, k) * 2 / 3;
        unlisted += p * pow(1 - p, 10);
        different += 1 - pow(1 - p, 50);
    }
    SentenceSums sums = sums_of(coin, NULL, (SentenceQuestion){.listed = 10, .drawn = 50});
    CHECK(sums.unlisted.low <= unlisted + 1e-12 && unlisted <= sums.unlisted.high + 1e-12);
    CHECK(sums.different.low <= different + 1e-9 && different <= sums.different.high + 1e-9);
    CHECK(sums.unlisted.high - sums.unlisted.low < 1e-9);
    CHECK_NEAR(sums.mass + sums.left, 1, 1e-12);
    Corpus *more = corpus_from("a\na\n\n", TOKENIZER_WORDS); /* p = (2/5)^k 3/5 */
    biased = train_on(more, counted(1));
    double overlap = 0;
    for (int k = 0; k < 60; k++) overlap += fmin(pow(1.0 / 3, k) * 2 / 3, pow(2.0 / 5, k) * 3 / 5);
    CHECK_NEAR(sums_of(coin, biased, (SentenceQuestion){.listed = 0}).mass, overlap, 1e-9);
    model_free(coin);
    model_free(biased);
    corpus_free(corpus);
    corpus_free(more);
}

/* The words of the other model have other numbers there; those it lacks are impossible. */
Test(sentences, of_models_with_other_words)
{
    Corpus *one = corpus_from("x\ny\nz\n", TOKENIZER_WORDS), *two = corpus_from("z\nw\n", TOKENIZER_WORDS);
    Model *p = train_on(one, counted(2)), *q = train_on(two, counted(2));
    CHECK_NEAR(sums_of(p, q, (SentenceQuestion){.listed = 0}).mass, 1.0 / 3, 1e-12);
    CHECK_NEAR(sums_of(q, p, (SentenceQuestion){.listed = 0}).mass, 1.0 / 3, 1e-12);
    model_free(p);
    model_free(q);
    corpus_free(one);
    corpus_free(two);
}

TestSuite(copying, .timeout = 20);

static const Copying *copy_with(const Model *model, const Corpus *corpus, size_t draws, Job **job)
{
    Error error;
    SamplingOptions options = {.decoding = decoding_plain(), .seed = 1, .draws = draws, .max = 50};
    *job = copying_new(model, corpus, &options);
    CHECK_FOR(job_run(*job, &error), "%s", error.message);
    return copying_result(*job);
}

/* With n = 5 every draw is a sentence of mouse, so each span reaches to the end of its draw. */
Test(copying, of_a_model_that_knows_its_text_by_heart)
{
    Job *job;
    Corpus *mouse = corpus_built_in("mouse", TOKENIZER_WORDS);
    Model *model = train_on(mouse, counted(5));
    const Copying *copying = copy_with(model, mouse, 200, &job);
    double spans = 0;
    for (size_t i = 0; i < 200; i++) {
        double count = (double)copying_sample(job, i)->count;
        spans += count * (count + 1) / 2;
    }
    CHECK_INT(copying->draws, 200);
    CHECK_INT(copying->verbatim, 200);
    CHECK_NEAR(copying->spans, spans, 0);
    CHECK_INT(copying->longest, 5);
    job_free(job);
    model_free(model);
    corpus_free(mouse);
}

/* How often a draw is a sentence of the text lies around the sum of their p: 127967/519168. */
Test(copying, is_as_frequent_as_it_is_probable)
{
    Job *job;
    Corpus *mouse = corpus_built_in("mouse", TOKENIZER_WORDS);
    Model *model = train_on(mouse, counted(2));
    const Copying *copying = copy_with(model, mouse, 20000, &job);
    double p = 127967.0 / 519168, error = sqrt(p * (1 - p) / 20000);
    CHECK_NEAR((double)copying->verbatim / 20000, p, 4 * error);
    job_free(job);
    model_free(model);
    corpus_free(mouse);
}
