/* Types and reads through a pseudo-terminal, with patience. */

#include "tests/support/terminal.h"

#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PATIENCE_MS = 5000 };

static long now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000L + t.tv_nsec / 1000000L;
}

static void settle_environment(const char *home, const char *term)
{
    setenv("HOME", home, 1);
    unsetenv("XDG_STATE_HOME");
    setenv("INPUTRC", "/dev/null", 1); /* the developer's key bindings must not matter */
    setenv("TERM", term, 1);
    unsetenv("XDG_CONFIG_HOME");
    unsetenv("LMSH_LESSONS");
    unsetenv("LANGUAGE");
    unsetenv("COLUMNS");
    unsetenv("LINES");
    setenv("LC_ALL", "C.UTF-8", 1);
    unsetenv("LS_COLORS");
}

void terminal_start(Terminal *t, char *const argv[], const char *home, const char *term)
{
    struct winsize size = {.ws_row = 24, .ws_col = 80};
    *t = (Terminal){.fd = -1};
    t->pid = forkpty(&t->fd, NULL, NULL, &size);
    if (t->pid < 0) {
        perror("forkpty");
        abort();
    }
    if (t->pid == 0) {
        settle_environment(home, term);
        execv(argv[0], argv);
        perror(argv[0]);
        _exit(127);
    }
}

void terminal_type(Terminal *t, const char *keys)
{
    for (size_t left = strlen(keys); left > 0;) {
        ssize_t n = write(t->fd, keys, left);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) {
            perror("write to terminal");
            abort();
        }
        keys += n, left -= (size_t)n;
    }
}

static bool read_more(Terminal *t, int wait_ms)
{
    struct pollfd ready = {.fd = t->fd, .events = POLLIN};
    if (poll(&ready, 1, wait_ms) <= 0) return false;
    if (t->seen_len ==
        sizeof t->seen - 1) { /* keep the newer half: what is waited for may be cut by the end */
        t->seen_len /= 2;
        memmove(t->seen, t->seen + sizeof t->seen - 1 - t->seen_len, t->seen_len);
    }
    ssize_t n = read(t->fd, t->seen + t->seen_len, sizeof t->seen - 1 - t->seen_len);
    if (n <= 0) return false; /* EIO: the program has gone */
    t->seen_len += (size_t)n;
    t->seen[t->seen_len] = '\0';
    return true;
}

bool terminal_shows(Terminal *t, const char *text)
{
    long deadline = now_ms() + PATIENCE_MS;
    for (;;) {
        char *at = t->seen_len ? strstr(t->seen, text) : NULL;
        if (at) {
            size_t used = (size_t)(at - t->seen) + strlen(text);
            t->seen_len -= used;
            memmove(t->seen, t->seen + used, t->seen_len + 1);
            return true;
        }
        long left = deadline - now_ms();
        if (left <= 0 || !read_more(t, (int)left)) {
            fprintf(stderr, "waited for \"%s\", saw \"%s\"\n", text, t->seen);
            return false;
        }
    }
}

const char *terminal_rest(Terminal *t)
{
    enum { SILENCE_MS = 150 };
    while (read_more(t, SILENCE_MS)) continue;
    t->seen[t->seen_len] = '\0';
    return t->seen;
}

void terminal_resize(Terminal *t, unsigned short rows, unsigned short columns)
{
    struct winsize size = {.ws_row = rows, .ws_col = columns};
    ioctl(t->fd, TIOCSWINSZ, &size); /* the kernel sends SIGWINCH */
}

int terminal_finish(Terminal *t)
{
    long deadline = now_ms() + PATIENCE_MS;
    int status = 0;
    pid_t done;
    while ((done = waitpid(t->pid, &status, WNOHANG)) == 0 && now_ms() < deadline)
        read_more(t, 20); /* keep the terminal drained or the program may block */
    if (done == 0) {
        kill(t->pid, SIGKILL);
        waitpid(t->pid, &status, 0);
        status = -1;
    }
    close(t->fd);
    return status == -1 ? -1 : WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void terminal_hang_up(Terminal *t)
{
    close(t->fd);
    waitpid(t->pid, NULL, 0);
}
