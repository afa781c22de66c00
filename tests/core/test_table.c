/* The table model: reading it, and what it says. */

#include <math.h>
#include <string.h>

#include "core/model/table.h"
#include "tests/support/models.h"

TestSuite(table_model, .timeout = 20);

Test(table_model, toy_says_what_its_file_says)
{
    static const double rows[6][5] = {
        {0.01, 0.04, 0.05, 0.10, 0.80}, {0.05, 0.15, 0.20, 0.10, 0.50}, {0.20, 0.10, 0.20, 0.20, 0.30},
        {0.25, 0.20, 0.10, 0.20, 0.25}, {0.50, 0.15, 0.15, 0.04, 0.16}, {0.05, 0.20, 0.25, 0.40, 0.10},
    };
    static const char *const words[] = {"", "ate", "ball", "cheese", "mouse", "the"};
    Model *toy = toy_model();
    for (size_t i = 0; i < 6; i++)
        for (size_t k = 0; k < 5; k++) {
            double p = next_probability(toy, words[i], words[k + 1]);
            CHECK_FOR(p == rows[i][k], "p(%s | %s) = %g", words[k + 1], words[i], p);
        }
    CHECK_INT(model_parameters(toy), 30);
    CHECK_INT(model_outcomes(toy), 5);
    CHECK(!model_ends(toy) && vocab_unknown(toy->vocab) == TOKEN_NONE);
    CHECK_INT(toy->context, 1);
    CHECK(!ngram_store(toy) && !ngram_smoothing(toy));
    model_free(toy);
}

Test(table_model, after_an_unknown_word_nothing_is_known_until_the_next_known_one)
{
    Counts counts;
    Model *toy = toy_model();
    State *state = state_after(toy, "the zebra");
    CHECK(!state_defined(state));
    CHECK_NEAR(state_probability(state, id_of(toy, "the")), 0, 0);
    CHECK(!state_counts(state, 0, &counts));
    state_feed(state, id_of(toy, "the"));
    CHECK(state_defined(state));
    CHECK_NEAR(state_probability(state, id_of(toy, "mouse")), 0.4, 0);
    state_free(state);
    model_free(toy);
}

static const struct {
    const char *text, *error;
} texts[] = {
    {"#ctx\ta\n<s>\t1\na\t1\n", NULL},
    {"#ctx\ta\tb\nb\t0\t1\n<s>\t.5\t.5\na\t0.25\t7.5e-1", NULL}, /* any order of rows, no final newline */
    {"", "line 1"},
    {"\n", "line 1"},
    {"#ctx\n", "line 1"},
    {"#ctx\ta\tb\n", "<s> is missing"},
    {"#ctx\ta\tb\n<s>\t.5\t.5\nb\t.5\t.5\n", "the row for a is missing"},
    {"#ctx\ta\tb\n<s>\t.5\t.5\nc\t.5\t.5\n", "line 3: c is not"},
    {"#ctx\ta\tb\n<s>\t.5\t.6\n", "line 2"},
    {"#ctx\ta\tb\n<s>\t1\n", "line 2"},
    {"#ctx\ta\tb\n<s>\t.5\t.25\t.25\n", "line 2"},
    {"#ctx\ta\tb\n<s>\t-1\t2\n", "line 2"},
    {"#ctx\ta\tb\n<s>\tnan\t1\n", "line 2"},
    {"#ctx\ta\tb\n<s>\tinf\t0\n", "line 2"},
    {"#ctx\ta\ta\n<s>\t.5\t.5\na\t.5\t.5\n", "line 2"},
    {"#ctx\ta\tb\n<s>\t.5\t.5\n\na\t.5\t.5\nb\t.5\t.5\n", "line 3"},
};

Test(table_model, texts_are_read_or_refused_with_their_line)
{
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        Error error = {.message = ""};
        Model *model = table_read(texts[i].text, &error);
        CHECK_FOR(!model == !!texts[i].error, "row %zu: %s", i, error.message);
        if (!model) CHECK_FOR(strstr(error.message, texts[i].error), "row %zu: %s", i, error.message);
        model_free(model);
    }
}
