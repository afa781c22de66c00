/* statement.h - a typed line, taken apart into statements; knows the grammar and no command.
 *
 *     line      = statement { ";" statement } [ "#" comment ]
 *     statement = [ "time" ] verb { word | string | option | model } [ ">" path ]
 *     option    = key "=" value { "," value }            value = bare word | string
 *     model     = "@" name { "," name }
 *     "--"      = only words follow
 *
 * Full-width forms from a Chinese input method (letters, digits, = , ; and spaces) count as ASCII outside
 * strings. Every piece remembers the bytes of the line it came from, for the caret under an error. */
#ifndef REPL_STATEMENT_H
#define REPL_STATEMENT_H

#include "core/base/arena.h"

typedef struct {
    const char *text;     /* without quotes, full-width forms folded */
    size_t start, length; /* bytes of the line, quotes included */
    bool quoted;
} Word;

typedef struct {
    Word key;
    Word *values;
    size_t count;
} OptionWords;

typedef struct {
    Word verb;
    Word *words;
    size_t word_count;
    OptionWords *options;
    size_t option_count;
    Word *models;
    size_t model_count;
    Word path;          /* after ">"; text NULL when there is none */
    bool timed;         /* after "time" */
    const char *source; /* the statement as typed */
} Statement;

typedef struct {
    Statement *statements;
    size_t count;
    bool folded; /* full-width forms were understood */
} Line;

/* Everything of *line lives in the arena. Fails on malformed UTF-8, an open string, a ">" without path. */
bool line_parse(const char *text, Arena *arena, Line *line, Error *error);

#endif
