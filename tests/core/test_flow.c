/* Cross-entropy by contexts against what is known of mouse, against texts one by one, and against draws. */

#include <math.h>

#include "core/model/cross_entropy.h"
#include "core/model/flow.h"
#include "core/model/mix.h"
#include "core/model/sampled_entropy.h"
#include "tests/support/models.h"

TestSuite(flow, .timeout = 20);

static Flow flow_of(Model *p, Model *q, size_t length)
{
    Error error;
    Job *job = flow_new(p, q, length);
    CHECK(job_run(job, &error) && !flow_too_wide(job));
    Flow flow = *flow_result(job);
    job_free(job);
    return flow;
}

static Flow entropy_of(Model *p) { return flow_of(p, p, 0); }

/* mouse n=2: 0.862091 bits a token, 4.741498 a sentence of 5.5 tokens, as known_answers has them. */
Test(flow, the_bigram_of_mouse)
{
    Model *bigram = train_built_in("mouse", counted(2));
    Flow flow = entropy_of(bigram);
    CHECK_NEAR(flow.nats / log(2), 4.741498, 5e-7);
    CHECK_NEAR(flow.nats / flow.tokens / log(2), .862091, 5e-7);
    CHECK_NEAR(flow.tokens, 5.5, 1e-9);
    CHECK(flow.left < 1e-12 && flow.entropy == flow.nats);
    model_free(bigram);
}

/* What MLE counts cost the text they were counted from is their own entropy, for every order. */
Test(flow, training_text_costs_the_entropy_of_its_counts)
{
    static const char *const names[] = {"mouse", "sam", "jobs", "facts"};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        Corpus *corpus = corpus_built_in(names[i], TOKENIZER_WORDS);
        for (int n = 1; n <= 5; n++) {
            Model *model = train_on(corpus, counted(n));
            Evaluation e = evaluate(model, corpus, true);
            Flow flow = entropy_of(model);
            CHECK_FOR(near(flow.nats, -e.logp / (double)e.sentences, 1e-9), "%s, n=%d: %.12g", names[i], n,
                      flow.nats);
            CHECK_FOR(near(flow.tokens, (double)e.tokens / (double)e.sentences, 1e-9), "%s, n=%d", names[i],
                      n);
            model_free(model);
        }
        corpus_free(corpus);
    }
}

/* Gibbs: no model does better on the texts of p than p. */
Test(flow, cross_entropy_is_at_least_entropy)
{
    Corpus *corpus = corpus_random(5, 40);
    for (int n = 1; n <= 3; n++) {
        Model *p = train_on(corpus, counted(n));
        for (int kind = 1; kind < SMOOTH_BACKOFF; kind++)
            for (int order = 1; order <= 3; order++) {
                Model *q = train_on(corpus, usual((SmoothingKind)kind, order));
                Flow flow = flow_of(p, q, 0);
                CHECK_FOR(flow.nats >= flow.entropy - 1e-9 && isfinite(flow.nats), "%d, %d, %d", n, kind,
                          order);
                model_free(q);
            }
        model_free(p);
    }
    corpus_free(corpus);
}

static double one_by_one(Model *p, Model *q, size_t length)
{
    Error error;
    Job *job = cross_entropy_new(p, length, q);
    CHECK(job_run(job, &error));
    double nats = cross_entropy_nats(job);
    job_free(job);
    return nats;
}

/* Texts of fixed length, with and without </s> in q: all 3125 of them. */
Test(flow, is_the_sum_over_all_texts)
{
    Model *toy = toy_model(), *wb = train_built_in("mouse", usual(SMOOTH_WB, 3)),
          *mix = mix_new(toy, .1, NULL, 0);
    CHECK_NEAR(flow_of(toy, toy, 5).nats, one_by_one(toy, toy, 5), 1e-12);
    CHECK_NEAR(flow_of(toy, mix, 5).nats, one_by_one(toy, mix, 5), 1e-12);
    CHECK_NEAR(flow_of(mix, wb, 5).nats, one_by_one(mix, wb, 5), 1e-11);
    CHECK_NEAR(flow_of(toy, wb, 5).tokens, 6, 1e-12);
    model_free(toy);
    model_free(wb);
    model_free(mix);
}

/* 5 % junk: each token costs at most log 1/0.95 more. */
Test(flow, junk_costs_what_it_may)
{
    Model *bigram = train_built_in("mouse", counted(2)), *mix = mix_new(bigram, .05, NULL, 0);
    Flow flow = flow_of(bigram, mix, 0);
    CHECK(flow.nats > flow.entropy && flow.nats <= flow.entropy - log(.95) * flow.tokens);
    Flow back = flow_of(mix, bigram, 0); /* what the junk says is impossible without it */
    CHECK(isinf(back.nats) && back.impossible);
    CHECK_INT(back.given_count, 0);
    CHECK_INT(back.missing, id_of(mix, "ate"));
    model_free(mix);
    model_free(bigram);
}

/* A model that never ends has its whole mass left. */
Test(flow, what_never_ends_is_left)
{
    Model *bigram = train_built_in("mouse", counted(2));
    TokenId ball = id_of(bigram, "ball");
    Model *stuck = mix_new(bigram, 1, &ball, 1);
    Flow flow = entropy_of(stuck);
    CHECK_NEAR(flow.left, 1, 0);
    CHECK_NEAR(flow.nats, 0, 0);
    model_free(stuck);
    model_free(bigram);
}

static SampledEntropy sampled(Model *p, Model *q, SampledEntropyOptions options)
{
    Error error;
    Job *job = sampled_entropy_new(p, q, options);
    CHECK(job_run(job, &error));
    SampledEntropy result = sampled_entropy_result(job);
    job_free(job);
    return result;
}

static void check_estimate(SampledMean mean, double text, double token)
{
    CHECK_FOR(fabs(mean.mean - text) < 4 * mean.error, "%g +- %g, not %g", mean.mean, mean.error, text);
    CHECK_FOR(fabs(mean.token_mean - token) < 4 * mean.token_error, "%g +- %g, not %g", mean.token_mean,
              mean.token_error, token);
}

/* Estimates come within 4 standard errors of the exact numbers, and these fall as 1/sqrt n. */
Test(flow, draws_come_near)
{
    Model *p = train_built_in("mouse", counted(2)), *q = train_built_in("mouse", usual(SMOOTH_WB, 3));
    Flow flow = flow_of(p, q, 0);
    double cross = flow.nats, own = flow.entropy, t = flow.tokens;
    SampledEntropy few = sampled(p, q, (SampledEntropyOptions){.draws = 400, .max = 1000, .seed = 3}),
                   many = sampled(p, q, (SampledEntropyOptions){.draws = 40000, .max = 1000, .seed = 4});
    check_estimate(few.cross, cross, cross / t);
    check_estimate(many.cross, cross, cross / t);
    check_estimate(many.entropy, own, own / t);
    check_estimate(many.divergence, cross - own, (cross - own) / t);
    CHECK_NEAR(few.cross.token_error / many.cross.token_error, 10, 2);
    CHECK_INT(many.draws, 40000);
    CHECK_INT(many.cut, 0);
    model_free(p);
    model_free(q);
}

Test(flow, draws_of_a_given_length)
{
    Model *toy = toy_model(), *wb = train_built_in("mouse", usual(SMOOTH_WB, 2));
    SampledEntropy s = sampled(toy, wb, (SampledEntropyOptions){.draws = 5000, .length = 4, .seed = 1});
    Flow flow = flow_of(toy, wb, 4);
    check_estimate(s.cross, flow.nats, flow.nats / 5);
    CHECK_NEAR(s.tokens, 5, 1e-9);
    model_free(toy);
    model_free(wb);
}
