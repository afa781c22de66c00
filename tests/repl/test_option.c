/* The option table keeps its own rules, and values are read as learners write them. */

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "repl/option.h"
#include "tests/support/check.h"

TestSuite(option, .timeout = 20);

static bool reads(OptionId id, const char *text, OptionValue *value, Error *error)
{
    Word word = {.text = text, .start = 7, .length = strlen(text)};
    return option_read(id, &word, value, error);
}

static OptionId named(const char *key)
{
    for (OptionId id = 0; id < OPTION_COUNT; id++)
        if (strcmp(option_table[id].key, key) == 0) return id;
    CHECK_FOR(false, "there is no option %s", key);
    return OPTION_COUNT;
}

Test(option, every_row_is_complete)
{
    for (OptionId id = 0; id < OPTION_COUNT; id++) {
        const Option *option = &option_table[id];
        CHECK_FOR(option->key && option->key[0], "row %d has no key", (int)id);
        CHECK_FOR(option->summary && option->summary[0], "%s has no summary", option->key);
        CHECK_FOR(option->summary[strlen(option->summary) - 1] != '.', "%s: full stop", option->key);
        CHECK_FOR(option->type != OPTION_CHOICE || option->choices, "%s: choices", option->key);
        CHECK_FOR(option->type != OPTION_TEXT || !option->choices, "%s: choices", option->key);
        CHECK_FOR(option->least <= option->most, "%s: range", option->key);
    }
}

Test(option, every_fallback_is_a_value)
{
    for (OptionId id = 0; id < OPTION_COUNT; id++) {
        Error error;
        OptionValue value;
        const char *fallback = option_table[id].fallback;
        if (!fallback) continue;
        CHECK_FOR(reads(id, fallback, &value, &error), "%s=%s: %s", option_table[id].key, fallback,
                  error.message);
        CHECK_STR(value.text, fallback);
    }
}

Test(option, every_choice_is_a_value_and_nothing_else_is)
{
    for (OptionId id = 0; id < OPTION_COUNT; id++) {
        Error error;
        OptionValue value;
        const char *choices = option_table[id].choices, *choice;
        if (!choices) continue;
        for (size_t length; (length = option_next_choice(&choices, &choice)) > 0;) {
            char text[32];
            snprintf(text, sizeof text, "%.*s", (int)length, choice);
            CHECK_FOR(reads(id, text, &value, &error), "%s=%s", option_table[id].key, text);
            text[length - 1] = '~';
            CHECK_FOR(!reads(id, text, &value, &error), "%s=%s", option_table[id].key, text);
        }
        CHECK_FOR(!reads(id, option_table[id].choices, &value, &error) ||
                      !strchr(option_table[id].choices, '|'),
                  "%s", option_table[id].key);
        CHECK_FOR(strstr(error.message, option_table[id].key) && error.start == 7, "%s", error.message);
    }
}

Test(option, ranges_hold_at_both_ends)
{
    for (OptionId id = 0; id < OPTION_COUNT; id++) {
        const Option *option = &option_table[id];
        Error error;
        OptionValue value;
        char least[64], most[64], below[64], above[64];
        if (option->type != OPTION_NUMBER && option->type != OPTION_WHOLE) continue;
        snprintf(least, sizeof least, "%.17g", option->least);
        snprintf(most, sizeof most, "%.17g", option->most);
        snprintf(below, sizeof below, "%.17g", option->least - 1);
        snprintf(above, sizeof above, "%.17g", option->most * 2 + 1);
        CHECK_FOR(reads(id, least, &value, &error), "%s=%s: %s", option->key, least, error.message);
        CHECK_FOR(reads(id, most, &value, &error), "%s=%s: %s", option->key, most, error.message);
        CHECK_FOR(!reads(id, below, &value, &error), "%s=%s", option->key, below);
        CHECK_FOR(isinf(option->most) || !reads(id, above, &value, &error), "%s=%s", option->key, above);
    }
}

Test(option, numbers_as_learners_write_them)
{
    static const struct {
        const char *text;
        double wanted;
    } rows[] = {
        {"0.5", 0.5},     {".5", 0.5},        {"1.", 1},       {"1e9", 1e9},    {"1E-3", 1e-3},
        {"1/3", 1.0 / 3}, {"7/13", 7.0 / 13}, {"50%", 0.5},    {"0.1%", 0.001}, {"-1", -1},
        {"+2", 2},        {"inf", INFINITY},  {"∞", INFINITY}, {"0", 0},        {"007", 7},
        {"1e308", 1e308}, {"0/5", 0},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        double number = NAN;
        CHECK_FOR(number_read(rows[i].text, &number), "%s is refused", rows[i].text);
        CHECK_FOR(number == rows[i].wanted, "%s is read as %g", rows[i].text, number);
    }
}

Test(option, what_is_no_number)
{
    static const char *const rows[] = {"",      " ",        "abc",  "nan", "NaN",   "0x10", "1/0",
                                       "1e999", "1e",       "1/",   "/3",  "%",     "1%%",  "1/2/3",
                                       "1,5",   "infinity", "-inf", "1 2", " 1",    "1 ",   "--1",
                                       "1.2.3", "1/3%",     ".",    "e5",  "1_000", "1f",   "１"};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        double number = 0;
        CHECK_FOR(!number_read(rows[i], &number), "%s is read as %g", rows[i], number);
    }
}

Test(option, refusals_name_range_and_place)
{
    static const struct {
        const char *key, *text, *word;
    } rows[] = {
        {"T", "-1", "0"},          {"T", "abc", "number"},   {"T", "nan", "number"},
        {"T", "0x10", "number"},   {"T", "1/0", "number"},   {"T", "", "needs a value"},
        {"top_k", "0.5", "whole"}, {"top_k", "-1", "whole"}, {"n", "0", "whole"},
        {"top_p", "2", "1"},       {"top_p", "inf", "1"},    {"max", "0", "whole"},
        {"digits", "99", "17"},    {"seed", "-1", "whole"},  {"eos", "maybe", "on|off"},
        {"base", "3", "2|e|10"},   {"as", "xml", "json"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        Error error;
        OptionValue value;
        CHECK_FOR(!reads(named(rows[i].key), rows[i].text, &value, &error), "%s=%s", rows[i].key,
                  rows[i].text);
        CHECK_FOR(strstr(error.message, rows[i].word), "%s=%s: %s", rows[i].key, rows[i].text, error.message);
        CHECK_FOR(error.hint[0] && error.start == 7, "%s=%s has no hint or place", rows[i].key, rows[i].text);
    }
}

Test(option, lists_are_taken_whole)
{
    Arena arena = {0};
    Error error;
    OptionValue value;
    Word words[] = {{.text = "0.5", .start = 8, .length = 3},
                    {.text = "1/4", .start = 12, .length = 3},
                    {.text = "25%", .start = 16, .length = 3}};
    OptionWords list = {.key = {.text = "weights", .start = 0, .length = 7}, .values = words, .count = 3};
    CHECK(option_read_list(OPT_WEIGHTS, &list, &value, &arena, &error));
    CHECK_INT(value.count, 3);
    CHECK_NEAR(value.numbers[0] + value.numbers[1] + value.numbers[2], 1, 1e-15);
    CHECK(value.start == 0 && value.length == 19);
    words[1].text = "x";
    CHECK(!option_read_list(OPT_WEIGHTS, &list, &value, &arena, &error));
    CHECK_INT(error.start, 12);
    arena_release(&arena);
}

Test(option, found_among_the_accepted_only)
{
    CHECK_INT(option_find("T", OPTIONS(OPT_T, OPT_TOP_K)), OPT_T);
    CHECK_INT(option_find("temperature", OPTIONS(OPT_T)), OPT_T);
    CHECK_INT(option_find("T", OPTIONS(OPT_TOP_K)), OPTION_COUNT);
    CHECK_INT(option_find("t", OPTIONS(OPT_T)), OPTION_COUNT);
    CHECK_INT(option_find("n", OPTIONS(OPT_DRAWS)), OPT_DRAWS);
    CHECK_INT(option_find("n", OPTIONS(OPT_ORDER)), OPT_ORDER);
    CHECK_INT(option_find("order", OPTIONS(OPT_ORDER)), OPT_ORDER);
}
