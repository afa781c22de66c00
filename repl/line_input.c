#include "repl/line_input.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <readline/history.h>
#include <readline/readline.h>

#include "core/base/memory.h"
#include "repl/complete.h"
#include "repl/interrupt.h"

enum { HISTORY_LINES_MAX = 1000 };

static LineInputOptions options_in_use;
static char *history_path;
static int history_added;

/* rl_getc() with one difference: Ctrl-C ends the read, so readline() returns NULL and the caller can offer a
 * fresh prompt. poll() rather than a bare read(), because readline installs its SIGWINCH handler with
 * SA_RESTART. */
static int read_key(FILE *in)
{
    struct pollfd ready = {.fd = fileno(in), .events = POLLIN};
    while (!interrupt_requested()) {
        unsigned char key;
        ssize_t n = poll(&ready, 1, -1) < 0 ? -1 : read(ready.fd, &key, 1);
        if (n == 1) return key;
        if (n == 0) return EOF;
        if (errno == EIO) return EOF; /* the terminal has gone */
        if (errno != EINTR) return READERR;
        rl_check_signals(); /* lets our SIGINT handler run, and resizes */
    }
    return READERR;
}

/* --- completion --- */

/* Readline wants one candidate per call, so hand out the ones found at state 0. */
static char *next_candidate(const char *word, int state)
{
    static char *found[COMPLETIONS_MAX];
    static size_t count, next;
    if (state == 0) {
        size_t start = (size_t)rl_point - strlen(word);
        char *line = must_copy(rl_line_buffer, (size_t)rl_point);
        next = 0;
        count = options_in_use.complete(options_in_use.context, line, start, found, COMPLETIONS_MAX);
        free(line);
    }
    return next < count ? found[next++] : NULL;
}

static char **complete_at(const char *word, int start, int end)
{
    (void)start;
    (void)end;
    rl_attempted_completion_over = 1; /* never fall back to file names */
    char **matches = rl_completion_matches(word, next_candidate);
    if (matches) {
        size_t length = strlen(matches[0]);
        bool open_ended = length && strchr("=/", matches[0][length - 1]);
        rl_completion_suppress_append = open_ended;
    }
    return matches;
}

/* --- history --- */

static char *join(const char *folder, const char *rest)
{
    size_t size = strlen(folder) + strlen(rest) + 1;
    char *path = must_alloc(size, 1);
    snprintf(path, size, "%s%s", folder, rest);
    return path;
}

/* mkdir -p for the folders above `path`. */
static void make_parents(char *path)
{
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(path, 0700);
        *slash = '/';
    }
}

static char *find_history_path(const char *app)
{
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    char name[128];
    if (state && state[0] == '/') {
        snprintf(name, sizeof name, "/%s/history", app);
        return join(state, name);
    }
    if (!home || !home[0]) return NULL;
    snprintf(name, sizeof name, "/.local/state/%s/history", app);
    return join(home, name);
}

void line_input_remember(const char *line)
{
    if (line[0] == '\0' || line[0] == ' ' || strchr(line, '\n')) return;
    HIST_ENTRY *last = history_get(history_base + history_length - 1);
    if (last && strcmp(last->line, line) == 0) return;
    add_history(line);
    history_added++;
}

static void save_history(void)
{
    make_parents(history_path);
    int fd = open(history_path, O_CREAT | O_WRONLY, 0600); /* append_history() needs it to exist */
    if (fd >= 0) close(fd);
    append_history(history_added, history_path);
    history_truncate_file(history_path, HISTORY_LINES_MAX);
}

/* --- lines --- */

static int put_edit(void)
{
    const char *text = options_in_use.edit(options_in_use.context);
    if (text) rl_insert_text(text);
    return 0;
}

void line_input_open(const LineInputOptions *options)
{
    options_in_use = *options;
    rl_readline_name = options->app_name;
    rl_attempted_completion_function = complete_at;
    rl_basic_word_break_characters = " \t;";
    rl_completer_quote_characters = "\"'";
    rl_getc_function = read_key;
    rl_startup_hook = put_edit;
    rl_change_environment = 0;
    rl_variable_bind("show-all-if-ambiguous",
                     "on"); /* before rl_initialize(), so that inputrc can overrule */
    rl_initialize();        /* reads inputrc; rl_reset_screen_size() crashes before it */
    rl_bind_keyseq_if_unbound("\033[A", rl_history_search_backward);
    rl_bind_keyseq_if_unbound("\033[B", rl_history_search_forward);
    using_history();
    stifle_history(HISTORY_LINES_MAX);
    history_path = find_history_path(options->app_name);
    if (history_path) read_history(history_path);
}

/* Colour codes stand between \001 and \002, or Readline would count them as columns. */
static char *read_with_prompt(const char *prompt)
{
    char marked[256];
    if (!options_in_use.color) return readline(prompt);
    snprintf(marked, sizeof marked, "\001\033[1;34m\002%s\001\033[0m\002", prompt);
    return readline(marked);
}

LineStatus line_input_read(const char *prompt, char **line)
{
    interrupt_clear();
    rl_reset_screen_size(); /* the window may have changed while we computed */
    *line = read_with_prompt(prompt);
    if (interrupt_requested()) {
        free(*line);
        *line = NULL;
        return LINE_INTERRUPTED;
    }
    return *line ? LINE_OK : LINE_EOF;
}

int line_input_columns(void)
{
    int rows, columns;
    rl_get_screen_size(&rows, &columns);
    return columns;
}

void line_input_close(void)
{
    if (history_path && history_added > 0) save_history();
    free(history_path);
    history_path = NULL;
}
