/* source.h - where statements come from: what was typed, and scripts inside it, innermost first. */
#ifndef REPL_SOURCE_H
#define REPL_SOURCE_H

#include "repl/sandbox.h"

enum { SOURCE_DEPTH_MAX = 20 };

typedef struct {
    char *name;      /* of the script; NULL for a line typed at the prompt */
    char *text;      /* all of it */
    size_t at;       /* the next line begins here */
    size_t line;     /* number of the current line, from 1 */
    char *line_text; /* the current line, for the caret under an error */
    Arena arena;     /* of its statements */
    Line parsed;
    size_t next; /* the next statement of it */
    bool sandboxed;
    Sandbox sandbox;
    char *folder;   /* the sandbox's */
    double started; /* sandbox_clock() */
} Source;

typedef struct {
    Source stack[SOURCE_DEPTH_MAX];
    size_t depth;
} Sources;

/* `first_line` numbers the first line of the text. Copies name and text. Fails when scripts nest too deep. */
bool sources_push(Sources *sources, const char *name, const char *text, size_t first_line, Error *error);
void sources_confine(Sources *sources, const Sandbox *sandbox); /* the one just pushed; copied */
void sources_clear(Sources *sources);

/* The next statement, or NULL with *error untouched when there is none, or NULL with *failed when a line
 * could not be parsed. The statement lives until the following call. */
const Statement *sources_next(Sources *sources, bool *folded, bool *failed, Error *error);

/* The line that the last statement came from; NULL before the first. */
const Source *sources_current(const Sources *sources);

#endif
