/* Transcripts and lessons replayed: what passes, and how a difference is told. */

#include <stdlib.h>
#include <string.h>

#include "repl/checking/check.h"
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

TestSuite(check, .init = start, .fini = finish, .timeout = 20);

static bool checked(const char *path)
{
    Error error;
    size_t length;
    free(report);
    report = NULL;
    counts = (CheckCounts){0};
    FILE *out = open_memstream(&report, &length);
    bool ok = check_path(path, out, &counts, &error);
    if (!ok) fputs(error.message, out);
    fclose(out);
    return ok;
}

static void check_text(const char *name, const char *text)
{
    const char *path = path_in(folder, name);
    file_put(path, text);
    CHECK_FOR(checked(path), "%s", report);
}

Test(check, transcripts_in_the_repository)
{
    CHECK_FOR(checked("tests/sessions"), "%s", report);
    CHECK_FOR(counts.failures == 0, "%s", report);
    CHECK(counts.files >= 5 && counts.commands >= 20);
}

Test(check, numbers_to_the_digits_written)
{
    check_text(
        "a.txt",
        "Prose.\n\nlm> prob the mouse as=csv\nmodel,tokens,eos,p,logp,bits,perplexity,fraction\ntoy,the "
        "mouse,false,0.32,-1.139,...\n");
    CHECK_INT(counts.failures, 0);
    CHECK_INT(counts.commands, 1);
    check_text("a.txt", "lm> prob the mouse as=csv\n...\ntoy,the mouse,false,0.33,...\n");
    CHECK_INT(counts.failures, 1);
    CHECK_FOR(strstr(report, "a.txt:1"), "%s", report);
}

Test(check, differences_name_file_and_line)
{
    check_text(
        "a.txt",
        "Prose.\n\nlm> prob the\n...\n\nlm> tokens the as=csv\nwrong\n\nlm> set T=2\nno such output\n");
    CHECK_INT(counts.failures, 2);
    CHECK_FOR(strstr(report, "a.txt:6") && strstr(report, "a.txt:9"), "%s", report);
    CHECK(strstr(report, "wrong"));
}

Test(check, errors_are_output_too)
{
    check_text("a.txt", "lm> prob zebra\nerror: 'zebra' is not in the vocabulary of toy\n...\n");
    CHECK_INT(counts.failures, 0);
    check_text("a.txt", "lm> prob zebra\n0.3\n");
    CHECK_INT(counts.failures, 1);
}

Test(check, every_file_has_a_fresh_session)
{
    file_put(path_in(folder, "a.txt"), "lm> set T=2 as=csv\n...\n");
    file_put(path_in(folder, "b.txt"), "lm> next the for=mouse as=csv\ntoken,p\nmouse,0.4\n");
    CHECK(checked(folder));
    CHECK_FOR(counts.failures == 0, "%s", report);
    CHECK_INT(counts.files, 2);
}

Test(check, the_command)
{
    char line[256];
    Shell *shell = shell_new(NULL);
    file_put(path_in(folder, "a.txt"), "lm> prob the\n...\n");
    snprintf(line, sizeof line, "check %s", folder);
    shell_must(shell, line);
    file_put(path_in(folder, "b.txt"), "lm> prob the\nnothing\n");
    shell_do(shell, line);
    CHECK_FOR(strstr(shell_out(shell), "b.txt:1") || strstr(shell_err(shell), "b.txt:1"), "%s%s",
              shell_out(shell), shell_err(shell));
    CHECK(!shell_do(shell, "check /nowhere"));
    shell_free(shell);
}

Test(check, paths_that_are_not_there)
{
    CHECK(!checked("/nowhere/at/all.txt"));
    CHECK(strstr(report, "/nowhere"));
}
