/* shell.h - a session whose output is kept in memory, and the questions tests ask of it most. */
#ifndef TESTS_SUPPORT_SHELL_H
#define TESTS_SUPPORT_SHELL_H

#include <jansson.h>

#include "repl/session.h"
#include "tests/support/check.h"

typedef struct {
    Session *session;
    FILE *out, *err;
    char *out_text, *err_text;     /* all that was written so far */
    size_t out_length, err_length; /* of it */
    size_t out_taken, err_taken;   /* where the output of the last line begins */
    json_t *json;                  /* of the last shell_json */
} Shell;

Shell *shell_new(const char *format);          /* 80 columns, seed 1; format NULL = tables */
Shell *shell_new_with(SessionOptions options); /* out and err are set here */
void shell_free(Shell *shell);

/* Run one line, or several, to the end; true when nothing failed. */
bool shell_do(Shell *shell, const char *text);
bool shell_do_as(Shell *shell, const char *text, const char *source); /* as a script called `source` */
void shell_take(Shell *shell);       /* what was printed so far is forgotten: for lines run by hand */
const char *shell_out(Shell *shell); /* what the last line printed */
const char *shell_err(Shell *shell);
void shell_must(Shell *shell, const char *text); /* the test fails when the line does */

/* Run a line that must succeed in a session of format json. The last object it printed; the shell's. */
json_t *shell_json(Shell *shell, const char *text);

/* The same, and the number at a path of its object: "rows.0.p". */
double shell_number(Shell *shell, const char *text, const char *path);

/* What is at a path of keys and indices, "-1" the last; the test fails when nothing is. */
json_t *json_path(json_t *json, const char *path);
double json_number(json_t *json, const char *path);
const char *json_words(json_t *json, const char *path, char *out, size_t size); /* a list as "the mouse" */

/* Object number `index` of what was printed, one a line; NULL behind the last. The caller's to json_decref.
 */
json_t *json_line(const char *text, size_t index);
size_t lines_in(const char *text);

/* Every model, corpus and setting there is, as text; the caller frees it. */
char *shell_state(Shell *shell);

/* --- files --- */
enum { FOLDER_SIZE = 64 };
void folder_make(char folder[FOLDER_SIZE]);                /* fresh and empty */
void folder_remove(const char *folder);                    /* with all that is in it */
const char *path_in(const char *folder, const char *name); /* borrowed; the last 16 stay good */
void file_put(const char *path, const char *text);
void file_put_bytes(const char *path, const char *bytes, size_t length);
char *file_get(const char *path); /* NULL when there is none; the caller frees it */

/* A suite in which each test has a `shell` of its own, answering in this format, and an empty `folder`. */
#define SHELL_SUITE(name, format)                                                                            \
    static Shell *shell;                                                                                     \
    static char folder[FOLDER_SIZE];                                                                         \
    static void start(void)                                                                                  \
    {                                                                                                        \
        shell = shell_new(format);                                                                           \
        folder_make(folder);                                                                                 \
    }                                                                                                        \
    static void finish(void)                                                                                 \
    {                                                                                                        \
        shell_free(shell);                                                                                   \
        folder_remove(folder);                                                                               \
    }                                                                                                        \
    TestSuite(name, .init = start, .fini = finish, .timeout = 20);

#endif
