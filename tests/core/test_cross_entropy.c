/* Exact cross-entropies against enumeration, the chain rule and long samples; drawn text against counts. */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/model/cross_entropy.h"
#include "core/model/drawn_text.h"
#include "core/model/enumeration.h"
#include "core/model/sequence.h"
#include "tests/support/models.h"

TestSuite(cross_entropy, .timeout = 20);

static double nats(const Model *p, size_t length, const Model *q)
{
    Error error;
    Job *job = cross_entropy_new(p, length, q);
    CHECK(job_run(job, &error));
    double value = cross_entropy_nats(job);
    job_free(job);
    return value;
}

static Corpus *draw(const Model *model, DrawnTextOptions options)
{
    Error error;
    Job *job = drawn_text_new(model, &options);
    CHECK_FOR(job_run(job, &error), "%s", error.message);
    Corpus *corpus = drawn_text_take(job);
    job_free(job);
    return corpus;
}

Test(cross_entropy, of_a_model_with_itself_is_its_entropy)
{
    Error error;
    Model *toy = toy_model();
    for (size_t length = 1; length <= 5; length++) {
        Job *job = enumeration_new(toy, &(EnumerationOptions){.length = length, .top = 1, .temperature = 1});
        CHECK(job_run(job, &error));
        CHECK_NEAR(nats(toy, length, toy), enumeration_result(job)->entropy_bits * log(2), 1e-12);
        job_free(job);
    }
    model_free(toy);
}

/* Two words: the sum over 25 texts by the chain rule. */
Test(cross_entropy, by_the_chain_rule)
{
    Model *toy = toy_model(), *counts = train_built_in("mouse", added(3, 0.5));
    double sum = 0;
    for (TokenId a = 0; a < 5; a++)
        for (TokenId b = 0; b < 5; b++) {
            char text[64];
            snprintf(text, sizeof text, "%s %s", vocab_text(toy->vocab, a), vocab_text(toy->vocab, b));
            sum -= text_probability(toy, text) * log(text_probability(counts, text));
        }
    CHECK_NEAR(nats(toy, 2, counts), sum, 1e-12);
    model_free(toy);
    model_free(counts);
}

Test(cross_entropy, is_never_below_the_entropy_and_infinite_for_the_impossible)
{
    Model *toy = toy_model(), *bigram = train_built_in("mouse", counted(2)),
          *smooth = train_built_in("mouse", added(2, 1));
    CHECK(isinf(nats(toy, 3, bigram)));
    CHECK(nats(toy, 3, smooth) > nats(toy, 3, toy));
    CHECK_INT(cross_entropy_texts(toy, 5), 3125);
    CHECK_INT(cross_entropy_texts(toy, 7), 0);
    model_free(toy);
    model_free(bigram);
    model_free(smooth);
}

/* What is drawn costs on average what the sum over all texts says. */
Test(cross_entropy, is_what_drawn_text_costs)
{
    Model *toy = toy_model(), *smooth = train_built_in("mouse", added(2, 1));
    Corpus *text = draw(toy, (DrawnTextOptions){.name = "toy", .tokens = 60000, .length = 5, .seed = 7});
    CHECK_INT(corpus_sentences(text), 10000);
    CHECK_INT(corpus_tokens(text), 50000);
    CHECK_STR(corpus_name(text), "toy");
    Evaluation e = evaluate(smooth, text, true);
    CHECK_NEAR(-e.logp / (double)e.sentences, nats(toy, 5, smooth), 0.1);
    corpus_free(text);
    model_free(toy);
    model_free(smooth);
}

Test(cross_entropy, drawn_text_ends_where_the_model_ends_it)
{
    Model *bigram = train_built_in("mouse", counted(2));
    Corpus *once = draw(bigram, (DrawnTextOptions){.name = "again", .tokens = 5000, .seed = 3});
    Corpus *twice = draw(bigram, (DrawnTextOptions){.name = "again", .tokens = 1000, .seed = 3});
    size_t tokens = corpus_tokens(once) + corpus_sentences(once);
    CHECK(tokens >= 5000 && tokens < 5100);
    for (size_t s = 0; s < corpus_sentences(twice); s++) {
        char *longer = corpus_line(once, s), *shorter = corpus_line(twice, s);
        CHECK_STR(shorter, longer);
        free(longer);
        free(shorter);
    }
    Evaluation e = evaluate(bigram, once, true);
    CHECK(isfinite(e.logp));
    corpus_free(once);
    corpus_free(twice);
    model_free(bigram);
}

Test(cross_entropy, a_stream_is_one_text)
{
    Model *bigram = train_built_in("mouse", added(2, 1));
    Corpus *text = draw(bigram, (DrawnTextOptions){.name = "s", .tokens = 500, .stream = true, .seed = 3});
    CHECK(!corpus_lines(text));
    CHECK_INT(corpus_sentences(text), 1);
    CHECK_INT(corpus_tokens(text), 499);
    corpus_free(text);
    model_free(bigram);
}

/* --- how probable a text was when it was drawn --- */

static double measured(const Model *model, DrawnTextOptions options, Evaluation *e)
{
    Error error;
    options.measure = true;
    Job *job = drawn_text_new(model, &options);
    CHECK(job_run(job, &error));
    double logp = drawn_text_logp(job);
    Corpus *text = drawn_text_take(job);
    *e = evaluate(model, text, true);
    corpus_free(text);
    job_free(job);
    return logp;
}

Test(cross_entropy, what_is_drawn_is_as_probable_as_the_model_says)
{
    Evaluation e;
    Model *toy = toy_model(), *bigram = train_built_in("mouse", counted(2));
    CHECK_NEAR(measured(toy, (DrawnTextOptions){.name = "t", .tokens = 600, .length = 5, .seed = 2}, &e),
               e.logp, 1e-9);
    CHECK_NEAR(measured(bigram, (DrawnTextOptions){.name = "t", .tokens = 600, .seed = 2}, &e), e.logp, 1e-9);
    model_free(toy);
    model_free(bigram);
}

/* add-k gives <unk>, when there is one, the same k whatever came before, and what is left is shared anew. */
Test(cross_entropy, what_is_never_drawn_makes_the_rest_likelier)
{
    Evaluation e;
    NgramOptions options = added(1, 1);
    options.unknown = true;
    Model *model = train_built_in("mouse", options);
    double unknown = next_probability(model, "", TEXT_UNKNOWN);
    double logp = measured(model, (DrawnTextOptions){.name = "t", .tokens = 600, .seed = 2}, &e);
    CHECK(unknown > 0.01);
    CHECK_NEAR(logp, e.logp - (double)e.tokens * log1p(-unknown), 1e-9);
    model_free(model);
}
