/* From counts to probabilities: hand-computed fractions, and explanations that say how. */

#include <math.h>
#include <string.h>

#include "tests/support/models.h"

TestSuite(smoothing, .timeout = 20);

Test(smoothing, names_are_found_again)
{
    static const char *const names[] = {"mle", "add", "interp"};
    SmoothingKind kind;
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        CHECK_FOR(smoothing_find(names[i], &kind) && kind == (SmoothingKind)i, "%s", names[i]);
        CHECK_STR(smoothing_name((SmoothingKind)i), names[i]);
    }
    CHECK(!smoothing_find("laplace", &kind) && !smoothing_find("", &kind));
}

/* mouse.txt counted by hand: 44 tokens with </s>: the 13, mouse 8, ate 8;
 * c(the) = 13 of which mouse 7, cheese 5, ball 1; c(mouse) = 8 of which ate 7; V = 6. */
Test(smoothing, mouse_by_hand)
{
    static const struct {
        int order;
        Smoothing smoothing;
        const char *given, *token;
        double wanted;
    } cases[] = {
        {2, {SMOOTH_MLE, 0, {0}}, "the", "mouse", 7.0 / 13},
        {2, {SMOOTH_MLE, 0, {0}}, "the", "the", 0},
        {2, {SMOOTH_ADD, 1, {0}}, "the", "mouse", 8.0 / 19},
        {2, {SMOOTH_ADD, 0.5, {0}}, "the", "the", 0.5 / 16},
        {3, {SMOOTH_ADD, 1, {0}}, "cheese mouse", "ate", 1.0 / 6},
        {1, {SMOOTH_INTERP, 0, {1}}, "the", "the", 13.0 / 44},
        {2, {SMOOTH_INTERP, 0, {0.5, 0.5}}, "the", "mouse", 0.5 * 7 / 13 + 0.5 * 8 / 44},
        {2, {SMOOTH_INTERP, 0, {0.75, 0.25}}, "the", "the", 0.25 * 13 / 44},
        {3, {SMOOTH_INTERP, 0, {0.5, 0.3, 0.2}}, "the mouse", "ate", 3.0 / 7 + 0.3 * 7 / 8 + 0.2 * 8 / 44},
        /* "ball the" was never seen: its weight goes to "the"; after an unknown word all goes to no word */
        {3, {SMOOTH_INTERP, 0, {0.5, 0.3, 0.2}}, "ball the", "mouse", 0.8 * 7 / 13 + 0.2 * 8 / 44},
        {3, {SMOOTH_INTERP, 0, {0.5, 0.3, 0.2}}, "zebra the", "mouse", 0.8 * 7 / 13 + 0.2 * 8 / 44},
        {3, {SMOOTH_INTERP, 0, {0.5, 0.3, 0.2}}, "the zebra", "the", 13.0 / 44},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        NgramOptions options = {.order = cases[i].order, .smoothing = cases[i].smoothing};
        Model *model = train_built_in("mouse", options);
        double p = next_probability(model, cases[i].given, cases[i].token);
        CHECK_FOR(near(p, cases[i].wanted, 1e-12), "row %zu: %.17g, not %.17g", i, p, cases[i].wanted);
        model_free(model);
    }
}

Test(smoothing, only_mle_has_contexts_without_a_distribution)
{
    static const char *const contexts[] = {"", "the", "cheese mouse", "zebra", "the zebra", "zebra the"};
    static const bool defined[] = {true, true, false, false, false, false};
    Model *mle = train_built_in("mouse", counted(3)), *add = train_built_in("mouse", added(3, 0.01)),
          *interp = train_built_in("mouse", interpolated(3, true));
    for (size_t i = 0; i < COUNT_OF(contexts); i++) {
        State *a = state_after(mle, contexts[i]), *b = state_after(add, contexts[i]),
              *c = state_after(interp, contexts[i]);
        CHECK_FOR(state_defined(a) == defined[i], "mle after \"%s\"", contexts[i]);
        CHECK_FOR(state_defined(b) && state_defined(c), "after \"%s\"", contexts[i]);
        state_free(a);
        state_free(b);
        state_free(c);
    }
    model_free(mle);
    model_free(add);
    model_free(interp);
}

static const struct {
    int kind; /* 0 mle, 1 add, 2 interp */
    const char *given, *name, *formula;
    double counts[2]; /* the first two counts below */
} explained[] = {
    {0, "the mouse", "p(ate | the mouse)", "count(the mouse ate) / count(the mouse ...)", {6, 7}},
    {0, "", "p(ate | <s> <s>)", "count(<s> <s> ate) / count(<s> <s> ...)", {0, 8}},
    {0, "zebra the", "p(ate | (?) the)", "count((?) the ate) / count((?) the ...)", {0, 0}},
    {1,
     "the mouse",
     "p(ate | the mouse)",
     "(count(the mouse ate) + k) / (count(the mouse ...) + k V)",
     {6, 7}},
};

Test(smoothing, explanations_name_the_counts)
{
    Model *models[] = {train_built_in("mouse", counted(3)), train_built_in("mouse", added(3, 1))};
    for (size_t i = 0; i < COUNT_OF(explained); i++) {
        Arena arena = {0};
        const Model *model = models[explained[i].kind];
        State *state = state_after(model, explained[i].given);
        const Fact *fact = state_explain(state, id_of(model, "ate"), &arena);
        CHECK_STR(fact->name, explained[i].name);
        CHECK_STR(fact->formula, explained[i].formula);
        CHECK_FOR(fact->reasons->value == explained[i].counts[0], "row %zu: %g", i, fact->reasons->value);
        CHECK_FOR(fact->reasons->next->value == explained[i].counts[1], "row %zu: %g", i,
                  fact->reasons->next->value);
        bool note = fact->reasons->next->next && fact->reasons->next->next->kind == FACT_NOTE;
        CHECK_FOR(note == (explained[i].counts[1] == 0), "row %zu: 0/0 is said", i);
        state_free(state);
        arena_release(&arena);
    }
    for (size_t i = 0; i < COUNT_OF(models); i++) model_free(models[i]);
}

/* The value of an interpolation is the sum of weight x part that its formula writes down. */
Test(smoothing, an_interpolation_lists_the_orders_it_used)
{
    static const struct {
        const char *given;
        size_t parts;
        double weights[3];
    } cases[] = {
        {"the mouse", 3, {0.5, 0.3, 0.2}},
        {"ball the", 2, {0.8, 0.2}},
        {"the zebra", 1, {1}},
    };
    NgramOptions options = {.order = 3, .smoothing = {.kind = SMOOTH_INTERP, .weights = {0.5, 0.3, 0.2}}};
    Model *model = train_built_in("mouse", options);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        Arena arena = {0};
        State *state = state_after(model, cases[i].given);
        const Fact *fact = state_explain(state, id_of(model, "ate"), &arena), *part = fact->reasons;
        double sum = 0;
        for (size_t k = 0; k < cases[i].parts; k++, part = part->next) {
            CHECK_FOR(part && part->kind == FACT_PROBABILITY, "row %zu, part %zu", i, k);
            sum += cases[i].weights[k] * part->value;
        }
        CHECK_FOR(near(fact->value, sum, 1e-12), "row %zu: %g, not %g", i, fact->value, sum);
        CHECK_FOR(!part == (i == 0) && (!part || part->kind == FACT_NOTE), "row %zu: passing on is said", i);
        state_free(state);
        arena_release(&arena);
    }
    model_free(model);
}
