/* line_input.h - lines typed at a terminal, through GNU Readline: editing, history, completion, Ctrl-C. */
#ifndef REPL_LINE_INPUT_H
#define REPL_LINE_INPUT_H

#include <stdbool.h>
#include <stddef.h>

typedef struct {
    const char *app_name; /* for inputrc "$if" and the history path */
    bool color;           /* of the prompt */
    /* Fill `out` with up to `max` completions of the word starting at `start` in `line`; each is malloc'd and
     * handed over. Returns the count. */
    size_t (*complete)(void *context, const char *line, size_t start, char **out, size_t max);
    const char *(*edit)(void *context); /* text to put into the next line, or NULL */
    void *context;
} LineInputOptions;

typedef enum { LINE_OK, LINE_EOF, LINE_INTERRUPTED } LineStatus;

void line_input_open(const LineInputOptions *options);
LineStatus line_input_read(const char *prompt, char **line); /* the caller frees *line */
void line_input_remember(const char *line);
void line_input_close(void); /* saves the history; harmless when called twice or unopened */
int line_input_columns(void);

#endif
