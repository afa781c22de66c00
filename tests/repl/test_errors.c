/* What goes wrong at the prompt: a caret in its place, a name that was meant, few lines, and nothing changed.
 */

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/shell.h"

SHELL_SUITE(errors, NULL)

enum { ERROR_LINES = 4 };

/* The column of the caret, from 0, counted from where the line begins; -1 when there is none. */
static int caret_column(const char *message)
{
    for (const char *line = message; *line;
         line += strcspn(line, "\n") + (line[strcspn(line, "\n")] == '\n')) {
        size_t blanks = strspn(line, " ");
        if (line[blanks] == '^' && strspn(line + blanks, "^") == strcspn(line + blanks, "\n"))
            return (int)blanks - 2;
    }
    return -1;
}

static void check_refused(const char *line, const char *offender, const char *phrase)
{
    char *before = shell_state(shell);
    CHECK_FOR(!shell_do(shell, line), "%s: works: %s", line, shell_out(shell));
    char *message = strdup(shell_err(shell));
    CHECK_FOR(strncmp(message, "error: ", 7) == 0, "%s: %s", line, message);
    CHECK_FOR(lines_in(message) <= ERROR_LINES, "%s: too long:\n%s", line, message);
    CHECK_FOR(shell_out(shell)[0] == '\0', "%s: printed %s", line, shell_out(shell));
    CHECK_FOR(!phrase || strstr(message, phrase), "%s: no %s in\n%s", line, phrase, message);
    if (offender) {
        int wanted = (int)(strstr(line, offender) - line), caret = caret_column(message);
        CHECK_FOR(caret == wanted, "%s: caret at %d, not %d:\n%s", line, caret, wanted, message);
    }
    char *after = shell_state(shell);
    CHECK_FOR(strcmp(before, after) == 0, "%s changed\n%s\ninto\n%s", line, before, after);
    free(message);
    free(before);
    free(after);
}

typedef struct {
    const char *line, *offender, *phrase;
} Row;

static void check_rows(const Row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) check_refused(rows[i].line, rows[i].offender, rows[i].phrase);
}

Test(errors, unknown_names)
{
    static const Row rows[] = {
        {"prbo the", "prbo", "'prob'"},
        {"nxt the", "nxt", "'next'"},
        {"zzzzzzzz", "zzzzzzzz", "help"},
        {"prob the muose", "muose", "'mouse'"},
        {"prob \"the muose ate\"", "muose", "'mouse'"},
        {"prob the MOUSE", "MOUSE", "'mouse'"},
        {"next the chese", "chese", "'cheese'"},
        {"sample the cheeze", "cheeze", "'cheese'"},
        {"next the tempreature=1", "tempreature", NULL},
        {"next the top-k=3", "top-k=3", NULL},
        {"next the topk=3", "topk", "'top_k'"},
        {"prob the T=2", "T", "no option"},
        {"next the @bigrm", "bigrm", "'bigram'"},
        {"next the @toy,zebra", "zebra", "zebra"},
        {"next the @", NULL, NULL},
        {"use trigrm", "trigrm", "'trigram'"},
        {"drop zebra", "zebra", "zebra"},
        {"model zebra", "zebra", "zebra"},
        {"corpus jobz", "jobz", "jobz"},
        {"train ngram corpus=jobz", "jobz", "jobz"},
        {"eval jobz @bigram", "jobz", "jobz"},
        {"run /nowhere/x", "/nowhere/x", "/nowhere/x"},
        {"train ngrm", "ngrm", "ngram"},
        {"help zzzzzz", "zzzzzz", NULL},
        {"set tt=1", "tt", NULL},
        {"lesson 99", "99", NULL},
    };
    check_rows(rows, COUNT_OF(rows));
}

Test(errors, values_out_of_range)
{
    static const Row rows[] = {
        {"next the T=-1", "-1", "T="},
        {"next the T=abc", "abc", "T="},
        {"next the T=nan", "nan", "T="},
        {"next the T=", NULL, "T="},
        {"next the T=0,1,-1", "-1", "T="},
        {"next the top_k=0.5", "0.5", "whole"},
        {"next the top_p=1.5", "1.5", "top_p"},
        {"sample n=0", "0", "n="},
        {"sample max=0", "0", "max="},
        {"sample len=0", "0", "len="},
        {"sample seed=-1", "-1", "seed="},
        {"sample seed=1e300", "1e300", "seed="},
        {"train ngram n=0", "0", "n="},
        {"train ngram n=99", "99", "n="},
        {"train ngram n=2..99", "2..99", "n="},
        {"train ngram n=3..1", "3..1", "range"},
        {"train ngram smooth=good", "good", "mle|add|interp"},
        {"train ngram smooth=add k=0", "0", "k="},
        {"next the as=xml", "xml", "as="},
        {"set T=-1", "-1", "T="},
        {"corpus add \"a b\" times=0", "0", "times="},
        {"enumerate len=0", "0", "len="},
        {"tree the depth=99", "99", "depth="},
    };
    check_rows(rows, COUNT_OF(rows));
}

Test(errors, options_that_do_not_fit)
{
    static const Row rows[] = {
        {"train ngram n=3 smooth=interp weights=.5,.5", "weights", "3"},
        {"train ngram n=2 smooth=interp weights=.5,.6", "weights", "sum"},
        {"train ngram n=2 weights=.5,.5", "weights", "interp"},
        {"train ngram k=1", "1", "add"},
        {"train ngram name=toy", "toy", "toy"},
        {"train ngram name=\"a b\"", "\"a b\"", "one word"},
        {"train", NULL, "train"},
        {"prob the zebra oov=unk @bigram", "zebra", "<unk>"},
        {"prob the zebra oov=unk", "zebra", "<unk>"},
        {"drop toy", NULL, "toy"},
        {"prob <s> the", "<s>", "<s>"},
        {"prob the </s> ate @bigram", "</s>", "</s>"},
        {"prob the </s>", "</s>", "</s>"},
        {"next the </s> @bigram", "</s>", "</s>"},
        {"help @toy", "toy", "toy"},
        {"prob", "prob", NULL},
        {"history x", "x", NULL},
        {"next ball the @trigram", NULL, "smooth"},
        {"sample ball the @trigram", NULL, "smooth"},
        {"corpus drop \"no such sentence\"", NULL, "no such sentence"},
        {"corpus add", NULL, NULL},
        {"corpus new pets", NULL, NULL},
        {"enumerate rank=\"the zebra\"", "zebra", NULL},
        {"undo", NULL, NULL},
        {"redo", NULL, NULL},
        {"time", NULL, NULL},
        {"go", NULL, "lesson"},
        {"hint", NULL, "lesson"},
        {"solve", NULL, "lesson"},
        {"leave", NULL, "lesson"},
        {"back", NULL, "lesson"},
    };
    check_rows(rows, COUNT_OF(rows));
}

Test(errors, nothing_to_repeat_or_explain)
{
    CHECK(!shell_do(shell, "again"));
    CHECK(shell_err(shell)[0] && lines_in(shell_err(shell)) <= ERROR_LINES);
    CHECK(!shell_do(shell, "why"));
    CHECK(shell_err(shell)[0] && lines_in(shell_err(shell)) <= ERROR_LINES);
}

Test(errors, ill_formed_lines)
{
    static const Row rows[] = {
        {"prob \"the mouse", "\"", "closed"},
        {"prob the >", ">", "file"},
        {"next the; prob 'x", "'x", "closed"},
    };
    CHECK(!shell_do(shell, rows[0].line));
    check_refused(rows[0].line, rows[0].offender, rows[0].phrase);
    check_refused(rows[1].line, rows[1].offender, rows[1].phrase);
    CHECK(!shell_do(shell, rows[2].line)); /* the line is read as a whole first */
    CHECK_INT(caret_column(shell_err(shell)), 15);
}

Test(errors, malformed_utf8)
{
    CHECK(!shell_do(shell, "prob the \xFF mouse"));
    CHECK(strstr(shell_err(shell), "UTF-8"));
    CHECK(strstr(shell_err(shell), "byte 10"));
    shell_must(shell, "prob the");
}

/* The caret stands under the word as a terminal shows it: Chinese characters are two columns wide. */
Test(errors, caret_counts_columns)
{
    CHECK(!shell_do(shell, "compare \"老鼠\" zebra"));
    CHECK(!shell_do(shell, "prob 老鼠"));
    const char *message = shell_err(shell);
    CHECK_INT(caret_column(message), 5);
    CHECK(strstr(message, "^^^^\n") && !strstr(message, "^^^^^"));
    CHECK(!shell_do(shell, "next the for=老鼠 T=-1"));
    CHECK_INT(caret_column(shell_err(shell)), (int)strlen("next the for=XXXX T="));
    CHECK(!shell_do(shell, "next　the　Ｔ＝－1"));
    CHECK_INT(caret_column(shell_err(shell)), (int)strlen("nextXXtheXXTTXX"));
}

Test(errors, long_lines_are_shown_in_part)
{
    enum { BYTES = 100000 };
    char *line = malloc(BYTES + 32);
    strcpy(line, "prob ");
    for (size_t at = 5; at < BYTES; at += 4) memcpy(line + at, "the ", 4);
    strcpy(line + BYTES / 4 * 4 + 1, "zebra");
    CHECK(!shell_do(shell, line));
    CHECK(strstr(shell_err(shell), "zebra"));
    CHECK(strlen(shell_err(shell)) < 1000);
    CHECK(lines_in(shell_err(shell)) <= 4);
    line[BYTES / 4 * 4 + 1] = '\0';
    shell_must(shell, line);
    memset(line, 'x', BYTES);
    line[BYTES] = '\0';
    CHECK(!shell_do(shell, line));
    CHECK(lines_in(shell_err(shell)) <= 5);
    CHECK(strlen(shell_err(shell)) < 1000);
    free(line);
}

Test(errors, files)
{
    char line[512];
    const char *empty = path_in(folder, "empty.txt"), *bytes = path_in(folder, "bytes.txt"),
               *nul = path_in(folder, "nul.txt");
    file_put(empty, "");
    file_put(bytes, "the mouse\nthe \xFF\xFE\n");
    file_put_bytes(nul, "the\0mouse\n", 10);
    const char *const paths[] = {empty, bytes, nul, folder, "/nowhere/at/all.txt"};
    const char *const commands[] = {"corpus ", "train ngram corpus=", "eval @bigram "};
    for (size_t p = 0; p < COUNT_OF(paths); p++)
        for (size_t c = 0; c < COUNT_OF(commands); c++) {
            snprintf(line, sizeof line, "%s\"%s\"", commands[c], paths[p]);
            check_refused(line, NULL, NULL);
        }
    snprintf(line, sizeof line, "run \"%s\"", nul);
    check_refused(line, NULL, "NUL");
    snprintf(line, sizeof line, "run \"%s\"", folder);
    check_refused(line, NULL, folder);
}

Test(errors, unreadable_file)
{
    char line[256];
    if (geteuid() == 0) cr_skip_test("root reads everything");
    const char *path = path_in(folder, "secret.txt");
    file_put(path, "the mouse\n");
    CHECK(access(path, R_OK) == 0 && !system("true"));
    snprintf(line, sizeof line, "chmod 000 %s", path);
    CHECK(system(line) == 0);
    snprintf(line, sizeof line, "corpus \"%s\"", path);
    check_refused(line, NULL, "secret.txt");
}

/* The smallest corpus there can be. */
Test(errors, one_word_corpus_works)
{
    char line[256];
    const char *path = path_in(folder, "one.txt");
    file_put(path, "word\n");
    snprintf(line, sizeof line, "train ngram n=2 corpus=\"%s\" as=json", path);
    CHECK_INT(shell_number(shell, line, "tokens"), 2);
    CHECK_NEAR(shell_number(shell, "prob word as=json", "p"), 1, 0);
    CHECK_STR(json_string_value(json_path(shell_json(shell, "sample as=json"), "samples.0.text")), "word");
    snprintf(line, sizeof line, "train ngram n=4 corpus=\"%s\" as=json", path);
    CHECK_INT(shell_number(shell, line, "tokens"), 2);
    path = path_in(folder, "none.txt");
    file_put(path, "\n");
    snprintf(line, sizeof line, "train ngram n=2 corpus=\"%s\" as=json", path);
    shell_must(shell, line); /* one sentence of </s> alone */
    CHECK_STR(json_string_value(json_path(shell_json(shell, "sample as=json"), "samples.0.text")), "");
}

Test(errors, where_results_cannot_go)
{
    char line[256];
    check_refused("prob the > /", "/", "folder");
    check_refused("prob the > /nowhere/x", "/nowhere/x", NULL);
    check_refused("prob the > /dev/full", "/dev/full", NULL);
    check_refused("train ngram name=z > /dev/full", "/dev/full", NULL);
    check_refused("set T=2 > /nowhere/x", "/nowhere/x", NULL);
    const char *path = path_in(folder, "there.txt");
    file_put(path, "precious\n");
    snprintf(line, sizeof line, "prob the > %s", path);
    check_refused(line, path, "force=yes");
    snprintf(line, sizeof line, "train ngram name=z > %s", path);
    check_refused(line, path, "force=yes");
    char *text = file_get(path);
    CHECK_STR(text, "precious\n");
    free(text);
}

/* One setting of a sweep may fail after others have worked. */
Test(errors, sweeps_change_all_or_nothing)
{
    check_refused("train ngram n=2,3 smooth=interp weights=.5,.5", NULL, "3");
    check_refused("train ngram name=z smooth=mle,add k=1", NULL, NULL);
}

Test(errors, json_errors)
{
    static const char *const lines[] = {"prbo", "prob the zebra", "next the T=-1", "prob \"x",
                                        "next ball the @trigram"};
    static const char *const commands[] = {NULL, "prob", "next", NULL, "next"};
    Shell *json = shell_new("json");
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        CHECK(!shell_do(json, lines[i]));
        CHECK_STR(shell_out(json), "");
        CHECK_FOR(lines_in(shell_err(json)) == 1, "%s: %s", lines[i], shell_err(json));
        json_t *error = json_line(shell_err(json), 0);
        CHECK(json_is_string(json_path(error, "error")));
        CHECK(json_string_value(json_path(error, "error"))[0]);
        json_path(error, "hint");
        if (commands[i])
            CHECK_FOR(strcmp(json_string_value(json_path(error, "command")), commands[i]) == 0,
                      "%s: command %s", lines[i], json_string_value(json_path(error, "command")));
        json_decref(error);
    }
    shell_free(json);
    CHECK(!shell_do(shell, "prob the zebra as=json"));
    json_decref(json_line(shell_err(shell), 0));
}

Test(errors, later_statements_are_dropped)
{
    CHECK(!shell_do(shell, "prob the as=json; prob zebra; set T=2"));
    CHECK_INT(lines_in(shell_out(shell)), 1);
    CHECK_NEAR(shell_number(shell, "next the as=json", "T"), 1, 0);
}
