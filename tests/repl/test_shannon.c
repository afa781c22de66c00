/* `shannon`: a game at the prompt, in scripts, and beside models. */

#include <math.h>
#include <string.h>

#include "tests/support/shell.h"

SHELL_SUITE(shannon, "json")

static double counted(size_t guess)
{
    char path[32];
    snprintf(path, sizeof path, "counts.%zu", guess - 1);
    return json_number(shell->json, path);
}

Test(shannon, bounds_of_frequencies)
{
    CHECK_NEAR(shell_number(shell, "shannon freq=.8,.1,.05,.05", "lower"), 0.5, 1e-12);
    CHECK_NEAR(json_number(shell->json, "upper"), 1.0219280949, 1e-9);
    shell_must(shell, "set as=table; shannon freq=.8,.1,.05,.05; why");
    CHECK(strstr(shell_out(shell), "1.0219") && strstr(shell_out(shell), "1951"));
}

/* t h e blank m o u s e, "e" once tried too early. */
Test(shannon, guesses_in_one_line)
{
    shell_json(shell, "shannon \"the mouse\" guesses=t,e,h,e,_,m,o,u,s,e");
    CHECK_INT(json_number(shell->json, "symbols"), 9);
    CHECK_INT(counted(1), 8);
    CHECK_INT(counted(2), 1);
    CHECK_NEAR(json_number(shell->json, "rows.0.first"), 8 / 9., 1e-12);
    CHECK_NEAR(json_number(shell->json, "rows.0.guesses"), 10 / 9., 1e-12);
    shell_json(shell, "shannon \"the mouse\" guesses=e,e,e,t,h"); /* repeated guesses are one */
    CHECK_INT(json_number(shell->json, "symbols"), 2);
    CHECK_INT(counted(1), 1);
    CHECK_INT(counted(2), 1);
}

/* Bigram's own p of "the mouse ate the cheese", and its order: mouse, cheese, ball after "the". */
Test(shannon, models_play_too)
{
    json_t *json = shell_json(
        shell, "shannon \"the mouse ate the cheese\" unit=word guesses=the,mouse,ate,the,mouse,cheese");
    static const char *const names[] = {"you", "toy", "unigram", "bigram", "trigram"};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        char path[32];
        snprintf(path, sizeof path, "rows.%zu.who", i);
        CHECK_STR(json_string_value(json_path(json, path)), names[i]);
    }
    CHECK(json_is_null(json_path(json, "rows.0.bits")));
    CHECK_NEAR(json_number(json, "rows.1.bits"), -log2(0.02) / 5, 1e-12);
    CHECK_NEAR(json_number(json, "rows.3.first"), .8, 1e-12); /* cheese is second after "the" */
    CHECK_NEAR(json_number(json, "rows.3.guesses"), 1.2, 1e-12);
    CHECK_NEAR(json_number(json, "rows.0.guesses"), 1.2, 1e-12);
    double p = shell_number(shell, "prob the mouse ate the cheese @bigram eos=off", "p");
    json =
        shell_json(shell, "shannon \"the mouse ate the cheese\" unit=word guesses=the,mouse,ate,the,cheese");
    CHECK_NEAR(json_number(json, "rows.3.bits"), -log2(p) / 5, 1e-12);
}

/* Of characters: networks and n-grams of characters, no others. */
Test(shannon, models_of_the_same_cut)
{
    shell_must(shell, "train ngram n=3 smooth=wb corpus=mouse tokens=chars; train mlp steps=5; use toy");
    json_t *json = shell_json(shell, "shannon \"the mouse\" guesses=t,h,e,_,m,o,u,s,e");
    CHECK_INT(json_array_size(json_path(json, "rows")), 3);
    CHECK_STR(json_string_value(json_path(json, "rows.1.who")), "ngram");
    shell_must(shell, "access api");
    json = shell_json(shell, "shannon \"the mouse\" guesses=t,h,e,_,m,o,u,s,e");
    CHECK_INT(json_array_size(json_path(json, "rows")), 1);
}

/* The passage is the seed's, and the same whoever plays. */
Test(shannon, passages)
{
    json_t *json = shell_json(shell, "shannon jobs unit=char n=40 seed=5 guesses=?,?,?");
    CHECK_INT(json_number(json, "symbols"), 3);
    double guesses = json_number(json, "rows.0.guesses");
    CHECK(guesses > 5); /* as many as there are letters */
    CHECK_NEAR(shell_number(shell, "shannon jobs unit=char n=40 seed=5 guesses=?,?,?", "rows.0.guesses"),
               guesses, 0);
    shell_must(shell, "train ngram n=2 corpus=mouse tokens=chars lines=off");
    CHECK_INT(shell_number(shell, "shannon n=15 seed=2 unit=char guesses=\"?\"", "symbols"), 1);
    CHECK_INT(shell_number(shell, "shannon n=5 seed=2 unit=word guesses=?,?,?,?,?,?,?", "symbols"), 5);
    CHECK(!shell_do(shell, "shannon \"\""));
    CHECK(!shell_do(shell, "shannon nowhere.txt"));
    CHECK(!shell_do(shell, "shannon stop"));
}

/* Lines are guesses; commands still work; the end answers like any command. */
Test(shannon, at_the_prompt)
{
    shell_must(shell, "set as=table");
    shell_must(shell, "shannon \"the cat\"");
    CHECK_STR(session_prompt(shell->session), "shannon 1/7 toy> ");
    shell_must(shell, "t");
    CHECK(strstr(shell_err(shell), "t_"));
    shell_must(shell, "e");
    CHECK(strstr(shell_err(shell), "not 'e'"));
    shell_must(shell, "e");
    CHECK(strstr(shell_err(shell), "had that"));
    shell_must(shell, "h");
    shell_must(shell, "prob the mouse"); /* several letters: a command */
    CHECK(strstr(shell_out(shell), "0.32"));
    CHECK_STR(session_prompt(shell->session), "shannon 3/7 toy> ");
    shell_must(shell, "e");
    shell_must(shell, " ");
    shell_must(shell, "?");
    shell_must(shell, "a");
    shell_must(shell, "t");
    CHECK(strstr(shell_out(shell), "letters 7"));
    CHECK_STR(session_prompt(shell->session), "toy> ");
    CHECK(strstr(shell_out(shell), "you"));
}

Test(shannon, ends_early)
{
    shell_must(shell, "shannon mouse n=4 seed=1");
    shell_must(shell, "");
    CHECK(strstr(shell_out(shell), "\"symbols\":0"));
    CHECK_STR(session_prompt(shell->session), "toy> ");
    shell_must(shell, "shannon mouse n=4 seed=1");
    session_interrupt(shell->session);
    session_step(shell->session, 0);
    CHECK_STR(session_prompt(shell->session), "toy> ");
    shell_must(shell, "shannon mouse n=4 seed=1");
    shell_must(shell, "shannon jobs n=4 seed=1"); /* another one takes its place */
    CHECK_STR(session_prompt(shell->session), "shannon 1/4 toy> ");
    shell_must(shell, "the");
    shell_must(shell, "stop");
    CHECK(strstr(shell_out(shell), "\"command\":\"shannon\""));
    shell_must(shell, "shannon mouse n=4"); /* and one is under way when all ends */
}
