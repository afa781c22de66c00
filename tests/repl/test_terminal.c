/* The program at a terminal: prompt, Tab, history, Ctrl-C and Ctrl-D, Chinese input, paste, resize. */

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tests/support/shell.h"
#include "tests/support/terminal.h"

static char folder[FOLDER_SIZE];
static Terminal terminal;
static bool running;

static void start(void) { folder_make(folder); }

static void finish(void)
{
    if (running) terminal_hang_up(&terminal);
    folder_remove(folder);
}

TestSuite(terminal, .init = start, .fini = finish, .timeout = 20);

static void open_as(const char *term)
{
    char *argv[] = {PROGRAM, NULL};
    terminal_start(&terminal, argv, folder, term);
    running = true;
    CHECK(terminal_shows(&terminal, "toy> "));
}

static void open_program(void) { open_as("dumb"); }
static void type(const char *keys) { terminal_type(&terminal, keys); }
#define SHOWS(text) CHECK_FOR(terminal_shows(&terminal, text), "waited for [%s]", text)

static int leave(void)
{
    type("\004");
    running = false;
    return terminal_finish(&terminal);
}

Test(terminal, prompt_answers_and_leaves)
{
    open_program();
    type("prob the mouse\r");
    SHOWS("0.32");
    SHOWS("toy> ");
    type("use bigram\r");
    SHOWS("bigram> ");
    CHECK_INT(leave(), 0);
}

Test(terminal, quit_and_failures_exit_0)
{
    open_program();
    type("prob zebra\r");
    SHOWS("error:");
    SHOWS("toy> ");
    type("quit\r");
    running = false;
    CHECK_INT(terminal_finish(&terminal), 0);
}

Test(terminal, tab_completes_verb_option_and_word)
{
    open_program();
    type("enum\t");
    SHOWS("enumerate ");
    type("to\t");
    SHOWS("top=");
    type("1\r");
    SHOWS("the mouse ate the mouse");
    SHOWS("toy> ");
    type("next the top_k=2 mou\t");
    SHOWS("mouse");
    type("\x15prob the mo\t\r");
    SHOWS("0.32");
}

Test(terminal, tab_lists)
{
    open_program();
    type("co\t");
    SHOWS("compare");
    SHOWS("counts");
    type("\x15next the @\t");
    SHOWS("bigram");
    SHOWS("trigram");
}

/* Readline cuts words at blanks only unless told better: a verb right behind ";" is a word too. */
Test(terminal, tab_completes_behind_a_semicolon)
{
    open_program();
    type("prob the;enum\t");
    SHOWS("enumerate ");
}

Test(terminal, history_lives_on)
{
    struct stat status;
    char path[256];
    open_program();
    type("prob the mouse\r");
    SHOWS("0.32");
    SHOWS("toy> ");
    CHECK_INT(leave(), 0);
    snprintf(path, sizeof path, "%s/.local/state/lmsh/history", folder);
    CHECK_FOR(stat(path, &status) == 0, "no %s", path);
    CHECK_INT(status.st_mode & 0777, 0600);
    open_program();
    type("\x10"); /* Ctrl-P, as Up */
    SHOWS("prob the mouse");
    type(" ate\r");
    SHOWS("0.16");
    type("\033[A");
    SHOWS("prob the mouse ate");
}

Test(terminal, history_goes_to_the_xdg_state_folder)
{
    char state[128], path[256];
    snprintf(state, sizeof state, "XDG_STATE_HOME=%s/state", folder);
    char *argv[] = {(char *)"/usr/bin/env", state, PROGRAM, NULL};
    terminal_start(&terminal, argv, folder, "dumb");
    running = true;
    SHOWS("toy> ");
    type("prob the\r");
    SHOWS("0.8");
    SHOWS("toy> ");
    CHECK_INT(leave(), 0);
    snprintf(path, sizeof path, "%s/state/lmsh/history", folder);
    char *text = file_get(path);
    CHECK_FOR(text && strstr(text, "prob the"), "no %s", path);
    free(text);
}

Test(terminal, ctrl_c_drops_the_line)
{
    open_program();
    for (int i = 0; i < 3; i++) {
        type("prob the zeb");
        SHOWS("prob the zeb");
        type("\003");
        SHOWS("toy> ");
    }
    type("\003");
    SHOWS("toy> ");
    type("prob the mouse\r");
    SHOWS("0.32");
    SHOWS("toy> ");
    CHECK_INT(leave(), 0);
}

Test(terminal, ctrl_c_stops_sampling_and_keeps_it)
{
    open_program();
    type("sample n=1e9 show=tally max=2\r");
    SHOWS("sample [");
    type("\003");
    SHOWS("the mouse");
    SHOWS("toy> ");
    type("prob the mouse\r");
    SHOWS("0.32");
    SHOWS("toy> ");
    CHECK_INT(leave(), 0);
}

Test(terminal, ctrl_c_stops_training)
{
    char line[256];
    FILE *file = fopen(path_in(folder, "large.txt"), "w");
    for (size_t i = 0; i < 1000000; i++)
        fprintf(file, "a%zu b%zu c%zu d%zu e%zu\n", i % 7919, i, i % 101, i % 10007, i % 13);
    fclose(file);
    open_program();
    snprintf(line, sizeof line, "train ngram n=5 corpus=%s\r", path_in(folder, "large.txt"));
    type(line);
    SHOWS("train [");
    type("\003");
    SHOWS("> ");
    type("prob the mouse @toy\r");
    SHOWS("0.32");
    SHOWS("> ");
    CHECK_INT(leave(), 0);
}

Test(terminal, chinese_input_and_backspace)
{
    open_program();
    type("next　the　Ｔ＝０\r");
    SHOWS("mouse");
    SHOWS("toy> ");
    type("prob the 老鼠\177\177mouse\r"); /* two backspaces, two characters */
    SHOWS("0.32");
    SHOWS("toy> ");
    type("prob 老鼠\r");
    SHOWS("^^^^");
    SHOWS("toy> ");
}

Test(terminal, typed_ahead_lines_all_run)
{
    open_program();
    type("prob the\rprob the mouse\rprob the mouse ate\r");
    SHOWS("0.8");
    SHOWS("0.32");
    SHOWS("0.16");
    SHOWS("toy> ");
}

Test(terminal, bracketed_paste_of_several_lines)
{
    open_as("xterm");
    type("\033[200~prob the\nprob the mouse\nprob the mouse ate\n\033[201~\r");
    SHOWS("0.8");
    SHOWS("0.32");
    SHOWS("0.16");
    SHOWS("toy> ");
    CHECK_INT(leave(), 0);
}

Test(terminal, resize)
{
    open_program();
    terminal_resize(&terminal, 24, 50);
    type("next the\r");
    SHOWS("mouse");
    SHOWS("toy> ");
    type("set ascii=on\r");
    SHOWS("toy> ");
    type("next the\r");
    SHOWS("next the\r\n");
    for (const char *line = terminal_rest(&terminal); *line;
         line += strcspn(line, "\n") + (line[strcspn(line, "\n")] == '\n'))
        CHECK_FOR(strcspn(line, "\r\n") <= 50, "wider than the window: %.*s", (int)strcspn(line, "\r\n"),
                  line);
}

Test(terminal, asks_before_overwriting)
{
    char line[256];
    open_program();
    file_put(path_in(folder, "a.csv"), "precious\n");
    snprintf(line, sizeof line, "prob the > %s\r", path_in(folder, "a.csv"));
    type(line);
    SHOWS("overwrite");
    type("n\r");
    SHOWS("toy> ");
    char *text = file_get(path_in(folder, "a.csv"));
    CHECK_STR(text, "precious\n");
    free(text);
    type(line);
    SHOWS("overwrite");
    type("y\r");
    SHOWS("toy> ");
    text = file_get(path_in(folder, "a.csv"));
    CHECK(strncmp(text, "model,", 6) == 0);
    free(text);
}

Test(terminal, ctrl_c_at_the_question)
{
    char line[256];
    open_program();
    file_put(path_in(folder, "a.csv"), "precious\n");
    snprintf(line, sizeof line, "prob the > %s\r", path_in(folder, "a.csv"));
    type(line);
    SHOWS("overwrite");
    type("\003");
    SHOWS("toy> ");
    CHECK_INT(leave(), 0);
    char *text = file_get(path_in(folder, "a.csv"));
    CHECK_STR(text, "precious\n");
    free(text);
}

Test(terminal, solve_puts_text_into_the_line)
{
    char line[256];
    file_put(path_in(folder, "l.md"),
             "---\nformat: 1\nid: l\ntitle: L\nneeds:\nminutes: 1\n---\n## One {#one}\n\nDo it.\n\n"
             "```lm do\ncheck: used prob\nsolution: prob the mouse\n```\n");
    open_program();
    snprintf(line, sizeof line, "lesson %s\r", path_in(folder, "l.md"));
    type(line);
    SHOWS("Do it.");
    SHOWS("toy> ");
    type("solve\r");
    SHOWS("toy> prob the mouse");
    type("\r");
    SHOWS("0.32");
    SHOWS("[ok]");
}

Test(terminal, settings_file)
{
    char path[256], command[300];
    snprintf(command, sizeof command, "mkdir -p %s/.config/lmsh", folder);
    CHECK(system(command) == 0);
    snprintf(path, sizeof path, "%s/.config/lmsh/lmshrc", folder);
    file_put(path, "use bigram\n");
    char *argv[] = {PROGRAM, NULL};
    terminal_start(&terminal, argv, folder, "dumb");
    running = true;
    SHOWS("bigram> ");
    CHECK_INT(leave(), 0);
    char *bare[] = {PROGRAM, (char *)"--norc", NULL};
    terminal_start(&terminal, bare, folder, "dumb");
    running = true;
    SHOWS("toy> ");
}

Test(terminal, closed_window)
{
    open_program();
    type("prob the mouse\r");
    SHOWS("0.32");
    terminal_hang_up(&terminal);
    running = false;
}

/* --- a lesson that is cut short --- */

/* kill -9 in the middle of typing: the next program is where this one was, with what was trained. */
Test(terminal, a_killed_lesson_is_resumed)
{
    open_program();
    type("lesson 2\r");
    SHOWS("(Enter goes on.)");
    SHOWS("[L02] toy> ");
    type("\r");
    SHOWS("(Enter runs:  chain the mouse ate the cheese)");
    SHOWS("[L02 1/6] toy> ");
    type("train ngram n=3 name=mine\r");
    SHOWS("[L02 1/6] mine> ");
    type("prob the mou");
    kill(terminal.pid, SIGKILL);
    running = false;
    terminal_finish(&terminal);
    char *argv[] = {PROGRAM, NULL};
    terminal_start(&terminal, argv, folder, "dumb");
    running = true;
    SHOWS("resume goes on with lesson L02.");
    SHOWS("toy> ");
    type("resume\r");
    SHOWS("You are back where you were.");
    SHOWS("(Enter runs:  chain the mouse ate the cheese)");
    SHOWS("[L02 1/6] mine> ");
    type("leave\r");
    SHOWS("toy> ");
    CHECK_INT(leave(), 0);
}

/* The solution stands in the line and has not run; Enter runs it. */
Test(terminal, solve_puts_a_solution_into_the_line)
{
    open_program();
    type("lesson 2 factors\r");
    SHOWS("Enter runs");
    type("\r");
    SHOWS("[L02 1/6] toy> ");
    type("skip\r");
    SHOWS("[L02 1/6] toy> ");
    type("solve\r");
    SHOWS("toy> chain the cheese ate the mouse");
    type("\r");
    SHOWS("[ok] Done.");
    SHOWS("[L02 1/6] toy> ");
    CHECK_INT(leave(), 0);
}

/* What forgets everything is asked by a line that only needs Enter. */
Test(terminal, reset_all_asks)
{
    open_program();
    type("lesson 1\r");
    SHOWS("[L01] toy> ");
    type("reset all\r");
    SHOWS("forgets what you did in all lessons");
    SHOWS("> reset all force=yes");
    type("\r");
    SHOWS("is forgotten");
    SHOWS("toy> ");
    type("resume\r");
    SHOWS("no lesson waits");
    SHOWS("toy> ");
    CHECK_INT(leave(), 0);
}
