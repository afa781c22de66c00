/* The chain rule: factors, exact fractions, and what happens in contexts never seen. */

#include <math.h>
#include <string.h>

#include "core/model/sequence.h"
#include "tests/support/models.h"

static Arena arena;
static void finish(void) { arena_release(&arena); }
TestSuite(sequence, .fini = finish, .timeout = 20);

static Sequence score(const Model *model, const char *text, bool end)
{
    TokenId ids[IDS_MAX];
    return sequence_score(model, ids, ids_of(model, text, ids), end, &arena);
}

/* Fractions from known_answers.tsv, and counted by hand on mouse.txt. */
Test(sequence, count_models_multiply_exact_fractions)
{
    static const struct {
        int order;
        const char *text;
        bool end;
        size_t factors;
        uint64_t up, down;
    } cases[] = {
        {1, "the mouse ate the cheese", true, 6, 507, 7086244},
        {2, "the mouse ate the cheese", true, 6, 8575, 86528},
        {2, "the cheese ate the mouse", true, 6, 245, 86528},
        {3, "the mouse ate the cheese", true, 6, 12, 49},
        {3, "the cheese ate the mouse", true, 6, 1, 1680},
        {5, "the mouse ate the cheese", true, 6, 3, 8},
        {2, "the", false, 1, 7, 8},
        {2, "the mouse", false, 2, 49, 104},
        {1, "", true, 1, 2, 11},
        {1, "", false, 0, 1, 1},
        {2, "the the", false, 2, 0, 1},
        {3, "ate", true, 2, 0, 0},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        Model *model = train_built_in("mouse", counted(cases[i].order));
        Sequence sequence = score(model, cases[i].text, cases[i].end);
        CHECK_FOR(sequence.count == cases[i].factors, "row %zu: %zu factors", i, sequence.count);
        CHECK_FOR(sequence.denominator == cases[i].down, "row %zu: .../%lu", i,
                  (unsigned long)sequence.denominator);
        if (cases[i].down) {
            double wanted = (double)cases[i].up / (double)cases[i].down;
            CHECK_FOR(sequence.numerator == cases[i].up, "row %zu: %lu/...", i,
                      (unsigned long)sequence.numerator);
            CHECK_FOR(near(sequence.p, wanted, 1e-12), "row %zu: %.17g", i, sequence.p);
            CHECK_FOR(near(exp(sequence.logp), wanted, 1e-12), "row %zu: %.17g", i, sequence.logp);
        }
        model_free(model);
    }
}

Test(sequence, each_factor_tells_its_counts_and_the_product_so_far)
{
    static const struct {
        uint64_t count, total;
    } wanted[] = {{7, 8}, {7, 13}, {7, 8}, {6, 8}, {5, 13}, {5, 6}};
    Model *model = train_built_in("mouse", counted(2));
    Sequence sequence = score(model, "the mouse ate the cheese", true);
    double product = 1;
    for (size_t i = 0; i < sequence.count; i++) {
        const SequenceStep *step = &sequence.steps[i];
        double p = (double)wanted[i].count / (double)wanted[i].total;
        product *= p;
        CHECK_FOR(step->defined && step->counted, "factor %zu", i);
        CHECK_FOR(step->counts.count == wanted[i].count && step->counts.total == wanted[i].total,
                  "factor %zu: %lu/%lu", i, (unsigned long)step->counts.count,
                  (unsigned long)step->counts.total);
        CHECK_FOR(step->p == p && near(step->product, product, 1e-12), "factor %zu: %g, %g", i, step->p,
                  step->product);
    }
    CHECK_INT(sequence.steps[5].token, id_of(model, TEXT_END));
    model_free(model);
}

Test(sequence, smoothed_models_give_no_fraction)
{
    Model *models[] = {train_built_in("mouse", added(2, 1)), train_built_in("mouse", interpolated(2, true))};
    static const double wanted[] = {192.0 / 17689, 0};
    for (size_t i = 0; i < COUNT_OF(models); i++) {
        Sequence sequence = score(models[i], "the mouse ate the cheese", true);
        CHECK_FOR(sequence.denominator == 0, "model %zu", i);
        CHECK_FOR(sequence.count == (model_ends(models[i]) ? 6 : 5), "model %zu", i);
        if (wanted[i] > 0) CHECK_FOR(near(sequence.p, wanted[i], 1e-12), "model %zu: %g", i, sequence.p);
        model_free(models[i]);
    }
}

/* Decimals are fractions too: the lecture's numbers come out to the last bit. */
Test(sequence, a_table_multiplies_exactly)
{
    static const struct {
        const char *text;
        uint64_t numerator, denominator;
    } rows[] = {
        {"the mouse ate the cheese", 1, 50},    {"the cheese ate the mouse", 1, 100},
        {"mouse the the cheese ate", 1, 10000}, {"mouse the cheese ate", 1, 1000},
        {"the mouse ate the mouse", 4, 125},
    };
    Model *model = toy_model();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        Sequence s = score(model, rows[i].text, true);
        CHECK_FOR(s.numerator == rows[i].numerator && s.denominator == rows[i].denominator, "%s",
                  rows[i].text);
        CHECK_FOR(s.p == (double)rows[i].numerator / (double)rows[i].denominator, "%s: %.17g", rows[i].text,
                  s.p);
    }
    model_free(model);
}

/* "cheese mouse" was never seen: a 0/0 from there on, as long as it is in the context. */
Test(sequence, from_a_context_never_seen_on_every_factor_is_zero)
{
    static const bool defined[] = {true, true, true, false, false, true};
    Model *model = train_built_in("mouse", counted(3));
    Sequence sequence = score(model, "the cheese mouse the mouse", true);
    for (size_t i = 0; i < sequence.count; i++)
        CHECK_FOR(sequence.steps[i].defined == defined[i] || i == 5, "factor %zu", i);
    CHECK_NEAR(sequence.steps[0].p, 7.0 / 8, 1e-12);
    CHECK_NEAR(sequence.steps[1].p, 1.0 / 7, 1e-12);
    for (size_t i = 2; i < 5; i++)
        CHECK_FOR(sequence.steps[i].p == 0 && sequence.steps[i].product == 0, "%zu", i);
    CHECK(sequence.p == 0 && sequence.logp == -INFINITY);
    model_free(model);
}

Test(sequence, an_unknown_word_has_p_0_and_breaks_the_context)
{
    Model *model = train_built_in("mouse", counted(2));
    Sequence sequence = score(model, "the zebra ate", true);
    CHECK_INT(sequence.steps[1].token, TOKEN_NONE);
    CHECK(sequence.steps[1].defined && sequence.steps[1].p == 0);
    CHECK(!sequence.steps[2].defined && sequence.steps[3].defined);
    CHECK(sequence.logp == -INFINITY);
    model_free(model);
}

/* 5000 factors of 1/2: p underflows, its logarithm does not, and no fraction of counts fits. */
Test(sequence, a_long_text_keeps_its_logarithm)
{
    static TokenId ids[5000];
    Corpus *corpus = corpus_from("a\n", TOKENIZER_WORDS);
    Model *model = train_on(corpus, counted(1));
    Sequence sequence = sequence_score(model, ids, COUNT_OF(ids), true, &arena);
    CHECK_NEAR(sequence.p, 0, 0);
    CHECK_NEAR(sequence.logp, 5001 * log(0.5), 1e-8);
    CHECK_INT(sequence.denominator, 0);
    CHECK_NEAR(sequence_perplexity(sequence.logp, sequence.count), 2, 1e-12);
    sequence = sequence_score(model, ids, 53, false, &arena);
    CHECK(sequence.numerator == 1 && sequence.denominator == 1ul << 53); /* the last that a double holds */
    CHECK_INT(sequence_score(model, ids, 54, false, &arena).denominator, 0);
    model_free(model);
    corpus_free(corpus);
}

Test(sequence, the_explanation_multiplies_to_the_same_number)
{
    static const char *const texts[] = {"the mouse ate the cheese", "the cheese mouse the", "",
                                        "the zebra ate"};
    Model *models[] = {toy_model(), train_built_in("mouse", counted(2)), train_built_in("mouse", counted(3)),
                       train_built_in("mouse", added(4, 1)), train_built_in("mouse", interpolated(3, false))};
    for (size_t m = 0; m < COUNT_OF(models); m++) {
        for (size_t t = 0; t < COUNT_OF(texts); t++) {
            TokenId ids[IDS_MAX];
            size_t count = ids_of(models[m], texts[t], ids), factors = 0;
            Sequence sequence = sequence_score(models[m], ids, count, true, &arena);
            const Fact *fact = sequence_explain(models[m], ids, count, true, &arena);
            double product = 1;
            for (const Fact *reason = fact->reasons; reason; reason = reason->next) {
                CHECK_FOR(reason->value == sequence.steps[factors++].p, "model %zu, \"%s\"", m, texts[t]);
                product *= reason->value;
            }
            CHECK_FOR(factors == sequence.count && near(fact->value, product, 1e-15), "model %zu, \"%s\"", m,
                      texts[t]);
        }
        model_free(models[m]);
    }
}

Test(sequence, perplexity_is_the_geometric_mean_of_1_over_p)
{
    CHECK_NEAR(sequence_perplexity(log(1.0 / 9), 4), sqrt(3), 1e-12); /* SLP3: "I am Sam" */
    CHECK_NEAR(sequence_perplexity(-INFINITY, 3), INFINITY, 0);
    CHECK_NEAR(sequence_perplexity(0, 0), 1, 0);
}

Test(sequence, what_a_model_looks_at_begins_with_s)
{
    static const struct {
        int order;
        size_t at;
        const char *given;
    } cases[] = {
        {1, 3, ""},
        {2, 0, "<s>"},
        {2, 3, "ate"},
        {3, 0, "<s> <s>"},
        {3, 1, "<s> the"},
        {3, 5, "the cheese"},
        {8, 2, "<s> <s> <s> <s> <s> the mouse"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        TokenId ids[IDS_MAX], given[IDS_MAX];
        Model *model = train_built_in("mouse", counted(cases[i].order));
        ids_of(model, "the mouse ate the cheese", ids);
        size_t count = sequence_given(model, ids, cases[i].at, given);
        const char *text = sequence_text(model->vocab, given, count, &arena);
        CHECK_FOR(strcmp(text, cases[i].given) == 0, "row %zu: %s", i, text);
        model_free(model);
    }
}

Test(sequence, ids_are_spelled_with_their_ends)
{
    Model *model = train_built_in("sam", counted(2));
    const TokenId ids[] = {TOKEN_NONE, id_of(model, "I"), id_of(model, "am"), id_of(model, TEXT_END)};
    CHECK_STR(sequence_text(model->vocab, ids, COUNT_OF(ids), &arena), "<s> I am </s>");
    CHECK_STR(sequence_text(model->vocab, ids, 0, &arena), "");
    model_free(model);
}
