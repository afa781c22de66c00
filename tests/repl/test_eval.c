/* `eval` as a whole, word by word and line by line: the parts add up, and KenLM says the same. */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/shell.h"

SHELL_SUITE(eval, "json")

#define MINI "tests/data/kenlm/"
#define TRAIN_MINI "train ngram corpus=tests/data/mini.txt n=3 smooth=mkn compat=kenlm"

/* `query -v word`: sentence, pos, word, oov, length of the n-gram matched, log10 p. */
Test(eval, words_are_those_of_kenlm)
{
    char *file = file_get(MINI "mini.o3.tokens.tsv"), *rest = file;
    if (!file) cr_skip_test("no KenLM figures here");
    shell_must(shell, TRAIN_MINI);
    json_t *rows = json_path(shell_json(shell, "eval " MINI "mini.test.txt show=word"), "rows");
    size_t at = 0;
    strsep(&rest, "\n"); /* the headings */
    for (char *line; (line = strsep(&rest, "\n")) && *line;) {
        int sentence, position, unknown, matched;
        char word[32];
        double log10p;
        if (sscanf(line, "%d\t%d\t%31s\t%d\t%d\t%lf", &sentence, &position, word, &unknown, &matched,
                   &log10p) != 6)
            continue; /* a sentence's total */
        json_t *row = json_array_get(rows, at++);
        CHECK_FOR(json_number(row, "sentence") == sentence, "%s", line);
        CHECK_STR(json_string_value(json_path(row, "token")), word);
        CHECK_FOR(json_is_true(json_path(row, "unknown")) == unknown, "%s", line);
        CHECK_FOR(json_number(row, "matched") == matched, "%s: %g", line, json_number(row, "matched"));
        CHECK_FOR(fabs(json_number(row, "logp") / log(10) - log10p) < 2e-6, "%s: %g", line,
                  json_number(row, "logp") / log(10));
    }
    CHECK_INT(json_array_size(rows), at);
    free(file);
}

/* summary.tsv of the same run. */
Test(eval, perplexities_are_those_of_kenlm)
{
    shell_must(shell, TRAIN_MINI);
    json_t *json = shell_json(shell, "eval " MINI "mini.test.txt");
    CHECK_NEAR(json_number(json, "perplexity"), 8.042689145469014, 8e-6);
    CHECK_NEAR(json_number(json, "perplexity_excluding_oov"), 6.4853892650660345, 6e-6);
    CHECK_INT(json_number(json, "oov"), 3);
    CHECK_INT(json_number(json, "tokens"), 29);
    shell_must(shell, "eval " MINI "mini.test.txt as=table");
    CHECK(strstr(shell_out(shell), "perplexity including unknown words 8.04269"));
    CHECK(strstr(shell_out(shell), "excluding unknown words 6.48539"));
}

static double sum(json_t *rows, const char *key)
{
    size_t index;
    json_t *row;
    double total = 0;
    json_array_foreach(rows, index, row) total += json_number(row, key);
    return total;
}

Test(eval, words_and_lines_add_up_to_the_whole)
{
    static const char *const models[] = {"mouse @bigram", "mouse @trigram eos=off", "facts @open",
                                         "sam @open"};
    static const char *const shows[] = {"word", "line"};
    shell_must(shell, "train ngram n=3 smooth=wb unk=on name=open");
    for (size_t i = 0; i < COUNT_OF(models); i++)
        for (size_t show = 0; show < COUNT_OF(shows); show++) {
            char line[128];
            snprintf(line, sizeof line, "eval %s", models[i]);
            double logp = shell_number(shell, line, "logp"), tokens = shell_number(shell, line, "tokens"),
                   bits = shell_number(shell, line, "bits_per_token");
            snprintf(line, sizeof line, "eval %s show=%s", models[i], shows[show]);
            json_t *json = shell_json(shell, line), *rows = json_path(json, "rows");
            CHECK_NEAR(json_number(json, "logp"), logp, 0);
            CHECK_NEAR(sum(rows, "logp"), logp, 1e-9);
            if (show == 0) CHECK_INT(json_array_size(rows), tokens);
            if (show == 0) CHECK_NEAR(sum(rows, "bits"), bits * tokens, 1e-9);
            if (show == 1) CHECK_INT(sum(rows, "tokens"), tokens);
            if (show == 1) CHECK_INT(sum(rows, "oov"), json_number(json, "oov"));
        }
}

/* Line 4 of the eight: p = 7/8 * 6/7 * 6/7 * 5/7 * 1/6. */
Test(eval, a_line_by_hand)
{
    double logp = log(7.0 / 8 * 6 / 7 * 6 / 7 * 5 / 7 * 1 / 6);
    json_t *row = json_path(shell_json(shell, "eval show=line @trigram"), "rows.3");
    CHECK_NEAR(json_number(row, "logp"), logp, 1e-12);
    CHECK_NEAR(json_number(row, "bits_per_token"), -logp / 6 / log(2), 1e-12);
    CHECK_NEAR(json_number(row, "perplexity"), exp(-logp / 6), 1e-12);
    CHECK_STR(json_string_value(json_path(row, "text")), "the mouse ate the ball");
}

/* A table matches no n-grams, so it has no such column. */
Test(eval, only_n_gram_models_match)
{
    json_t *row = json_path(shell_json(shell, "eval show=word @toy"), "rows.0");
    CHECK(!json_object_get(row, "matched"));
    CHECK_INT(json_number(json_path(shell_json(shell, "eval show=word @bigram"), "rows.1"), "matched"), 2);
}

Test(eval, bits_per_character)
{
    json_t *json =
        shell_json(shell, "corpus mouse tokens=chars; train ngram n=3 smooth=wb name=letters; eval");
    CHECK_INT(json_number(json, "characters"), 179); /* 171 and 8 ends of lines */
    CHECK_NEAR(json_number(json, "bits_per_character"), -json_number(json, "logp") / log(2) / 179, 1e-12);
    CHECK_NEAR(json_number(json, "bits_per_character"), json_number(json, "bits_per_token"), 1e-12);
    json = shell_json(shell, "eval mouse @bigram"); /* the same characters, in words */
    CHECK_INT(json_number(json, "characters"), 179);
    CHECK_NEAR(json_number(json, "bits_per_character"), -json_number(json, "logp") / log(2) / 179, 1e-12);
    json = shell_json(shell, "train ngram corpus=mouse unk=on smooth=wb; eval facts"); /* spelling unknown */
    CHECK(json_is_null(json_path(json, "bits_per_character")));
    shell_must(shell, "eval mouse @letters as=table");
    CHECK(strstr(shell_out(shell), "bits a character, each </s> being one"));
}

/* Stupid back-off: no perplexity, and it says why. */
Test(eval, scores_have_no_perplexity)
{
    shell_must(shell, "train ngram n=3 smooth=backoff");
    json_t *json = shell_json(shell, "eval");
    CHECK(json_is_null(json_path(json, "perplexity")) && json_is_null(json_path(json, "bits_per_token")));
    CHECK(json_number(json, "logp") < 0);
    shell_must(shell, "eval as=table");
    CHECK(strstr(shell_err(shell), "scores, not probabilities"));
    CHECK(!strstr(shell_out(shell), "perplexity"));
    CHECK_NEAR(shell_number(shell, "eval; why", "why.value"), shell_number(shell, "eval", "logp"), 0);
}

/* The tree's shares: 36 tokens of 44 end a trigram, the first of each line is known after <s> only. */
Test(eval, why_tells_how_long_the_matches_were)
{
    static const char *const names[] = {"3 words: 36 of 44 tokens (81.8%), mean bits",
                                        "2 words: 8 of 44 tokens (18.2%), mean bits"};
    json_t *matches = json_path(shell_json(shell, "eval @trigram; why"), "why.reasons.2.reasons");
    CHECK_INT(json_array_size(matches), 2);
    for (size_t i = 0; i < COUNT_OF(names); i++)
        CHECK_STR(json_string_value(json_path(json_array_get(matches, i), "name")), names[i]);
    double first = 7 * log2(8.0 / 7) + log2(8); /* seven lines begin with "the", one with "mouse" */
    CHECK_NEAR(json_number(json_array_get(matches, 1), "value"), first / 8, 1e-12);
}

/* People see the beginning of a long table, machines all of it. */
Test(eval, long_tables_fold)
{
    shell_must(shell, "eval jobs show=word @bigram as=table");
    CHECK_INT(lines_in(shell_out(shell)), 43); /* two of heading, the columns' names, 40 rows */
    CHECK(strstr(shell_err(shell), "40 of 280 rows"));
    shell_must(shell, "eval jobs show=word @bigram as=csv");
    CHECK_INT(lines_in(shell_out(shell)), 281);
}

Test(eval, no_more_rows_than_asked_memory_for)
{
    shell_must(shell, "corpus add \"the mouse ate the cheese\" times=20000");
    json_t *json = shell_json(shell, "eval show=word @bigram");
    CHECK_INT(json_number(json, "tokens"), 120044);
    CHECK_INT(json_array_size(json_path(json, "rows")), 100000);
    shell_must(shell, "eval show=word @bigram as=table");
    CHECK(strstr(shell_err(shell), "first 100000 of 120044 tokens"));
}
