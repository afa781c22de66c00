/* `cost`: every figure against one worked out here. */

#include <math.h>
#include <string.h>

#include "core/ngram/ngram.h"
#include "tests/support/shell.h"

SHELL_SUITE(cost, "json")

static double figure(const char *model, const char *key)
{
    char line[64];
    snprintf(line, sizeof line, "cost @%s", model);
    return shell_number(shell, line, key);
}

static bool absent(const char *model, const char *key)
{
    char line[64];
    snprintf(line, sizeof line, "cost @%s", model);
    return json_is_null(json_path(shell_json(shell, line), key));
}

Test(cost, of_a_table)
{
    CHECK_INT(figure("toy", "parameters"), 30); /* 5 words and <s>, 5 outcomes */
    CHECK_INT(figure("toy", "bytes"), 30 * 8);
    CHECK_INT(figure("toy", "multiply_adds"), 0);
    CHECK_INT(figure("toy", "lookups"), 1);
    CHECK(absent("toy", "tokens") && absent("toy", "flops") && absent("toy", "seconds"));
}

/* "mouse" has 10 sentences of 34 words: V = 5 words and </s>. */
Test(cost, of_counts)
{
    double tokens = shell_number(shell, "eval mouse @bigram", "tokens");
    CHECK_INT(figure("unigram", "parameters"), 6);
    CHECK_INT(figure("bigram", "parameters"), shell_number(shell, "model bigram", "parameters"));
    CHECK_INT(figure("bigram", "tokens"), tokens);
    CHECK_INT(figure("bigram", "lookups"), 2);
    CHECK_INT(figure("bigram", "multiply_adds"), 0);
    CHECK(absent("bigram", "flops"));
    CHECK(figure("bigram", "seconds") > 0);
    double least = 13 * (sizeof(NgramNode) + sizeof(double)); /* its bigrams, and no less than that */
    CHECK(figure("bigram", "bytes") > least && figure("bigram", "bytes") < 4000);
}

Test(cost, of_smoothing)
{
    shell_must(shell, "train ngram n=3 smooth=mkn name=kn; train ngram n=3 smooth=interp name=mix");
    CHECK_INT(figure("kn", "multiply_adds"), 2); /* two back-off weights */
    CHECK_INT(figure("mix", "multiply_adds"), 3);
    CHECK_INT(figure("kn", "lookups"), 3);
}

/* A model read from a file was trained by somebody else. */
Test(cost, of_a_file)
{
    char line[256];
    const char *path = path_in(folder, "m.arpa");
    snprintf(line, sizeof line, "train ngram n=2 smooth=wb name=wb; save %s @wb; load %s name=again", path,
             path);
    shell_must(shell, line);
    CHECK(figure("wb", "seconds") > 0 && figure("wb", "tokens") == 44);
    CHECK(absent("again", "seconds") && absent("again", "tokens"));
    CHECK_INT(figure("again", "parameters"), figure("wb", "parameters"));
}

Test(cost, models_are_rows)
{
    shell_json(shell, "cost @unigram,bigram,trigram");
    CHECK_INT(lines_in(shell_out(shell)), 3);
    shell_must(shell, "set as=table; cost @unigram,bigram,trigram");
    CHECK(strstr(shell_out(shell), "trigram") && strstr(shell_out(shell), "lookups"));
    CHECK(strstr(shell_err(shell), "seconds are measured"));
}

Test(cost, says_how_each_figure_came_about)
{
    json_t *json = shell_json(shell, "cost @bigram");
    char words[128];
    CHECK_STR(json_words(json, "counted", words, sizeof words), "parameters tokens");
    CHECK_STR(json_words(json, "computed", words, sizeof words), "bytes multiply_adds lookups flops");
    CHECK_STR(json_words(json, "measured", words, sizeof words), "seconds");
    shell_must(shell, "set as=table; cost @bigram; why");
    CHECK(strstr(shell_out(shell), "2-grams = 13"));
    CHECK(strstr(shell_out(shell), "88")); /* 44 tokens, 2 orders */
}
