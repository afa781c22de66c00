/* `decode`: the noisy channel, against Bayes by hand and known thresholds. */

#include <stdio.h>
#include <string.h>

#include "tests/support/shell.h"

SHELL_SUITE(decode, "json")

static bool says(const char *line, const char *text)
{
    char wanted[128];
    snprintf(wanted, sizeof wanted, "\"rows\":[{\"text\":\"%s\"", text);
    shell_must(shell, line);
    return strstr(shell_out(shell), wanted) != NULL;
}

/* Corrected as long as 0.02 (1 - keep) / 4 > 0.000625 keep, that is keep < 8/9; with ball in the place of
 * ate, 0.02 (1 - keep) / 4 > 0.0036 keep, that is keep < 25/43 = 0.5814. */
Test(decode, thresholds_on_toy)
{
    CHECK(says("decode channel keep=0.8888 cheese mouse ate the cheese", "the mouse ate the cheese"));
    CHECK(says("decode channel keep=0.8889 cheese mouse ate the cheese", "cheese mouse ate the cheese"));
    CHECK(says("decode keep=0.5813 \"the mouse ball the cheese\"", "the mouse ate the cheese"));
    CHECK(says("decode keep=0.5815 \"the mouse ball the cheese\"", "the mouse ball the cheese"));
}

/* One word heard through the toy model: p(x) keep or p(x) (1 - keep) / 4, over their sum. */
Test(decode, one_word_by_hand)
{
    static const double prior[] = {0.01, 0.04, 0.05, 0.1, 0.8}; /* ate ball cheese mouse the */
    double keep = 0.6, sum = 0;
    for (int i = 0; i < 5; i++) sum += prior[i] * (i == 3 ? keep : (1 - keep) / 4);
    CHECK_NEAR(shell_number(shell, "decode keep=0.6 mouse", "evidence"), sum, 1e-12);
    CHECK(says("decode keep=0.6 mouse top=1", "the"));
    CHECK_NEAR(shell_number(shell, "decode keep=0.6 mouse", "rows.0.posterior"), 0.8 * 0.1 / sum, 1e-12);
}

/* A channel that tells nothing leaves the prior as it was: keep = 1/V. */
Test(decode, a_useless_channel)
{
    const char *line = "decode keep=0.2 ball ball ball ball ball top=1";
    CHECK(says(line, "the mouse ate the mouse"));
    CHECK_NEAR(shell_number(shell, line, "rows.0.posterior"), 0.032, 1e-12);
}

Test(decode, with_the_end_of_the_sentence)
{
    shell_must(shell, "train ngram n=5 corpus=mouse");
    CHECK(says("decode keep=0.9 \"the ball ate the cheese\"", "the mouse ate the cheese"));
    CHECK(says("decode keep=0.9 \"mouse ate the ball\"", "mouse ate the cheese"));
}

Test(decode, refusals)
{
    CHECK(!shell_do(shell, "decode the the the the the the the the the the"));
    CHECK(strstr(shell_err(shell), "too many"));
    CHECK(!shell_do(shell, "decode"));
    CHECK(!shell_do(shell, "decode keep=2 the"));
    CHECK(!shell_do(shell, "decode the zebra"));
    CHECK(strstr(shell_err(shell), "zebra"));
    CHECK(!shell_do(shell, "decode keep=1 mouse ball @bigram"));
    CHECK(strstr(shell_err(shell), "no text"));
}
