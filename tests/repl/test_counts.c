/* `counts` shows what a plain recount of the text shows. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lessons/embedded.h"
#include "tests/support/shell.h"

SHELL_SUITE(counts, "json")

/* The mouse corpus as one text in which each sentence is "<s> <s> w w </s>" and sentences are parted by "|".
 */
static void padded_text(char *text, size_t size)
{
    size_t used = 0;
    for (const char *line = embedded_text("corpora/mouse.txt"); *line;) {
        size_t length = strcspn(line, "\n");
        used += (size_t)snprintf(text + used, size - used, " <s> <s> %.*s </s> |", (int)length, line);
        line += length + (line[length] == '\n');
    }
}

/* How often the words stand in the text, one after the other. */
static long recount(const char *words)
{
    char text[2048], pattern[64];
    long times = 0;
    padded_text(text, sizeof text);
    snprintf(pattern, sizeof pattern, " %s ", words);
    for (const char *at = text; (at = strstr(at, pattern)); at++) times++;
    return times;
}

/* Every row against the recount; returns how many tokens the rows stand for. */
static long check_rows(const char *line)
{
    size_t index;
    long all = 0;
    json_t *row;
    json_array_foreach(json_path(shell_json(shell, line), "rows"), index, row)
    {
        char words[64];
        snprintf(words, sizeof words, "%s %s", json_string_value(json_path(row, "given")),
                 json_string_value(json_path(row, "token")));
        CHECK_FOR(json_number(row, "count") == recount(words), "%s: '%s'", line, words);
        CHECK_FOR(json_number(row, "p") == json_number(row, "count") / json_number(row, "total"), "%s: '%s'",
                  line, words);
        all += (long)json_number(row, "count");
    }
    return all;
}

Test(counts, n_grams_are_listed_one_a_row)
{
    CHECK_INT(check_rows("counts @bigram"), 44); /* every predicted token once: 36 words and 8 </s> */
    CHECK_INT(check_rows("counts @trigram"), 44);
    CHECK_INT(json_array_size(json_path(shell_json(shell, "counts @bigram"), "rows")), 13);
    CHECK_INT(json_array_size(json_path(shell_json(shell, "counts @trigram"), "rows")), 18);
}

/* People read a small bigram as a matrix: the numbers in it, row by row, are the recount of the pairs. */
Test(counts, a_small_bigram_is_a_matrix)
{
    static const char *const words[] = {"<s>", "ate", "ball", "cheese", "mouse", "the", "</s>"};
    shell_must(shell, "counts @bigram as=table");
    const char *line = strchr(strchr(shell_out(shell), '\n') + 1, '\n') + 1; /* behind title and headings */
    for (size_t given = 0; given < 6; given++, line = strchr(line, '\n') + 1) {
        char name[16];
        int used;
        CHECK(sscanf(line, " %15s%n", name, &used) == 1);
        CHECK_STR(name, words[given]);
        const char *at = line + used;
        for (size_t next = 1; next < COUNT_OF(words); next++, at += used) {
            char pair[64];
            long count;
            snprintf(pair, sizeof pair, "%s %s", words[given], words[next]);
            CHECK(sscanf(at, " %ld%n", &count, &used) == 1);
            CHECK_FOR(count == recount(pair), "%s: %ld", pair, count);
        }
    }
    CHECK_INT(strlen(line), 0); /* nothing of the machines' rows */
}

/* No word can be taken for a key. */
Test(counts, words_called_given_and_total)
{
    char line[128];
    file_put(path_in(folder, "text"), "given total\ntotal given count p token\n");
    snprintf(line, sizeof line, "train ngram corpus=%s; counts", path_in(folder, "text"));
    json_t *json = shell_json(shell, line);
    CHECK_STR(json_string_value(json_path(json, "rows.0.given")), "<s>");
    CHECK_STR(json_string_value(json_path(json, "rows.0.token")), "given");
    CHECK_INT(json_number(json, "rows.0.total"), 2);
}

Test(counts, after_a_context_and_with_too_much_context)
{
    CHECK_INT(shell_number(shell, "counts the @bigram", "total"), recount("the ate") + 13);
    CHECK_INT(json_array_size(json_path(shell_json(shell, "counts the @bigram"), "rows")), 3);
    CHECK_INT(shell_number(shell, "counts ate the @bigram", "total"), 13); /* a bigram looks back one word */
    CHECK_INT(shell_number(shell, "counts ate the @trigram", "total"), 6);
    CHECK_INT(json_array_size(json_path(shell_json(shell, "counts ball the @trigram"), "rows")), 0);
}

Test(counts, shares_sum_to_1_after_each_context)
{
    size_t index;
    json_t *row;
    double sum = 0;
    json_array_foreach(json_path(shell_json(shell, "counts show=p @bigram"), "rows"), index, row) sum +=
        json_number(row, "p");
    CHECK_NEAR(sum, 6, 1e-12); /* <s> and the five words; nothing follows </s> */
}

Test(counts, unigrams_are_listed_and_tables_refused)
{
    CHECK_INT(json_array_size(json_path(shell_json(shell, "counts @unigram"), "rows")), 6);
    CHECK(!shell_do(shell, "counts @toy"));
    CHECK(strstr(shell_err(shell), "written down, not counted"));
}

Test(counts, a_context_can_be_the_beginning)
{
    CHECK_INT(shell_number(shell, "counts <s> @trigram", "total"), 8);
    CHECK_INT(shell_number(shell, "counts <s> <s> @trigram", "total"), 8);
    CHECK_INT(shell_number(shell, "counts <s> the @trigram", "total"), recount("<s> the"));
    CHECK_INT(shell_number(shell, "counts <s> the @trigram", "rows.1.count"), recount("<s> the mouse"));
    CHECK_INT(shell_number(shell, "counts <s> the @bigram", "total"), 13); /* which looks back one word */
}

/* Kneser-Ney looks at these in lower orders: before "the mouse" stood <s> and ate, before "the ball" only
 * ate. */
Test(counts, left_neighbours_by_hand)
{
    shell_must(shell, "train ngram n=3 smooth=kn");
    json_t *json = shell_json(shell, "counts the");
    static const int wanted[] = {1, 2, 2}; /* ball, cheese, mouse */
    for (size_t i = 0; i < COUNT_OF(wanted); i++) {
        char path[32];
        snprintf(path, sizeof path, "rows.%zu.adjusted", i);
        CHECK_INT(json_number(json, path), wanted[i]);
    }
    json_t *highest = shell_json(shell, "counts ate the"); /* there the counts themselves count */
    CHECK(!json_object_get(json_array_get(json_object_get(highest, "rows"), 0), "adjusted"));
    json_t *first = shell_json(shell, "counts <s>"); /* nothing stands before <s> */
    CHECK(!json_object_get(json_array_get(json_object_get(first, "rows"), 0), "adjusted"));
    json_t *plain = shell_json(shell, "counts the @trigram");
    CHECK(!json_object_get(json_array_get(json_object_get(plain, "rows"), 0), "adjusted"));
}

static void check_where(const char *line, long count, const char *first)
{
    json_t *json = shell_json(shell, line), *row = json_array_get(json_path(json, "rows"), 0);
    CHECK_FOR(json_number(json, "count") == count, "%s: %g", line, json_number(json, "count"));
    CHECK_FOR((long)json_array_size(json_path(json, "rows")) == count, "%s", line);
    if (count == 0) return;
    char text[256];
    snprintf(text, sizeof text, "%.0f:%.0f %s|%s", json_number(row, "sentence"), json_number(row, "position"),
             json_string_value(json_path(row, "before")), json_string_value(json_path(row, "after")));
    CHECK_FOR(strcmp(text, first) == 0, "%s: %s", line, text);
}

Test(counts, where_words_occur)
{
    check_where("counts the mouse show=where @bigram", recount("the mouse"), "1:1 |ate the cheese");
    check_where("counts ate the show=where @bigram", recount("ate the"), "1:3 the mouse|cheese");
    check_where("counts mouse </s> show=where @bigram", recount("mouse </s>"), "6:5 the cheese ate the|");
    check_where("counts <s> mouse show=where @bigram", recount("<s> mouse"), "8:1 |ate the cheese");
    check_where("counts the mouse ate the ball show=where @unigram", 1, "4:1 |"); /* longer than n */
    check_where("counts ball ball show=where @bigram", 0, "");
}

/* The corpus is the model's own, as it was when it was counted. */
Test(counts, where_asks_the_models_text)
{
    shell_must(
        shell,
        "train ngram name=before; corpus add \"the ball ate the ball\" times=2; train ngram name=after");
    CHECK_INT(shell_number(shell, "counts ball ate show=where @before", "count"), 0);
    CHECK_INT(shell_number(shell, "counts ball ate show=where @after", "count"), 2);
    CHECK_INT(shell_number(shell, "counts ball ate show=where @after", "rows.1.sentence"), 10);
}

/* The words stand in one column, and no line is longer than the width. */
Test(counts, where_is_aligned)
{
    static const int widths[] = {50, 80, 120};
    for (size_t i = 0; i < COUNT_OF(widths); i++) {
        char line[96];
        snprintf(line, sizeof line, "counts ate the show=where @bigram as=table width=%d", widths[i]);
        shell_must(shell, line);
        const char *text = strchr(strchr(shell_out(shell), '\n') + 1, '\n') + 1;
        long column = strstr(text, "  ate the  ") - text;
        for (; *text; text = strchr(text, '\n') + 1) {
            CHECK_FOR(strstr(text, "  ate the  ") - text == column, "%s: %s", line, text);
            CHECK_FOR(strcspn(text, "\n") <= (size_t)widths[i], "%s: %s", line, text);
        }
    }
}

Test(counts, where_needs_words_and_a_text)
{
    static const struct {
        const char *line, *message;
    } rows[] = {
        {"counts show=where @bigram", "needs the words"},
        {"counts zebra show=where @bigram", "not in the vocabulary"},
        {"counts the <s> show=where @bigram", "<s>"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        CHECK_FOR(!shell_do(shell, rows[i].line), "%s", rows[i].line);
        CHECK_FOR(strstr(shell_err(shell), rows[i].message), "%s: %s", rows[i].line, shell_err(shell));
    }
}
