#include "lessons/predicate.h"

#include <math.h>
#include <string.h>

#include "tests/support/check.h"

TestSuite(predicate, .timeout = 20);

static bool used(void *context, const char *verb)
{
    (void)context;
    return strcmp(verb, "sample") == 0;
}

static bool find(void *context, const char *path, PredicateValue *value)
{
    static const struct {
        const char *path;
        PredicateValue value;
    } known[] = {
        {"last.T", {true, 0.5, NULL}},
        {"last.p", {true, 7.0 / 13, NULL}},
        {"last.perplexity", {true, INFINITY, NULL}},
        {"last.bad", {true, NAN, NULL}},
        {"last.text", {false, 0, "the cheese"}},
        {"model.order", {true, 3, NULL}},
        {"model.name", {false, 0, "toy"}},
    };
    ++*(int *)context;
    for (size_t i = 0; i < COUNT_OF(known); i++)
        if (strcmp(known[i].path, path) == 0) return *value = known[i].value, true;
    return false;
}

Test(predicate, holds_or_not)
{
    static const struct {
        const char *text;
        bool holds;
    } rows[] = {
        {"used sample", true},
        {"  used   sample  ", true},
        {"used prob", false},
        {"last.T == 0.5", true},
        {"last.T==.5", true},
        {"last.T != 0.5", false},
        {"last.T == 1/2", true},
        {"last.T == 50%", true},
        {"last.T < 1", true},
        {"last.T > 1", false},
        {"last.T <= 0.5", true},
        {"last.T >= 0.5", true},
        {"last.T < 0.5", false},
        {"last.T > -1", true},
        {"last.p == 0.53846153846", true},
        {"last.p == 0.538461", false},
        {"last.p <= 0.538461538461", true},
        {"last.p < 0.538461538462", false},
        {"last.perplexity == inf", true},
        {"last.perplexity > 1000", true},
        {"last.perplexity == 1e300", false},
        {"last.perplexity < inf", false},
        {"last.bad == 1", false},
        {"last.bad != 1", false},
        {"last.bad <= 1", false},
        {"last.text == \"the cheese\"", true},
        {"last.text==\"the cheese\"", true},
        {"last.text == \"the\"", false},
        {"last.text == \"the cheeses\"", false},
        {"last.text != \"the\"", true},
        {"last.text == 1", false},
        {"last.T == \"0.5\"", false},
        {"last.nothing == 1", false},
        {"last.nothing != 1", false},
        {"used sample and last.T == 0.5 and model.order >= 3", true},
        {"used sample and last.T == 0.5 and model.order >= 4", false},
        {"last.text != \"a and b\" and model.name == \"toy\"", true},
        {"used prob and used sample", false},
        {"used sample and", false},
        {"", false},
    };
    int asked = 0;
    PredicateWorld world = {used, find, &asked};
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        CHECK_FOR(predicate_holds(rows[i].text, &world) == rows[i].holds, "%s", rows[i].text);
    CHECK(asked > 0);
}

Test(predicate, names_what_is_badly_written)
{
    static const struct {
        const char *text, *message;
        size_t start, length;
    } rows[] = {
        {"", "this is not a condition", 0, 0},
        {"sample", "this is not a condition", 0, 6},
        {"use sample", "this is not a condition", 0, 3},
        {"== 3", "this is not a condition", 0, 2},
        {"used", "used needs a command", 4, 0},
        {"used sample and", "this does not belong to the condition", 12, 3},
        {"used sample and ", "this is not a condition", 16, 0},
        {"used sample or used prob", "this does not belong to the condition", 12, 2},
        {"last.T", "a comparison is missing", 6, 0},
        {"last.T = 3", "a comparison is missing", 7, 1},
        {"last.T ==", "a value is missing", 9, 0},
        {"last.T == cold", "a value is missing", 10, 4},
        {"last.T == 3x", "a value is missing", 10, 2},
        {"last.T == 1/0", "a value is missing", 10, 3},
        {"last.text == \"the", "the quotation mark is never closed", 13, 4},
        {"last.text < \"the\"", "a text is neither more nor less than another", 12, 5},
        {"last.T == 0 last.p == 1", "this does not belong to the condition", 12, 6},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        Error error;
        CHECK_FOR(!predicate_check(rows[i].text, &error), "%s", rows[i].text);
        CHECK_STR(error.message, rows[i].message);
        CHECK_FOR(error.start == rows[i].start && error.length == rows[i].length, "%s: at %zu, %zu",
                  rows[i].text, error.start, error.length);
        CHECK_FOR(*error.hint, "%s", rows[i].text);
    }
}

Test(predicate, refuses_endless_names)
{
    char text[300];
    Error error;
    memset(text, 'a', sizeof text);
    strcpy(text + 280, ".b == 1");
    CHECK(!predicate_check(text, &error));
    memcpy(text, "used ", 5);
    CHECK(!predicate_check(text, &error));
    CHECK(predicate_check("used lesson and last.T == inf and model.smooth == \"kn\"", &error));
}
