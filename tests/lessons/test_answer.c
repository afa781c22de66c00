#include "lessons/answer.h"

#include <math.h>

#include "tests/support/check.h"

TestSuite(answer, .timeout = 20);

Test(answer, reads_numbers_in_any_honest_form)
{
    static const struct {
        const char *text, *unit;
        double value;
    } rows[] = {
        {"8575/86528", "prob", 8575.0 / 86528},
        {" 7 / 13 ", "prob", 7.0 / 13},
        {"0.0991", NULL, 0.0991},
        {".0991", NULL, 0.0991},
        {"9.91%", "prob", 0.0991},
        {"9.91 %", "prob", 0.0991},
        {"1e-3", NULL, 0.001},
        {"1E+3", NULL, 1000},
        {"+2", NULL, 2},
        {"-1.3863", NULL, -1.3863},
        {"p = 0.5", "prob", 0.5},
        {"P=1/4", "prob", 0.25},
        {"= 3", NULL, 3},
        {"0.02.", NULL, 0.02},
        {"\t13 ", "count", 13},
        {"3 bits", "prob", 0.125},
        {"1 bit", "prob", 0.5},
        {"3bits", "prob", 0.125},
        {"2.31 nats", "prob", 0.09926125},
        {"p = 3 Bits", "prob", 0.125},
        {"2.31 nats", "bits", 3.3326255},
        {"3.335 bits", "bits", 3.335},
        {"0.0991", "bits", 0.0991},
        {"7/13", "bits", 7.0 / 13},
        {"1 bit", "nats", 0.69314718},
        {"1.5 nat", "nats", 1.5},
        {"1.5 nats", NULL, 1.5},
        {"inf", NULL, INFINITY},
        {"∞", NULL, INFINITY},
        {"-Infinity", NULL, -INFINITY},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        double value = NAN;
        CHECK_FOR(answer_number(rows[i].text, rows[i].unit, &value), "unread: %s", rows[i].text);
        CHECK_FOR(value == rows[i].value || fabs(value - rows[i].value) < 1e-7, "%s: %g", rows[i].text,
                  value);
    }
}

Test(answer, refuses_what_is_no_number)
{
    static const char *const rows[] = {
        "",     " ",    "mouse", "0,5",      "1.000,5", "1/0",   "0/0",      "1/",     "/2",
        "1//2", "0x10", "nan",   "infinite", "1e999",   "1 2",   "5 apples", ".",      "-",
        "%",    "p",    "p =",   "1e-3e",    "3 bitsy", "1/2/3", "--1",      "0.5 .5",
    };
    double value;
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        CHECK_FOR(!answer_number(rows[i], NULL, &value), "read: %s", rows[i]);
    CHECK(!answer_number("3 bits", "count", &value));
}

Test(answer, tells_the_step_of_the_last_digit)
{
    static const struct {
        const char *text;
        double value, step;
        const char *rest;
    } rows[] = {
        {"13 words", 13, 1, " words"},
        {"0.0991", 0.0991, 1e-4, ""},
        {".5x", 0.5, 0.1, "x"},
        {"1.20e-3", 0.0012, 1e-5, ""},
        {"0.53...", 0.53, 0.01, "..."},
        {"3.", 3, 1, "."},
        {"2e", 2, 1, "e"},
        {"2e+", 2, 1, "e+"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const char *at = rows[i].text;
        double value, step;
        CHECK(answer_digits(&at, &value, &step));
        CHECK_NEAR(value, rows[i].value, 1e-15);
        CHECK_NEAR(step, rows[i].step, 1e-15);
        CHECK_STR(at, rows[i].rest);
    }
}

static const Wrong near_misses[] = {
    {"0.118921", "left out the end", 1},
    {"0.113258", "left out the start", 2},
    {"0.375", "whole sentences", 3},
};

static Question number(const char *answer, const char *unit, double tolerance, bool relative)
{
    return (Question){.type = QUESTION_NUMBER,
                      .answer = answer,
                      .unit = unit,
                      .tolerance = tolerance,
                      .relative = relative};
}

Test(answer, judges_numbers)
{
    static const struct {
        const char *answer, *unit, *typed;
        bool right;
    } rows[] = {
        {"8575/86528", "prob", "8575/86528", true},
        {"8575/86528", "prob", "0.0991", true},
        {"8575/86528", "prob", "0.099", true},
        {"8575/86528", "prob", "0.0995", true}, /* within half a percent */
        {"8575/86528", "prob", "0.0997", false},
        {"8575/86528", "prob", "9.9%", true},
        {"8575/86528", "prob", "3.3 bits", true},
        {"8575/86528", "prob", "3.335 bits", true},
        {"8575/86528", "prob", "3.4 bits", false},
        {"8575/86528", "prob", "2.3 nats", true},
        {"8575/86528", "prob", "0.1", false}, /* one digit */
        {"8575/86528", "prob", "0.10", true}, /* two */
        {"8575/86528", "prob", "0.11", false},
        {"3.335", "bits", "3.3", true},
        {"3.335", "bits", "3", false},
        {"3.335", "bits", "2.31 nats", true},
        {"3.335", "bits", "mouse", false},
        {"0.02", "prob", "2/100", true},
        {"0.02", "prob", "0.02", true},
        {"0", "prob", "0", true},
        {"0", "prob", "0.001", false},
        {"inf", NULL, "inf", true},
        {"inf", NULL, "1000000", false},
        {"5", NULL, "inf", false},
        {"-1.3863", NULL, "-1.39", true},
        {"-1.3863", NULL, "1.39", false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        Question question = number(rows[i].answer, rows[i].unit, 0.005, true);
        CHECK_FOR(answer_matches(&question, rows[i].typed) == rows[i].right, "%s for %s", rows[i].typed,
                  rows[i].answer);
    }
}

Test(answer, keeps_to_the_tolerance_asked_for)
{
    Question absolute = number("10", NULL, 0.5, false), count = number("1028", "count", 0, true);
    CHECK(answer_matches(&absolute, "10.5") && answer_matches(&absolute, "9.5"));
    CHECK(!answer_matches(&absolute, "10.6"));
    CHECK(answer_matches(&count, "1028") && answer_matches(&count, "1.03e3"));
    CHECK(!answer_matches(&count, "1027") && !answer_matches(&count, "1030"));
}

Test(answer, tells_near_misses_from_answers)
{
    Question question = number("8575/86528", "prob", 0.005, true), wide = number("0.1", "prob", 0.05, false);
    question.wrongs = near_misses, question.wrong_count = COUNT_OF(near_misses);
    wide.wrongs = near_misses, wide.wrong_count = COUNT_OF(near_misses);
    CHECK_STR(answer_wrong(&question, "0.1189"), "left out the end");
    CHECK_STR(answer_wrong(&question, "0.12"), "left out the end");
    CHECK_STR(answer_wrong(&question, "11.3%"), "left out the start");
    CHECK_STR(answer_wrong(&question, "3/8"), "whole sentences");
    CHECK(!answer_wrong(&question, "0.0991") && !answer_wrong(&question, "0.25") &&
          !answer_wrong(&question, "x"));
    CHECK(answer_matches(&question, "0.0991"));
    CHECK(answer_matches(&wide, "0.105") && !answer_matches(&wide, "0.11")); /* nearer to 0.113258 */
    CHECK(!answer_wrong(&wide, "0.105"));
}

Test(answer, judges_choices)
{
    static const Choice choices[] = {{"the cheese", false}, {"the mouse", true}, {"Nothing at all", false}};
    static const Wrong wrongs[] = {{"1", "needs memory", 1}, {"c", "it must write", 2}};
    static const struct {
        const char *typed;
        bool known;
        size_t index;
    } rows[] = {
        {"1", true, 0},
        {" 2 ", true, 1},
        {"b", true, 1},
        {"B)", true, 1},
        {"(c)", true, 2},
        {"3.", true, 2},
        {"the mouse", true, 1},
        {"NOTHING  at all", true, 2},
        {"\"the mouse\"", true, 1},
        {"0", false, 0},
        {"4", false, 0},
        {"d", false, 0},
        {"mouse", false, 0},
        {"", false, 0},
        {"2 3", false, 0},
        {"99999999999999999999", false, 0},
    };
    Question question = {
        .type = QUESTION_CHOICE, .choices = choices, .choice_count = 3, .wrongs = wrongs, .wrong_count = 2};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        size_t index = 0;
        CHECK_FOR(answer_choice(&question, rows[i].typed, &index) == rows[i].known, "%s", rows[i].typed);
        CHECK_FOR(index == rows[i].index, "%s", rows[i].typed);
        CHECK(answer_matches(&question, rows[i].typed) == (rows[i].known && rows[i].index == 1));
    }
    CHECK_STR(answer_wrong(&question, "a"), "needs memory");
    CHECK_STR(answer_wrong(&question, "nothing at all"), "it must write");
    CHECK(!answer_wrong(&question, "2") && !answer_wrong(&question, "7"));
}

Test(answer, judges_texts)
{
    static const Wrong wrongs[] = {{"the  dog", "no dog here", 1}};
    static const struct {
        const char *typed;
        bool right;
    } rows[] = {
        {"the mouse", true},
        {"  The   MOUSE ", true},
        {"\"the mouse\"", true},
        {"' the mouse '", true},
        {"a mouse", true},
        {"ｔｈｅ mouse", true},
        {"École", true},
        {"éCOLE", true},
        {"mouse", false},
        {"the mouse | a mouse", false},
        {"", false},
        {"\"\"", false},
        {"themouse", false},
        {"the\xff", false},
    };
    Question question = {
        .type = QUESTION_TEXT, .answer = "the mouse | a mouse | école", .wrongs = wrongs, .wrong_count = 1};
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        CHECK_FOR(answer_matches(&question, rows[i].typed) == rows[i].right, "%s", rows[i].typed);
    CHECK_STR(answer_wrong(&question, "The dog"), "no dog here");
    CHECK(!answer_wrong(&question, "the mouse"));
}
