/* `make`: languages whose difficulty is known, and what counts and networks make of them. */

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tests/support/shell.h"

SHELL_SUITE(make, "json")

Test(make, recall_becomes_current_with_a_fresh_text_beside_it)
{
    json_t *json = shell_json(shell, "make recall d=3 N=200 seed=7");
    CHECK_STR(json_string_value(json_path(json, "corpus")), "recall");
    CHECK_STR(json_string_value(json_path(json, "heldout")), "recall-heldout");
    CHECK_INT(json_number(json, "sentences"), 200);
    CHECK_INT(json_number(json, "tokens"), 1000);
    CHECK_INT(json_number(json, "types"), 4);
    CHECK_INT(json_number(json, "seed"), 7);
    CHECK_NEAR(json_number(json, "rows.1.floor_bits"), log2(6), 1e-12);
    CHECK_NEAR(json_number(json, "rows.4.floor_bits"), 0, 0);
    shell_must(shell, "corpus show > /dev/null force=yes");
    CHECK_INT(shell_number(shell, "corpus recall-heldout", "sentences"), 200);
}

Test(make, the_same_seed_gives_the_same_text)
{
    char first[256];
    shell_must(shell, "make icl seed=3; corpus show");
    snprintf(first, sizeof first, "%.255s", strstr(shell_out(shell), "rows"));
    shell_must(shell, "make icl seed=4; make icl seed=3; corpus show");
    size_t length = strlen(first);
    const char *again = strstr(shell_out(shell), "{\"command\":\"corpus\"");
    CHECK(again && strncmp(strstr(again, "rows"), first, length) == 0);
}

/* The whole of it is one thing to take back. */
Test(make, undo_takes_both_back)
{
    char *before = shell_state(shell);
    shell_must(shell, "make recall; undo");
    char *after = shell_state(shell);
    CHECK_STR(after, before);
    free(before);
    free(after);
}

Test(make, a_sweep_finds_the_floor)
{
    json_t *rows = json_path(
        shell_json(shell, "make recall d=3 N=4000 seed=1; sweep ngram n=2..5 at=last smooth=mle"), "rows");
    static const double floor[] = {2.585, 2, 1, 0};
    for (size_t i = 0; i < COUNT_OF(floor); i++)
        CHECK_NEAR(json_number(json_array_get(rows, i), "heldout_bits"), floor[i], 0.02);
}

/* L09: a recurrent network goes where n = 4 cannot. */
Test(make, a_recurrent_network_remembers)
{
    shell_must(shell, "set exact=on; make recall d=3 N=500 seed=1; train rnn h=16 steps=800 seed=1");
    CHECK(shell_number(shell, "eval recall-heldout at=last", "bits_per_token") < 0.05);
    shell_must(shell, "train ngram n=4");
    CHECK(shell_number(shell, "eval recall-heldout at=last", "bits_per_token") > 0.9);
}

Test(make, mistakes_change_nothing_and_say_so)
{
    static const struct {
        const char *line, *error;
    } rows[] = {{"make", "needs more words"},
                {"make cheese", "make knows recall and icl"},
                {"make recall pairs=3", "pairs= says nothing to make recall"},
                {"make icl d=3", "d= says nothing to make icl"},
                {"make icl pairs=4 keys=3", "cannot come from keys=3"},
                {"make recall d=0", "d= takes a whole number"},
                {"make recall icl", "too many words"},
                {"sweep n=1..3 at=last", "needs a text"},
                {"eval at=first", "at= takes one of"}};
    char *before = shell_state(shell);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        CHECK_FOR(!shell_do(shell, rows[i].line), "%s", rows[i].line);
        CHECK_FOR(strstr(shell_err(shell), rows[i].error), "%s: %s", rows[i].line, shell_err(shell));
    }
    char *after = shell_state(shell);
    CHECK_STR(after, before);
    free(before);
    free(after);
}

Test(make, why_tells_the_floor)
{
    shell_must(shell, "make recall d=3; why as=table");
    CHECK(strstr(shell_out(shell), "1 + log2(d + 2 - n)"));
    shell_must(shell, "make icl; why as=table");
    CHECK(strstr(shell_out(shell), "log2(values)"));
}

/* A context longer than any n-gram is no reason to stop. */
Test(make, networks_of_long_contexts_are_scored)
{
    shell_must(shell, "make icl pairs=6 values=8 queries=6 N=50; train transformer steps=1 ctx=40");
    CHECK_INT(shell_number(shell, "eval icl-heldout at=last", "tokens"), 50);
}
