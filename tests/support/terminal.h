/* terminal.h - drive an interactive program through a pseudo-terminal, as a person would. */
#ifndef TESTS_SUPPORT_TERMINAL_H
#define TESTS_SUPPORT_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

typedef struct {
    pid_t pid;
    int fd;               /* our end of the terminal */
    char seen[64 * 1024]; /* everything printed since the last match */
    size_t seen_len;
} Terminal;

/* Start `argv` on an 80x24 terminal, in a known environment with its own home; `term` is TERM, "dumb" where
 * escape sequences would be in the way. */
void terminal_start(Terminal *t, char *const argv[], const char *home, const char *term);
void terminal_type(Terminal *t, const char *keys);
/* Wait until `text` has been printed; output up to its end is then forgotten. */
bool terminal_shows(Terminal *t, const char *text);
/* What has been printed since the last match; waits until nothing more comes for a moment. */
const char *terminal_rest(Terminal *t);
void terminal_resize(Terminal *t, unsigned short rows, unsigned short columns);
/* Wait for the program to end; its exit status, or -1 if it had to be killed. */
int terminal_finish(Terminal *t);
/* Close the window: the program gets SIGHUP. */
void terminal_hang_up(Terminal *t);

#endif
