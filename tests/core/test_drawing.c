/* Cumulative probabilities without the distribution, and the odds of what is drawn by them. */

#include "core/ngram/drawing.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/model/sampling.h"
#include "tests/support/models.h"

TestSuite(drawing, .timeout = 20);

enum { OUTCOMES_MAX = 64 };

/* --- sums, against adding up the whole distribution --- */

static void check_sums(Drawing *drawing, const State *state, double power, const char *name)
{
    double p[OUTCOMES_MAX], sum = 0;
    state_predict(state, p);
    drawing_begin(drawing, state);
    CHECK_EACH(drawing_upto(drawing, -1) == 0, "%s: nothing sums to more than 0", name);
    for (TokenId token = 0; token < (TokenId)model_outcomes(state->model); token++) {
        double got = drawing_upto(drawing, token);
        sum += p[token] > 0 ? pow(p[token], power) : 0;
        CHECK_EACH(near(got, sum, 1e-9) || fabs(got - sum) < 1e-14, "%s, power %g: %.17g up to %d, not %.17g",
                   name, power, got, token, sum);
    }
}

/* Words that are likely, any word, and now and then one the model does not know. */
static void check_walk(const Model *model, double power, uint64_t seed)
{
    Arena arena = {0};
    const char *name = model_describe(model, &arena);
    Random random = random_seeded(seed);
    Drawing *drawing = drawing_new(model, power);
    State *state = state_begin(model);
    for (int step = 0; step < 60; step++) {
        double p[OUTCOMES_MAX], u = random_unit(&random);
        TokenId next =
            random_unit(&random) < 0.05 ? TOKEN_NONE : (TokenId)(u * (double)model_outcomes(model));
        bool likely = random_unit(&random) < 0.6;
        if (state_defined(state)) check_sums(drawing, state, power, name);
        state_predict(state, p);
        for (TokenId token = 0; likely && token < (TokenId)model_outcomes(model); token++)
            if ((u -= p[token]) < 0) {
                next = token;
                break;
            }
        state_feed(state, next);
        if (step % 12 == 11) {
            state_free(state);
            state = state_begin(model);
        }
    }
    state_free(state);
    drawing_free(drawing);
    arena_release(&arena);
}

static void check_all_corpora(NgramOptions options)
{
    static const double powers[] = {1, 2, 0.5, 1 / 0.7, 0.01};
    static const char *const names[] = {"mouse", "sam", "jobs"};
    bool mixture = options.smoothing.kind == SMOOTH_INTERP;
    for (size_t i = 0; i < 4; i++) {
        Corpus *corpus = i < 3 ? corpus_built_in(names[i], TOKENIZER_WORDS) : corpus_random(31, 80);
        options.unknown = i % 2;
        Model *model = train_on(corpus, options);
        for (size_t k = 0; k < (mixture ? 1 : COUNT_OF(powers)); k++) check_walk(model, powers[k], i + k);
        model_free(model);
        corpus_free(corpus);
    }
}

Test(drawing, sums_are_those_of_the_distribution)
{
    for (int kind = 0; kind < SMOOTH_GIVEN; kind++)
        for (int n = 1; n <= NGRAM_ORDER_MAX; n++) check_all_corpora(usual((SmoothingKind)kind, n));
}

Test(drawing, sums_of_less_usual_models)
{
    NgramOptions plain = usual(SMOOTH_MKN, 3), kenlm = usual(SMOOTH_MKN, 4), cut = usual(SMOOTH_KN, 3);
    plain.smoothing.plain_unigrams = kenlm.smoothing.kenlm = true;
    cut.cutoff = 2;
    check_all_corpora(plain);
    check_all_corpora(kenlm);
    check_all_corpora(cut);
    check_all_corpora(interpolated(4, false));
    check_all_corpora(added(3, 0.001));
}

/* There is none where sums of powers cannot be put together, and for other kinds of model. */
Test(drawing, not_every_model_has_one)
{
    Model *toy = toy_model(), *mixture = train_built_in("mouse", interpolated(2, true)),
          *mle = train_built_in("mouse", counted(2));
    CHECK(!drawing_new(toy, 1));
    CHECK(!drawing_new(mixture, 0.5));
    Drawing *drawing = drawing_new(mle, 0.5);
    CHECK(drawing);
    drawing_free(drawing);
    drawing_free(NULL);
    model_free(toy);
    model_free(mixture);
    model_free(mle);
}

/* --- draws --- */

enum { DRAWS = 4000 };

static Job *draw(const Model *model, const char *given, double temperature, bool trace)
{
    Error error;
    TokenId prompt[IDS_MAX];
    SamplingOptions options = {.decoding = {.temperature = temperature, .top_p = 1},
                               .seed = 1337,
                               .draws = DRAWS,
                               .max = 1,
                               .prompt = prompt,
                               .prompt_count = ids_of(model, given, prompt),
                               .keep = DRAWS,
                               .trace = trace};
    Job *job = sampling_new(model, &options);
    CHECK_FOR(job_run(job, &error), "%s", error.message);
    return job;
}

static TokenId first_token(const Model *model, const Job *job, size_t index)
{
    const Sample *sample = sampling_sample(job, index);
    return sample->count ? sample->ids[0] : vocab_end(model->vocab);
}

/* The chi-square value that `freedom` degrees exceed once in a million times (Wilson & Hilferty 1931). */
static double threshold(size_t freedom)
{
    double part = 2.0 / (9.0 * (double)freedom), z = 4.753424;
    return (double)freedom * pow(1 - part + z * sqrt(part), 3);
}

/* p^(1/T), without <unk>, renormalised; outcomes expected fewer than 5 times go into one. */
static void check_frequencies(const Model *model, const char *given, double temperature, const char *name)
{
    double p[OUTCOMES_MAX], total = 0, square = 0, rare = 0, times[OUTCOMES_MAX] = {0}, rare_times = 0;
    size_t freedom = 0, outcomes = model_outcomes(model);
    State *state = state_after(model, given);
    state_predict(state, p);
    state_free(state);
    for (size_t i = 0; i < outcomes; i++) {
        bool unknown = (TokenId)i == vocab_unknown(model->vocab);
        total += p[i] = p[i] > 0 && !unknown ? pow(p[i], 1 / temperature) : 0;
    }
    Job *job = draw(model, given, temperature, false);
    for (size_t d = 0; d < DRAWS; d++) times[first_token(model, job, d)]++;
    job_free(job);
    for (size_t i = 0; i < outcomes; i++) {
        double expected = p[i] / total * DRAWS;
        CHECK_FOR(expected > 0 || times[i] <= 0, "%s: outcome %zu cannot be", name, i);
        if (expected < 5) {
            rare += expected;
            rare_times += times[i];
        } else {
            square += (times[i] - expected) * (times[i] - expected) / expected;
            freedom++;
        }
    }
    if (rare > 0) square += (rare_times - rare) * (rare_times - rare) / rare;
    freedom += rare > 0;
    CHECK_FOR(freedom < 2 || square < threshold(freedom - 1), "%s after \"%s\", T=%g: chi-square %g of %zu",
              name, given, temperature, square, freedom - 1);
}

static const char *const contexts[] = {"", "a", "b a", "a a b", "a b c a", "l l l", "b unheard a"};

/* mle has a distribution only in contexts that it saw. */
static void check_draws(SmoothingKind kind, int order)
{
    static const double temperatures[] = {1, 0.7, 2};
    Corpus *corpus = corpus_random(3, 400);
    for (int unknown = 0; unknown < 2; unknown++) {
        NgramOptions options = usual(kind, order);
        options.unknown = unknown;
        Model *model = train_on(corpus, options);
        for (size_t c = 0; c < COUNT_OF(contexts); c++)
            for (size_t t = 0; t < COUNT_OF(temperatures); t++) {
                State *state = state_after(model, contexts[c]);
                if (state_defined(state))
                    check_frequencies(model, contexts[c], temperatures[t], smoothing_name(kind));
                state_free(state);
            }
        model_free(model);
    }
    corpus_free(corpus);
}

Test(drawing, frequencies_of_trigrams)
{
    for (int kind = 0; kind < SMOOTH_GIVEN; kind++) check_draws((SmoothingKind)kind, 3);
}
Test(drawing, frequencies_of_five_grams)
{
    for (int kind = 0; kind < SMOOTH_GIVEN; kind++) check_draws((SmoothingKind)kind, 5);
}

/* With its dice shown a draw walks the whole distribution; without, it halves. One token either way. */
static void check_same_draws(const Model *model, const char *given, double temperature)
{
    Job *halved = draw(model, given, temperature, false), *walked = draw(model, given, temperature, true);
    for (size_t d = 0; d < DRAWS; d++)
        CHECK_EACH(first_token(model, halved, d) == first_token(model, walked, d),
                   "%s, T=%g after \"%s\": draw %zu", smoothing_name(ngram_smoothing(model)->kind),
                   temperature, given, d);
    job_free(halved);
    job_free(walked);
}

Test(drawing, halving_finds_the_token_that_walking_finds)
{
    Corpus *corpus = corpus_random(3, 400);
    for (int kind = 0; kind < SMOOTH_GIVEN; kind++) {
        Model *model = train_on(corpus, usual((SmoothingKind)kind, 3));
        for (size_t c = 0; c < 3; c++) {
            check_same_draws(model, contexts[c], 1);
            check_same_draws(model, contexts[c], 1.7);
        }
        model_free(model);
    }
    corpus_free(corpus);
}

/* After "a c" most of what can follow was seen, so that Katz's weight for the rest is far above 1, and its
 * powers swallow everything that is added to them and taken off again. */
Test(drawing, halving_when_it_is_cold)
{
    Corpus *corpus = corpus_random(27, 290);
    for (int kind = 0; kind < SMOOTH_GIVEN; kind++) {
        Model *model = train_on(corpus, usual((SmoothingKind)kind, 4));
        check_same_draws(model, "a c", 0.2);
        check_same_draws(model, "a c", 0.1);
        check_same_draws(model, "a c", 0.05);
        model_free(model);
    }
    corpus_free(corpus);
}
