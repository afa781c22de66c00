/* What predictions cost, against sums done by hand, and distributions as people type them. */

#include <math.h>
#include <string.h>

#include "lessons/answer.h"
#include "lessons/score.h"
#include "tests/support/check.h"

TestSuite(score, .timeout = 20);

static const Choice choices[] = {{"the cheese", false}, {"the mouse", true}, {"the ball", false}};
static const Question choice = {.type = QUESTION_CHOICE, .choices = choices, .choice_count = 3};
static const Question number = {.type = QUESTION_NUMBER, .answer = "7/13", .unit = "prob"};
static const Question size = {.type = QUESTION_NUMBER, .answer = "100", .unit = "count"};
static const Question spread = {.type = QUESTION_DISTRIBUTION, .answer = "mouse 1/2 cheese 1/4 ball 1/4"};

static Score score_of(const Question *question, const char *typed)
{
    Error error;
    Arena arena = {0};
    Guess guess;
    Score score = {.bits = NAN};
    CHECK_FOR(guess_read(question, typed, &arena, &guess, &error), "%s: %s", typed, error.message);
    if (!score_guess(question, &guess, &arena, &score)) score.bits = NAN;
    arena_release(&arena);
    return score;
}

static void refuses(const Question *question, const char *typed)
{
    Error error;
    Arena arena = {0};
    Guess guess;
    CHECK_FOR(!guess_read(question, typed, &arena, &guess, &error), "%s", typed);
    CHECK(error.message[0]);
    arena_release(&arena);
}

Test(score, choices_pay_for_the_confidence_in_the_right_one)
{
    static const struct {
        const char *typed;
        double bits;
    } rows[] = {
        {"2", 0.514573}, /* -log2 0.7 */
        {"b", 0.514573},      {"the mouse", 0.514573},
        {"1", 2.736966},     /* -log2 0.15 */
        {"2 80%", 0.321928}, /* -log2 0.8 */
        {"b 0.5", 1},         {"2 50", 1},
        {"the mouse 50%", 1}, {"3 50%", 2},         /* a quarter is left for each of the others */
        {"2 100%", 0},        {"1 100%", 9.965784}, /* not inf: -log2 0.001 */
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        Score score = score_of(&choice, rows[i].typed);
        CHECK_NEAR(score.bits, rows[i].bits, 1e-6);
        CHECK_NEAR(score.least, 0, 1e-12);
        CHECK_NEAR(score.even, 1.584963, 1e-6);
    }
    CHECK(score_of(&choice, "1 100%").certain && !score_of(&choice, "2 100%").certain);
    const char *const wrong[] = {"4", "", "what", "2 0%", "2 -1", "2 120%", "2 much", "80%"};
    for (size_t i = 0; i < COUNT_OF(wrong); i++) refuses(&choice, wrong[i]);
}

Test(score, two_right_options_are_one_event)
{
    static const Choice two[] = {{"a", true}, {"b", true}, {"c", false}, {"d", false}};
    static const Question either = {.type = QUESTION_CHOICE, .choices = two, .choice_count = 4};
    CHECK_NEAR(score_of(&either, "1 70%").bits, -log2(0.8), 1e-12);
    CHECK_NEAR(score_of(&either, "3 70%").bits, -log2(0.2), 1e-12);
    CHECK_NEAR(score_of(&either, "3 70%").even, 1, 1e-12);
}

/* H(7/13) = 0.995727; with q = 0.4: -7/13 log2 0.4 - 6/13 log2 0.6 = 0.711807 + 0.340138. */
Test(score, probabilities_are_yes_no_events)
{
    Score score = score_of(&number, "0.4");
    CHECK_NEAR(score.bits, 1.051945, 1e-6);
    CHECK_NEAR(score.least, 0.995727, 1e-6);
    CHECK_NEAR(score.even, 1, 1e-12);
    CHECK_NEAR(score_of(&number, "7/13").bits, 0.995727, 1e-6);
    CHECK_NEAR(score_of(&number, "1 bit").bits, 1, 1e-12);
    CHECK(score_of(&number, "0").certain && isfinite(score_of(&number, "0").bits));
    CHECK(isnan(score_of(&number, "1.3").bits) && isnan(score_of(&number, "-1").bits));
    refuses(&number, "about half");
    static const Question never = {.type = QUESTION_NUMBER, .answer = "0", .unit = "prob"};
    CHECK_NEAR(score_of(&never, "0").bits, 0, 1e-12);
    CHECK_NEAR(score_of(&never, "0.5").bits, 1, 1e-12);
}

Test(score, a_factor_of_two_is_one_bit)
{
    CHECK_NEAR(score_of(&size, "200").bits, 1, 1e-12);
    CHECK_NEAR(score_of(&size, "25").bits, 2, 1e-12);
    CHECK_NEAR(score_of(&size, "100").bits, 0, 1e-12);
    CHECK(isnan(score_of(&size, "200").even));
    CHECK(isnan(score_of(&size, "0").bits) && isnan(score_of(&size, "-5").bits));
    CHECK(isnan(score_of(&size, "inf").bits));
}

Test(score, distributions_pay_the_cross_entropy)
{
    static const char *const same[] = {"mouse 0.5 cheese 0.25 ball 0.25",
                                       "ball=25%, cheese=25%, mouse=50%",
                                       "mouse: 1/2; cheese: 1/4",
                                       "mouse 2 cheese 1 ball 1",
                                       "mouse 0.5",
                                       "mouse，0.5，cheese 0.25"};
    for (size_t i = 0; i < COUNT_OF(same); i++) {
        Score score = score_of(&spread, same[i]);
        CHECK_FOR(fabs(score.bits - 1.5) < 1e-12, "%s: %g", same[i], score.bits);
        CHECK_NEAR(score.least, 1.5, 1e-12);
        CHECK_NEAR(score.even, 1.584963, 1e-6);
    }
    /* 1/2 x 2 + 1/4 x 1 + 1/4 x 2 */
    CHECK_NEAR(score_of(&spread, "mouse 1/4 cheese 1/2 ball 1/4").bits, 1.75, 1e-12);
    CHECK(score_of(&spread, "mouse 1").certain);
    const char *const wrong[] = {"",
                                 "mouse",
                                 "mouse 0.5 rat 0.5",
                                 "mouse 0.5 mouse 0.5",
                                 "0.5 mouse",
                                 "mouse -0.5 cheese 1.5",
                                 "mouse 0",
                                 "mouse 0.5x"};
    for (size_t i = 0; i < COUNT_OF(wrong); i++) refuses(&spread, wrong[i]);
}

Test(score, tells_what_was_scaled)
{
    Error error;
    Arena arena = {0};
    Guess guess;
    CHECK(guess_read(&spread, "mouse 50 cheese 25 ball 25", &arena, &guess, &error) && guess.scaled);
    CHECK(guess_read(&spread, "mouse 50% cheese 25%", &arena, &guess, &error) && !guess.scaled);
    CHECK_NEAR(guess.distribution.p[2], 0.25, 1e-12);
    arena_release(&arena);
}

Test(score, a_distribution_is_a_well_posed_prediction)
{
    Error error;
    Question question = spread;
    size_t line;
    CHECK(answer_check(&question, true, &line, &error));
    CHECK(!answer_check(&question, false, &line, &error));
    CHECK(answer_matches(&question, "mouse .5 cheese .25 ball .25"));
    CHECK(!answer_matches(&question, "mouse .6 cheese .2 ball .2"));
    question.answer = "mouse 1/2 cheese 1/4";
    CHECK(!answer_check(&question, true, &line, &error));
    question.answer = "mouse";
    CHECK(!answer_check(&question, true, &line, &error));
}
