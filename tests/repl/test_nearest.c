/* The distance between two words, and which of many names are near enough to be offered. */

#include <string.h>

#include "core/base/error.h"
#include "repl/nearest.h"
#include "tests/support/check.h"

TestSuite(nearest, .timeout = 20);

Test(nearest, distances)
{
    static const struct {
        const char *a, *b;
        size_t wanted;
    } rows[] = {
        {"", "", 0},
        {"", "abc", 3},
        {"mouse", "mouse", 0},
        {"mouse", "house", 1},
        {"mouse", "mose", 1},
        {"mouse", "moouse", 1},
        {"mouse", "muose", 1},
        {"prob", "rpob", 1},
        {"prob", "porb", 1},
        {"ab", "ba", 1},
        {"abc", "cab", 2},
        {"ca", "abc", 3},
        {"kitten", "sitting", 3},
        {"Mouse", "mOUSE", 0},
        {"cheese", "chess", 2},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        size_t there = nearest_distance(rows[i].a, rows[i].b), back = nearest_distance(rows[i].b, rows[i].a);
        CHECK_FOR(there == rows[i].wanted && back == there, "%s %s: %zu and %zu, not %zu", rows[i].a,
                  rows[i].b, there, back, rows[i].wanted);
    }
}

Test(nearest, long_words_do_no_harm)
{
    char a[5001], b[5001];
    memset(a, 'a', 5000);
    memset(b, 'b', 5000);
    a[5000] = b[5000] = '\0';
    CHECK(nearest_distance(a, b) > 0);
    Nearest nearest;
    nearest_init(&nearest, a);
    nearest_offer(&nearest, "mouse");
    nearest_offer(&nearest, b);
    CHECK_INT(nearest.count, 0);
}

static void offer_all(Nearest *nearest, const char *typed, const char *const *names)
{
    nearest_init(nearest, typed);
    for (; *names; names++) nearest_offer(nearest, *names);
}

Test(nearest, best_three_nearest_first)
{
    static const char *const names[] = {"mice", "house", "mousse", "mouse", "moose", "zebra", NULL};
    Nearest nearest;
    offer_all(&nearest, "muose", names);
    CHECK_INT(nearest.count, 3);
    CHECK_STR(nearest.names[0], "mouse");
    for (size_t i = 1; i < nearest.count; i++) CHECK(nearest.distances[i - 1] <= nearest.distances[i]);
    for (size_t i = 0; i < nearest.count; i++) CHECK(strcmp(nearest.names[i], "zebra") != 0);
}

Test(nearest, nothing_far)
{
    static const char *const names[] = {"prob", "chain", "next", "x", "it", NULL};
    static const char *const typed[] = {"qqqqqqqq", "", "z", "zz", "chess-board"};
    for (size_t i = 0; i < COUNT_OF(typed); i++) {
        char sentence[160] = "full";
        Nearest nearest;
        offer_all(&nearest, typed[i], names);
        CHECK_FOR(nearest.count == 0, "%s is near %s", typed[i], nearest.names[0]);
        nearest_sentence(&nearest, sentence, sizeof sentence);
        CHECK_STR(sentence, "");
    }
}

Test(nearest, sentences_name_all)
{
    static const char *const names[] = {"abcd", "abce", "abcf", "abcg", NULL};
    for (size_t first = 0; first < 3; first++) {
        char sentence[160];
        Nearest nearest;
        offer_all(&nearest, "abcx", names + first + 1);
        nearest_sentence(&nearest, sentence, sizeof sentence);
        CHECK_INT(nearest.count, 3 - first);
        for (size_t i = 0; i < nearest.count; i++)
            CHECK_FOR(strstr(sentence, nearest.names[i]), "%s", sentence);
    }
}

Test(nearest, a_name_offered_twice_is_named_once)
{
    static const char *const names[] = {"smoothing", "smoothing", NULL};
    Nearest nearest;
    offer_all(&nearest, "smoothings", names);
    CHECK_INT(nearest.count, 1);
}
