/* arguments.h - the program's own command line. */
#ifndef REPL_ARGUMENTS_H
#define REPL_ARGUMENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum { WHEN_AUTO, WHEN_ALWAYS, WHEN_NEVER } When;

typedef struct {
    const char **commands; /* of -c */
    size_t command_count;
    bool check, json, ascii, speech, norc, help, version, diag;
    When color;
    uint64_t seed;
    const char *lang;
    const char *new_lesson;
} Arguments;

extern const char arguments_usage[]; /* marked for translation, not translated */

/* False for bad usage. The rest of argv, from getopt's optind on, are paths. arguments->commands is the
 * caller's to free. */
bool arguments_read(int argc, char **argv, Arguments *arguments);

#endif
