/* The program as other programs see it: arguments, pipes, exit codes, and what goes to which stream. */

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/support/shell.h"

enum { ARGUMENTS_MAX = 12, EXIT_USAGE = 2, EXIT_DIFFERS = 3, EXIT_INTERRUPTED = 130 };

static char folder[FOLDER_SIZE];
static char *out, *err; /* of the last run */

static void start(void) { folder_make(folder); }

static void finish(void)
{
    free(out);
    free(err);
    folder_remove(folder);
}

TestSuite(program, .init = start, .fini = finish, .timeout = 20);

static void redirect(int to, const char *path, int flags)
{
    int file = open(path, flags, 0600);
    if (file < 0 || dup2(file, to) < 0) _exit(99);
}

static pid_t launch(const char *const arguments[], const char *input)
{
    char *argv[ARGUMENTS_MAX + 2] = {PROGRAM};
    for (size_t i = 0; arguments[i]; i++) argv[i + 1] = (char *)arguments[i];
    file_put(path_in(folder, "in"), input);
    pid_t child = fork();
    CHECK(child >= 0);
    if (child > 0) return child;
    redirect(STDIN_FILENO, path_in(folder, "in"), O_RDONLY);
    redirect(STDOUT_FILENO, path_in(folder, "out"), O_WRONLY | O_CREAT | O_TRUNC);
    redirect(STDERR_FILENO, path_in(folder, "err"), O_WRONLY | O_CREAT | O_TRUNC);
    setenv("HOME", folder, 1);
    setenv("LC_ALL", "C.UTF-8", 1);
    unsetenv("XDG_STATE_HOME");
    unsetenv("XDG_CONFIG_HOME");
    unsetenv("LMSH_LESSONS");
    execv(PROGRAM, argv);
    _exit(98);
}

static int collect(pid_t child)
{
    int status;
    CHECK(waitpid(child, &status, 0) == child);
    free(out);
    free(err);
    out = file_get(path_in(folder, "out"));
    err = file_get(path_in(folder, "err"));
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

#define RUN(input, ...) collect(launch((const char *const[]){__VA_ARGS__, NULL}, input))

Test(program, commands_on_the_command_line)
{
    CHECK_INT(RUN("", "-c", "prob the mouse"), 0);
    CHECK(strstr(out, "0.32"));
    CHECK_STR(err, "");
    CHECK_INT(RUN("", "--json", "-c", "prob the", "-c", "set T=2; next the", "-c", "next mouse"), 0);
    CHECK_INT(lines_in(out), 4);
    CHECK_INT(RUN("", "--json", "-c", "prob zebra", "-c", "prob the"), 1);
    CHECK_STR(out, "");
}

Test(program, standard_input)
{
    CHECK_INT(RUN("prob the as=csv\nprob mouse as=csv", NULL), 0);
    CHECK_INT(lines_in(out), 4);
    CHECK_STR(err, "");
    CHECK_INT(RUN("prob the as=csv\n", "-"), 0);
    CHECK_INT(lines_in(out), 2);
    CHECK_INT(RUN("", NULL), 0);
    CHECK_STR(out, "");
    CHECK_INT(RUN("quit\nprob the\n", NULL), 0);
    CHECK_STR(out, "");
    CHECK_INT(RUN("prob the as=csv\r\nprob the as=csv\r\n", NULL), 0);
    CHECK_INT(lines_in(out), 4);
}

Test(program, errors_in_scripts_have_a_place)
{
    CHECK_INT(RUN("prob the as=csv\nprob zebra\nprob mouse as=csv\n", NULL), 1);
    CHECK_FOR(strncmp(err, "-:2:6: error:", 13) == 0, "%s", err);
    CHECK_INT(lines_in(out), 2);
    CHECK_INT(RUN("", "-c", "prob the; nxt"), 1);
    CHECK_FOR(strncmp(err, "-:1:11: error:", 14) == 0, "%s", err);
    file_put(path_in(folder, "x.lm"), "# one\nnext the T=abc\n");
    CHECK_INT(RUN("", path_in(folder, "x.lm")), 1);
    CHECK_FOR(strstr(err, "x.lm:2:12: error:"), "%s", err);
    CHECK_INT(RUN("", "/nowhere/x.lm"), 1);
    CHECK(strstr(err, "/nowhere/x.lm"));
    CHECK_INT(RUN("", folder), 1);
}

Test(program, script_files)
{
    file_put(path_in(folder, "x.lm"), "prob the as=csv\nset T=2\nnext the as=json");
    CHECK_INT(RUN("", path_in(folder, "x.lm")), 0);
    CHECK(strstr(out, "\"T\":2"));
    CHECK_INT(RUN("", "--json", path_in(folder, "x.lm")), 0);
    file_put_bytes(path_in(folder, "x.lm"), "prob the\0\n", 10);
    CHECK_INT(RUN("", path_in(folder, "x.lm")), 1);
    CHECK(strstr(err, "NUL"));
}

/* A NUL byte or bad UTF-8 on standard input is an error with its place, not the end of the world. */
Test(program, bytes_that_are_no_text)
{
    CHECK_INT(RUN("prob the\xFF\n", NULL), 1);
    CHECK_FOR(strncmp(err, "-:1:9: error:", 13) == 0, "%s", err);
    const char *const nothing[] = {NULL};
    pid_t child = launch(nothing, "");
    collect(child);
    file_put_bytes(path_in(folder, "nul"), "prob the as=csv\nprob \0the\n", 26);
    char command[512];
    snprintf(command, sizeof command, "%s < %s/nul > %s/out 2> %s/err", PROGRAM, folder, folder, folder);
    CHECK_INT(WEXITSTATUS(system(command)), 1);
    char *text = file_get(path_in(folder, "err"));
    CHECK_FOR(strstr(text, "-:2:6: error:") && strstr(text, "NUL"), "%s", text);
    CHECK_FOR(lines_in(text) <= 4, "%s", text);
    free(text);
}

Test(program, long_lines)
{
    enum { BYTES = 100000 };
    char *line = calloc(BYTES + 8, 1);
    strcpy(line, "prob ");
    for (size_t at = 5; at < BYTES; at += 4) memcpy(line + at, "the ", 4);
    CHECK_INT(RUN(line, NULL), 0);
    memset(line, 'q', BYTES);
    CHECK_INT(RUN(line, NULL), 1);
    CHECK(strlen(err) < 1000);
    free(line);
}

Test(program, only_results_on_stdout)
{
    CHECK_INT(RUN("sample seed=1 T=0\nlesson\nset T=2\nsample n=2\n", "--json"), 0);
    for (size_t i = 0; i < lines_in(out); i++) json_decref(json_line(out, i));
    CHECK(!strchr(out, '\033') && !strchr(err, '\033') && !strchr(out, '\r'));
    CHECK_INT(RUN("sample seed=1\n", NULL), 0);
    CHECK(strstr(err, "seed=1"));
    CHECK(!strstr(out, "seed=1"));
    CHECK(!strstr(out, "> ")); /* no prompt */
}

Test(program, usage)
{
    static const char *const bad[] = {"--nonsense",   "-x",        "--seed=x", "--seed=-1",
                                      "--color=blue", "--lang=xx", "--check"};
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        int code = RUN("", bad[i]);
        CHECK_FOR(code == EXIT_USAGE, "%s: exit %d", bad[i], code);
        CHECK_FOR(strstr(err, "usage:") && out[0] == '\0', "%s: %s", bad[i], err);
    }
    CHECK_INT(RUN("", "a", "b"), EXIT_USAGE);
    CHECK_INT(RUN("", "-c"), EXIT_USAGE);
    CHECK_INT(RUN("", "--help"), 0);
    CHECK(strstr(out, "--json") && strstr(out, "--check"));
    CHECK_INT(RUN("", "-h"), 0);
    CHECK_INT(RUN("", "--version"), 0);
    CHECK(strncmp(out, "lmsh ", 5) == 0 && lines_in(out) == 1);
    CHECK_INT(RUN("", "--diag"), 0);
}

Test(program, seeds)
{
    char *first;
    CHECK_INT(RUN("", "--json", "--seed", "1337", "-c", "sample @bigram"), 0);
    CHECK(strstr(out, "\"seed\":1337") && strstr(out, "\"text\":\"mouse\""));
    CHECK_INT(RUN("", "--json", "-c", "sample"), 0);
    first = strdup(out);
    CHECK_INT(RUN("", "--json", "-c", "sample"), 0);
    CHECK_STR(out, first);
    free(first);
}

static bool is_ascii(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text > 126) return false;
    return true;
}

Test(program, ascii_and_color)
{
    CHECK_INT(
        RUN("", "--ascii", "-c", "next the; enumerate; tree the; rank the mouse; why; help conventions"), 0);
    CHECK(is_ascii(out));
    CHECK_INT(RUN("", "-c", "next the"), 0);
    CHECK(!is_ascii(out));
    CHECK(!strchr(out, '\033'));
    CHECK_INT(RUN("", "--color", "always", "-c", "next the"), 0);
    CHECK(strchr(out, '\033'));
    CHECK_INT(RUN("", "--color", "never", "-c", "next the"), 0);
    CHECK(!strchr(out, '\033'));
    CHECK_INT(RUN("", "--color", "always", "--json", "-c", "next the"), 0);
    CHECK(!strchr(out, '\033'));
}

Test(program, speech_gives_lists)
{
    CHECK_INT(RUN("", "--speech", "-c", "next the"), 0);
    CHECK(strstr(out, "\n1. "));
    CHECK(is_ascii(out));
}

Test(program, checks_transcripts)
{
    char *good = path_in(folder, "good.txt") ? strdup(path_in(folder, "good.txt")) : NULL,
         *bad = strdup(path_in(folder, "bad.txt"));
    file_put(good, "prose\nlm> prob the mouse as=csv eos=off\n...\nlm> tokens the as=csv\n...\n");
    file_put(bad, "lm> prob the mouse\np = 0.33...\n");
    CHECK_INT(RUN("", "--check", good), 0);
    CHECK_INT(RUN("", "--check", bad), EXIT_DIFFERS);
    CHECK_FOR(strstr(out, "bad.txt:1"), "%s", out);
    CHECK_INT(RUN("", "--check", folder), EXIT_DIFFERS);
    CHECK(strstr(out, "good.txt") && strstr(out, "bad.txt:1"));
    CHECK_INT(RUN("", "--check", "/nowhere.txt"), 1);
    free(good);
    free(bad);
}

Test(program, piped_lesson_ends)
{
    int code = RUN("lesson 1\n", NULL);
    if (strstr(err, "lesson")) cr_skip_test("there is no lesson 1 yet");
    CHECK_INT(code, 0);
}

static void wait_ms(long milliseconds)
{
    nanosleep(&(struct timespec){.tv_sec = milliseconds / 1000, .tv_nsec = milliseconds % 1000 * 1000000},
              NULL);
}

Test(program, sigint_ends_a_script_with_130)
{
    const char *const arguments[] = {"--json", "-", NULL};
    pid_t child = launch(arguments, "prob the\nsample n=1e9 show=tally max=3\nprob the\n");
    wait_ms(600);
    CHECK(kill(child, SIGINT) == 0);
    CHECK_INT(collect(child), EXIT_INTERRUPTED);
    CHECK_FOR(lines_in(out) == 2 && strstr(out, "\"tally\""), "%s", out); /* what was drawn is kept */
}

Test(program, sigint_in_training)
{
    FILE *file = fopen(path_in(folder, "large.txt"), "w");
    for (size_t i = 0; i < 1500000; i++)
        fprintf(file, "a%zu b%zu c%zu d%zu e%zu\n", i % 7919, i, i % 101, i % 10007, i % 13);
    fclose(file);
    char line[256];
    snprintf(line, sizeof line, "train ngram n=5 corpus=%s\nprob the\n", path_in(folder, "large.txt"));
    const char *const arguments[] = {"--json", NULL};
    pid_t child = launch(arguments, line);
    wait_ms(700);
    CHECK(kill(child, SIGINT) == 0);
    CHECK_INT(collect(child), EXIT_INTERRUPTED);
}

Test(program, full_disk)
{
    char command[512];
    snprintf(command, sizeof command, "%s -c 'next the' > /dev/full 2> %s/err", PROGRAM, folder);
    CHECK_INT(WEXITSTATUS(system(command)), 1);
    char *text = file_get(path_in(folder, "err"));
    CHECK(strstr(text, "error:"));
    free(text);
    snprintf(command, sizeof command, "%s -c 'enumerate top=3000' | head -1 > /dev/null", PROGRAM);
    CHECK_INT(WEXITSTATUS(system(command)), 0);
}
