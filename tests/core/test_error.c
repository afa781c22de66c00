/* Errors: one sentence, one hint, one place, and never half a character. */

#include <string.h>

#include "core/base/error.h"
#include "core/base/utf8.h"
#include "tests/support/check.h"

TestSuite(error, .timeout = 20);

Test(error, setting_one_returns_false_and_clears_hint_and_place)
{
    Error error;
    CHECK(!error_set(&error, "line %d", 3));
    CHECK(!error_hint(&error, "try %s", "that"));
    CHECK(!error_place(&error, 4, 2));
    CHECK_STR(error.message, "line 3");
    CHECK_STR(error.hint, "try that");
    CHECK_INT(error.start, 4);
    CHECK_INT(error.length, 2);
    CHECK(!error_set(&error, "other"));
    CHECK_STR(error.message, "other");
    CHECK_STR(error.hint, "");
    CHECK_INT(error.start, 0);
    CHECK_INT(error.length, 0);
}

/* Any number of bytes before characters of 1 to 4 bytes: what is kept is whole and as long as can be. */
Test(error, long_text_is_cut_at_a_whole_character)
{
    static const char *const characters[] = {"a", "é", "中", "😀"};
    for (size_t c = 0; c < COUNT_OF(characters); c++)
        for (size_t before = 0; before < 300; before++) {
            char text[2000] = "";
            size_t width = strlen(characters[c]);
            memset(text, 'x', before);
            for (size_t i = 0; i < 200; i++) memcpy(text + before + i * width, characters[c], width + 1);
            Error error;
            error_set(&error, "%s", text);
            error_hint(&error, "%s", text);
            size_t room = sizeof error.message - 1;
            size_t wanted = strlen(text) <= room ? strlen(text)
                            : before >= room     ? room
                                                 : room - (room - before) % width;
            CHECK_FOR(strlen(error.message) == wanted, "%s after %zu: %zu bytes", characters[c], before,
                      strlen(error.message));
            CHECK_FOR(memcmp(error.message, text, wanted) == 0, "%s after %zu", characters[c], before);
            CHECK_FOR(strcmp(error.hint, error.message) == 0, "%s after %zu: hint", characters[c], before);
        }
}

Test(error, text_that_just_fits_is_kept_whole)
{
    char text[256] = "";
    for (size_t i = 0; i < 85; i++) memcpy(text + 3 * i, "中", 4); /* 255 bytes */
    Error error;
    error_set(&error, "%s", text);
    CHECK_STR(error.message, text);
}
