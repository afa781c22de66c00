/* Folders of lessons checked: their ids and needs together, their languages against each other, processes. */

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/file.h"
#include "repl/checking/check.h"
#include "repl/checking/new_lesson.h"
#include "repl/checking/workers.h"
#include "tests/support/shell.h"

static char folder[FOLDER_SIZE];
static char *report;
static CheckCounts counts;

static void start(void) { folder_make(folder); }

static void finish(void)
{
    free(report);
    folder_remove(folder);
}

TestSuite(check_folders, .init = start, .fini = finish, .timeout = 20);

static FILE *open_report(size_t *length)
{
    free(report);
    report = NULL;
    counts = (CheckCounts){0};
    return open_memstream(&report, length);
}

static void check(const char *path)
{
    Error error;
    size_t length;
    FILE *out = open_report(&length);
    CHECK(check_path(path, out, &counts, &error));
    fclose(out);
}

static void put_lesson(const char *name, const char *language, const char *id, const char *needs,
                       const char *body)
{
    char text[2000], file[100];
    snprintf(text, sizeof text,
             "---\nformat: 1\nid: %s\ntitle: X\nneeds: %s\nminutes: 1\n---\n## A {#a}\n\n%s", id, needs,
             body);
    snprintf(file, sizeof file, "%s/%s.md", name, language);
    mkdir(path_in(folder, name), 0777);
    file_put(path_in(folder, file), text);
}

Test(check_folders, ids_and_needs)
{
    put_lesson("one", "en", "P1", "", "Words.\n");
    put_lesson("two", "en", "P2", "P1 L01", "Words.\n");
    check(folder);
    CHECK_FOR(counts.failures == 0 && counts.lessons == 2, "%s", report);
    put_lesson("three", "en", "P2", "P9", "Words.\n");
    put_lesson("four", "en", "P4", "P5", "Words.\n");
    put_lesson("five", "en", "P5", "P4", "Words.\n");
    check(folder);
    CHECK_FOR(counts.failures == 4, "%s", report);
    CHECK_FOR(strstr(report, "another lesson has the id P2"), "%s", report);
    CHECK_FOR(strstr(report, "three/en.md:5:1: needs P9"), "%s", report);
    CHECK_FOR(strstr(report, "four/en.md:5:1: needs go in a circle"), "%s", report);
    CHECK_FOR(strstr(report, "five/en.md:5:1: needs go in a circle"), "%s", report);
}

#define HINTS "```lm hint\n1. a\n2. b\n```\n"
static const char english[] =
    "Words: 0.8.\n<!-- lm: prob the = 0.8 -->\n\n"
    "```lm setup\nuse toy\n```\n"
    "```lm run\nlm> prob the\n...\n```\n"
    "```lm do\ncheck: used sample\nsolution: sample T=0\nwrong: prob the | Not this.\n```\n" HINTS
    "```lm ask\nid: the\ntype: number\nanswer: 0.8\nequals: prob the\nwrong: 0.5 | no\n```\n" HINTS
    "```lm predict\ntype: choice\n- [x] one\n- [ ] two\n```\n";

/* The text with one place changed; the caller frees it. */
static char *changed(const char *text, const char *from, const char *to)
{
    const char *at = strstr(text, from);
    CHECK_FOR(at != NULL, "no %s", from);
    char *copy = malloc(strlen(text) + strlen(to) + 1);
    sprintf(copy, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
    return copy;
}

/* Whether the Chinese lesson, English but for one place, agrees with the English one. */
static void compare_languages(const char *from, const char *to, const char *fault)
{
    char *text = changed(english, from, to);
    put_lesson("one", "en", "P1", "", english);
    put_lesson("one", "zh", "P1", "", text);
    check(folder);
    CHECK_FOR((counts.failures > 0) == (fault != NULL), "%s: %s", to, report);
    CHECK_FOR(!fault || strstr(report, fault), "%s: no %s in %s", to, fault, report);
    CHECK_FOR(!strstr(report, "en.md:"), "%s", report);
    free(text);
}

Test(check_folders, two_languages_say_the_same)
{
    compare_languages("Words: ", "词：", NULL);
    compare_languages("Not this.", "不是这个。", NULL);
    compare_languages("1. a\n", "1. 甲\n", NULL);
    compare_languages("] two", "] 二", NULL);
    compare_languages("use toy", "use bigram", "the command is use bigram here, but use toy");
    compare_languages("lm> prob the", "lm> next the", "the command is next the here");
    compare_languages("check: used sample", "check: last.T == 0", "check: is last.T == 0 here");
    compare_languages("sample T=0", "sample T=0 seed=2", "solution: is sample T=0 seed=2 here");
    compare_languages("wrong: prob the", "wrong: prob mouse", "wrong: is prob mouse here");
    compare_languages("2. b\n", "2. b\n3. c\n", "3 hints here, but 2");
    compare_languages("answer: 0.8\n", "answer: 0.80\n", "answer: is 0.80 here");
    compare_languages("equals: prob the\n", "equals: next for=the\n", "equals: is next for=the here");
    compare_languages("wrong: 0.5", "wrong: 0.4", "wrong: is 0.4 here");
    compare_languages("id: the", "id: den", "id: is den here");
    compare_languages("[x] one\n- [ ] two", "[ ] one\n- [x] two", "option 1 is right in one language only");
    compare_languages("prob the = 0.8 -->", "next for=the = 0.8 -->", "the command is next for=the here");
    compare_languages("<!-- lm: prob the = 0.8 -->\n", "", "0 numbers are checked here, but 1");
    compare_languages("```lm setup\nuse toy\n```\n", "", "another kind of block stands here");
    compare_languages("```lm predict\ntype: choice\n- [x] one\n- [ ] two\n```\n", "",
                      "blocks in this step here");
    compare_languages("Words: ", "Words: \n\n## B {#b}\n\n", "steps here, but 1");
}

Test(check_folders, chinese_lessons_are_played_in_chinese)
{
    static const char run[] = "```lm run\nlm> prob zebra\n错误：...\n...\n```\n";
    put_lesson("one", "zh", "P1", "", run);
    check(folder);
    CHECK_FOR(counts.failures == 0, "%s", report);
    put_lesson("two", "en", "P2", "", run);
    check(path_in(folder, "two/en.md"));
    CHECK_FOR(counts.failures == 1, "%s", report);
}

/* --- processes --- */

static void work(const void *context, size_t index, FILE *out, CheckCounts *found)
{
    const size_t *bad = context;
    usleep((useconds_t)(20000 * (5 - index)));
    if (index == *bad) raise(SIGKILL);
    fprintf(out, "piece %zu\n", index);
    found->commands = index;
}

Test(check_folders, pieces_in_order_and_a_crash_is_one_failure)
{
    static const char *const names[] = {"a", "b", "c", "d", "e"};
    size_t length, bad = 99;
    FILE *out = open_report(&length);
    workers_run(work, &bad, names, COUNT_OF(names), out, &counts);
    fclose(out);
    CHECK_STR(report, "piece 0\npiece 1\npiece 2\npiece 3\npiece 4\n");
    CHECK_INT(counts.commands, 10);
    CHECK_INT(counts.failures, 0);
    bad = 2;
    out = open_report(&length);
    workers_run(work, &bad, names, COUNT_OF(names), out, &counts);
    fclose(out);
    CHECK_STR(report, "piece 0\npiece 1\nc:1:1: the check of this file broke off\npiece 3\npiece 4\n");
    CHECK_INT(counts.failures, 1);
}

/* --- a lesson to begin with --- */

Test(check_folders, a_new_lesson_passes_and_overwrites_nothing)
{
    Error error;
    CHECK(chdir(folder) == 0);
    CHECK_FOR(new_lesson_write("heat-1", &error), "%s", error.message);
    check("heat-1");
    CHECK_FOR(counts.failures == 0 && counts.questions == 3, "%s", report);
    file_put("heat-1/en.md", "mine");
    CHECK(!new_lesson_write("heat-1", &error));
    CHECK_FOR(strstr(error.message, "exists"), "%s", error.message);
    char *text = file_get("heat-1/en.md");
    CHECK_STR(text, "mine");
    free(text);
    static const char *const bad[] = {"", "a/b", "../a", "Heat", "1st", "a b", "."};
    for (size_t i = 0; i < COUNT_OF(bad); i++) CHECK_FOR(!new_lesson_write(bad[i], &error), "%s", bad[i]);
    CHECK(chdir("/") == 0);
}
