/* command.h - one row per command: dispatch, help, hints, Tab and docs all read this table.
 *
 * To add a command: write commands/NAME.c with one `const Command NAME_command` in it, declare it in
 * commands/commands.h and list it in command.c. tests/repl/test_command.c then insists on its help. */
#ifndef REPL_COMMAND_H
#define REPL_COMMAND_H

#include "repl/call.h"
#include "repl/result.h"
#include "repl/view/progress.h"

typedef struct Session Session;
typedef struct Command Command;

/* What the plain words of a command are: Tab offers accordingly. */
typedef enum {
    WORDS_NONE,
    WORDS_TOKENS,
    WORDS_MODEL,
    WORDS_CORPUS,
    WORDS_FILE,
    WORDS_VERB,
    WORDS_LESSON,
    WORDS_OTHER
} WordsKind;

struct Command {
    const char *name;
    const char *aliases;  /* other spellings, separated by spaces, or NULL */
    const char *family;   /* heading in help: "ask", "draw", ... */
    const char *usage;    /* its words: "[W...]"; options are added from `options` */
    const char *summary;  /* one line, imperative, no full stop */
    const char *example;  /* a line that works in a fresh session */
    const char *subwords; /* first words with a meaning of their own: "add|show|drop", or NULL */
    WordsKind words;
    size_t least, most;      /* how many words it takes */
    const OptionId *options; /* OPTIONS(...) of its own; all commands take common_options besides */
    bool models;    /* takes @model; without one it gets the current model in call->model all the same */
    bool shell;     /* about the shell itself: `why` and `again` look past it */
    bool unwritten; /* its answer cannot go to a file: it acts before it could fail to be written */
    bool writes;    /* a file, which its first word names: an old one is asked about as behind ">" */
    bool outward; /* reaches beyond the session: scripts, languages, its end; a lesson may not (sandbox.h) */
    bool whole;   /* takes several values of its options in one call, as lists (`sweep`) */
    bool draws;   /* its answer can be a picture: as=svg */
    bool api;     /* takes @model, but tells only text: works under `access api` too (access.h) */
    bool inside;  /* takes no @model, but shows what is in one: refused there like those that do */
    bool repeats; /* takes the options and models of the last command, and never sweeps (`again`) */

    /* Fill the result, or begin long work: set call->job, and `finish` is asked when it is done. */
    bool (*run)(Session *session, Call *call, Result *result, Error *error);

    /* call->done is done or, with `interrupted`, was stopped by Ctrl-C: turn what it has into the result, or
     * begin another job. Returning false drops the work. NULL: no long work. */
    bool (*finish)(Session *session, Call *call, Result *result, bool interrupted, Error *error);

    /* What call->job has to tell besides how far it is. NULL: nothing. */
    void (*report)(const Call *call, Report *report);

    /* Why the result is what it is. NULL: nothing to explain. */
    bool explains_word; /* `why WORD` asks about one outcome of it */
    const Fact *(*explain)(const Call *call, const Result *result, const Call *why, Error *error);
};

extern const Command *const command_table[]; /* in the order of help, ends with NULL */

/* By name or alias; the marks of other shells (/help, .quit, \q, help()) are understood. Fails, at the
 * verb's place, with the nearest names. */
const Command *command_find(const Word *verb, Error *error);

/* Whether `name` is its name or an alias, letter by letter. */
bool command_is(const Command *command, const char *name);

/* "prob W... [eos=on] ...": the words and all options of its own. */
const char *command_usage(const Command *command, Arena *arena);

extern const OptionId *const common_options; /* those every command takes */

bool command_takes(const Command *command, OptionId id);          /* its own or a common one */
OptionId command_option(const Command *command, const char *key); /* that it takes; OPTION_COUNT if none */

#endif
