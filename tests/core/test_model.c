/* The promises of model.h, checked for every kind and every smoothing in contexts seen and unseen. */

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/model/mix.h"
#include "core/model/sampling.h"
#include "tests/support/models.h"
#include "tests/support/networks.h"

enum { STEPS = 20, OUTCOMES_MAX = 64 };

TestSuite(model, .timeout = 20);

typedef struct {
    const char *name; /* of the model, for messages */
    Random random;
    TokenId fed[STEPS];
    double p[STEPS][OUTCOMES_MAX]; /* the conditional before each token */
} Walk;

static void check_undefined(const State *state, const double *p, const char *name)
{
    for (size_t i = 0; i < model_outcomes(state->model); i++)
        CHECK_EACH(p[i] == 0 && state_probability(state, (TokenId)i) == 0 &&
                       state_score(state, (TokenId)i) == -INFINITY,
                   "%s: 0/0 is not 0 for outcome %zu", name, i);
}

/* One number, asked for in three ways; scores need not sum to 1. */
static void check_distribution(const State *state, const double *p, const char *name)
{
    double total = 0;
    for (size_t i = 0; i < model_outcomes(state->model); i++) {
        double alone = state_probability(state, (TokenId)i);
        total += p[i];
        CHECK_EACH(p[i] >= 0 && alone == p[i], "%s: %zu: %.17g, not %.17g", name, i, alone, p[i]);
        CHECK_EACH(state_score(state, (TokenId)i) == (p[i] > 0 ? log(p[i]) : -INFINITY), "%s: score of %zu",
                   name, i);
    }
    CHECK_EACH(state->model->scores || fabs(total - 1) < 1e-9, "%s: the sum is %.17g", name, total);
}

/* The value is probability's to the last bit, and a count model says what it was counted from. */
static void check_explanation(const State *state, const double *p, TokenId token, const char *name)
{
    Arena arena = {0};
    Counts counts;
    Fact *fact = state_explain(state, token, &arena);
    CHECK_EACH(fact->kind == FACT_PROBABILITY && fact->name && fact->reasons, "%s: a value without reasons",
               name);
    CHECK_EACH(fact->value == p[token], "%s: explained as %.17g, not %.17g", name, fact->value, p[token]);
    if (state_counts(state, token, &counts)) CHECK_EACH(counts.count <= counts.total, "%s: counts", name);
    arena_release(&arena);
}

static void check_context(const State *state, double *p, TokenId asked, const char *name)
{
    p[0] = NAN; /* predict must fill all of it */
    state_predict(state, p);
    if (state_defined(state))
        check_distribution(state, p, name);
    else
        check_undefined(state, p, name);
    CHECK_EACH(state_probability(state, TOKEN_NONE) == 0, "%s: p of an unknown word", name);
    check_explanation(state, p, asked, name);
}

/* Half of the time a token that is possible here, else any, now and then one the model does not know. */
static TokenId choose(Random *random, const double *p, size_t outcomes)
{
    double u = random_unit(random), kind = random_unit(random);
    if (kind < 0.08) return TOKEN_NONE;
    for (size_t i = 0; kind < 0.55 && i < outcomes; i++)
        if ((u -= p[i]) < 0) return (TokenId)i;
    return (TokenId)(random_next(random) % outcomes);
}

static void check_copy(const State *state, const double *p, TokenId token, const char *name)
{
    double after[OUTCOMES_MAX];
    State *copy = state_copy(state);
    state_predict(copy, after);
    CHECK_EACH(memcmp(after, p, model_outcomes(state->model) * sizeof *p) == 0, "%s: a copy differs", name);
    state_feed(copy, token);
    state_feed(copy, TOKEN_NONE);
    state_predict(state, after);
    CHECK_EACH(memcmp(after, p, model_outcomes(state->model) * sizeof *p) == 0,
               "%s: a copy changes its original", name);
    state_free(copy);
}

static void take_walk(const Model *model, Walk *walk)
{
    size_t outcomes = model_outcomes(model);
    CHECK_FOR(outcomes <= OUTCOMES_MAX, "%s has %zu outcomes", walk->name, outcomes);
    State *state = state_begin(model);
    for (size_t i = 0; i < STEPS; i++) {
        TokenId asked = (TokenId)(random_next(&walk->random) % outcomes);
        check_context(state, walk->p[i], asked, walk->name);
        walk->fed[i] = choose(&walk->random, walk->p[i], outcomes);
        check_copy(state, walk->p[i], walk->fed[i], walk->name);
        state_feed(state, walk->fed[i]);
    }
    state_free(state);
}

static void retrace(const Model *model, const Walk *walk)
{
    double p[OUTCOMES_MAX], logp[STEPS + 1];
    State *state = state_begin(model);
    model_score_all(model, walk->fed, STEPS, model_ends(model), logp);
    for (size_t i = 0; i < STEPS; i++) {
        state_predict(state, p);
        CHECK_EACH(memcmp(p, walk->p[i], model_outcomes(model) * sizeof *p) == 0, "%s: step %zu", walk->name,
                   i);
        CHECK_EACH(logp[i] == state_score(state, walk->fed[i]), "%s: score_all of %zu", walk->name, i);
        state_feed(state, walk->fed[i]);
    }
    if (model_ends(model))
        CHECK_EACH(logp[STEPS] == state_score(state, vocab_end(model->vocab)), "%s: score_all of </s>",
                   walk->name);
    state_free(state);
}

/* --- sampling repeats --- */

static Job *draw(const Model *model, uint64_t seed)
{
    Error error;
    SamplingOptions options = {
        .decoding = {.temperature = 1, .top_p = 1}, .seed = seed, .draws = 5, .max = 12, .keep = 5};
    Job *job = sampling_new(model, &options);
    CHECK_FOR(job_run(job, &error), "%s", error.message);
    return job;
}

static void check_sampling(const Model *model, const char *name)
{
    Job *job = draw(model, 7), *again = draw(model, 7);
    for (size_t i = 0; i < 5; i++) {
        const Sample *a = sampling_sample(job, i), *b = sampling_sample(again, i);
        CHECK_EACH(a->count == b->count && a->stop == b->stop && a->logp == b->logp, "%s: draw %zu", name, i);
        for (size_t k = 0; k < a->count; k++) CHECK_EACH(a->ids[k] == b->ids[k], "%s: draw %zu", name, i);
    }
    job_free(job);
    job_free(again);
}

/* --- all of it --- */

/* Consumes the model: its clone must do without it. */
static void check_contract(Model *model, const char *name)
{
    Walk walk = {.name = name, .random = random_seeded(strlen(name))};
    Arena arena = {0};
    CHECK_FOR(model_parameters(model) > 0 && *model_describe(model, &arena), "%s", name);
    CHECK_FOR(strlen(model->kind->name) > 0 && model_ends(model) == (vocab_end(model->vocab) >= 0), "%s",
              name);
    take_walk(model, &walk);
    check_sampling(model, name);
    Model *clone = model_clone(model), *share = model_share(model);
    CHECK_FOR(share == model && clone != model, "%s", name);
    CHECK_FOR(model_parameters(clone) == model_parameters(model), "%s", name);
    model_free(model);
    retrace(share, &walk);
    model_free(share);
    retrace(clone, &walk);
    model_free(clone);
    arena_release(&arena);
}

/* --- every smoothing, order, vocabulary and corpus --- */

static void check_all_vocabularies(const Corpus *corpus, const char *name, const NgramOptions *options)
{
    static const struct {
        bool unknown;
        uint64_t cutoff;
    } vocabularies[] = {{false, 0}, {true, 1}, {false, 2}};
    for (size_t v = 0; v < COUNT_OF(vocabularies); v++) {
        Arena arena = {0};
        NgramOptions chosen = *options;
        chosen.unknown = vocabularies[v].unknown;
        chosen.cutoff = vocabularies[v].cutoff;
        Model *model = train_on(corpus, chosen);
        CHECK_FOR((vocab_unknown(model->vocab) != TOKEN_NONE) == (v > 0), "%s: <unk>", name);
        const char *described =
            arena_format(&arena, "%s, %s, vocabulary %zu", name, model_describe(model, &arena), v);
        check_contract(model, described);
        arena_release(&arena);
    }
}

static void check_all_corpora(NgramOptions options)
{
    static const char *const names[] = {"mouse", "sam", "jobs", "facts", "random"};
    for (size_t i = 0; i < COUNT_OF(names); i++)
        for (int chars = 0; chars < 2; chars++) {
            Tokenizer tokenizer = chars ? TOKENIZER_CHARS : TOKENIZER_WORDS;
            if (chars && i == 4) continue;
            Corpus *corpus = i == 4 ? corpus_random(5, 60) : corpus_built_in(names[i], tokenizer);
            check_all_vocabularies(corpus, names[i], &options);
            corpus_free(corpus);
        }
}

static void check_all_orders(SmoothingKind kind)
{
    for (int n = 1; n <= NGRAM_ORDER_MAX; n++) check_all_corpora(usual(kind, n));
}

Test(model, contract_of_the_table) { check_contract(toy_model(), "toy"); }
Test(model, contract_of_mle) { check_all_orders(SMOOTH_MLE); }
Test(model, contract_of_add_one) { check_all_orders(SMOOTH_ADD); }
Test(model, contract_of_interp) { check_all_orders(SMOOTH_INTERP); }
Test(model, contract_of_wb) { check_all_orders(SMOOTH_WB); }
Test(model, contract_of_ad) { check_all_orders(SMOOTH_AD); }
Test(model, contract_of_kn) { check_all_orders(SMOOTH_KN); }
Test(model, contract_of_mkn) { check_all_orders(SMOOTH_MKN); }
Test(model, contract_of_katz) { check_all_orders(SMOOTH_KATZ); }
Test(model, contract_of_backoff) { check_all_orders(SMOOTH_BACKOFF); }

Test(model, contract_of_add_a_hundredth)
{
    for (int n = 1; n <= NGRAM_ORDER_MAX; n++) check_all_corpora(added(n, 0.01));
}
Test(model, contract_of_interp_with_unequal_weights)
{
    for (int n = 1; n <= NGRAM_ORDER_MAX; n++) check_all_corpora(interpolated(n, false));
}

/* A weight of 1 for one order is that order's MLE where it was seen. */
Test(model, contract_of_interp_with_weights_of_zero)
{
    for (int n = 1; n <= NGRAM_ORDER_MAX; n++)
        for (int heavy = 0; heavy < n; heavy++) {
            NgramOptions options = {.order = n, .smoothing = {.kind = SMOOTH_INTERP}};
            options.smoothing.weights[heavy] = 1;
            check_contract(train_built_in("mouse", options), "interp with one weight");
        }
}

Test(model, contract_as_kenlm_counts)
{
    for (int n = 1; n <= NGRAM_ORDER_MAX; n++)
        for (int plain = 0; plain < 2; plain++) {
            NgramOptions options = usual(SMOOTH_MKN, n);
            options.smoothing.kenlm = true;
            options.smoothing.plain_unigrams = plain;
            check_all_corpora(options);
        }
}

/* Discounts of 0 and of a whole count, which leave nothing below or above. */
Test(model, contract_of_extreme_discounts)
{
    static const double extremes[][3] = {{0, 0, 0}, {1, 2, 3}, {1, 1, 1}};
    static const SmoothingKind kinds[] = {SMOOTH_AD, SMOOTH_KN, SMOOTH_MKN};
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        for (size_t k = 0; k < COUNT_OF(extremes); k++)
            for (int n = 1; n <= 4; n++) {
                NgramOptions options = usual(kinds[i], n);
                options.smoothing.fixed = true;
                memcpy(options.smoothing.discounts, extremes[k], sizeof extremes[k]);
                check_contract(train_built_in("mouse", options), "extreme discounts");
            }
}

Test(model, chinese_characters_and_streams_keep_the_contract)
{
    static const char text[] = "老鼠吃奶酪\n老鼠吃\r\n\n猫吃老鼠\n";
    Corpus *lines = corpus_from(text, TOKENIZER_CHARS), *stream = corpus_stream(text, TOKENIZER_CHARS);
    for (int n = 1; n <= NGRAM_ORDER_MAX; n++)
        for (int kind = 0; kind < SMOOTH_GIVEN; kind++) {
            check_contract(train_on(lines, usual((SmoothingKind)kind, n)), "chinese lines");
            check_contract(train_on(stream, usual((SmoothingKind)kind, n)), "chinese stream");
        }
    corpus_free(lines);
    corpus_free(stream);
}

/* --- training that was stopped --- */

static Model *train_for_a_moment(Corpus *corpus, NgramOptions options, unsigned steps)
{
    Error error;
    Job *job = ngram_training_new(corpus, &options, NULL);
    while (steps-- > 0) job_step(job, 0, &error);
    Model *model = ngram_training_take(job);
    CHECK_FOR(!model == !ngram_training_sentences(job), "%zu sentences", ngram_training_sentences(job));
    job_free(job);
    return model;
}

Test(model, cancelled_training_gives_a_usable_model_or_none)
{
    Corpus *corpus = corpus_random(11, 5000), *none = corpus_new("none", TOKENIZER_WORDS, true);
    for (int kind = 0; kind < SMOOTH_GIVEN; kind++)
        for (unsigned steps = 0; steps < 8; steps++) {
            Model *model = train_for_a_moment(corpus, usual((SmoothingKind)kind, 3), steps);
            CHECK_FOR(!model == !steps, "%u steps", steps);
            if (model) check_contract(model, "cancelled");
        }
    CHECK(!train_for_a_moment(none, counted(3), 2));
    corpus_free(corpus);
    corpus_free(none);
}

/* One sentence of 40,000 characters: what was counted of it is a sentence. */
Test(model, training_cancelled_within_a_long_sentence_gives_a_usable_model)
{
    enum { LENGTH = 40000 };
    char *text = calloc(LENGTH + 1, 1);
    Random random = random_seeded(3);
    for (size_t i = 0; i < LENGTH; i++)
        text[i] = "abcde \n"[(int)(7 * random_unit(&random) * random_unit(&random))];
    Corpus *corpus = corpus_stream(text, TOKENIZER_CHARS);
    for (int kind = 0; kind < SMOOTH_GIVEN; kind++)
        for (unsigned steps = 1; steps < 4; steps++) {
            Model *model = train_for_a_moment(corpus, usual((SmoothingKind)kind, 4), steps);
            const NgramNode *ends = &ngram_store(model)->levels[1].nodes[vocab_end(model->vocab)];
            CHECK_INT(ends->count, 1);
            check_contract(model, "cancelled in a sentence");
        }
    corpus_free(corpus);
    free(text);
}

/* Computed exactly, so that a text in one pass is its tokens one by one to the last bit. */
Test(model, contract_of_networks)
{
    static const char *const names[] = {"mouse", "sam"};
    for (int kind = 0; kind < NETWORK_KINDS; kind++)
        for (size_t i = 0; i < COUNT_OF(names); i++) {
            Corpus *corpus = corpus_built_in(names[i], TOKENIZER_WORDS);
            check_contract(train_network_exactly(corpus, (NetworkKind)kind, 20, true),
                           network_kind_name((NetworkKind)kind));
            corpus_free(corpus);
        }
}

/* Takes the base over. */
static void check_mixes(Model *base, const char *name)
{
    static const double shares[] = {0, 0.05, 1};
    TokenId junk = (TokenId)model_outcomes(base) - 1;
    for (size_t i = 0; i < COUNT_OF(shares); i++)
        for (size_t count = 0; count < 2; count++)
            check_contract(mix_new(base, shares[i], &junk, count), name);
    model_free(base);
}

Test(model, contract_of_mixes)
{
    Corpus *corpus = corpus_built_in("sam", TOKENIZER_WORDS);
    check_mixes(toy_model(), "toy");
    for (int kind = 0; kind < SMOOTH_GIVEN; kind++)
        for (int n = 1; n <= 4; n++) check_mixes(train_on(corpus, usual((SmoothingKind)kind, n)), "counts");
    for (int kind = 0; kind < NETWORK_KINDS; kind++)
        check_mixes(train_network_exactly(corpus, (NetworkKind)kind, 10, true),
                    network_kind_name((NetworkKind)kind));
    corpus_free(corpus);
}
