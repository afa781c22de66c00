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

/* --- energy and carbon dioxide --- */

/* known_answers cost.gpt3.flops and cost.gpt3.chain */
Test(cost, of_gpt3)
{
    const char *chain = "cost flops=3.14e23 rate=24.6e12 watts=330 pue=1.1 grid=0.429 machines=10000";
    CHECK_NEAR(shell_number(shell, "cost params=175e9 tokens=300e9", "flops"), 3.15e23, 1e9);
    CHECK_NEAR(shell_number(shell, chain, "mwh"), 1287.06, 1e-2);
    CHECK_NEAR(shell_number(shell, chain, "t_co2e"), 552.15, 1e-2);
    CHECK_NEAR(shell_number(shell, chain, "days"), 14.77, 1e-2);
    CHECK_NEAR(shell_number(shell, chain, "machine_hours"), 3.546e6, 1e3);
}

/* Strubell et al. 2019, as CS324 quotes them: 1438 lb for one training of BERT-base. */
Test(cost, of_bert)
{
    double kg = shell_number(shell, "cost hours=79.2 watts=12041.5 pue=1.58 grid=us", "kg_co2e");
    CHECK_NEAR(kg / 0.45359237, 1437.5, 0.5);
}

Test(cost, of_a_region)
{
    double quebec = shell_number(shell, "cost hours=1 watts=1000 region=quebec", "kg_co2e");
    double estonia = shell_number(shell, "cost hours=1 watts=1000 region=estonia", "kg_co2e");
    CHECK_NEAR(estonia / quebec, 30, 1e-9);
    shell_must(shell, "set grid=google watts=100 pue=2");
    CHECK_NEAR(shell_number(shell, "cost hours=10", "kg_co2e"), 2 * 0.080, 1e-12);
    shell_must(shell, "undo");
    CHECK_NEAR(shell_number(shell, "cost hours=10 watts=100", "kg_co2e"), 0.429, 1e-12);
}

Test(cost, of_a_training)
{
    shell_must(shell, "train softmax steps=10");
    double seconds = shell_number(shell, "cost watts=50 grid=.5 pue=2", "seconds");
    CHECK_NEAR(json_number(shell->json, "kwh"), seconds * 100 / 3.6e6, 1e-18);
    CHECK_NEAR(json_number(shell->json, "g_co2e"), seconds * 100 / 3.6e6 * 500, 1e-15);
    CHECK_NEAR(json_number(shell->json, "flops"), 6 * 36.0 * 440, 0); /* 6 x 6 logits, 44 tokens, 10 steps */
    CHECK_NEAR(shell_number(shell, "cost flops=9504000", "times_model"), 100, 1e-9);
    CHECK_NEAR(shell_number(shell, "cost rate=1000", "machine_hours"), 6 * 36.0 * 440 / 3.6e6, 1e-12);
}

Test(cost, of_texts)
{
    double tokens =
        shell_number(shell, "cost per=5000 @bigram watts=36 price=.5 human=4 review=1", "tokens_per_text");
    double rate = json_number(shell->json, "tokens_per_second"), kwh = json_number(shell->json, "kwh");
    CHECK_NEAR(tokens, 5.5, 0.3); /* as long as the corpus: 44 tokens in 8 lines */
    CHECK_NEAR(json_number(shell->json, "seconds"), 5000 * tokens / rate, 1e-9);
    CHECK_NEAR(kwh, 5000 * tokens / rate * 1e-5, 1e-12);
    CHECK_NEAR(json_number(shell->json, "cost"), kwh / 2, 1e-15);
    CHECK_NEAR(json_number(shell->json, "break_even"), (kwh / 2 / 5000 + 1) / 4, 1e-12);
    shell_must(shell, "why");
}

Test(cost, of_models_of_history)
{
    json_t *json = shell_json(shell, "cost show=sizes @bigram");
    CHECK_STR(json_string_value(json_path(json, "rows.9.name")), "GPT-3");
    CHECK_NEAR(json_number(json, "rows.9.times"), 175e9 / 19, 1);
}

Test(cost, of_nothing_is_an_error)
{
    static const char *const lines[] = {"cost params=1e9",       "cost tokens=1e9",
                                        "cost rate=1e12",        "cost flops=1 hours=1",
                                        "cost machines=2",       "cost grid=mars",
                                        "cost hours=1 rate=1e9", "cost per=0",
                                        "cost pue=.5",           "cost flops=1 params=1 tokens=1"};
    for (size_t i = 0; i < COUNT_OF(lines); i++)
        CHECK_FOR(!shell_do(shell, lines[i]) && strstr(shell_err(shell), "hint"), "%s: %s", lines[i],
                  shell_err(shell));
}

Test(cost, why_multiplies)
{
    shell_must(shell, "set as=table; cost flops=3.6e6 rate=1000 watts=500 grid=.5; why");
    CHECK(strstr(shell_out(shell), "CO2e, kg = 0.25")); /* an hour, half a kWh */
    CHECK(strstr(shell_out(shell), "FLOPs = 3.6e+06"));
}

/* What a lesson's question about it means. */
Test(cost, comes_to_one_number)
{
    static const struct {
        const char *line;
        double number;
    } rows[] = {{"cost params=1e3 tokens=1e3", 6e6},
                {"cost hours=48", 2},
                {"cost hours=1 watts=1000 grid=.5", .5},
                {"cost hours=1e6 watts=1000 grid=.5", 500}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        double number = 0;
        shell_must(shell, rows[i].line);
        CHECK(result_main_number(&session_last(shell->session)->results[0], &number));
        CHECK_NEAR(number, rows[i].number, 1e-9);
    }
}
