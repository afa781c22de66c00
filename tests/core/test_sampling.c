/* Sampling: the published six, an independent walk of the CDF, and the odds of 20,000 draws. */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/model/sampling.h"
#include "core/model/sequence.h"
#include "tests/support/models.h"

TestSuite(sampling, .timeout = 20);

static SamplingOptions drawing(size_t draws)
{
    return (SamplingOptions){
        .decoding = decoding_plain(), .seed = 1337, .draws = draws, .max = 30, .keep = draws, .trace = true};
}

static Job *draw_all(const Model *model, const SamplingOptions *options)
{
    Error error;
    Job *job = sampling_new(model, options);
    CHECK_FOR(job_run(job, &error), "%s", error.message);
    CHECK_INT(sampling_done(job), options->draws);
    return job;
}

static char *sample_text(const Model *model, const Sample *sample)
{
    return tokenizer_join(model->tokenizer, model->vocab, sample->ids, sample->count);
}

/* known_answers.tsv, mouse.n2.samples */
Test(sampling, seed_1337_draws_the_published_six)
{
    static const char *const wanted[] = {"mouse",     "the ball",  "the cheese",
                                         "mouse ate", "the mouse", "the mouse ate the mouse ate cheese"};
    Model *model = train_built_in("mouse", counted(2));
    SamplingOptions options = drawing(6);
    Job *job = draw_all(model, &options), *again = draw_all(model, &options);
    for (size_t i = 0; i < COUNT_OF(wanted); i++) {
        char *text = sample_text(model, sampling_sample(job, i)),
             *twice = sample_text(model, sampling_sample(again, i));
        CHECK_STR(text, wanted[i]);
        CHECK_STR(twice, text);
        CHECK_INT(sampling_sample(job, i)->stop, STOP_EOS);
        free(text);
        free(twice);
    }
    job_free(job);
    job_free(again);
    model_free(model);
}

/* --- the CDF, walked by hand --- */

/* Which p[i] stay: naive, by comparing each with all others. p sums to 1. */
static bool stays(const double *p, size_t count, size_t i, const Decoding *decoding)
{
    size_t above = 0;
    double largest = 0, mass_before = 0, mass = 0;
    for (size_t k = 0; k < count; k++) above += p[k] > p[i] * (1 + 1e-9);
    if (decoding->top_k > 0 && above >= decoding->top_k) return false;
    for (size_t k = 0; k < count; k++) {
        size_t better = 0;
        for (size_t j = 0; j < count; j++) better += p[j] > p[k] * (1 + 1e-9);
        if (decoding->top_k > 0 && better >= decoding->top_k) continue;
        largest = fmax(largest, p[k]);
    }
    if (p[i] < decoding->min_p * largest) return false;
    for (size_t k = 0; k < count; k++) {
        size_t better = 0;
        for (size_t j = 0; j < count; j++) better += p[j] > p[k] * (1 + 1e-9);
        if ((decoding->top_k > 0 && better >= decoding->top_k) || p[k] < decoding->min_p * largest) continue;
        mass += p[k];
        if (p[k] > p[i] || (p[k] == p[i] && k < i)) mass_before += p[k];
    }
    return mass_before == 0 || mass_before < decoding->top_p * mass;
}

static void decode(double *p, size_t count, const Decoding *decoding)
{
    double q[64], total = 0, T = decoding->temperature;
    CHECK_EACH(count <= COUNT_OF(q), "%zu outcomes", count);
    for (size_t i = 0; i < count; i++) total += q[i] = p[i] > 0 ? pow(p[i], 1 / T) : 0;
    for (size_t i = 0; i < count; i++) q[i] /= total;
    for (size_t i = 0; i < count; i++) p[i] = stays(q, count, i, decoding) ? q[i] : 0;
    total = 0;
    for (size_t i = 0; i < count; i++) total += p[i];
    for (size_t i = 0; i < count; i++) p[i] /= total;
}

static TokenId draw_by_hand(const State *state, const SamplingOptions *options, Random *random)
{
    double p[64], sum = 0, total = 0, u;
    const Vocab *vocab = state->model->vocab;
    size_t count = model_outcomes(state->model);
    state_predict(state, p);
    if (vocab_unknown(vocab) != TOKEN_NONE) p[vocab_unknown(vocab)] = 0;
    if (options->length > 0 && vocab_end(vocab) != TOKEN_NONE) p[vocab_end(vocab)] = 0;
    for (size_t i = 0; i < count; i++) total += p[i];
    for (size_t i = 0; i < count; i++) p[i] /= total;
    decode(p, count, &options->decoding);
    u = random_unit(random);
    for (size_t i = 0; i < count; i++)
        if ((sum += p[i]) > u) return (TokenId)i;
    return TOKEN_NONE;
}

/* Repeats one text with the same dice. */
static void check_sample(const Model *model, const SamplingOptions *options, const Sample *sample,
                         Random *random)
{
    size_t limit = options->length ? options->length : options->max;
    State *state = state_begin(model);
    double logp = 0;
    for (size_t i = 0; i < options->prompt_count; i++) state_feed(state, options->prompt[i]);
    for (size_t i = 0; i < sample->count + (sample->stop == STOP_EOS); i++) {
        TokenId drawn = i < sample->count ? sample->ids[i] : vocab_end(model->vocab);
        TokenId wanted = draw_by_hand(state, options, random);
        CHECK_EACH(drawn == wanted, "token %zu is %d, not %d", i, drawn, wanted);
        CHECK_EACH(sample->draws[i].token == drawn, "trace of token %zu", i);
        logp += state_score(state, drawn);
        state_feed(state, drawn);
    }
    CHECK_EACH(near(sample->logp, logp, 1e-12), "logp is %.17g, not %.17g", sample->logp, logp);
    CHECK_EACH((sample->count == limit) == (sample->stop != STOP_EOS), "%zu tokens: %s", sample->count,
               stop_name(sample->stop));
    CHECK_EACH(sample->draw_count == sample->count + (sample->stop == STOP_EOS), "%zu draws",
               sample->draw_count);
    state_free(state);
}

static const struct {
    Decoding decoding;
    size_t length;
    const char *prompt;
} walks[] = {
    {{.temperature = 1, .top_p = 1}, 0, ""},
    {{.temperature = 1, .top_p = 1}, 4, ""},
    {{.temperature = 1, .top_p = 1}, 0, "the mouse"},
    {{.temperature = 0.5, .top_p = 1}, 0, ""},
    {{.temperature = 0.5, .top_p = 1}, 3, "the"},
    {{.temperature = 2, .top_p = 0.8}, 0, "the"},
    {{.temperature = 1, .top_k = 2, .top_p = 1}, 0, ""},
    {{.temperature = 1, .top_k = 3, .top_p = 0.9}, 0, "mouse"},
    {{.temperature = 0.7, .top_k = 4, .min_p = 0.1, .top_p = 0.95}, 5, ""},
};

static void check_walks(Model *model, const char *name)
{
    for (size_t w = 0; w < COUNT_OF(walks); w++) {
        TokenId prompt[IDS_MAX];
        SamplingOptions options = drawing(200);
        options.decoding = walks[w].decoding;
        options.length = walks[w].length;
        options.max = model_ends(model) ? 30 : 5;
        options.prompt = prompt;
        options.prompt_count = ids_of(model, walks[w].prompt, prompt);
        Random random = random_seeded(options.seed);
        Job *job = draw_all(model, &options);
        CHECK_FOR(sampling_kept(job) == 200, "%s, walk %zu", name, w);
        for (size_t i = 0; i < 200; i++) check_sample(model, &options, sampling_sample(job, i), &random);
        job_free(job);
    }
    model_free(model);
}

Test(sampling, every_token_is_the_one_an_independent_walk_draws)
{
    NgramOptions open = added(2, 0.3);
    open.unknown = true;
    check_walks(toy_model(), "toy");
    check_walks(train_built_in("mouse", added(2, 0.5)), "add");
    check_walks(train_built_in("mouse", interpolated(3, true)), "interp");
    check_walks(train_built_in("mouse", open), "open vocabulary");
}

Test(sampling, the_trace_tells_the_bracket_that_u_fell_into)
{
    Model *model = train_built_in("mouse", counted(2));
    SamplingOptions options = drawing(100);
    Job *job = draw_all(model, &options);
    for (size_t i = 0; i < 100; i++) {
        const Sample *sample = sampling_sample(job, i);
        State *state = state_begin(model);
        for (size_t k = 0; k < sample->draw_count; k++) {
            const Draw *draw = &sample->draws[k];
            double p[8], low = 0;
            size_t choices = 0;
            state_predict(state, p);
            for (TokenId o = 0; o < draw->token; o++) low += p[o];
            for (size_t o = 0; o < model_outcomes(model); o++) choices += p[o] > 0;
            CHECK_EACH(draw->low <= draw->u && draw->u < draw->high, "%g in [%g, %g)", draw->u, draw->low,
                       draw->high);
            CHECK_EACH(fabs(draw->low - low) < 1e-12 && fabs(draw->high - low - p[draw->token]) < 1e-12,
                       "bracket");
            CHECK_EACH(draw->choices == choices && draw->ties == 0, "%zu choices", draw->choices);
            state_feed(state, draw->token);
        }
        state_free(state);
    }
    job_free(job);
    model_free(model);
}

/* --- T = 0, len, <unk> --- */

Test(sampling, at_temperature_0_the_first_of_equals_is_taken_and_the_tie_is_counted)
{
    static const struct {
        const char *text, *drawn;
        size_t draws, ties;
    } cases[] = {
        {"a b\nc d\n", "a b", 3, 1},      /* a or c */
        {"c d\na b\na e\n", "a b", 3, 1}, /* b or e */
        {"a b\n", "a b", 3, 0},
        {"\na\n", "a", 2, 1}, /* a or </s>: words come first */
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        Corpus *corpus = corpus_from(cases[i].text, TOKENIZER_WORDS);
        Model *model = train_on(corpus, counted(2));
        SamplingOptions options = drawing(1);
        options.decoding.temperature = 0;
        Job *job = draw_all(model, &options);
        char *text = sample_text(model, sampling_sample(job, 0));
        CHECK_STR(text, cases[i].drawn);
        CHECK_FOR(sampling_ties(job) == cases[i].ties, "row %zu: %zu ties", i, sampling_ties(job));
        CHECK_FOR(sampling_sample(job, 0)->draw_count == cases[i].draws, "row %zu", i);
        CHECK_FOR(sampling_sample(job, 0)->draws[0].choices == 1, "row %zu", i);
        free(text);
        job_free(job);
        model_free(model);
        corpus_free(corpus);
    }
}

Test(sampling, at_temperature_infinity_what_is_possible_is_equally_likely)
{
    Model *model = train_built_in("mouse", counted(2));
    TokenId the = id_of(model, "the");
    SamplingOptions options = drawing(9000);
    options.decoding.temperature = INFINITY;
    options.prompt = &the;
    options.prompt_count = options.max = 1;
    Job *job = draw_all(model, &options);
    CHECK_INT(sampling_texts(job), 3); /* ball, cheese, mouse */
    for (size_t i = 0; i < 3; i++) {
        uint64_t times;
        const char *text = sampling_text(job, i, &times);
        CHECK_FOR(times > 2800 && times < 3200, "%s came %lu times", text, (unsigned long)times);
    }
    CHECK_INT(sampling_sample(job, 0)->draws[0].choices, 3);
    job_free(job);
    model_free(model);
}

Test(sampling, len_draws_exactly_that_many)
{
    Model *models[] = {toy_model(), train_built_in("mouse", added(2, 0.1)),
                       train_built_in("jobs", interpolated(3, true))};
    for (size_t m = 0; m < COUNT_OF(models); m++) {
        for (size_t length = 1; length < 9; length++) {
            SamplingOptions options = drawing(50);
            options.length = length;
            options.max = 2; /* does not count */
            Job *job = draw_all(models[m], &options);
            for (size_t i = 0; i < 50; i++) {
                const Sample *sample = sampling_sample(job, i);
                CHECK_EACH(sample->count == length && sample->stop == STOP_LEN, "model %zu: %zu tokens", m,
                           sample->count);
                for (size_t k = 0; k < length; k++)
                    CHECK_EACH(sample->ids[k] != vocab_end(models[m]->vocab), "model %zu drew </s>", m);
            }
            job_free(job);
        }
        model_free(models[m]);
    }
}

Test(sampling, where_only_the_end_is_possible_len_ends_with_eos)
{
    TokenId prompt[IDS_MAX];
    Model *model = train_built_in("mouse", counted(3));
    SamplingOptions options = drawing(20);
    options.length = 4;
    options.prompt = prompt;
    options.prompt_count = ids_of(model, "the ball", prompt);
    Job *job = draw_all(model, &options);
    for (size_t i = 0; i < 20; i++) {
        CHECK_INT(sampling_sample(job, i)->stop, STOP_EOS);
        CHECK_INT(sampling_sample(job, i)->count, 0);
        CHECK_NEAR(sampling_sample(job, i)->logp, 0, 0);
    }
    job_free(job);
    model_free(model);
    CHECK_STR(stop_name(STOP_EOS), "eos");
    CHECK_STR(stop_name(STOP_MAX), "max");
    CHECK_STR(stop_name(STOP_LEN), "len");
}

/* ball (once) and no other word becomes <unk>: p(<unk> | the) = 1/13. */
Test(sampling, unk_is_never_drawn_and_its_mass_is_told)
{
    NgramOptions open = counted(2);
    open.cutoff = 2;
    Model *model = train_built_in("mouse", open);
    TokenId the = id_of(model, "the"), unknown = vocab_unknown(model->vocab);
    SamplingOptions options = drawing(13000);
    options.prompt = &the;
    options.prompt_count = options.max = 1;
    Job *job = draw_all(model, &options);
    size_t mice = 0;
    for (size_t i = 0; i < 13000; i++) {
        CHECK_EACH(sampling_sample(job, i)->ids[0] != unknown, "<unk> was drawn");
        mice += sampling_sample(job, i)->ids[0] == id_of(model, "mouse");
    }
    CHECK_NEAR(sampling_unknown(job), 1.0 / 13, 1e-12);
    CHECK_NEAR((double)mice / 13000, 7.0 / 12, 0.015); /* renormalised: 7 of 7 + 5 */
    CHECK_NEAR(sampling_sample(job, 0)->logp,
               log(sampling_sample(job, 0)->ids[0] == id_of(model, "mouse") ? 7.0 / 13 : 5.0 / 13), 1e-12);
    job_free(job);
    model_free(model);
}

/* --- odds --- */

/* 20,000 first tokens against predict, decoded by hand; 18.47 is exceeded once in 1000 with 4 degrees of
 * freedom. */
static void check_chi_square(const Model *model, const char *prompt, Decoding decoding)
{
    enum { DRAWS = 20000 };
    TokenId ids[IDS_MAX];
    double p[64], statistic = 0;
    size_t seen[64] = {0}, count = model_outcomes(model);
    SamplingOptions options = drawing(DRAWS);
    options.decoding = decoding;
    options.max = 1;
    options.prompt = ids;
    options.prompt_count = ids_of(model, prompt, ids);
    Job *job = draw_all(model, &options);
    State *state = state_after(model, prompt);
    state_predict(state, p);
    decode(p, count, &decoding);
    for (size_t i = 0; i < DRAWS; i++) seen[sampling_sample(job, i)->draws[0].token]++;
    for (size_t i = 0; i < count; i++) {
        CHECK_FOR(p[i] > 0 || seen[i] == 0, "impossible %zu came %zu times", i, seen[i]);
        if (p[i] > 0) statistic += pow((double)seen[i] - p[i] * DRAWS, 2) / (p[i] * DRAWS);
    }
    CHECK_FOR(statistic < 18.47, "\"%s\", T=%g: %g", prompt, decoding.temperature, statistic);
    state_free(state);
    job_free(job);
}

Test(sampling, twenty_thousand_draws_follow_the_distribution)
{
    Model *toy = toy_model(), *mouse = train_built_in("mouse", counted(2));
    check_chi_square(toy, "", decoding_plain());
    check_chi_square(toy, "the", decoding_plain());
    check_chi_square(toy, "cheese", (Decoding){.temperature = 0.5, .top_p = 1});
    check_chi_square(toy, "ball", (Decoding){.temperature = 1, .top_k = 2, .top_p = 1});
    check_chi_square(mouse, "the", decoding_plain());
    check_chi_square(mouse, "the mouse", (Decoding){.temperature = 2, .top_p = 1});
    model_free(toy);
    model_free(mouse);
}

/* p(the mouse ate the cheese) = 0.02 among all texts of five words. */
Test(sampling, the_tally_counts_every_text)
{
    Model *toy = toy_model();
    SamplingOptions options = drawing(20000);
    options.length = 5;
    options.keep = 3;
    Job *job = draw_all(toy, &options);
    uint64_t all = 0, wanted = 0, times;
    for (size_t i = 0; i < sampling_texts(job); i++) {
        const char *text = sampling_text(job, i, &times);
        all += times;
        if (strcmp(text, "the mouse ate the cheese") == 0) wanted = times;
    }
    CHECK_INT(all, 20000);
    CHECK_INT(sampling_kept(job), 3);
    CHECK(!sampling_tally_full(job));
    CHECK_FOR(wanted > 320 && wanted < 480, "%lu of 20,000, where 400 are expected", (unsigned long)wanted);
    CHECK_NEAR(job_progress(job), 1, 0);
    job_free(job);
    model_free(toy);
}

/* --- failing and stopping --- */

Test(sampling, a_prompt_never_seen_fails_and_is_named)
{
    static const struct {
        int order;
        const char *prompt, *named;
    } cases[] = {
        {3, "cheese mouse", "cheese mouse"},
        {3, "the mouse ate the the", "the the"},
        {4, "mouse", NULL},
        {4, "ball", "<s> <s> ball"},
        {2, "the mouse", NULL},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        Error error = {.message = ""};
        TokenId prompt[IDS_MAX];
        Model *model = train_built_in("mouse", counted(cases[i].order));
        SamplingOptions options = drawing(1);
        options.prompt = prompt;
        options.prompt_count = ids_of(model, cases[i].prompt, prompt);
        Job *job = sampling_new(model, &options);
        CHECK_FOR(job_run(job, &error) == !cases[i].named, "row %zu: %s", i, error.message);
        if (cases[i].named) CHECK_FOR(strstr(error.message, cases[i].named), "row %zu: %s", i, error.message);
        if (cases[i].named) CHECK_FOR(strstr(error.hint, "smooth"), "row %zu: %s", i, error.hint);
        job_free(job);
        model_free(model);
    }
}

Test(sampling, an_interrupted_job_keeps_what_was_drawn)
{
    Error error;
    Model *model = train_built_in("mouse", counted(2));
    SamplingOptions options = drawing(500);
    Job *whole = draw_all(model, &options), *job = sampling_new(model, &options);
    for (int i = 0; i < 9; i++) CHECK_INT(job_step(job, 0, &error), JOB_MORE);
    size_t done = sampling_done(job);
    CHECK_FOR(done > 9 && done < 500, "%zu texts", done);
    CHECK_INT(sampling_kept(job), done);
    CHECK_NEAR(job_progress(job), (double)done / 500, 1e-12);
    for (size_t i = 0; i < done; i++) {
        const Sample *part = sampling_sample(job, i), *full = sampling_sample(whole, i);
        bool same =
            part->count == full->count && memcmp(part->ids, full->ids, part->count * sizeof *part->ids) == 0;
        CHECK_FOR(same && part->logp == full->logp, "text %zu", i);
    }
    job_free(job);
    job_free(whole);
    job_free(sampling_new(model, &options)); /* never begun */
    model_free(model);
}

/* The sentence that was under way ends where counting stopped; no context is left that nothing follows. */
Test(sampling, a_model_whose_training_was_cancelled_draws_whole_sentences)
{
    Error error;
    char cut[16];
    NgramOptions bigram = counted(2);
    Corpus *corpus = corpus_numbered(2000);
    Job *training = ngram_training_new(corpus, &bigram, NULL);
    CHECK_INT(job_step(training, 0, &error), JOB_MORE);
    Model *model = ngram_training_take(training);
    snprintf(cut, sizeof cut, "a%zu", ngram_training_sentences(training) - 1);
    SamplingOptions options = drawing(2000);
    Job *job = draw_all(model, &options);
    for (size_t i = 0; i < 2000; i++) {
        const Sample *sample = sampling_sample(job, i);
        bool ended =
            sample->draw_count > 0 && sample->draws[sample->draw_count - 1].token == vocab_end(model->vocab);
        CHECK_EACH(sample->stop == STOP_EOS && ended, "text %zu ends with eos, but </s> was not drawn", i);
        CHECK_EACH(sample->count == 4 || sample->ids[0] == id_of(model, cut), "text %zu has %zu words", i,
                   sample->count);
    }
    job_free(job);
    job_free(training);
    model_free(model);
    corpus_free(corpus);
}

Test(sampling, texts_end_at_max_and_without_an_end_of_their_own)
{
    Model *toy = toy_model();
    SamplingOptions options = drawing(10);
    options.max = 7;
    options.trace = false;
    Job *job = draw_all(toy, &options);
    for (size_t i = 0; i < 10; i++) {
        CHECK_INT(sampling_sample(job, i)->count, 7);
        CHECK_INT(sampling_sample(job, i)->stop, STOP_MAX);
        CHECK(!sampling_sample(job, i)->draws);
    }
    job_free(job);
    model_free(toy);
}
