/* Labelled lines: what can stand in such a file, what a blocked word is, and the figures. */

#include "core/text/labelled.h"

#include <math.h>
#include <string.h>

#include "tests/support/check.h"

TestSuite(labelled, .timeout = 20);

static bool reads(const char *text, Arena *arena, LabelledText *lines, Error *error)
{
    return labelled_read(text, strlen(text), arena, lines, error);
}

Test(labelled, labels_groups_and_texts)
{
    Arena arena = {0};
    Error error;
    LabelledText lines;
    CHECK(reads("1\tyou mouse\r\n\n0\ttown\tgood cheese\n0\t", &arena, &lines, &error));
    CHECK_INT(lines.count, 2 + 1);
    CHECK(lines.lines[0].label == LABEL_BAD && !lines.lines[0].group);
    CHECK_STR(lines.lines[0].text, "you mouse");
    CHECK(lines.lines[1].label == LABEL_GOOD);
    CHECK_STR(lines.lines[1].group, "town");
    CHECK_STR(lines.lines[1].text, "good cheese");
    arena_release(&arena);
}

Test(labelled, what_is_no_such_line_is_named)
{
    static const struct {
        const char *text, *error;
    } rows[] = {{"0\ta\nthe mouse\n", "line 2"},
                {"2\ta\n", "line 1"},
                {"0 a\n", "line 1"},
                {"", "no line"},
                {"\n\n", "no line"},
                {"0\ta\n\n\xff\n", "not UTF-8"},
                {"1", "line 1"},
                {"0\ta\n01\tb\n", "line 2"}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        Arena arena = {0};
        Error error;
        LabelledText lines;
        CHECK_FOR(!reads(rows[i].text, &arena, &lines, &error), "row %zu", i);
        CHECK_FOR(strstr(error.message, rows[i].error), "row %zu: %s", i, error.message);
        arena_release(&arena);
    }
}

Test(labelled, a_blocked_word_is_a_whole_word)
{
    static const char *const blocked[] = {"rotten", "stupid"};
    static const struct {
        const char *line, *word;
    } rows[] = {{"a rotten mouse", "rotten"},
                {"Stupid, rotten!", "stupid"},
                {"(ROTTEN)", "rotten"},
                {"rottenness", NULL},
                {"rot ten", NULL},
                {"", NULL},
                {"  !?  ", NULL},
                {"a-rotten-mouse", NULL},
                {"\trotten\t", "rotten"}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const char *word = NULL;
        bool flagged = labelled_blocks(blocked, COUNT_OF(blocked), rows[i].line, &word);
        CHECK_FOR(flagged == (rows[i].word != NULL), "%s", rows[i].line);
        if (flagged) CHECK_STR(word, rows[i].word);
        CHECK(!labelled_blocks(blocked, 0, rows[i].line, &word));
    }
}

Test(labelled, figures_by_hand)
{
    Confusion c = {.tp = 2, .fp = 5, .fn = 3, .tn = 2};
    CHECK_NEAR(confusion_precision(&c), 2.0 / 7, 1e-15);
    CHECK_NEAR(confusion_recall(&c), 2.0 / 5, 1e-15);
    CHECK_NEAR(confusion_accuracy(&c), 1.0 / 3, 1e-15);
    CHECK_NEAR(confusion_idle_accuracy(&c), 7.0 / 12, 1e-15);
    CHECK_NEAR(confusion_false_positive_rate(&c), 5.0 / 7, 1e-15);
    Confusion none = {0};
    confusion_add(&none, LABEL_NONE, true);
    CHECK(isnan(confusion_precision(&none)) && isnan(confusion_recall(&none)) &&
          isnan(confusion_accuracy(&none)) && isnan(confusion_false_positive_rate(&none)));
}
