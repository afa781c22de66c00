/* `abstain`: what silence does to accuracy, on the facts, counted by hand. */

#include <string.h>

#include "tests/support/shell.h"

SHELL_SUITE(abstain, "json")

/* The facts with an eighth animal that no text speaks of. */
static const char truth[] =
    "corpus new truth \"the mouse ate cheese\" \"the cat ate fish\" \"the dog ate bone\" \"the cow ate "
    "grass\" "
    "\"the bee ate nectar\" \"the owl ate mouse\" \"the pig ate corn\" \"the hen ate seed\"";

static double figure(const char *line, const char *key) { return shell_number(shell, line, key); }

/* The bigram sees "ate" alone: everybody eats cheese, with 4 of 13, and that is right for one of eight. */
Test(abstain, a_bigram_says_cheese)
{
    shell_must(shell, "train ngram corpus=facts");
    shell_must(shell, truth);
    CHECK_NEAR(figure("abstain truth below=0", "accuracy"), 1. / 8, 1e-15);
    CHECK_NEAR(figure("abstain truth below=0.3", "coverage"), 1, 1e-15);
    CHECK_INT(figure("abstain truth below=0.31", "answered"), 0);
    CHECK_NEAR(figure("abstain", "accuracy_of_all"), 1. / 7, 1e-15); /* of the animals in the text */
}

/* The trigram has one food for each animal it has read of, and nothing at all for the eighth. */
Test(abstain, a_trigram_is_silent_where_it_knows_nothing)
{
    shell_must(shell, "train ngram n=3 corpus=facts");
    shell_must(shell, truth);
    CHECK_NEAR(figure("abstain truth below=0", "coverage"), 7. / 8, 1e-15);
    CHECK_NEAR(figure("abstain truth below=0", "accuracy"), 1, 1e-15);
    CHECK(strstr(shell_out(shell), "{\"prompt\":\"the hen ate\",\"answer\":null,\"p\":0.0,"));
}

/* 0.9 of the trigram and 0.1 of the bigram: the eighth gets cheese with 4/13, a known one 0.9 and more. */
Test(abstain, a_threshold_tells_known_from_unknown)
{
    shell_must(shell, "train ngram n=3 corpus=facts smooth=interp weights=0.9,0.1,0");
    shell_must(shell, truth);
    CHECK_NEAR(figure("abstain truth below=0", "accuracy"), 7. / 8, 1e-15);
    CHECK_NEAR(figure("abstain truth below=0.5", "accuracy"), 1, 1e-15);
    CHECK_NEAR(figure("abstain truth below=0.5", "coverage"), 7. / 8, 1e-15);
    CHECK_INT(figure("abstain truth below=0.93", "answered"), 1); /* 0.9 + 0.1 x 4/13 = 0.9308 */
}

Test(abstain, refusals)
{
    CHECK(!shell_do(shell, "abstain @toy"));
    CHECK(strstr(shell_err(shell), "without the text"));
    CHECK(!shell_do(shell, "train ngram corpus=facts; abstain below=2"));
    CHECK(!shell_do(shell, "train ngram corpus=facts; abstain nowhere"));
    shell_must(shell, "corpus mouse tokens=chars lines=off; train ngram n=2");
    CHECK(!shell_do(shell, "abstain"));
    CHECK(strstr(shell_err(shell), "one stream"));
}
