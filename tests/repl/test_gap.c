/* gap and filter: two words in one place, and a list of blocked words against people's labels. */

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tests/support/shell.h"

SHELL_SUITE(gap, "json")

/* jobs.n3.he.*: 4/5, 1/10, 9/10, 2/5; ln of their odds. */
Test(gap, jobs_by_the_trigram)
{
    static const double he[] = {0.8, 0.1, 0.9, 0.4};
    json_t *json = shell_json(shell, "train ngram n=3 corpus=jobs; gap he she after \"doctor said\" "
                                     "\"nurse said\" \"engineer said\" \"teacher said\"");
    double mean = 0;
    for (size_t i = 0; i < COUNT_OF(he); i++) {
        json_t *row = json_array_get(json_path(json, "rows"), i);
        CHECK_NEAR(json_number(row, "p_a"), he[i], 1e-9);
        CHECK_NEAR(json_number(row, "p_b"), 1 - he[i], 1e-9);
        CHECK_NEAR(json_number(row, "log_odds"), log(he[i] / (1 - he[i])), 1e-9);
        CHECK_NEAR(json_number(row, "ratio"), he[i] / (1 - he[i]), 1e-9);
        mean += log(he[i] / (1 - he[i])) / 4;
    }
    CHECK_NEAR(json_number(json, "log_odds"), mean, 1e-9);
    CHECK_NEAR(json_number(json, "score"), 0.5, 0);
}

/* jobs.n2.he: 11/20 whoever it is; and the answer says that it is blind. */
Test(gap, a_bigram_is_blind)
{
    json_t *json = shell_json(shell, "train ngram n=2 corpus=jobs; gap he she after \"doctor said\" "
                                     "\"nurse said\"");
    CHECK_NEAR(json_number(json, "rows.0.p_a"), 0.55, 1e-9);
    CHECK_NEAR(json_number(json, "rows.1.p_a"), 0.55, 1e-9);
    shell_must(shell, "gap he she after \"doctor said\" \"nurse said\" as=table");
    CHECK(strstr(shell_err(shell), "The same after every context"));
}

Test(gap, words_without_quotes_are_one_context)
{
    shell_must(shell, "train ngram n=3 corpus=jobs");
    CHECK_NEAR(shell_number(shell, "gap he she after doctor said", "rows.0.p_a"), 0.8, 1e-12);
    CHECK_INT(shell_number(shell, "gap he she after doctor said", "contexts"), 1);
    CHECK_INT(shell_number(shell, "gap he she after nurse said \"doctor said\" teacher said", "contexts"), 3);
    CHECK_NEAR(shell_number(shell, "gap the mouse @toy", "rows.0.ratio"), 8, 1e-12);
}

/* Nothing is divided by nothing. */
Test(gap, zeros)
{
    json_t *json = shell_json(shell, "gap cheese ball after \"mouse ate\" \"the mouse\" @trigram");
    CHECK_NEAR(json_number(json, "rows.0.p_a"), 1.0 / 7, 1e-12);
    CHECK(json_is_null(json_path(json, "rows.0.log_odds")) && json_is_null(json_path(json, "rows.0.ratio")));
    CHECK(json_is_null(json_path(json, "rows.1.log_odds")));
    CHECK_NEAR(json_number(json, "rows.1.score"), 0.5, 0);
    CHECK_NEAR(json_number(json, "score"), 0.75, 0);
    shell_must(shell, "gap cheese ball after \"mouse ate\" \"the mouse\" @trigram; why");
}

Test(gap, mistakes_say_so)
{
    static const struct {
        const char *line, *error;
    } rows[] = {{"gap the", "needs more words"},
                {"gap he she", "'he' is not in the vocabulary"},
                {"gap the the", "are the same"},
                {"gap the mouse cheese", "comes after"},
                {"gap the mouse after", "after what"},
                {"gap \"the mouse\" ball", "single tokens"},
                {"gap the mouse after \"the the\" @trigram", "nothing was ever seen"},
                {"gap the mouse after the expect=ball", "expect= is the or mouse"},
                {"gap the mouse after the expect=the,mouse", "names 2 words for 1 contexts"}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        CHECK_FOR(!shell_do(shell, rows[i].line), "%s", rows[i].line);
        CHECK_FOR(strstr(shell_err(shell), rows[i].error), "%s: %s", rows[i].line, shell_err(shell));
    }
}

/* --- filter --- */

/* 2 5 3 2: precision 2/7, recall 2/5, accuracy 1/3, nothing flagged 7/12. */
Test(gap, filter_by_the_known_answers)
{
    static const char *const lines[] = {"filter blocklist=rotten,stupid",
                                        "filter filter blocklist=\"stupid rotten\"",
                                        "filter blocklist=\"rotten, Stupid\" show=all"};
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        json_t *json = shell_json(shell, lines[i]);
        CHECK_INT(json_number(json, "tp"), 2);
        CHECK_INT(json_number(json, "fp"), 5);
        CHECK_INT(json_number(json, "fn"), 3);
        CHECK_INT(json_number(json, "tn"), 2);
        CHECK_NEAR(json_number(json, "precision"), 2.0 / 7, 1e-15);
        CHECK_NEAR(json_number(json, "recall"), 2.0 / 5, 1e-15);
        CHECK_NEAR(json_number(json, "accuracy"), 1.0 / 3, 1e-15);
        CHECK_NEAR(json_number(json, "accuracy_flag_nothing"), 7.0 / 12, 1e-15);
        CHECK_INT(json_array_size(json_path(json, "rows")), i == 2 ? 12 : 8);
    }
    shell_must(shell, "filter blocklist=rotten,stupid; why");
    json_t *json = shell_json(shell, "filter blocklist=\"\"");
    CHECK(json_is_null(json_path(json, "precision")));
    CHECK_NEAR(json_number(json, "accuracy"), 7.0 / 12, 1e-15);
}

Test(gap, filter_by_group_file_and_corpus)
{
    json_t *json = shell_json(shell, "filter dialect blocklist=rotten,stupid show=groups");
    CHECK_NEAR(json_number(json, "groups.0.false_positive_rate"), 1.0 / 6, 1e-15);
    CHECK_NEAR(json_number(json, "groups.1.false_positive_rate"), 4.0 / 6, 1e-15);
    file_put(path_in(folder, "l.tsv"), "1\ta bad one\n0\ta good one\n");
    char line[128];
    snprintf(line, sizeof line, "filter %s blocklist=bad", path_in(folder, "l.tsv"));
    CHECK_NEAR(shell_number(shell, line, "accuracy"), 1, 0);
    json = shell_json(shell, "filter mouse blocklist=ball");
    CHECK(json_is_null(json_path(json, "accuracy")));
    CHECK_INT(json_number(json, "flagged"), 1);
}

Test(gap, filter_says_what_is_wrong)
{
    static const struct {
        const char *line, *error;
    } rows[] = {{"filter", "needs the words"},
                {"filter fliter blocklist=a", "did you mean"},
                {"filter ./none.tsv blocklist=a", "none.tsv"},
                {"filter show=groups blocklist=a", "does not say who speaks"}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        CHECK_FOR(!shell_do(shell, rows[i].line), "%s", rows[i].line);
        CHECK_FOR(strstr(shell_err(shell), rows[i].error), "%s: %s", rows[i].line, shell_err(shell));
    }
}
