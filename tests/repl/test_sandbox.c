/* What the text of a lesson may not do, and what the learner may all the same. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/file.h"
#include "repl/checking/check.h"
#include "repl/command.h"
#include "tests/support/shell.h"

static char folder[FOLDER_SIZE];
static Shell *shell;

/* The lesson's folder is folder/lesson; a secret stands outside of it. */
static void start(void)
{
    folder_make(folder);
    shell = shell_new(NULL);
    mkdir(path_in(folder, "lesson"), 0777);
    file_put(path_in(folder, "secret.txt"), "zyxsecret one\nzyxsecret two\n");
    file_put(path_in(folder, "lesson/own.txt"), "owntext one\nowntext two\n");
    CHECK(symlink("../secret.txt", path_in(folder, "lesson/link.txt")) == 0);
}

static void finish(void)
{
    shell_free(shell);
    folder_remove(folder);
}

TestSuite(sandbox, .init = start, .fini = finish, .timeout = 20);

/* Runs the text as a lesson's; true when nothing failed. */
static bool confined(const char *text, double seconds)
{
    Error error;
    Sandbox sandbox = {path_in(folder, "lesson"), seconds};
    shell_take(shell);
    session_clear_failure(shell->session);
    CHECK(session_push_lesson(shell->session, "lesson", text, &sandbox, &error));
    while (session_step(shell->session, 1000) == SESSION_BUSY) continue;
    return !session_failed(shell->session);
}

Test(sandbox, asks_what_it_likes_inside_the_session)
{
    CHECK_FOR(confined("train ngram n=3 smooth=add k=1; next the mouse; set digits=3; undo\n", 0), "%s",
              shell_err(shell));
    CHECK_FOR(confined("sample n=5 seed=4294967296\ncost flops=3.14e23\n", 0), "%s", shell_err(shell));
}

Test(sandbox, reads_files_beside_the_lesson)
{
    CHECK_FOR(confined("corpus own.txt; train ngram n=2; next owntext\n", 0), "%s", shell_err(shell));
    CHECK(strstr(shell_out(shell), "two"));
}

Test(sandbox, refuses_what_reaches_further)
{
    static const struct {
        const char *text, *why;
    } rows[] = {
        {"corpus link.txt", "no file link.txt stands beside"},
        {"corpus nothing.txt", "no file nothing.txt stands beside"},
        {"corpus ../secret.txt", "only files beside"},
        {"corpus ./own.txt", "only files beside"},
        {"corpus /etc/passwd", "only files beside"},
        {"train ngram corpus=../secret.txt", "only files beside"},
        {"train ngram smooth=interp weights=em heldout=../secret.txt", "only files beside"},
        {"eval ../secret.txt @bigram", "only files beside"},
        {"load ../secret.txt", "only files beside"},
        {"prob the > out.txt", "write no files"},
        {"save out.lm @bigram", "not for the commands of a lesson"},
        {"run own.txt", "not for the commands of a lesson"},
        {"check own.txt", "not for the commands of a lesson"},
        {"lesson 1", "not for the commands of a lesson"},
        {"notes > own.txt", "write no files"},
        {"lang zh", "not for the commands of a lesson"},
        {"quit", "not for the commands of a lesson"},
        {"corpus add \"a b\" times=1000000000", "times= takes a whole number"},
        {"sample n=1000001 @bigram", "so large a number"},
        {"poison 10000000 \"the mouse\"", "so large a number"},
        {"prob the; again > out.txt", "write no files"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char *before = shell_state(shell), text[200];
        snprintf(text, sizeof text, "%s\n", rows[i].text);
        CHECK_FOR(!confined(text, 0), "%s was done", rows[i].text);
        CHECK_FOR(strstr(shell_err(shell), rows[i].why), "%s: %s", rows[i].text, shell_err(shell));
        CHECK_FOR(strstr(shell_err(shell), "lesson:1:"), "%s names no line: %s", rows[i].text,
                  shell_err(shell));
        char *after = shell_state(shell);
        CHECK_STR(after, before);
        free(before);
        free(after);
    }
    CHECK(!file_is_regular("out.txt") && !file_is_regular("out.lm"));
}

/* Whatever commands there are or will be: none of them gets at the secret, by any word or option. */
Test(sandbox, no_command_reads_the_secret)
{
    Arena arena = {0};
    const char *secret = path_in(folder, "secret.txt");
    for (size_t i = 0; command_table[i]; i++) {
        const char *name = command_table[i]->name;
        confined(arena_format(&arena, "%s %s\n", name, secret), 5);
        for (const OptionId *id = command_table[i]->options; id && *id != OPTION_COUNT; id++) {
            if (option_table[*id].type != OPTION_TEXT) continue;
            confined(arena_format(&arena, "%s %s=%s\n", name, option_table[*id].key, secret), 5);
            confined(arena_format(&arena, "%s the mouse %s=%s\n", name, option_table[*id].key, secret), 5);
        }
        CHECK_FOR(confined("use toy\n", 0), "%s", shell_err(shell));
    }
    arena_release(&arena);
    char *state = shell_state(shell);
    CHECK(!strstr(shell->out_text, "zyxsecret") && !strstr(shell->err_text, "zyxsecret"));
    CHECK(!strstr(state, "zyxsecret"));
    free(state);
}

Test(sandbox, texts_do_not_grow_without_end)
{
    CHECK(confined("scale 500000\n", 0));
    CHECK(!confined("prob the; scale 2; prob the\n", 0));
    CHECK_FOR(strstr(shell_err(shell), "so long a text"), "%s", shell_err(shell));
}

/* A script that the text pushes has no more freedom than the text. */
Test(sandbox, again_is_confined_too)
{
    shell_must(shell, "prob the mouse");
    CHECK(confined("again\n", 0));
    CHECK(!confined("again > out.txt\n", 0));
    CHECK(!file_is_regular("out.txt"));
}

Test(sandbox, work_without_end_is_stopped)
{
    char *before = shell_state(shell);
    CHECK(!confined("train mlp steps=1000000 corpus=mouse\n", 0.2));
    CHECK_FOR(strstr(shell_err(shell), "more than 0.2 seconds"), "%s", shell_err(shell));
    CHECK_FOR(!confined("prob the\nsample n=1000000 @bigram\nsample n=1000000 @bigram\n", 0.2), "%s",
              shell_err(shell));
    char *after = shell_state(shell);
    CHECK_STR(after, before);
    free(before);
    free(after);
}

Test(sandbox, the_learner_is_free)
{
    CHECK(confined("use bigram\n", 0));
    char line[200];
    snprintf(line, sizeof line, "corpus %s; prob the > %s", path_in(folder, "secret.txt"),
             path_in(folder, "out.txt"));
    shell_must(shell, line);
    CHECK(file_is_regular(path_in(folder, "out.txt")));
}

/* All commands of a lesson that is checked are its own, its solutions too. */
Test(sandbox, a_check_is_confined)
{
    static const char *const lines[] = {
        "```lm setup\nprob the > out.txt\n```\n",
        "```lm do\ncheck: used prob\nsolution: prob the > out.txt\nwrong: next the | no\nhint: none | "
        "x\n```\n",
        "```lm do\ncheck: used prob\nsolution: prob the\nwrong: next the > out.txt | no\nhint: none | "
        "x\n```\n",
        "```lm ask\nid: the\ntype: number\nanswer: 0.8\nequals: run ../secret.txt\nwrong: 2 | x\nhint: none "
        "| x\n```\n",
        "It is 0.8.\n<!-- lm: corpus ../secret.txt = 0.8 -->\n",
    };
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        char text[1000], *report = NULL;
        size_t length;
        CheckCounts counts = {0};
        snprintf(text, sizeof text,
                 "---\nformat: 1\nid: x\ntitle: X\nneeds:\nminutes: 1\n---\n## A {#a}\n\n%s", lines[i]);
        FILE *out = open_memstream(&report, &length);
        CHECK(!lesson_check(path_in(folder, "lesson/en.md"), text, out, &counts));
        fclose(out);
        CHECK_FOR(counts.failures == 1 && strstr(report, "lesson"), "%s", report);
        free(report);
    }
    CHECK(!file_is_regular("out.txt"));
}
