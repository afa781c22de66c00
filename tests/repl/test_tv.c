/* `tv`: how well two writers can be told apart. */

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tests/support/shell.h"

SHELL_SUITE(tv, "json")

/* (1 + TV) / 2 against the training distribution of mouse: .877 .723 .525. */
Test(tv, detectors_of_the_curriculum)
{
    static const double known[] = {.877, .723, .525};
    char line[64];
    for (int order = 2; order <= 4; order++) {
        snprintf(line, sizeof line, "train ngram corpus=mouse n=%d; tv", order);
        CHECK_NEAR(shell_number(shell, line, "detector"), known[order - 2], 5e-4);
    }
}

Test(tv, is_a_distance)
{
    double there = shell_number(shell, "tv bigram trigram", "tv"),
           back = shell_number(shell, "tv trigram bigram", "tv");
    CHECK_NEAR(there, back, 1e-9);
    CHECK_NEAR(shell_number(shell, "tv bigram @trigram", "tv"), there, 1e-9);
    CHECK_NEAR(shell_number(shell, "tv bigram bigram", "tv_low"), 0, 1e-9);
    CHECK(shell_number(shell, "tv bigram bigram", "tv_high") < 1e-5);
    double bigram = shell_number(shell, "tv mouse @bigram", "tv"), /* a text lies between as any other does */
        trigram = shell_number(shell, "tv mouse @trigram", "tv");
    CHECK(fabs(bigram - trigram) <= there && there <= bigram + trigram);
}

/* On n = 4 and n = 5 by hand: (1/8 - 1/8) ... the six sentences; n = 5 is the training distribution itself.
 */
Test(tv, of_the_training_distribution_itself)
{
    shell_must(shell, "train ngram n=5 name=five; train ngram n=4 name=four");
    CHECK_NEAR(shell_number(shell, "tv mouse @five", "tv"), 0, 1e-12);
    CHECK_NEAR(shell_number(shell, "tv four five", "tv"), shell_number(shell, "tv mouse @four", "tv"), 1e-12);
}

Test(tv, refuses_what_does_not_end)
{
    CHECK(!shell_do(shell, "tv toy bigram"));
    CHECK(strstr(shell_err(shell), "</s>"));
    CHECK(!shell_do(shell, "tv bigram toy"));
    CHECK(!shell_do(shell, "tv bigrm trigram"));
    CHECK(strstr(shell_err(shell), "bigram"));
}

Test(tv, says_why)
{
    shell_must(shell, "tv bigram trigram; why as=table");
    CHECK(strstr(shell_out(shell), "(1 + TV) / 2"));
}
