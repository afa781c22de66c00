/* Networks as models, and training as a job: repeatable, resumable, stoppable, and equal to counting where it
 * must be. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/neural/training.h"
#include "core/text/lexicon.h"
#include "tests/support/models.h"
#include "tests/support/networks.h"

TestSuite(neural, .timeout = 20);

/* --- learning --- */

/* known_answers mouse.gd: from zero logits, all of the corpus at once, lr 5; float keeps seven digits. */
Test(neural, softmax_on_mouse_goes_down_as_computed_elsewhere)
{
    static const struct {
        uint64_t steps;
        double loss;
    } known[] = {{0, 1.791759469},  {1, 1.386544309},   {2, 1.134440987},   {5, 0.851397207},
                 {10, 0.746879205}, {100, 0.614533866}, {1000, 0.599145763}};
    Corpus *corpus = corpus_built_in("mouse", TOKENIZER_WORDS);
    for (size_t i = 0; i < COUNT_OF(known); i++) {
        Model *model = train_network(corpus, NETWORK_SOFTMAX, known[i].steps);
        CHECK_NEAR(neural_loss(model, corpus, 0), known[i].loss, 2e-7);
        model_free(model);
    }
    corpus_free(corpus);
}

/* Trained to the end it is the counted bigram. */
Test(neural, softmax_ends_at_relative_frequencies)
{
    Corpus *corpus = corpus_built_in("mouse", TOKENIZER_WORDS);
    Model *model = train_network(corpus, NETWORK_SOFTMAX, 20000),
          *counts = train_built_in("mouse", counted(2));
    CHECK_NEAR(next_probability(model, "the", "mouse"), next_probability(counts, "the", "mouse"), 1e-3);
    CHECK_NEAR(next_probability(model, "", "the"), next_probability(counts, "", "the"), 1e-3);
    CHECK_NEAR(next_probability(model, "mouse", "</s>"), next_probability(counts, "mouse", "</s>"), 1e-3);
    model_free(model);
    model_free(counts);
    corpus_free(corpus);
}

static void check_same_weights(const Model *a, const Model *b)
{
    const Parameters *x = &neural_network(a)->parameters, *y = &neural_network(b)->parameters;
    CHECK_INT(x->total, y->total);
    CHECK(memcmp(x->x, y->x, x->total * sizeof *x->x) == 0);
}

/* Every kind, both kinds of text, one thread and two: the same seed gives the same bits, and a run cut in two
 * those of an uncut one. */
static void check_resuming(Corpus *corpus, NetworkKind kind, int threads)
{
    LearningOptions options = small_options(kind, 40);
    options.threads = threads;
    Architecture architecture = small_architecture(kind);
    architecture.dropout = kind == NETWORK_SOFTMAX ? 0 : 0.1;
    Model *whole = train_network_with(corpus, architecture, options),
          *again = train_network_with(corpus, architecture, options);
    options.steps = 17;
    Model *part = train_network_with(corpus, architecture, options), *rest = train_on_from(part, corpus, 23);
    check_same_weights(whole, again);
    check_same_weights(whole, rest);
    CHECK_INT(neural_learning(rest)->step, 40);
    model_free(whole);
    model_free(again);
    model_free(part);
    model_free(rest);
}

Test(neural, a_run_taken_up_again_takes_the_same_steps)
{
    Corpus *lines = corpus_random(5, 60),
           *stream = corpus_stream("the mouse ate the cheese and the cat ate the mouse", TOKENIZER_CHARS);
    for (int kind = 0; kind < NETWORK_KINDS; kind++)
        for (int threads = 1; threads <= 2; threads++) {
            check_resuming(lines, (NetworkKind)kind, threads);
            check_resuming(stream, (NetworkKind)kind, threads);
        }
    corpus_free(lines);
    corpus_free(stream);
}

Test(neural, a_step_too_long_keeps_the_last_finite_weights)
{
    Corpus *corpus = corpus_random(5, 60);
    for (int kind = 0; kind < NETWORK_KINDS; kind++) {
        LearningOptions options = small_options((NetworkKind)kind, 30);
        options.lr = INFINITY;
        options.optimizer = OPTIMIZER_SGD;
        Model *model = train_network_with(corpus, small_architecture((NetworkKind)kind), options);
        CHECK(neural_learning(model)->diverged);
        CHECK(isfinite(neural_loss(model, corpus, 0)));
        model_free(model);
    }
    corpus_free(corpus);
}

/* One step so long that the weights are finite and what is computed with them is not. */
Test(neural, the_last_step_is_looked_at_too)
{
    Corpus *corpus = corpus_random(5, 60);
    for (int kind = 0; kind < NETWORK_KINDS; kind++) {
        LearningOptions options = small_options((NetworkKind)kind, 1);
        options.lr = 1e30;
        Model *model = train_network_with(corpus, small_architecture((NetworkKind)kind), options);
        CHECK(isfinite(neural_loss(model, corpus, 0)));
        CHECK(isfinite(next_probability(model, "a b", "a")));
        model_free(model);
    }
    corpus_free(corpus);
}

Test(neural, validation_is_kept_and_training_stops_where_it_is_told_to)
{
    Corpus *corpus = corpus_random(9, 400);
    LearningOptions options = small_options(NETWORK_MLP, 4000);
    options.valid = 0.2;
    options.until = 2.4;
    Model *model = train_network_with(corpus, small_architecture(NETWORK_MLP), options);
    const Learning *learning = neural_learning(model);
    CHECK(learning->step < 4000);
    CHECK(learning->best_valid <= 2.4 && learning->best_step > 0);
    model_free(model);
    corpus_free(corpus);
}

/* --- predicting --- */

static void check_state(const Model *model, const TokenId *ids, size_t count, const double *logp)
{
    size_t v = model_outcomes(model);
    double p[64], sum;
    State *state = state_begin(model);
    for (size_t i = 0; i <= count; i++) {
        TokenId next = i < count ? ids[i] : vocab_end(model->vocab);
        state_predict(state, p);
        sum = 0;
        for (size_t j = 0; j < v; j++) sum += p[j];
        CHECK_NEAR(sum, 1, 1e-12);
        CHECK(state_probability(state, next) == p[next]);
        CHECK_NEAR(state_score(state, next), logp[i], neural_network(model)->exact ? 1e-15 : 1e-5);
        state_feed(state, next);
    }
    state_free(state);
}

/* One pass over a text, longer than any context, gives what feeding it token by token gives; computed
 * exactly, to the bit. */
Test(neural, scoring_a_text_is_scoring_its_tokens)
{
    Corpus *corpus = corpus_random(5, 60);
    for (int kind = 0; kind < NETWORK_KINDS; kind++)
        for (int exact = 0; exact < 2; exact++) {
            Model *model = train_network_exactly(corpus, (NetworkKind)kind, 5, exact);
            TokenId ids[40];
            double logp[41];
            for (size_t i = 0; i < 40; i++) ids[i] = (TokenId)(i * 7 % (model_outcomes(model) - 1));
            model_score_all(model, ids, 40, true, logp);
            check_state(model, ids, 40, logp);
            model_free(model);
        }
    corpus_free(corpus);
}

Test(neural, a_copied_state_goes_its_own_way)
{
    Corpus *corpus = corpus_random(5, 60);
    for (int kind = 0; kind < NETWORK_KINDS; kind++) {
        Model *model = train_network(corpus, (NetworkKind)kind, 5);
        State *state = state_after(model, "a b"), *copy = state_copy(state),
              *fresh = state_after(model, "a b c");
        double before = state_probability(state, 1);
        state_feed(copy, id_of(model, "c"));
        CHECK(state_probability(state, 1) == before);
        CHECK_NEAR(state_probability(copy, 1), state_probability(fresh, 1), 1e-6);
        state_free(state);
        state_free(copy);
        state_free(fresh);
        model_free(model);
    }
    corpus_free(corpus);
}

/* A transformer past its ctx sees the last ctx tokens only, an mlp the last n - 1. */
Test(neural, what_lies_behind_the_context_does_not_count)
{
    Corpus *corpus = corpus_random(5, 60);
    static const NetworkKind kinds[] = {NETWORK_SOFTMAX, NETWORK_MLP, NETWORK_TRANSFORMER};
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        Model *model = train_network(corpus, kinds[i], 5);
        CHECK(next_probability(model, "a b c d e f g h", "a") ==
              next_probability(model, "l k c d e f g h", "a"));
        model_free(model);
    }
    corpus_free(corpus);
}
