/* Every command's numbers, asked at the prompt and read from JSON, against the oracle and the lecture. */

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/shell.h"

SHELL_SUITE(answers, "json")

typedef struct {
    const char *line, *path;
    double wanted, tolerance;
} Row;

/* Each row in a session of its own. */
static void check_rows(const Row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        Shell *fresh = shell_new("json");
        double number = shell_number(fresh, rows[i].line, rows[i].path);
        CHECK_FOR(fabs(number - rows[i].wanted) <= rows[i].tolerance, "%s: %s is %.17g, not %.17g",
                  rows[i].line, rows[i].path, number, rows[i].wanted);
        shell_free(fresh);
    }
}

Test(answers, prob)
{
    static const Row rows[] = {
        {"prob the mouse ate the cheese", "p", 0.02, 1e-12},
        {"prob the cheese ate the mouse", "p", 0.01, 1e-12},
        {"prob mouse the the cheese ate", "p", 0.0001, 1e-15},
        {"prob mouse the cheese ate", "p", 0.001, 1e-14},
        {"prob \"the mouse ate\" the 'cheese'", "p", 0.02, 1e-12},
        {"prob the mouse ate the mouse", "p", 0.032, 1e-12},
        {"prob the mouse ate the cheese", "logp", -3.912023005428146, 1e-12},
        {"prob the mouse ate the cheese", "bits", 5.643856189774724, 1e-12},
        {"prob the mouse ate the cheese", "perplexity", 2.1867241478865562, 1e-12},
        {"prob the mouse ate the cheese @bigram", "p", 8575.0 / 86528, 1e-12},
        {"prob the cheese ate the mouse @bigram", "p", 245.0 / 86528, 1e-12},
        {"prob the mouse ate the cheese </s> @bigram", "p", 8575.0 / 86528, 1e-12},
        {"prob the mouse ate the cheese @bigram eos=off", "p", 8575.0 / 86528 * 6 / 5, 1e-12},
        {"prob the mouse ate the cheese @trigram", "p", 12.0 / 49, 1e-12},
        {"prob the cheese ate the mouse @trigram", "p", 1.0 / 1680, 1e-12},
        {"prob the mouse ate the cheese @unigram", "p", 507.0 / 7086244, 1e-12},
        {"prob mouse the the cheese ate @bigram", "p", 0, 0},
        {"train ngram n=2 smooth=add; prob mouse the cheese ate", "p", 1.0 / 13034, 1e-12},
        {"train ngram n=3 smooth=add; prob the mouse ate the cheese", "p", 350.0 / 24167, 1e-12},
        {"train ngram n=5; prob the mouse ate the cheese", "p", 3.0 / 8, 1e-12},
        {"train corpus=sam ngram; prob I am Sam", "p", 1.0 / 9, 1e-12},
        {"train corpus=sam ngram; prob I am Sam", "perplexity", 1.7320508075688772, 1e-12},
        {"train ngram corpus=facts; prob the cat ate cheese", "p", 12.0 / 169, 1e-12},
    };
    check_rows(rows, COUNT_OF(rows));
}

Test(answers, prob_of_the_impossible)
{
    json_t *json = shell_json(shell, "prob the the @bigram");
    CHECK(json_number(json, "p") == 0);
    CHECK(json_is_null(json_path(json, "logp")));
    CHECK(json_is_null(json_path(json, "perplexity")));
}

Test(answers, chain)
{
    static const double factors[] = {.8, .4, .5, .5, .25}, products[] = {.8, .32, .16, .08, .02};
    json_t *json = shell_json(shell, "chain the mouse ate the cheese");
    CHECK_INT(json_array_size(json_path(json, "steps")), 5);
    for (size_t i = 0; i < COUNT_OF(factors); i++) {
        json_t *step = json_array_get(json_path(json, "steps"), i);
        CHECK_NEAR(json_number(step, "p"), factors[i], 1e-12);
        CHECK_NEAR(json_number(step, "product"), products[i], 1e-12);
        CHECK_NEAR(json_number(step, "bits"), -log2(factors[i]), 1e-12);
    }
    CHECK_STR(json_string_value(json_path(json, "steps.0.given.0")), "<s>");
    CHECK_STR(json_string_value(json_path(json, "steps.4.token")), "cheese");
}

Test(answers, chain_with_counts)
{
    static const int counts[] = {7, 7, 7, 6, 5, 5}, totals[] = {8, 13, 8, 8, 13, 6};
    json_t *json = shell_json(shell, "chain the mouse ate the cheese @bigram");
    CHECK_INT(json_array_size(json_path(json, "steps")), 6);
    for (size_t i = 0; i < COUNT_OF(counts); i++) {
        json_t *step = json_array_get(json_path(json, "steps"), i);
        CHECK_INT(json_number(step, "count"), counts[i]);
        CHECK_INT(json_number(step, "total"), totals[i]);
    }
    CHECK_STR(json_string_value(json_path(json, "steps.5.token")), "</s>");
    CHECK(json_is_true(json_path(json, "eos")));
}

Test(answers, next)
{
    static const Row rows[] = {
        {"next", "rows.4.p", .8, 1e-12},
        {"next the", "rows.3.p", .4, 1e-12},
        {"next <s> the", "rows.3.p", .4, 1e-12},
        {"next the", "entropy_bits", 2.0414460711655216, 1e-12},
        {"next the @bigram", "rows.1.p", 1.0 / 13, 1e-12},
        {"next the @bigram", "rows.2.p", 5.0 / 13, 1e-12},
        {"next the @bigram", "rows.3.p", 7.0 / 13, 1e-12},
        {"next the @bigram", "rows.5.p", 0, 0},
        {"next ate the @trigram", "rows.2.p", 2.0 / 3, 1e-12},
        {"next the T=1/4 @bigram", "entropy_bits", .7389, 5e-5},
        {"next the T=1/2 @bigram", "entropy_bits", 1.0126, 5e-5},
        {"next the T=1 @bigram", "entropy_bits", 1.2957, 5e-5},
        {"next the T=2 @bigram", "entropy_bits", 1.4835, 5e-5},
        {"next the T=4 @bigram", "entropy_bits", 1.5558, 5e-5},
        {"next the T=0 @bigram", "entropy_bits", 0, 0},
        {"next the T=0 @bigram", "rows.3.p", 1, 0},
        {"next the top_k=2", "rows.3.p", .4 / .65, 1e-12},
        {"next the top_k=2", "rows.1.p", 0, 0},
        {"next the top_p=0.6", "rows.2.p", .25 / .65, 1e-12},
        {"next the min_p=0.5", "rows.1.p", .2 / .85, 1e-12},
        {"next the T=0.5", "rows.3.p", .16 / .275, 1e-12},
        {"train ngram corpus=jobs n=3; next doctor said for=he", "rows.0.p", .8, 1e-12},
        {"train ngram corpus=jobs n=3; next nurse said for=he", "rows.0.p", .1, 1e-12},
        {"train ngram corpus=jobs n=3; next engineer said for=he", "rows.0.p", .9, 1e-12},
        {"train ngram corpus=jobs n=3; next teacher said for=he", "rows.0.p", .4, 1e-12},
        {"train ngram corpus=jobs; next said for=he", "rows.0.p", .55, 1e-12},
        {"train ngram corpus=sam smooth=add; next am for=Sam", "rows.0.p", 2.0 / 13, 1e-12},
        {"train ngram n=3 smooth=interp weights=.5,.3,.2; next ate the for=cheese", "rows.0.p", 1021.0 / 2145,
         1e-12},
    };
    check_rows(rows, COUNT_OF(rows));
}

static void check_uniform(const char *line, size_t possible)
{
    size_t index, found = 0;
    json_t *row, *json = shell_json(shell, line);
    json_array_foreach(json_path(json, "rows"), index, row)
    {
        double p = json_number(row, "p");
        found += p > 0;
        CHECK_FOR(p == 0 || fabs(p - 1.0 / (double)possible) < 1e-12, "%s: %g", line, p);
    }
    CHECK_INT(found, possible);
    CHECK_STR(json_string_value(json_path(json, "T")), "inf");
    CHECK_NEAR(json_number(json, "entropy_bits"), log2((double)possible), 1e-12);
}

Test(answers, next_at_infinite_temperature)
{
    check_uniform("next the T=inf", 5);
    check_uniform("next the T=inf @bigram", 3);
    check_uniform("next the T=∞ @unigram", 6);
}

/* Vocabulary order, one object a setting, one a line. */
Test(answers, sweeps_make_one_object_a_setting)
{
    static const char *const lines[] = {
        "next the T=0,0.5,1,2,inf", "next the T=0.5,1 @toy,bigram", "prob the @toy,bigram,trigram",
        "train ngram n=1..4",       "eval @unigram,bigram",         "sample n=1,2,3",
        "enumerate len=1..3",       "tree the depth=1,2",           "chain the @toy,bigram"};
    static const size_t wanted[] = {5, 4, 3, 4, 2, 3, 3, 2, 2};
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        shell_must(shell, lines[i]);
        size_t count = lines_in(shell_out(shell));
        CHECK_FOR(count == wanted[i], "%s: %zu objects", lines[i], count);
        for (size_t object = 0; object < count; object++) json_decref(json_line(shell_out(shell), object));
    }
}

Test(answers, sweep_temperatures_in_order)
{
    static const double wanted[] = {.7389, 1.0126, 1.2957, 1.4835, 1.5558};
    shell_must(shell, "next the T=1/4,1/2,1,2,4 @bigram");
    for (size_t i = 0; i < COUNT_OF(wanted); i++) {
        json_t *json = json_line(shell_out(shell), i);
        CHECK_NEAR(json_number(json, "entropy_bits"), wanted[i], 5e-5);
        json_decref(json);
    }
}

Test(answers, enumerate)
{
    static const Row rows[] = {
        {"enumerate", "sequences", 3125, 0},
        {"enumerate", "mass", 1, 1e-9},
        {"enumerate", "entropy_bits", 9.31856874685, 1e-9},
        {"enumerate", "rows.0.p", .032, 1e-12},
        {"enumerate rank=\"the mouse ate the cheese\"", "rank", 2, 0},
        {"enumerate rank=\"the cheese ate the mouse\"", "rank", 5, 0},
        {"enumerate rank=\"mouse the the cheese ate\"", "rank", 1028, 0},
        {"enumerate T=0.5", "rows.1.p", .07721, 5e-6},
        {"enumerate T=0.5 rank=\"the mouse ate the cheese\"", "p_whole", .09684, 5e-6},
        {"enumerate T=0.5 rank=\"the mouse ate the cheese\"", "p", .07721, 5e-6},
        {"enumerate T=inf", "rows.0.p", 1.0 / 3125, 1e-12},
        {"enumerate T=0", "rows.0.p", 1, 0},
        {"enumerate len=1", "sequences", 5, 0},
        {"enumerate len=2 @bigram", "mass", 0.42032251602564108, 1e-12}, /* P(length = 2) */
    };
    check_rows(rows, COUNT_OF(rows));
    char words[64];
    json_t *json = shell_json(shell, "enumerate top=3");
    CHECK_INT(json_array_size(json_path(json, "rows")), 3);
    CHECK_STR(json_words(json, "rows.0.tokens", words, sizeof words), "the mouse ate the mouse");
}

Test(answers, enumerated_p_is_prob_p)
{
    char line[128], words[64];
    for (size_t i = 0; i < 5; i++) {
        char path[32];
        json_t *json = shell_json(shell, "enumerate len=4 top=5 @bigram");
        snprintf(path, sizeof path, "rows.%zu.tokens", i);
        json_words(json, path, words, sizeof words);
        snprintf(path, sizeof path, "rows.%zu.p", i);
        double p = json_number(json, path);
        snprintf(line, sizeof line, "prob %s @bigram", words);
        CHECK_NEAR(shell_number(shell, line, "p"), p, 1e-15);
    }
}

Test(answers, rank)
{
    static const Row rows[] = {
        {"rank the mouse ate the cheese", "orderings", 60, 0}, /* 5! / 2! */
        {"rank the mouse ate the cheese", "rank", 1, 0},
        {"rank the mouse ate the cheese", "p", .02, 1e-12},
        {"rank cheese the mouse", "orderings", 6, 0},
        {"rank the the the", "orderings", 1, 0},
    };
    check_rows(rows, COUNT_OF(rows));
}

static void check_texts(const char *line, const char *const *texts, size_t count)
{
    json_t *json = shell_json(shell, line), *samples = json_path(json, "samples");
    CHECK_INT(json_array_size(samples), count);
    for (size_t i = 0; i < count; i++)
        CHECK_STR(json_string_value(json_object_get(json_array_get(samples, i), "text")), texts[i]);
}

Test(answers, sample)
{
    static const char *const six[] = {"mouse",     "the ball",  "the cheese",
                                      "mouse ate", "the mouse", "the mouse ate the mouse ate cheese"};
    static const char *const greedy[] = {"the mouse ate the mouse"};
    static const char *const half[] = {"mouse ate"};
    check_texts("sample n=6 seed=1337 @bigram", six, 6);
    check_texts("sample T=0 max=5", greedy, 1);
    check_texts("sample T=0 len=5", greedy, 1);
    check_texts("sample the T=0 max=2", half, 1);
    json_t *json = shell_json(shell, "sample the mouse T=0.5 seed=7 len=3 n=2 top_k=2");
    CHECK_INT(json_number(json, "seed"), 7);
    CHECK_NEAR(json_number(json, "T"), .5, 0);
    CHECK_STR(json_string_value(json_path(json, "prompt")), "the mouse");
    CHECK_STR(json_string_value(json_path(json, "samples.0.stop")), "len");
    CHECK_INT(json_array_size(json_path(json, "samples.1.tokens")), 3);
    CHECK_STR(json_string_value(json_path(shell_json(shell, "sample max=4 T=0"), "samples.0.stop")), "max");
    CHECK_STR(json_string_value(json_path(shell_json(shell, "sample seed=1337 @bigram"), "samples.0.stop")),
              "eos");
}

Test(answers, sampled_logp_is_that_of_prob)
{
    char line[256];
    json_t *json = shell_json(shell, "sample seed=3 @bigram");
    double logp = json_number(json, "samples.0.logp");
    snprintf(line, sizeof line, "prob %s @bigram", json_string_value(json_path(json, "samples.0.text")));
    CHECK_NEAR(shell_number(shell, line, "logp"), logp, 1e-12);
}

Test(answers, dice_hold_u)
{
    size_t index;
    json_t *draw, *json = shell_json(shell, "sample seed=5 show=dice len=6");
    json_array_foreach(json_path(json, "draws"), index, draw)
    {
        double u = json_number(draw, "u"), low = json_number(draw, "low"), high = json_number(draw, "high");
        CHECK_FOR(low <= u && u < high, "draw %zu: %g is not in %g..%g", index, u, low, high);
        CHECK_NEAR(json_number(draw, "p"), high - low, 1e-12);
    }
    CHECK_INT(json_array_size(json_path(json, "draws")), 6);
}

Test(answers, tally_counts_all)
{
    size_t index;
    double count = 0, share = 0;
    json_t *row, *json = shell_json(shell, "sample n=1000 show=tally seed=2 @bigram");
    json_array_foreach(json_path(json, "tally"), index, row)
    {
        count += json_number(row, "count");
        share += json_number(row, "share");
    }
    CHECK_INT(count, 1000);
    CHECK_NEAR(share, 1, 1e-9);
    CHECK_INT(json_number(json, "different"), json_array_size(json_path(json, "tally")));
}

Test(answers, complete)
{
    json_t *json = shell_json(shell, "complete \"the cheese\" @trigram T=0");
    CHECK_STR(json_string_value(json_path(json, "command")), "complete");
    CHECK_STR(json_string_value(json_path(json, "prompt")), "the cheese");
    CHECK_STR(json_string_value(json_path(json, "samples.0.text")), "");
    CHECK_STR(json_string_value(json_path(json, "samples.0.stop")), "eos");
    json = shell_json(shell, "complete \"the mouse\" T=0 max=3");
    CHECK_STR(json_string_value(json_path(json, "samples.0.text")), "ate the mouse");
}

Test(answers, poison_table)
{
    static const double wanted[] = {1.0 / 6, 2.0 / 7, 3.0 / 8, 4.0 / 9, 1.0 / 2};
    for (int k = 0; k <= 4; k++) {
        char line[160];
        Shell *fresh = shell_new("json");
        snprintf(line, sizeof line, "corpus add \"the mouse ate the ball\" times=%d", k);
        if (k > 0) shell_must(fresh, line);
        double p = shell_number(fresh, "train ngram n=3; next ate the for=ball", "rows.0.p");
        CHECK_FOR(fabs(p - wanted[k]) < 1e-12, "k=%d: %g", k, p);
        shell_free(fresh);
    }
}

Test(answers, corpora)
{
    static const Row rows[] = {
        {"corpus mouse", "sentences", 8, 0},
        {"corpus mouse", "tokens", 36, 0},
        {"corpus jobs", "sentences", 40, 0},
        {"corpus add \"a b c\" times=3", "sentences", 11, 0},
        {"corpus add \"a b c\" times=3", "tokens", 45, 0},
        {"corpus add \"a b c\"; corpus drop \"a b c\"", "sentences", 8, 0},
        {"corpus drop \"the mouse ate the cheese\" times=2", "sentences", 6, 0},
        {"corpus jobs; corpus drop", "sentences", 8, 0},
    };
    check_rows(rows, COUNT_OF(rows));
}

Test(answers, eval)
{
    static const Row rows[] = {
        {"eval @unigram", "perplexity", 5.19549554983, 1e-9},
        {"eval @bigram", "perplexity", 1.81767025213, 1e-9},
        {"eval @trigram", "perplexity", 1.65012188129, 1e-9},
        {"eval mouse @bigram", "bits_per_token", 0.86209050054, 1e-9},
        {"eval @bigram", "tokens", 44, 0},
        {"eval @bigram", "sentences", 8, 0},
        {"eval @bigram eos=off", "tokens", 36, 0},
        {"train ngram n=4 smooth=add; eval", "perplexity", 2.4496674856, 1e-9},
        {"train ngram n=2 smooth=add; eval", "perplexity", 2.50228981275, 1e-9},
        {"eval jobs @bigram", "oov", 200, 0},
        {"train ngram unk=on smooth=add; eval jobs", "oov", 200, 0},
        {"train ngram n=3", "perplexity", 1.65012188129, 1e-9},
        {"train ngram n=3", "tokens", 44, 0},
        {"train ngram n=3", "loss", 0.50084915263376384, 1e-9},
    };
    check_rows(rows, COUNT_OF(rows));
    CHECK(json_is_null(json_path(shell_json(shell, "eval jobs @bigram"), "perplexity")));
}

Test(answers, counts_vocab_tokens)
{
    static const Row rows[] = {
        {"counts the @bigram", "total", 13, 0},
        {"counts the @bigram", "rows.0.count", 1, 0},
        {"counts the @bigram", "rows.2.p", 7.0 / 13, 1e-12},
        {"counts @bigram", "rows.1.count", 7, 0},
        {"vocab @bigram", "outcomes", 6, 0},
        {"vocab @bigram", "rows.4.count", 13, 0},
        {"vocab", "outcomes", 5, 0},
        {"tokens \"the mouse ate\"", "ids.0", 4, 0},
        {"tokens \"the mouse ate\"", "count", 3, 0},
        {"tree the depth=2 top=1", "rows.1.path", .2, 1e-12},
        {"bits the mouse ate", "bits", 2.6438561897747248, 1e-12},
        {"bits the mouse ate", "rows.2.bits", 1, 1e-12},
        {"compare \"the mouse\" \"the ball\"", "rows.1.p", .16, 1e-12},
        {"compare next the @toy,bigram", "rows.3.p", 7.0 / 13, 1e-12},
        {"model bigram", "order", 2, 0},
        {"model bigram", "parameters", 19, 0},
    };
    check_rows(rows, COUNT_OF(rows));
    json_t *json = shell_json(shell, "tokens \"the zebra\"");
    CHECK(json_is_null(json_path(json, "ids.1")));
}

Test(answers, logarithms_in_other_bases)
{
    static const Row rows[] = {
        {"prob the mouse base=2", "bits", 1.6438561897747248, 1e-12},
        {"prob the mouse base=e", "logp", -1.1394342831883648, 1e-12},
        {"prob the mouse base=10", "logp", -1.1394342831883648,
         1e-12}, /* logp is natural whatever the base */
    };
    check_rows(rows, COUNT_OF(rows));
}

Test(answers, unknown_words)
{
    double known = shell_number(shell, "train ngram unk=on smooth=add; prob the zebra ate oov=unk", "p");
    CHECK(known > 0);
    CHECK_NEAR(shell_number(shell, "prob the <unk> ate", "p"), known, 1e-15);
    json_t *json = shell_json(shell, "next the");
    CHECK_STR(json_string_value(json_path(json, "rows.5.token")), "<unk>");
    json = shell_json(shell, "sample n=200 T=inf");
    char *text = json_dumps(json, 0);
    CHECK(!strstr(text, "<unk>"));
    free(text);
}

Test(answers, characters)
{
    CHECK_INT(shell_number(shell, "corpus sam tokens=chars; train ngram n=2; vocab", "outcomes"),
              json_number(shell->json, "outcomes"));
    json_t *json = shell_json(shell, "tokens \"I am\"");
    CHECK_STR(json_string_value(json_path(json, "tokenizer")), "chars");
    CHECK_INT(json_array_size(json_path(json, "tokens")), 4);
    double p = shell_number(shell, "prob \"I am Sam\"", "p");
    CHECK(p > 0 && p < 1);
    CHECK_NEAR(shell_number(shell, "prob I am Sam", "p"), p, 0);
}
