/* `mix`: the model it makes, its name, and what the other commands make of it. */

#include <stdlib.h>
#include <string.h>

#include "tests/support/shell.h"

SHELL_SUITE(mixing, "json")

Test(mixing, five_percent_cost_five_percent)
{
    double before = shell_number(shell, "eval mouse @bigram", "perplexity");
    CHECK_NEAR(shell_number(shell, "mix eps=0.05 @bigram", "factor"), 1 / .95, 1e-15);
    CHECK_NEAR(shell_number(shell, "mix @bigram", "every"), 20, 1e-12);
    double after = shell_number(shell, "eval mouse", "perplexity");
    CHECK(after > before && after <= before / .95);
    CHECK_NEAR(shell_number(shell, "prob the mouse ate the cheese eos=off", "p"),
               (.95 * 7 / 8 + .05 / 6) * (.95 * 7 / 13 + .05 / 6) * (.95 * 7 / 8 + .05 / 6) *
                   (.95 * 6 / 8 + .05 / 6) * (.95 * 5 / 13 + .05 / 6),
               1e-15);
}

Test(mixing, names_and_undo)
{
    CHECK_STR(json_string_value(json_path(shell_json(shell, "mix @toy"), "model")), "toy-mix");
    shell_must(shell, "mix eps=.3"); /* the same one anew, not a mix of a mix */
    CHECK_NEAR(shell_number(shell, "next the", "rows.0.p"), .7 * .05 + .3 / 5, 1e-12);
    char *before = shell_state(shell);
    shell_must(shell, "mix name=other eps=0.1,0.2 @bigram");
    CHECK_NEAR(shell_number(shell, "next the @other-2", "rows.0.p"), .2 / 6, 1e-12);
    shell_must(shell, "undo");
    char *after = shell_state(shell);
    CHECK_STR(after, before);
    free(before);
    free(after);
}

Test(mixing, why_splits_p)
{
    shell_must(shell, "mix eps=.05 @bigram; next the; why mouse");
    CHECK(strstr(shell_out(shell), "(1 - eps) q + eps / m") && strstr(shell_out(shell), "count(the mouse)"));
    shell_must(shell, "mix; why");
    CHECK(strstr(shell_out(shell), "1 / (1 - eps)"));
}

Test(mixing, draws_and_is_enumerated)
{
    shell_must(shell, "mix eps=.5 junk=ball @bigram; sample n=5 seed=1 show=dice; next the T=0; tree");
    CHECK_NEAR(shell_number(shell, "next ate", "rows.1.p"), .5, 1e-12); /* ate, ball: never seen there */
    CHECK(shell_number(shell, "enumerate len=3", "mass") > 0);
    CHECK(shell_number(shell, "novelty n=50", "verbatim") > 0);
}

Test(mixing, what_looks_inside_says_where_to_look)
{
    static const char *const lines[] = {"save x.lm", "train", "counts the", "weights", "step"};
    shell_must(shell, "mix @bigram");
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        CHECK_FOR(!shell_do(shell, lines[i]), "%s", lines[i]);
        CHECK_FOR(strstr(shell_err(shell), "is a mix"), "%s: %s", lines[i], shell_err(shell));
    }
    shell_must(shell, "poison 2 \"the ball\" as=table");
    CHECK(strstr(shell_err(shell), "is a mix"));
    CHECK_NEAR(shell_number(shell, "cost", "bytes"), shell_number(shell, "cost @bigram", "bytes"), 0);
}

Test(mixing, refuses)
{
    static const char *const lines[] = {"mix eps=2", "mix junk=dog @bigram", "mix name=toy", "mix the"};
    for (size_t i = 0; i < COUNT_OF(lines); i++) CHECK_FOR(!shell_do(shell, lines[i]), "%s", lines[i]);
}
