/* Why a network gives a probability: the arithmetic gives it, and each word left out is another question. */

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/neural/neural.h"
#include "tests/support/models.h"
#include "tests/support/networks.h"

TestSuite(explain_network, .timeout = 20);

static const Fact *reason(const Fact *fact, size_t index)
{
    const Fact *reason = fact->reasons;
    for (; reason && index > 0; index--) reason = reason->next;
    CHECK(reason);
    return reason;
}

/* logit, largest, exp(logit - largest), sum. */
static void check_arithmetic(const Fact *fact)
{
    double logit = reason(fact, 0)->value, largest = reason(fact, 1)->value, e = reason(fact, 2)->value,
           sum = reason(fact, 3)->value;
    CHECK(largest >= logit && near(e, exp(logit - largest), 1e-12) && near(fact->value, e / sum, 1e-9));
}

/* The words left out, the strongest first, each as its own question; `count` words were asked about. */
static void check_words(const Model *model, const Fact *words, const char *const *without, size_t count,
                        const char *token, double p)
{
    size_t told = 0;
    double last = INFINITY;
    for (const Fact *one = words->reasons; one; one = one->next, told++) {
        const char *number = strrchr(one->name, ' ');
        size_t index = (size_t)atoi(number + 1) - 1;
        CHECK(index < count);
        CHECK_FOR(near(one->value, next_probability(model, without[index], token), 1e-6),
                  "%s: %.9g, not %.9g", one->name, one->value,
                  next_probability(model, without[index], token));
        CHECK(fabs(one->value - p) <= last);
        last = fabs(one->value - p);
    }
    CHECK_INT(told, count);
}

Test(explain_network, the_value_is_what_is_predicted)
{
    static const char *const without[] = {"mouse ate the", "the ate the", "the mouse the", "the mouse ate"};
    Corpus *mouse = corpus_built_in("mouse", TOKENIZER_WORDS);
    for (int kind = 0; kind < NETWORK_KINDS; kind++) {
        Model *model = train_network(mouse, (NetworkKind)kind, 20);
        State *state = state_after(model, "the mouse ate the");
        double p[64];
        state_predict(state, p);
        for (size_t i = 0; i < model_outcomes(model); i++) {
            Arena arena = {0};
            const Fact *fact = state_explain(state, (TokenId)i, &arena);
            CHECK(fact->value == p[i]);
            check_arithmetic(fact);
            /* softmax sees one word; the transformer's window of four has no room for <s> */
            if (kind != NETWORK_SOFTMAX && kind != NETWORK_TRANSFORMER)
                check_words(model, reason(fact, 4), without, 4, vocab_text(model->vocab, (TokenId)i), p[i]);
            arena_release(&arena);
        }
        state_free(state);
        model_free(model);
    }
    corpus_free(mouse);
}

Test(explain_network, nothing_said_nothing_left_out)
{
    Corpus *mouse = corpus_built_in("mouse", TOKENIZER_WORDS);
    Model *model = train_network(mouse, NETWORK_LSTM, 5);
    State *state = state_begin(model);
    Arena arena = {0};
    const Fact *fact = state_explain(state, 0, &arena);
    CHECK_STR(fact->name, "p(ate | <s>)");
    CHECK(!reason(fact, 3)->next);
    arena_release(&arena);
    state_free(state);
    model_free(model);
    corpus_free(mouse);
}
