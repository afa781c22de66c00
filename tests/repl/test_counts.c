/* `counts` shows what a plain recount of the text shows. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lessons/embedded.h"
#include "tests/support/shell.h"

static Shell *shell;
static void start(void) { shell = shell_new("json"); }
static void finish(void) { shell_free(shell); }
TestSuite(counts, .init = start, .fini = finish, .timeout = 20);

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

Test(counts, bigram_matrix_is_the_recount_of_pairs)
{
    json_t *rows = json_path(shell_json(shell, "counts @bigram"), "rows");
    CHECK_INT(json_array_size(rows), 6); /* <s> and the five words; nothing follows </s> */
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const char *given = json_string_value(json_path(json_array_get(rows, i), "given")), *next;
        json_t *cell;
        json_object_foreach(json_array_get(rows, i), next, cell)
        {
            char pair[64];
            snprintf(pair, sizeof pair, "%s %s", given, next);
            if (!json_is_integer(cell) || strcmp(next, "total") == 0) continue;
            CHECK_FOR(json_integer_value(cell) == recount(pair), "%s: %d, not %ld", pair,
                      (int)json_integer_value(cell), recount(pair));
        }
    }
}

Test(counts, trigrams_are_listed_one_a_row)
{
    json_t *rows = json_path(shell_json(shell, "counts @trigram"), "rows");
    long all = 0;
    for (size_t i = 0; i < json_array_size(rows); i++) {
        json_t *row = json_array_get(rows, i);
        char words[64];
        snprintf(words, sizeof words, "%s %s", json_string_value(json_path(row, "given")),
                 json_string_value(json_path(row, "token")));
        CHECK_FOR(json_number(row, "count") == recount(words), "%s", words);
        CHECK_FOR(json_number(row, "p") == json_number(row, "count") / json_number(row, "total"), "%s",
                  words);
        all += (long)json_number(row, "count");
    }
    CHECK_INT(all, 44); /* every predicted token once: 36 words and 8 </s> */
}

Test(counts, after_a_context_and_with_too_much_context)
{
    CHECK_INT(shell_number(shell, "counts the @bigram", "total"), recount("the ate") + 13);
    CHECK_INT(json_array_size(json_path(shell_json(shell, "counts the @bigram"), "rows")), 3);
    CHECK_INT(shell_number(shell, "counts ate the @bigram", "total"), 13); /* a bigram looks back one word */
    CHECK_INT(shell_number(shell, "counts ate the @trigram", "total"), 6);
    CHECK_INT(json_array_size(json_path(shell_json(shell, "counts ball the @trigram"), "rows")), 0);
}

Test(counts, shares_of_the_matrix_sum_to_1)
{
    json_t *rows = json_path(shell_json(shell, "counts show=p @bigram"), "rows");
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const char *key;
        json_t *cell;
        double sum = 0;
        json_object_foreach(json_array_get(rows, i), key, cell) sum +=
            json_is_real(cell) ? json_real_value(cell) : 0;
        CHECK_NEAR(sum, 1, 1e-12);
    }
}

Test(counts, unigrams_are_listed_and_tables_refused)
{
    CHECK_INT(json_array_size(json_path(shell_json(shell, "counts @unigram"), "rows")), 6);
    CHECK(!shell_do(shell, "counts @toy"));
    CHECK(strstr(shell_err(shell), "written down, not counted"));
}
