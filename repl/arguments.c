#include "repl/arguments.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/error.h"
#include "core/base/i18n.h"
#include "core/base/memory.h"
#include "repl/language.h"

const char arguments_usage[] =
    N_("usage: lmsh                      a prompt\n"
       "       lmsh -c 'COMMANDS' ...    run and exit\n"
       "       lmsh FILE | lmsh -        a script, standard input\n"
       "       lmsh --check PATH...      replay transcripts and lessons; exit 3 on a difference\n"
       "       lmsh --new-lesson NAME    begin a lesson of your own, in the folder NAME\n"
       "\n"
       "  --json               answers as JSON, one object a line\n"
       "  --seed N             where the dice begin\n"
       "  --lang en|zh         language of help, errors and lessons\n"
       "  --color auto|always|never\n"
       "  --ascii              draw with ASCII only\n"
       "  --speech             answers as lists, for screen readers\n"
       "  --norc               do not read the settings file\n"
       "  --diag               say what was found out about the terminal\n"
       "  --version, --help\n"
       "\n"
       "Exit: 0 all well, 1 a command failed, 2 bad usage, 3 a check differs, 130 interrupted.\n");

enum {
    ARG_CHECK = 256,
    ARG_NEW_LESSON,
    ARG_JSON,
    ARG_SEED,
    ARG_LANG,
    ARG_COLOR,
    ARG_ASCII,
    ARG_SPEECH,
    ARG_NORC,
    ARG_VERSION,
    ARG_DIAG
};

static const struct option long_options[] = {
    {"check", no_argument, NULL, ARG_CHECK},
    {"new-lesson", required_argument, NULL, ARG_NEW_LESSON},
    {"json", no_argument, NULL, ARG_JSON},
    {"seed", required_argument, NULL, ARG_SEED},
    {"lang", required_argument, NULL, ARG_LANG},
    {"color", required_argument, NULL, ARG_COLOR},
    {"ascii", no_argument, NULL, ARG_ASCII},
    {"speech", no_argument, NULL, ARG_SPEECH},
    {"norc", no_argument, NULL, ARG_NORC},
    {"version", no_argument, NULL, ARG_VERSION},
    {"diag", no_argument, NULL, ARG_DIAG},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

static bool read_seed(const char *text, uint64_t *seed)
{
    char *end;
    errno = 0;
    *seed = strtoull(text, &end, 10);
    return *seed <= ((uint64_t)1 << 53) && *text >= '0' && *text <= '9' && *end == '\0' && errno == 0;
}

static bool read_color(const char *text, When *when)
{
    static const char *const names[] = {"auto", "always", "never"};
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (strcmp(text, names[i]) == 0) return *when = (When)i, true;
    return false;
}

static bool read_argument(int option, const char *value, const char **commands, Arguments *a)
{
    switch (option) {
    case 'c': commands[a->command_count++] = value; return true;
    case 'h': return a->help = true;
    case ARG_CHECK: return a->check = true;
    case ARG_NEW_LESSON: a->new_lesson = value; return true;
    case ARG_JSON: return a->json = true;
    case ARG_ASCII: return a->ascii = true;
    case ARG_SPEECH: return a->speech = true;
    case ARG_NORC: return a->norc = true;
    case ARG_VERSION: return a->version = true;
    case ARG_DIAG: return a->diag = true;
    case ARG_SEED: return read_seed(value, &a->seed);
    case ARG_COLOR: return read_color(value, &a->color);
    case ARG_LANG: a->lang = value; return language_exists(value);
    default: return false;
    }
}

bool arguments_read(int argc, char **argv, Arguments *a)
{
    const char **commands = must_alloc((size_t)argc, sizeof *commands);
    a->commands = commands;
    a->seed = 1;
    for (int option; (option = getopt_long(argc, argv, "c:h", long_options, NULL)) != -1;)
        if (!read_argument(option, optarg, commands, a)) return false;
    return true;
}
