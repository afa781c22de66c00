/* `access`: what an API tells, what it does not, and what it costs. */

#include <stdlib.h>
#include <string.h>

#include "tests/support/shell.h"

SHELL_SUITE(access, "json")

static bool refused(const char *line)
{
    return !shell_do(shell, line) && strstr(shell_err(shell), "access open");
}

/* L18: P(mouse | the) = .6 to +-.01 takes 1.96^2 p (1 - p) / .01^2 texts. */
Test(access, counts_the_calls_an_estimate_takes)
{
    CHECK_NEAR(shell_number(shell, "access p=0.4 within=0.01", "calls_exact"), 9219.84, 1e-6);
    CHECK_INT(json_number(shell->json, "calls_needed"), 9220);
    CHECK_INT(shell_number(shell, "access p=.6 within=1%", "calls_needed"), 9220);
    CHECK_INT(shell_number(shell, "access p=.5 within=.01", "calls_needed"), 9604);
    CHECK_INT(shell_number(shell, "access p=1 within=.5", "calls_needed"), 0);
    shell_must(shell, "set as=table; access p=.5 within=.01; why");
    CHECK(strstr(shell_out(shell), "9604") && strstr(shell_out(shell), "1.96"));
}

Test(access, hides_what_is_inside)
{
    static const char *const lines[] = {"prob the mouse",
                                        "chain the mouse",
                                        "next the",
                                        "next the top=6",
                                        "next the top=2 for=mouse",
                                        "bits the",
                                        "rank the mouse",
                                        "enumerate len=2",
                                        "tree the",
                                        "next the top=2 show=steps",
                                        "sample show=dice",
                                        "sample show=steps",
                                        "compare \"a\" \"b\"",
                                        "eval",
                                        "vocab",
                                        "counts the",
                                        "model",
                                        "model bigram",
                                        "cost",
                                        "save x.arpa",
                                        "sample; why",
                                        "next the top=2; why",
                                        "train",
                                        "weights",
                                        "embed",
                                        "attn the",
                                        "state the",
                                        "lens the",
                                        "trace the",
                                        "grad check",
                                        "next the top=5 @bigram,trigram T=0,1 for=the"};
    shell_must(shell, "use bigram; access api");
    for (size_t i = 0; i < COUNT_OF(lines); i++)
        CHECK_FOR(refused(lines[i]), "%s: %s%s", lines[i], shell_out(shell), shell_err(shell));
    shell_must(shell, "access open; prob the mouse; next the; sample; why");
}

/* Every command that asks a model is one or the other, whoever adds it. */
Test(access, refuses_by_the_table)
{
    for (size_t i = 0; command_table[i]; i++)
        CHECK_FOR(!command_table[i]->api || command_table[i]->models, "%s", command_table[i]->name);
}

Test(access, tells_text_alone)
{
    shell_must(shell, "use bigram; access api");
    json_t *json = shell_json(shell, "sample the n=3 seed=1");
    CHECK(json_is_null(json_path(json, "samples.0.logp")));
    CHECK(json_string_value(json_path(json, "samples.0.text")));
    json = shell_json(shell, "next the top=2");
    CHECK(json_object_get(json, "entropy_bits") == NULL);
    CHECK_NEAR(json_number(json, "rows.0.p"), 7 / 13., 1e-12);
    shell_must(shell, "access api top=0; complete the; sample n=10 show=tally");
    CHECK(refused("next the top=1"));
}

/* The texts are those of an open model. */
Test(access, draws_the_same)
{
    shell_must(shell, "set as=list; use bigram");
    shell_must(shell, "sample seed=7 n=5");
    char *open = strdup(shell_out(shell));
    shell_must(shell, "access api");
    shell_must(shell, "sample seed=7 n=5");
    CHECK_STR(shell_out(shell), open);
    free(open);
}

Test(access, bills_every_call)
{
    shell_must(shell, "access api price=0.5; sample the mouse n=10 len=3 seed=1"); /* 10 x (2 + 3) tokens */
    CHECK_INT(shell_number(shell, "access", "calls"), 10);
    CHECK_INT(json_number(shell->json, "tokens"), 50);
    CHECK_NEAR(json_number(shell->json, "cost"), 0.025, 1e-12);
    shell_must(shell, "next the top=2 T=1,2 as=table"); /* 2 x (1 + 1) */
    CHECK(strstr(shell_err(shell), "calls 2, tokens 4, price 0.002"));
    CHECK(strstr(shell_err(shell), "calls 12, tokens 54"));
    shell_must(shell, "access open; sample");
    CHECK_INT(shell_number(shell, "access", "calls"), 12);
    CHECK_INT(shell_number(shell, "access api", "calls"), 0);
    CHECK_NEAR(json_number(shell->json, "price"), 0.02, 0); /* a new customer's */
}

Test(access, is_a_setting_like_others)
{
    shell_must(shell, "use bigram");
    CHECK_STR(session_prompt(shell->session), "bigram> ");
    shell_must(shell, "access api");
    CHECK_STR(session_prompt(shell->session), "bigram (api)> ");
    shell_must(shell, "undo; prob the");
    CHECK_STR(session_prompt(shell->session), "bigram> ");
    shell_must(shell, "redo");
    CHECK(refused("prob the"));
    shell_must(shell, "access; access api price=3 top=1");
    CHECK_NEAR(shell_number(shell, "access api top=2", "price"), 3, 0); /* as before */
    CHECK_INT(json_number(shell->json, "top"), 2);
    CHECK(!shell_do(shell, "access api top=9") && !shell_do(shell, "access ipa") &&
          !shell_do(shell, "access p=.3") && !shell_do(shell, "access within=.3") &&
          !shell_do(shell, "access open price=2"));
    CHECK(refused("prob the"));
}
