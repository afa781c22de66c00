/* `novelty`: what is copied from the training text, and what slips past a list. */

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tests/support/oracle.h"
#include "tests/support/shell.h"

SHELL_SUITE(novelty, "json")

static void train_mouse(int order)
{
    char line[64];
    snprintf(line, sizeof line, "train ngram corpus=mouse n=%d", order);
    shell_must(shell, line);
}

/* mouse.n1..n5.memmass, as exact fractions. */
Test(novelty, mass_of_the_training_sentences_is_known)
{
    static const double known[] = {34229.0 / 14172488, 127967.0 / 519168, 2169.0 / 3920, 39.0 / 40, 1};
    for (int order = 1; order <= 5; order++) {
        train_mouse(order);
        json_t *json = shell_json(shell, "novelty n=10");
        CHECK_NEAR(json_number(json, "verbatim"), known[order - 1], 1e-14);
        CHECK_NEAR(json_number(json, "novel"), 1 - known[order - 1], 1e-14);
    }
}

/* names.memmass.n1..n8 are read from the table; beside the repository stands the text. */
Test(novelty, mass_of_the_names_is_known)
{
    need_file(SHARED_DATA "names_train.txt");
    char *parts[] = {file_get(SHARED_DATA "names_train.txt"), file_get(SHARED_DATA "names_dev.txt"),
                     file_get(SHARED_DATA "names_test.txt")};
    char path[128], line[256];
    snprintf(path, sizeof path, "%s", path_in(folder, "names.txt"));
    FILE *all = fopen(path, "w");
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        fputs(parts[i], all);
        free(parts[i]);
    }
    fclose(all);
    Table table = table_open("tests/data/known_answers.tsv");
    int order, rows = 0;
    while (table_row(&table)) {
        if (sscanf(table.cells[0], "names.memmass.n%d", &order) != 1 || order > 4) continue;
        snprintf(line, sizeof line, "corpus %s tokens=chars; train ngram n=%d; novelty n=1", path, order);
        CHECK_NEAR(shell_number(shell, line, "verbatim"), strtod(table.cells[5], NULL), 5e-5);
        rows++;
    }
    CHECK_INT(rows, 4);
    table_close(&table);
}

/* Good and Turing: 4 of the 13 facts stand there once (facts.gt). */
Test(novelty, missing_mass_of_the_facts)
{
    shell_must(shell, "train ngram corpus=facts");
    json_t *json = shell_json(shell, "novelty n=1");
    CHECK_NEAR(json_number(json, "missing_mass"), 4.0 / 13, 1e-15);
    CHECK_INT(json_number(json, "once"), 4);
    CHECK_INT(json_number(json, "different"), 7);
    CHECK_NEAR(json_number(json, "verbatim"), 29.0 / 169, 1e-15);
}

/* The figures of the curriculum: .175 .091 .002 of the draws slip past a list of 100; a thousand draws are
 * 102.5, 53.1 and 7 different sentences. */
Test(novelty, what_slips_past_a_list)
{
    static const double slips[] = {.175, .091, .002}, different[] = {102.5, 53.1, 7.0};
    for (int order = 2; order <= 4; order++) {
        train_mouse(order);
        json_t *json = shell_json(shell, "novelty block=100");
        CHECK_NEAR(json_number(json, "slips"), slips[order - 2], 5e-4);
        CHECK_NEAR(json_number(json, "different_draws"), different[order - 2], 0.05);
        CHECK(json_number(json, "slips_low") <= json_number(json, "slips"));
        CHECK(json_number(json, "slips_high") - json_number(json, "slips_low") < 1e-6);
    }
}

/* A draw slips past K others when it is none of them: by drawing, in groups of K + 1. */
Test(novelty, slips_as_often_as_draws_do)
{
    enum { LISTED = 9, GROUPS = 2000 };
    shell_must(shell, "sample n=20000 seed=7 max=1000 @bigram");
    char *text = strdup(shell_out(shell));
    json_t *json = json_line(text, 0), *samples = json_path(json, "samples");
    double wanted = shell_number(shell, "novelty n=1 block=9 @bigram", "slips");
    int slipped = 0;
    for (size_t g = 0; g < GROUPS; g++) {
        const char *last = json_string_value(json_path(json_array_get(samples, g * 10 + LISTED), "text"));
        bool known = false;
        for (size_t i = 0; i < LISTED; i++)
            known =
                known ||
                strcmp(last, json_string_value(json_path(json_array_get(samples, g * 10 + i), "text"))) == 0;
        slipped += !known;
    }
    CHECK_NEAR((double)slipped / GROUPS, wanted, 4 * sqrt(wanted * (1 - wanted) / GROUPS));
    json_decref(json);
    free(text);
}

Test(novelty, of_a_stream_is_spans_only)
{
    file_put(path_in(folder, "stream.txt"), "abracadabra abracadabra");
    char line[256];
    snprintf(line, sizeof line,
             "corpus %s tokens=chars lines=off; train ngram n=8; novelty n=3 max=40 seed=1",
             path_in(folder, "stream.txt"));
    json_t *json = shell_json(shell, line);
    CHECK(!json_object_get(json, "verbatim"));
    CHECK_INT(json_number(json, "n"), 3);
    CHECK(json_number(json, "span_longest") >= 8);
}

Test(novelty, needs_a_text)
{
    CHECK(!shell_do(shell, "novelty @toy"));
    CHECK(strstr(shell_err(shell), "text it learnt from"));
    CHECK(!shell_do(shell, "novelty nowhere @bigram"));
    shell_must(shell, "corpus mouse tokens=chars; corpus mouse");
    CHECK(!shell_do(shell, "novelty mouse @toy"));
}

Test(novelty, says_why)
{
    shell_must(shell, "novelty n=10 @bigram; why as=table");
    CHECK(strstr(shell_out(shell), "P(a sentence of the text) = 0.246485"));
    CHECK(strstr(shell_out(shell), "p(the mouse ate the cheese) = 0.0991009"));
    CHECK(strstr(shell_out(shell), "N1, sentences that stand there once = 5"));
}

/* The same seed draws the same texts. */
Test(novelty, repeats)
{
    json_t *json = shell_json(shell, "novelty n=50 seed=3 @trigram");
    double spans = json_number(json, "span_mean"), verbatim = json_number(json, "verbatim_draws");
    json = shell_json(shell, "novelty n=50 seed=3 @trigram");
    CHECK(json_number(json, "span_mean") == spans && json_number(json, "verbatim_draws") == verbatim);
}
