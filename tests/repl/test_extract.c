/* `extract`: what comes out of a training text when its beginnings are given. */

#include <stdio.h>
#include <string.h>

#include "tests/support/shell.h"

SHELL_SUITE(extract, "json")

static double figure(const char *line, const char *key) { return shell_number(shell, line, key); }

/* Without a beginning it is the mass of all training sentences: known_answers, mouse.n2..n4.memmass. */
Test(extract, from_nothing_it_is_novelty)
{
    static const double known[] = {0.24648476023175547, 0.55331632653061225, 0.975};
    char line[80];
    for (int order = 2; order <= 4; order++) {
        snprintf(line, sizeof line, "train ngram corpus=mouse n=%d; extract", order);
        CHECK_NEAR(figure(line, "verbatim"), known[order - 2], 1e-12);
    }
}

/* Of the trigram's mass "mouse ate the cheese" (1/21) and "the cheese ate the mouse" (1/1680) begin
 * otherwise, and "the mouse" begins with 7/8 x 6/7. */
Test(extract, a_beginning_divides)
{
    shell_must(shell, "train ngram corpus=mouse n=3");
    double wanted = (0.55331632653061225 - 1. / 21 - 1. / 1680) / 0.75;
    CHECK_NEAR(figure("extract the mouse", "verbatim"), wanted, 1e-12);
    CHECK_INT(figure("extract the mouse", "sentences"), 6);
}

Test(extract, the_longer_the_memory_the_more_comes_out)
{
    shell_must(shell, "train ngram corpus=mouse n=4");
    CHECK_NEAR(figure("extract the mouse", "verbatim"), 1, 1e-12);
    CHECK_INT(figure("extract the mouse T=1 n=50 seed=3", "verbatim_draws"), 50);
    CHECK_INT(figure("extract the cheese", "n"), 1);
    CHECK(strstr(shell_out(shell), "\"rows\":[{\"continuation\":\"ate the mouse\",\"p\":1.0,\"drawn\":1,"
                                   "\"times\":1,\"verbatim\":true}]"));
}

Test(extract, refusals)
{
    CHECK(!shell_do(shell, "extract the mouse @toy"));
    CHECK(strstr(shell_err(shell), "without the text"));
    CHECK(!shell_do(shell, "train ngram; extract the zebra"));
    shell_must(shell, "corpus mouse tokens=chars lines=off; train ngram n=2");
    CHECK(!shell_do(shell, "extract"));
}
