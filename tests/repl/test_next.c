/* `next` on large vocabularies and on scores: top=, for=, what the others have. */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/job.h"
#include "tests/support/shell.h"

SHELL_SUITE(next, "json")

/* The rows of top= are the best of those without it, and the rest is what they lack to 1. */
static void check_top(const char *line, size_t top)
{
    char with[128];
    double p[64], sum = 0;
    json_t *rows = json_path(shell_json(shell, line), "rows");
    size_t count = json_array_size(rows);
    CHECK(count < COUNT_OF(p));
    for (size_t i = 0; i < count; i++) p[i] = json_number(json_array_get(rows, i), "p");
    snprintf(with, sizeof with, "%s top=%zu", line, top);
    json_t *json = shell_json(shell, with), *listed = json_path(json, "rows");
    CHECK_FOR(json_array_size(listed) == (top < count ? top : count), "%s", with);
    for (size_t i = 0; i < json_array_size(listed); i++) {
        size_t best = 0;
        for (size_t k = 1; k < count; k++) best = p[k] > p[best] ? k : best;
        CHECK_FOR(json_number(json_array_get(listed, i), "p") == p[best], "%s: row %zu", with, i);
        sum += p[best];
        p[best] = -1;
    }
    CHECK_NEAR(json_number(json, "rest"), 1 - sum, 1e-12);
}

Test(next, top_lists_the_most_probable)
{
    static const char *const lines[] = {"next the", "next @bigram", "next ate the @open",
                                        "next the T=2 @open", "next the top_k=2 @bigram"};
    shell_must(shell, "train ngram n=3 smooth=wb unk=on name=open");
    for (size_t i = 0; i < COUNT_OF(lines); i++)
        for (size_t top = 1; top <= 8; top++) check_top(lines[i], top);
}

Test(next, top_of_some_words_in_vocabulary_order)
{
    json_t *json = shell_json(shell, "next the for=ball,mouse,ate top=2");
    CHECK_STR(json_string_value(json_path(json, "rows.0.token")), "mouse");
    CHECK_STR(json_string_value(json_path(json, "rows.1.token")), "ball");
    CHECK_NEAR(json_number(json, "rest"), 0.4, 1e-12);
    json = shell_json(shell, "next the top=3 sort=vocab");
    CHECK_STR(json_string_value(json_path(json, "rows.0.token")), "ball");
    CHECK_STR(json_string_value(json_path(json, "rows.2.token")), "mouse");
}

Test(next, people_read_what_the_others_have)
{
    shell_must(shell, "next the top=2 as=table");
    CHECK(strstr(shell_out(shell), "3 others together 0.35"));
    CHECK(!strstr(shell_out(shell), "ball"));
    shell_must(shell, "next the as=table");
    CHECK(!strstr(shell_out(shell), "others"));
    shell_must(shell, "next the top=2 T=0.5,1 as=table"); /* a row at the foot */
    CHECK(strstr(shell_out(shell), "rest"));
}

/* c(ate the x) = cheese 4, ball 1, mouse 1 of 6; the others 0.4 * 0.4 * their share of 44 tokens. */
Test(next, scores_by_hand)
{
    shell_must(shell, "train ngram n=3 smooth=backoff");
    json_t *json = shell_json(shell, "next ate the");
    double the = 0.16 * 13 / 44, ate = 0.16 * 8 / 44, sum = 1 + the + 2 * ate;
    CHECK_NEAR(json_number(json, "sum"), sum, 1e-12);
    CHECK_NEAR(json_number(json, "rows.4.p"), the, 1e-12);
    double scores[] = {4.0 / 6, 1.0 / 6, 1.0 / 6, the, ate, ate}, entropy = 0;
    for (size_t i = 0; i < COUNT_OF(scores); i++) entropy -= scores[i] / sum * log2(scores[i] / sum);
    CHECK_NEAR(json_number(json, "entropy_bits"), entropy, 1e-12);
    shell_must(shell, "next ate the as=table");
    CHECK(strstr(shell_out(shell), "S(x | ate the)") && strstr(shell_out(shell), "score"));
    CHECK(strstr(shell_err(shell), "sum to 1.10545"));
    json = shell_json(shell, "next ate the T=0.5"); /* drawn from, so probabilities again */
    CHECK(!json_object_get(json, "sum"));
}

/* A hundred thousand words: quick enough to be asked again and again. */
Test(next, top_is_quick)
{
    enum { WORDS = 100000, TIMES = 10 };
    char line[160], *text;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    for (int i = 0; i < WORDS; i++) fprintf(out, "w%d w%d\n", i, i / 2);
    fclose(out);
    file_put(path_in(folder, "text"), text);
    snprintf(line, sizeof line, "train ngram smooth=wb corpus=%s; next w7 top=20", path_in(folder, "text"));
    shell_must(shell, line);
    double started = job_clock();
    for (int i = 0; i < TIMES; i++) shell_must(shell, "next w7 top=20");
    CHECK_FOR(job_clock() - started < TIMES * 100, "%g ms each", (job_clock() - started) / TIMES);
    CHECK_INT(json_array_size(json_path(shell_json(shell, "next w7 top=20"), "rows")), 20);
    free(text);
}
