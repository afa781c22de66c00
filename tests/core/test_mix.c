/* Mixing with junk against the arithmetic of it; the promises of model.h are in test_model.c. */

#include <math.h>

#include "core/model/mix.h"
#include "tests/support/models.h"

TestSuite(mix, .timeout = 20);

/* After "the" in mouse: mouse 7/13, cheese 5/13, ball 1/13; V = 6. */
Test(mix, p_by_hand)
{
    Model *bigram = train_built_in("mouse", counted(2)), *mix = mix_new(bigram, .05, NULL, 0);
    CHECK_NEAR(next_probability(mix, "the", "mouse"), .95 * 7 / 13 + .05 / 6, 1e-15);
    CHECK_NEAR(next_probability(mix, "the", "ate"), .05 / 6, 1e-15);
    CHECK_INT(mix_junk(mix), 6);
    CHECK(mix_base(mix) == bigram && !mix_base(bigram));
    model_free(mix);
    TokenId junk[] = {id_of(bigram, "ball"), id_of(bigram, "ate"), id_of(bigram, "ball")};
    mix = mix_new(bigram, .2, junk, 3);
    CHECK_INT(mix_junk(mix), 2);
    CHECK_NEAR(next_probability(mix, "the", "ball"), .8 / 13 + .1, 1e-15);
    CHECK_NEAR(next_probability(mix, "the", "mouse"), .8 * 7 / 13, 1e-15);
    model_free(mix);
    model_free(bigram);
}

/* 0/0 mixed with junk is junk: "cheese ball" was never seen. */
Test(mix, junk_alone_where_nothing_is_known)
{
    Model *trigram = train_built_in("mouse", counted(3)), *mix = mix_new(trigram, .01, NULL, 0),
          *same = mix_new(trigram, 0, NULL, 0);
    CHECK_NEAR(next_probability(mix, "cheese ball", "the"), 1. / 6, 1e-15);
    CHECK_NEAR(next_probability(same, "the mouse", "ate"), next_probability(trigram, "the mouse", "ate"), 0);
    State *state = state_after(same, "cheese ball");
    CHECK(!state_defined(state));
    state_free(state);
    model_free(mix);
    model_free(same);
    model_free(trigram);
}

static double perplexity(const Model *model, const Corpus *corpus)
{
    Evaluation e = evaluate(model, corpus, true);
    return exp(-e.logp / (double)e.tokens);
}

/* Text held out, smoothings that give everything something: at most 1 / (1 - eps) times as perplexed. */
Test(mix, perplexity_rises_by_the_bound_at_most)
{
    static const SmoothingKind kinds[] = {SMOOTH_ADD, SMOOTH_WB, SMOOTH_KN, SMOOTH_MKN};
    static const double shares[] = {.01, .05, .3, .9};
    Corpus *learnt = corpus_random(3, 200), *held_out = corpus_random(4, 200);
    for (size_t k = 0; k < COUNT_OF(kinds); k++) {
        Model *model = train_on(learnt, usual(kinds[k], 3));
        double before = perplexity(model, held_out);
        for (size_t i = 0; i < COUNT_OF(shares); i++) {
            Model *mix = mix_new(model, shares[i], NULL, 0);
            double after = perplexity(mix, held_out);
            CHECK_FOR(isfinite(after) && after <= before / (1 - shares[i]), "%g after %g", after, before);
            model_free(mix);
        }
        model_free(model);
    }
    corpus_free(learnt);
    corpus_free(held_out);
}

/* <unk> is nobody's junk. */
Test(mix, unknown_words_are_no_junk)
{
    NgramOptions options = usual(SMOOTH_WB, 2);
    options.unknown = true;
    Model *model = train_built_in("mouse", options), *mix = mix_new(model, .5, NULL, 0);
    CHECK_INT(mix_junk(mix), 6);
    CHECK_NEAR(next_probability(mix, "the", "<unk>"), .5 * next_probability(model, "the", "<unk>"), 0);
    model_free(mix);
    model_free(model);
}
