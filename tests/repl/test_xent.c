/* `xent`: cross-entropy with a known source at the prompt. */

#include <math.h>
#include <string.h>

#include "tests/support/shell.h"

SHELL_SUITE(xent, "json")

Test(xent, a_source_against_itself)
{
    CHECK_NEAR(shell_number(shell, "xent source=bigram @bigram", "bits_per_token"), .862091, 5e-7);
    CHECK_NEAR(json_number(shell->json, "bits_per_text"), 4.741498, 5e-7);
    CHECK_NEAR(json_number(shell->json, "perplexity"), 1.81767, 5e-6);
    CHECK_NEAR(json_number(shell->json, "kl_per_token"), 0, 0);
    CHECK(json_is_true(json_path(shell->json, "exact")));
}

/* The unigram of mouse: 44 tokens; what it costs the bigram's texts is what it costs the text itself, since
 * the counts are alike on average. */
Test(xent, expected_counts_are_the_training_counts)
{
    double text = shell_number(shell, "eval mouse @unigram", "bits_per_token");
    CHECK_NEAR(shell_number(shell, "xent source=bigram @unigram", "bits_per_token"), text, 1e-9);
}

Test(xent, infinite_where_something_is_impossible)
{
    json_t *answer = shell_json(shell, "xent source=bigram @trigram");
    CHECK(json_is_null(json_path(answer, "bits_per_token")));
    CHECK(json_number(answer, "entropy_per_token") > 0);
    shell_must(shell, "xent source=bigram @trigram as=table");
    CHECK(strstr(shell_err(shell), "After 'mouse', bigram can go on with '</s>'"));
    CHECK(shell_number(shell, "mix eps=0.01 @trigram; xent source=bigram", "bits_per_token") < 10);
}

Test(xent, networks_without_end_are_asked_about_draws)
{
    shell_must(shell, "train rnn steps=3");
    double once = shell_number(shell, "xent source=bigram n=50 seed=7", "bits_per_token");
    CHECK(json_is_false(json_path(shell->json, "exact")) && json_number(shell->json, "error_per_token") > 0);
    CHECK_INT((int)json_number(shell->json, "n"), 50);
    CHECK_NEAR(shell_number(shell, "xent source=bigram n=50 seed=7", "bits_per_token"), once, 0);
    CHECK_NEAR(shell_number(shell, "xent source=rnn n=20 @bigram,rnn", "kl_per_token"), 0, 1e-5);
}

Test(xent, texts_of_a_given_length)
{
    CHECK_NEAR(shell_number(shell, "xent source=toy len=1", "tokens_per_text"), 1, 1e-12);
    double h = 0, p[] = {.01, .04, .05, .1, .8};
    for (size_t i = 0; i < 5; i++) h -= p[i] * log2(p[i]);
    CHECK_NEAR(json_number(shell->json, "bits_per_text"), h, 1e-12);
}

Test(xent, refuses)
{
    static const struct {
        const char *line, *says;
    } wrong[] = {
        {"xent", "needs the model"},
        {"xent source=mouse", "eval mouse"},
        {"xent source=bigrm", "bigram"},
        {"xent source=bigram", "</s>"},
        {"xent source=bigram len=3 @bigram", "len="},
        {"train ngram smooth=backoff; xent source=ngram", "scores"},
        {"train ngram corpus=mouse tokens=chars name=c; xent source=bigram", "reads"},
    };
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        CHECK_FOR(!shell_do(shell, wrong[i].line), "%s", wrong[i].line);
        CHECK_FOR(strstr(shell_err(shell), wrong[i].says), "%s: %s", wrong[i].line, shell_err(shell));
        shell_must(shell, "use toy");
    }
}

Test(xent, says_why)
{
    shell_must(shell, "xent source=bigram @unigram; why as=table");
    CHECK(strstr(shell_out(shell), "H(p) + KL(p || q)"));
}
