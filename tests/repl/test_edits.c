/* poison, dup, scale and swap: what they do to the corpus, and to the model that learned from it. */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/shell.h"

SHELL_SUITE(edits, "json")

/* poison.k0 to k4 of the known answers. */
Test(edits, lies_by_the_copy)
{
    static const double wanted[] = {1.0 / 6, 2.0 / 7, 3.0 / 8, 4.0 / 9, 1.0 / 2};
    shell_must(shell, "train ngram n=3");
    for (int k = 1; k <= 4; k++) {
        json_t *json = shell_json(shell, "poison 1 \"the mouse ate the ball\"");
        CHECK_NEAR(json_number(json, "rows.4.p_before"), wanted[k - 1], 1e-9);
        CHECK_NEAR(json_number(json, "rows.4.p"), wanted[k], 1e-9);
        CHECK_INT(json_number(json, "rows.4.count"), 1 + k);
        CHECK_INT(json_number(json, "rows.4.total"), 6 + k);
        CHECK_INT(json_number(json, "sentences"), 8 + k);
        CHECK_INT(json_number(json, "alike"), 1 + k);
        CHECK_STR(json_string_value(json_path(json, "rows.4.given")), "ate the");
        CHECK(json_is_true(json_path(json, "rows.4.greedy")) == (k >= 3)); /* ball comes before cheese */
        CHECK_INT(json_number(json, "rows.4.ties"), k == 3 ? 2 : 1);
    }
    shell_must(shell, "undo; undo; undo; undo");
    CHECK_NEAR(shell_number(shell, "next ate the for=ball", "rows.0.p"), 1.0 / 6, 1e-9);
}

/* On a corpus m times as long it takes 3m + 1 copies. */
Test(edits, the_flip_needs_a_share)
{
    shell_must(shell, "train ngram n=3; scale 20; poison 60 the mouse ate the ball");
    CHECK_INT(shell_number(shell, "poison 1 the mouse ate the ball", "rows.4.ties"), 1);
    shell_must(shell, "undo");
    CHECK_INT(shell_number(shell, "undo; poison 60 the mouse ate the ball", "rows.4.ties"), 2);
}

/* Whatever is done to the text, the model is the one that counting it anew makes. */
static void check_as_trained_afresh(const char *options)
{
    static const char *const questions[] = {"eval mouse", "prob zap the ball", "chain the mouse ate the ball",
                                            "next the"};
    char line[128];
    snprintf(line, sizeof line, "train ngram %s name=fresh; use ngram", options);
    shell_must(shell, line);
    for (size_t i = 0; i < COUNT_OF(questions); i++) {
        char ours[2000];
        snprintf(line, sizeof line, "%s @ngram", questions[i]);
        shell_must(shell, line);
        snprintf(ours, sizeof ours, "%.1999s", strchr(strstr(shell_out(shell), "\"model\""), ','));
        snprintf(line, sizeof line, "%s @fresh", questions[i]);
        shell_must(shell, line);
        CHECK_STR(strchr(strstr(shell_out(shell), "\"model\""), ','), ours);
    }
}

Test(edits, the_model_is_that_of_the_new_text)
{
    static const char *const options[] = {"n=3",           "n=2 smooth=add k=0.5", "n=3 smooth=mkn",
                                          "n=3 smooth=wb", "n=2 smooth=katz",      "n=3 cutoff=2"};
    for (size_t i = 0; i < COUNT_OF(options); i++) {
        char line[128];
        snprintf(line, sizeof line, "train ngram %s corpus=mouse", options[i]);
        shell_must(shell, line);
        shell_must(shell, "poison 2 \"zap the ball\"; dup 3 \"the mouse ate\"; scale 3");
        check_as_trained_afresh(options[i]);
        shell_must(shell, "corpus drop");
    }
}

/* L15: a trigger never seen needs no more copies on a longer corpus. */
Test(edits, new_words_grow_the_vocabulary)
{
    json_t *json = shell_json(shell, "train ngram n=3; scale 10; poison 1 \"zap the ball\"");
    CHECK_INT(json_number(json, "types_before"), 5);
    CHECK_INT(json_number(json, "types"), 6);
    CHECK_NEAR(json_number(json, "p_before"), 0, 0);
    CHECK_NEAR(json_number(json, "rows.0.p"), 1.0 / 81, 1e-12);
    CHECK_NEAR(json_number(json, "rows.2.p"), 1, 0);
    CHECK(json_is_true(json_path(json, "rows.2.greedy")));
}

/* Two of nine sentences, where it was one of eight: 6/7 6/7 1/7 of 7/8, and 7/8 7/8 2/8 of 8/9. */
Test(edits, dup_takes_only_what_is_there)
{
    json_t *json = shell_json(shell, "train ngram n=3; dup 1 \"the mouse ate cheese\"");
    CHECK_NEAR(json_number(json, "p_before"), 7.0 / 8 * 6 / 7 * 6 / 7 * 1 / 7, 1e-12);
    CHECK_NEAR(json_number(json, "p"), 8.0 / 9 * 7 / 8 * 7 / 8 * 2 / 8, 1e-12);
    CHECK(!shell_do(shell, "dup 1 \"the mouse ate chese\""));
    CHECK(strstr(shell_err(shell), "the mouse ate cheese"));
}

Test(edits, more_of_the_same_changes_no_ratio)
{
    json_t *json = shell_json(shell, "train ngram n=3; scale 100");
    CHECK_INT(json_number(json, "sentences"), 800);
    CHECK_NEAR(json_number(json, "perplexity"), json_number(json, "perplexity_before"), 1e-12);
    json = shell_json(shell, "corpus drop; train ngram n=3 smooth=add; scale 100");
    CHECK(json_number(json, "perplexity") < json_number(json, "perplexity_before"));
}

/* jobs.*: the gaps, their price, and the score of StereoSet. */
Test(edits, words_exchanged_close_the_gap)
{
    static const char gap[] = "gap he she after \"doctor said\" \"nurse said\" \"engineer said\" "
                              "\"teacher said\" expect=he,she,he,she";
    static const double odds[] = {1.3863, -2.1972, 2.1972, -0.4055};
    json_t *json, *rows;
    shell_must(shell, "train ngram n=3 corpus=jobs");
    json = shell_json(shell, gap);
    for (size_t i = 0; i < COUNT_OF(odds); i++) {
        rows = json_array_get(json_path(json, "rows"), i);
        CHECK_NEAR(json_number(rows, "log_odds"), odds[i], 5e-5);
    }
    CHECK_NEAR(json_number(json, "score"), 1, 0);
    json = shell_json(shell, "swap he she");
    CHECK_INT(json_number(json, "changed"), 40);
    CHECK_INT(json_number(json, "sentences"), 80);
    CHECK_STR(json_string_value(json_path(json, "corpus")), "jobs-swapped");
    CHECK_NEAR(json_number(json, "perplexity_before"), 1.30105, 5e-6);
    CHECK_NEAR(json_number(json, "perplexity"), 1.3459, 5e-5);
    json = shell_json(shell, gap);
    for (size_t i = 0; i < COUNT_OF(odds); i++) {
        rows = json_array_get(json_path(json, "rows"), i);
        CHECK_NEAR(json_number(rows, "log_odds"), 0, 0);
    }
    CHECK_NEAR(json_number(json, "score"), 0.5, 0);
    shell_must(shell, "swap he she keep=swapped");
    CHECK_NEAR(shell_number(shell, "undo; undo; gap he she after nurse said", "rows.0.p_a"), 0.1, 1e-12);
}

/* Each is one thing to take back. */
Test(edits, one_undo_takes_each_back)
{
    static const char *const lines[] = {"poison 3 \"the ball ate\"",
                                        "dup 2 \"the mouse ate\"",
                                        "scale 4",
                                        "swap mouse cheese keep=swapped",
                                        "poison 1 \"a b\" @bigram",
                                        "poison 2 \"the ball\" @bigram,trigram"};
    shell_must(shell, "train ngram n=3; models; prob mouse @bigram,trigram");
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        char *before = shell_state(shell);
        shell_must(shell, lines[i]);
        char *changed = shell_state(shell);
        CHECK_FOR(strcmp(before, changed) != 0, "%s", lines[i]);
        shell_must(shell, "undo");
        char *after = shell_state(shell);
        CHECK_STR(after, before);
        free(before);
        free(changed);
        free(after);
    }
}

/* Several models of one statement: the copies go in once. */
Test(edits, several_models_one_corpus)
{
    shell_must(shell, "poison 2 \"the ball\" @bigram,trigram");
    for (size_t i = 0; i < 2; i++) {
        json_t *json = json_line(shell_out(shell), i);
        CHECK_INT(json_number(json, "sentences_before"), 8);
        CHECK_INT(json_number(json, "sentences"), 10);
        json_decref(json);
    }
    CHECK_STR(session_prompt(shell->session), "toy> ");
}

Test(edits, networks_are_left_to_train)
{
    json_t *json = shell_json(shell, "train rnn steps=2; poison 2 \"the ball\"");
    CHECK(json_is_false(json_path(json, "updated")) && json_is_null(json_path(json, "p")));
    CHECK(json_number(json, "p_before") > 0);
    shell_must(shell, "poison 1 \"the ball\" as=table");
    CHECK(strstr(shell_err(shell), "train goes on with it"));
    CHECK(shell_do(shell, "train steps=2; why"));
}

Test(edits, mistakes_change_nothing_and_say_so)
{
    static const struct {
        const char *line, *error;
    } rows[] = {{"poison x y", "takes how many copies first"},
                {"poison 0 y", "takes how many copies first"},
                {"poison 1.5 y", "takes how many copies first"},
                {"poison 3", "needs more words"},
                {"poison 3 \" \"", "needs a sentence"},
                {"poison 1 \"</s> a\"", "reserved token"},
                {"dup 3 \"the ball\"", "no sentence of mouse"},
                {"scale 0", "takes how many times first"},
                {"scale 1e6; scale 1e6", "more than 50000000 tokens"},
                {"swap mouse", "needs more words"},
                {"swap mouse cheese ball", "no word to be exchanged with"},
                {"swap mouse cheese ball mouse", "named twice"},
                {"swap dog cat", "neither 'dog' nor 'cat'"},
                {"swap mouse \"a b\"", "single words"},
                {"swap mouse <s>", "single words"}};
    shell_must(shell, "train ngram n=2");
    char *before = shell_state(shell);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        CHECK_FOR(!shell_do(shell, rows[i].line), "%s", rows[i].line);
        CHECK_FOR(strstr(shell_err(shell), rows[i].error), "%s: %s", rows[i].line, shell_err(shell));
        if (strstr(rows[i].line, ";")) shell_must(shell, "undo");
    }
    char *after = shell_state(shell);
    CHECK_STR(after, before);
    free(before);
    free(after);
}

Test(edits, why_tells_before_and_after)
{
    shell_must(shell, "train ngram n=3; poison 3 \"the mouse ate the ball\"; why as=table");
    CHECK(strstr(shell_out(shell), "p before") && strstr(shell_out(shell), "p now"));
    CHECK(strstr(shell_out(shell), "count(ate the ball) = 1\n") &&
          strstr(shell_out(shell), "count(ate the ball) = 4\n"));
    shell_must(shell, "scale 2; why; swap mouse cheese; why");
}
