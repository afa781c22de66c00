/* topic.h - pages of help that are not about a command: conventions, keys, and the field's words. */
#ifndef REPL_TOPIC_H
#define REPL_TOPIC_H

typedef struct {
    const char *name;    /* "perplexity" */
    const char *summary; /* one line */
    const char *text;    /* the page */
} Topic;

extern const Topic topics[]; /* ends with a NULL name */

#endif
