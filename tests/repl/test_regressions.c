/* Defects that were found once, each by the line that showed it. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "repl/checking/rehearsal.h"
#include "tests/support/shell.h"

SHELL_SUITE(regressions, NULL)

static void must_fail(const char *line, const char *message)
{
    CHECK_FOR(!shell_do(shell, line), "%s works", line);
    CHECK_FOR(strstr(shell_err(shell), message), "%s: %s", line, shell_err(shell));
}

Test(regressions, force_is_no_setting)
{
    shell_must(shell, "set force=yes; set force=no");
    shell_must(shell, "prob the");
}

Test(regressions, ranges_are_whole_and_finite)
{
    must_fail("next the T=inf..inf", "two whole numbers");
    must_fail("next the T=0.5..2", "two whole numbers");
    must_fail("next the T=3..1", "two whole numbers");
    shell_must(shell, "sample seed=1234567..1234569 as=json");
    for (size_t i = 0; i < 3; i++) {
        json_t *line = json_line(shell_out(shell), i);
        CHECK_INT(json_number(line, "seed"), 1234567 + i);
        json_decref(line);
    }
}

Test(regressions, an_option_is_given_once_and_common_ones_do_not_sweep)
{
    must_fail("next the T=0 T=1", "given twice");
    must_fail("next the temperature=0 T=1", "given twice");
    must_fail("next the as=json,csv", "takes one value");
    shell_must(shell, "next the temperature=0,1; again T=0.5");
    CHECK(strstr(shell_err(shell), "next T=0.5 the"));
}

/* Settings with different fields are joined by name: the perplexity of "the mouse" is 0.32^(-1/2) at any
 * base. */
Test(regressions, joined_settings_are_found_by_name)
{
    shell_must(shell, "prob the mouse base=2,e as=csv");
    const char *first = strstr(shell_out(shell), ",1.76776695"); /* 1 / sqrt(0.32) */
    CHECK_FOR(first && strstr(first + 1, ",1.76776695"), "%s", shell_out(shell));
    shell_must(shell, "next the top_k=0,1 digits=4");
    CHECK_FOR(strstr(shell_out(shell), "entropy bits"), "%s", shell_out(shell));
    CHECK_FOR(strstr(shell_out(shell), "2.041"), "%s", shell_out(shell));
}

Test(regressions, a_check_runs_no_check)
{
    const char *path = path_in(folder, "self.txt");
    char text[256];
    snprintf(text, sizeof text, "lm> check %s\n...\n", path);
    file_put(path, text);
    Rehearsal *rehearsal = rehearsal_new(NULL);
    snprintf(text, sizeof text, "check %s", path);
    CHECK(strstr(rehearsal_run(rehearsal, text), "does not run another check"));
    rehearsal_free(rehearsal);
}

Test(regressions, built_in_models_are_counted_on_the_corpus_as_it_came)
{
    shell_must(shell, "corpus add \"dog dog\"");
    must_fail("prob dog @bigram", "not in the vocabulary");
    shell_must(shell, "corpus add \"cow cow\"; corpus drop \"cow cow\" as=json");
    CHECK(strstr(shell_out(shell), "\"types\":6")); /* mouse has 5, and dog */
}

Test(regressions, a_file_is_read_again_unless_its_corpus_was_changed)
{
    char line[128];
    const char *path = path_in(folder, "my.txt");
    file_put(path, "a b\n");
    snprintf(line, sizeof line, "corpus %s", path);
    shell_must(shell, line);
    file_put(path, "a b\nc d\n");
    shell_must(shell, line);
    CHECK_FOR(strstr(shell_out(shell), "sentences 2"), "%s", shell_out(shell));
    shell_must(shell, "corpus add e");
    shell_must(shell, line);
    CHECK_FOR(strstr(shell_out(shell), "sentences 3"), "%s", shell_out(shell));
}

Test(regressions, long_words_are_cut_between_characters)
{
    char line[512] = "prob a";
    for (int i = 0; i < 100; i++) strcat(line, "\u00E9");
    strcat(line, " as=json");
    CHECK(!shell_do(shell, line));
    json_t *error = json_line(shell_err(shell), 0);
    CHECK_FOR(error && json_is_string(json_object_get(error, "error")), "%s", shell_err(shell));
    json_decref(error);
}

Test(regressions, csv_writes_long_lists_whole)
{
    char line[16384] = "tokens";
    for (int i = 0; i < 3000; i++) strcat(line, " ab");
    strcat(line, " as=csv");
    shell_must(shell, line);
    CHECK_FOR(strlen(shell_out(shell)) > 9000, "%zu bytes", strlen(shell_out(shell)));
}

Test(regressions, again_keeps_words_behind_dashes)
{
    shell_must(shell, "corpus add \"x k=1\"; train ngram; prob -- x k=1; again");
    CHECK(strstr(shell_out(shell), "(ngram, 2 words, and </s>)"));
}

Test(regressions, what_acts_at_once_writes_no_file)
{
    shell_must(shell, "set T=2");
    must_fail("undo > /no/such/folder/x", "undo writes no file");
    shell_must(shell, "undo");
}

/* Interrupted between two settings: what is done is told and can be undone. */
Test(regressions, an_interrupted_sweep_can_be_undone)
{
    for (int steps = 1; steps < 12; steps++) {
        char *before = shell_state(shell);
        session_run(shell->session, "train ngram n=1,2,3", NULL, 1);
        for (int i = 0; i < steps; i++) session_step(shell->session, 0);
        session_interrupt(shell->session);
        while (session_step(shell->session, 0) == SESSION_BUSY) continue;
        shell_do(shell, "undo");
        char *after = shell_state(shell);
        CHECK_FOR(strcmp(before, after) == 0, "%d steps: %s", steps, after);
        free(before);
        free(after);
        shell_do(shell, "redo");
        shell_do(shell, "undo");
    }
}

/* A curve was drawn with more points than it has. */
Test(regressions, a_smoothing_named_twice_is_one_curve)
{
    shell_must(shell, "sweep heldout=facts n=2 smooth=add,mkn,mkn,mkn,mkn k=0.1,0.2,0.3,0.4,0.5,1");
    CHECK(strstr(shell_out(shell), "o add"));
}

/* What was counted, what was written down and what was learnt are three things. */
Test(regressions, counts_sends_a_network_to_its_weights)
{
    shell_must(shell, "train softmax steps=1");
    CHECK(!shell_do(shell, "counts the"));
    CHECK(strstr(shell_err(shell), "weights") && !strstr(shell_err(shell), "written down"));
}

/* Blanks between characters are characters too, which names do not have. */
Test(regressions, blanks_between_characters_are_explained)
{
    char line[160];
    file_put(path_in(folder, "names"), "emma\nava\nolivia\n");
    snprintf(line, sizeof line, "corpus %s tokens=chars; train ngram", path_in(folder, "names"));
    shell_must(shell, line);
    CHECK(!shell_do(shell, "next e m"));
    CHECK_FOR(strstr(shell_err(shell), "without blanks"), "%s", shell_err(shell));
}

/* Its loss was 1e34, and nothing was said. */
Test(regressions, a_network_worse_than_knowing_nothing_is_told)
{
    shell_must(shell, "train mlp lr=1e30 steps=50");
    CHECK_FOR(strstr(shell_err(shell), "smaller lr="), "%s", shell_err(shell));
    shell_must(shell, "train mlp steps=50");
    CHECK_FOR(!strstr(shell_err(shell), "smaller lr="), "%s", shell_err(shell));
}
