#include "repl/checking/new_lesson.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/base/arena.h"
#include "core/base/file.h"
#include "core/base/i18n.h"

enum { NAME_MAX_LENGTH = 40 };

/* "%s" is the name. What the author replaces is English in every language, like the file's name. */
static const char skeleton[] =
    "---\n"
    "format: 1\n"
    "id: %s\n"
    "title: %s\n"
    "needs:\n"
    "minutes: 10\n"
    "---\n"
    "\n"
    "Say in two sentences what the learner will be able to do.\n"
    "\n"
    "## A first look {#first-look}\n"
    "\n"
    "```lm setup\n"
    "use toy\n"
    "```\n"
    "\n"
    "Lines have at most 76 columns. Enter goes through a transcript; three dots\n"
    "stand for what may differ.\n"
    "\n"
    "```lm run\n"
    "lm> prob the mouse\n"
    "p = 0.32   ...\n"
    "```\n"
    "\n"
    "So toy gives the two words 0.32, or 1.644 bits.\n"
    "\n"
    "<!-- lm:\n"
    "prob the mouse = 0.32\n"
    "prob the mouse -> bits = 1.644\n"
    "-->\n"
    "\n"
    "Which of the two is more probable after \"the\"?\n"
    "\n"
    "```lm predict\n"
    "type: choice\n"
    "- [x] mouse\n"
    "- [ ] cheese\n"
    "wrong: 2 | Look at the table.\n"
    "right: Look at the table.\n"
    "```\n"
    "\n"
    "```lm run\n"
    "lm> next the for=mouse,cheese\n"
    "...\n"
    "```\n"
    "\n"
    "How probable is \"the cheese\"?\n"
    "\n"
    "```lm ask\n"
    "id: the-cheese\n"
    "type: number\n"
    "unit: prob\n"
    "answer: 0.2\n"
    "equals: prob the cheese\n"
    "wrong: 0.25 | That is cheese after \"the\". The word \"the\" brings a factor of its own.\n"
    "wrong: 0.32 | That is \"the mouse\".\n"
    "right: 0.8 x 0.25 = 0.2.\n"
    "```\n"
    "\n"
    "```lm hint\n"
    "1. Two factors, one for each word.\n"
    "2. 0.8 x 0.25\n"
    "```\n"
    "\n"
    "## By hand {#by-hand}\n"
    "\n"
    "Show the factors of \"the cheese\".\n"
    "\n"
    "```lm do\n"
    "check: used chain\n"
    "check: last.tokens == \"the cheese\"\n"
    "solution: chain the cheese\n"
    "wrong: prob the cheese | The right words, but `prob` hides the factors.\n"
    "wrong: chain the mouse | That is the mouse.\n"
    "```\n"
    "\n"
    "```lm hint\n"
    "1. The command `chain` shows factors.\n"
    "2. `chain the cheese`\n"
    "```\n"
    "\n"
    "> Limits: say what does not carry over to large models.\n";

static bool check_name(const char *name, Error *error)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz",
                      more[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
    size_t length = strlen(name);
    bool good =
        length > 0 && length <= NAME_MAX_LENGTH && strchr(letters, name[0]) && strspn(name, more) == length;
    if (good) return true;
    error_set(error, _("'%.60s' cannot be the name of a lesson"), name);
    return error_hint(error, _("use small letters, digits and hyphens, for example hot-and-cold"));
}

bool new_lesson_write(const char *name, Error *error)
{
    if (!check_name(name, error)) return false;
    if (mkdir(name, 0777) != 0) {
        error_set(error, errno == EEXIST ? _("%s exists already") : _("cannot make the folder %s"), name);
        return error_hint(error, _("take another name, or another folder to work in"));
    }
    Arena arena = {0};
    const char *text = arena_format(&arena, skeleton, name, name);
    bool ok = file_write(arena_format(&arena, "%s/en.md", name), text, strlen(text), error);
    arena_release(&arena);
    return ok;
}
