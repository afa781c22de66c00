/* A lesson played by hand: shown, run, solved, answered, left; the learner's own things come back. */

#include <stdlib.h>
#include <string.h>

#include "tests/support/shell.h"

SHELL_SUITE(player, NULL)

static const char lesson_text[] =
    "---\nformat: 1\nid: small\ntitle: A small lesson\nneeds:\nminutes: 1\n---\n"
    "Words before the first step.\n\n"
    "## Look {#look}\n\nFirst you look.\n\n"
    "```lm setup\nset T=2\ncorpus jobs\n```\n\n"
    "```lm run\nlm> prob the mouse @toy\n...\nlm> next the @toy\n...\n```\n\n"
    "After looking.\n\n"
    "## Do {#do}\n\nNow you do.\n\n"
    "```lm do\ncheck: used sample\ncheck: last.T == 0\nsolution: sample T=0 @toy\nwrong: sample @toy | That "
    "was T=2, not T=0.\n```\n\n"
    "```lm hint\n1. The first hint.\n2. The second hint.\n```\n\n"
    "## Guess {#guess}\n\n"
    "```lm predict\nid: guess\ntype: number\nanswer: 0.4\n```\n\n"
    "```lm ask\nid: number\ntype: number\nanswer: 0.4\nright: Well read.\nwrong: 0.8 | That is the first "
    "factor.\n```\n\n"
    "```lm ask\nid: choice\ntype: choice\n- [ ] the cheese\n- [x] the mouse\n```\n\n"
    "The end is near.\n";

static bool open_lesson(const char *text)
{
    char line[256];
    file_put(path_in(folder, "small.md"), text);
    snprintf(line, sizeof line, "lesson %s", path_in(folder, "small.md"));
    return shell_do(shell, line);
}

static void expect(const char *line, const char *phrase)
{
    shell_do(shell, line);
    CHECK_FOR(strstr(shell_out(shell), phrase), "[%s]: no [%s] in\n%s%s", line, phrase, shell_out(shell),
              shell_err(shell));
}

static void never(const char *phrase)
{
    CHECK_FOR(!strstr(shell_out(shell), phrase), "[%s] in\n%s", phrase, shell_out(shell));
}

static void go_to_the_task(void)
{
    CHECK_FOR(open_lesson(lesson_text), "%s", shell_err(shell));
    for (int i = 0; i < 8 && !strstr(shell_out(shell), "Now you do."); i++) shell_do(shell, "");
    CHECK(strstr(shell_out(shell), "Now you do."));
}

static void go_to_the_questions(void)
{
    go_to_the_task();
    expect("sample T=0 @toy", "[ok]");
    for (int i = 0; i < 4 && !strstr(shell_out(shell), "Guess"); i++) shell_do(shell, "");
}

Test(player, opens_with_prose)
{
    CHECK_FOR(open_lesson(lesson_text), "%s", shell_err(shell));
    CHECK(strstr(shell_out(shell), "A small lesson"));
    CHECK(strstr(shell_out(shell), "Words before the first step."));
    CHECK(strstr(session_prompt(shell->session), "small"));
}

Test(player, runs_commands_by_enter)
{
    open_lesson(lesson_text);
    for (int i = 0; i < 4 && !strstr(shell_out(shell), "Enter runs"); i++) shell_do(shell, "");
    CHECK(strstr(shell_out(shell), "prob the mouse @toy"));
    expect("", "0.32");
    CHECK(strstr(shell_out(shell), "next the @toy"));
    expect("", "mouse");
    CHECK(strstr(shell_out(shell), "After looking."));
}

Test(player, runs_commands_by_typing_them)
{
    open_lesson(lesson_text);
    for (int i = 0; i < 4 && !strstr(shell_out(shell), "Enter runs"); i++) shell_do(shell, "");
    expect("prob the cheese @toy", "0.2"); /* another command: the lesson waits */
    never("After looking.");
    expect("prob   the mouse @toy", "next the @toy");
    expect("next the @toy", "After looking.");
}

Test(player, setup_counts_and_says_nothing)
{
    go_to_the_task();
    CHECK_STR(session_workspace(shell->session)->settings[OPT_T], "2");
    CHECK_STR(corpus_name(workspace_corpus(session_workspace(shell->session))), "jobs");
}

Test(player, judges_a_task)
{
    go_to_the_task();
    expect("next the T=0 @toy", "mouse");
    never("[ok]");
    expect("sample @toy", "That was T=2, not T=0.");
    never("[ok]");
    CHECK(!shell_do(shell, "sample T=-1"));
    shell_do(shell, "go");
    never("Guess");
    expect("sample T=0 @toy", "[ok]");
}

Test(player, hints_come_one_by_one_and_end)
{
    go_to_the_task();
    expect("hint", "The first hint.");
    never("The second hint.");
    expect("hint", "The second hint.");
    expect("hint", "No more hints");
    expect("hint", "No more hints");
}

Test(player, solve_prints_a_solution_and_runs_nothing)
{
    go_to_the_task();
    expect("solve", "sample T=0 @toy");
    never("[ok]");
    expect("sample T=0 @toy", "[ok]");
}

Test(player, judges_answers)
{
    go_to_the_questions();
    expect("0.1", "guess");
    expect("0.9", "[--]");
    never("That is the first factor.");
    expect("0.8", "That is the first factor.");
    expect("prob the mouse @toy", "0.32"); /* commands still work */
    expect("2/5", "Well read.");
    expect("1", "[--]");
    expect("2", "[ok]");
    CHECK(strstr(shell_out(shell), "The end is near."));
}

Test(player, a_right_guess_is_right)
{
    go_to_the_questions();
    expect("40%", "[ok]");
    expect(".4", "Well read.");
    expect("the mouse", "[ok]");
}

Test(player, solve_tells_the_answer)
{
    go_to_the_questions();
    shell_do(shell, "0.4");
    expect("solve", "0.4");
    expect("solve", "the mouse");
}

Test(player, end_gives_everything_back)
{
    shell_must(shell, "train ngram n=3 name=own; set digits=3");
    char *before = shell_state(shell);
    go_to_the_questions();
    shell_do(shell, "0.4");
    shell_do(shell, "0.4");
    shell_do(shell, "2");
    for (int i = 0; i < 3 && strchr(session_prompt(shell->session), '['); i++) shell_do(shell, "");
    CHECK_STR(session_prompt(shell->session), "own> ");
    char *after = shell_state(shell);
    CHECK_STR(after, before);
    free(before);
    free(after);
    shell_must(shell, "undo; undo");
}

Test(player, leave_gives_everything_back)
{
    shell_must(shell, "train ngram n=3 name=own; set T=0.5");
    char *before = shell_state(shell);
    open_lesson(lesson_text);
    shell_must(shell, "train ngram n=2 corpus=sam");
    shell_must(shell, "leave");
    char *after = shell_state(shell);
    CHECK_STR(after, before);
    free(before);
    free(after);
    CHECK(!shell_do(shell, "hint"));
}

/* Undo inside a lesson must not reach the learner's own workspace, nor that of the lesson afterwards. */
Test(player, undo_stays_on_its_side)
{
    shell_must(shell, "set T=0.5; set T=0.6");
    char *before = shell_state(shell);
    open_lesson(lesson_text);
    shell_do(shell, "undo");
    shell_do(shell, "undo");
    shell_do(shell, "set T=9");
    shell_must(shell, "leave");
    char *after = shell_state(shell);
    CHECK_STR(after, before);
    free(after);
    shell_do(shell, "undo");
    shell_do(shell, "undo");
    const char *left = session_workspace(shell->session)->settings[OPT_T];
    CHECK_FOR(!left || strcmp(left, "9") != 0, "the lesson's setting came back: T=%s", left);
    free(before);
}

Test(player, back)
{
    go_to_the_task();
    shell_must(shell, "back");
    CHECK(strstr(shell_out(shell), "=="));
    for (int i = 0; i < 3; i++) shell_do(shell, "back");
    CHECK(strstr(shell_err(shell), "beginning"));
    expect("lesson", "");
}

Test(player, another_lesson_takes_its_place)
{
    char *before = shell_state(shell);
    go_to_the_task();
    CHECK(open_lesson(lesson_text));
    shell_must(shell, "leave");
    char *after = shell_state(shell);
    CHECK_STR(after, before);
    free(before);
    free(after);
}

Test(player, freed_in_the_middle) { go_to_the_task(); }

Test(player, broken_lessons_name_file_and_line)
{
    static const struct {
        const char *text, *line;
    } rows[] = {
        {"no header\n", ":1:"},
        {"---\nformat: 1\nid: x\ntitle: X\nneeds:\nminutes: 1\n---\n## A {#a}\n\n```lm do\ncheck: used "
         "prob\n```\n",
         ":10:"},
        {"---\nformat: 1\nid: x\ntitle: X\nneeds:\nminutes: 1\n---\n## A {#a}\n\n```lm nonsense\n```\n",
         ":10:"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        CHECK_FOR(!open_lesson(rows[i].text), "%s", rows[i].text);
        CHECK_FOR(strstr(shell_err(shell), "small.md") && strstr(shell_err(shell), rows[i].line), "%s",
                  shell_err(shell));
        CHECK_STR(session_prompt(shell->session), "toy> ");
    }
}

Test(player, a_failing_setup_is_told)
{
    bool ok = open_lesson("---\nformat: 1\nid: x\ntitle: X\nneeds:\nminutes: 1\n---\n## A {#a}\n\n```lm "
                          "setup\nprob zebra\nset T=2\n```\n\nWords.\n");
    CHECK(!ok || session_failed(shell->session));
    CHECK(strstr(shell_err(shell), "zebra"));
    shell_do(shell, "prob the");
    CHECK(strstr(shell_out(shell), "0.8")); /* not silent for good */
}
