/* The command table: every row is complete, every example runs, every name is its own. */

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/shell.h"

TestSuite(command, .timeout = 20);

/* Examples that need a lesson that has been played, or end the session, or are half a line on purpose. */
static bool needs_company(const char *name)
{
    static const char *const names[] = {"back", "notes", "quit", "check"};
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (strcmp(names[i], name) == 0) return true;
    return false;
}

Test(command, rows_are_complete)
{
    static const char *const families[] = {"ask",    "draw",        "learn",   "look",
                                           "models", "experiments", "lessons", "shell"};
    for (size_t i = 0; command_table[i]; i++) {
        const Command *c = command_table[i];
        bool known = false;
        CHECK_FOR(c->name && c->name[0], "row %zu has no name", i);
        CHECK_FOR(c->family && c->usage && c->summary && c->example && c->run, "%s is incomplete", c->name);
        for (size_t f = 0; f < COUNT_OF(families); f++) known = known || strcmp(families[f], c->family) == 0;
        CHECK_FOR(known, "%s: family %s", c->name, c->family);
        CHECK_FOR(isupper((unsigned char)c->summary[0]), "%s: %s", c->name, c->summary);
        CHECK_FOR(c->summary[strlen(c->summary) - 1] != '.', "%s: full stop", c->name);
        CHECK_FOR(c->least <= c->most, "%s takes at least more than at most", c->name);
        CHECK_FOR(strlen(c->summary) < 90, "%s: the summary is long", c->name);
    }
}

Test(command, examples_run_the_command)
{
    for (size_t i = 0; command_table[i]; i++)
        CHECK_FOR(strstr(command_table[i]->example, command_table[i]->name), "%s: %s", command_table[i]->name,
                  command_table[i]->example);
}

static const char *preparation(const Command *c)
{
    if (strcmp(c->name, "undo") == 0) return "set T=2";
    if (strcmp(c->name, "redo") == 0) return "set T=2; undo";
    if (strcmp(c->name, "drop") == 0) return "train ngram";
    return "";
}

static void run_examples(const char *form)
{
    for (size_t i = 0; command_table[i]; i++) {
        const Command *c = command_table[i];
        if (needs_company(c->name)) continue;
        Shell *shell = shell_new(form);
        bool fresh = shell_do(shell, c->example);
        if (!fresh) shell_must(shell, preparation(c));
        shell_must(shell, c->example);
        shell_free(shell);
    }
}

Test(command, every_example_runs_as_table) { run_examples("table"); }
Test(command, every_example_runs_as_list) { run_examples("list"); }
Test(command, every_example_runs_as_json) { run_examples("json"); }
Test(command, every_example_runs_as_csv) { run_examples("csv"); }
Test(command, every_example_runs_as_md) { run_examples("md"); }

static bool offers(const Command *c, const char *name)
{
    char names[256], *rest = names;
    if (strcmp(c->name, name) == 0) return true;
    snprintf(names, sizeof names, "%s", c->aliases ? c->aliases : "");
    for (char *alias; (alias = strsep(&rest, " "));)
        if (strcmp(alias, name) == 0) return true;
    return false;
}

Test(command, names_and_aliases_are_unique)
{
    for (size_t i = 0; command_table[i]; i++) {
        char names[256], *rest = names;
        const Command *c = command_table[i];
        snprintf(names, sizeof names, "%s%s%s", c->name, c->aliases ? " " : "", c->aliases ? c->aliases : "");
        for (char *name; (name = strsep(&rest, " "));) {
            size_t count = 0;
            Word verb = {.text = name};
            Error error;
            for (size_t j = 0; command_table[j]; j++) count += offers(command_table[j], name);
            CHECK_FOR(count == 1, "%s is %zu commands", name, count);
            CHECK_FOR(command_find(&verb, &error) == c, "%s finds another command", name);
        }
    }
}

Test(command, marks_of_other_shells)
{
    static const struct {
        const char *typed, *wanted;
    } rows[] = {{"/help", "help"}, {".quit", "quit"}, {"\\q", "quit"}, {"help()", "help"},
                {":q", "quit"},    {"PROB", "prob"},  {"Next", "next"}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        Error error;
        Word verb = {.text = rows[i].typed, .length = strlen(rows[i].typed)};
        const Command *c = command_find(&verb, &error);
        CHECK_FOR(c && strcmp(c->name, rows[i].wanted) == 0, "%s finds %s", rows[i].typed,
                  c ? c->name : "nothing");
    }
}

Test(command, unknown_verbs_fail_at_their_place)
{
    static const char *const verbs[] = {
        "prbo", "zzzz", "", "qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq", "/", "()"};
    for (size_t i = 0; i < COUNT_OF(verbs); i++) {
        Error error;
        Word verb = {.text = verbs[i], .start = 3, .length = strlen(verbs[i])};
        CHECK_FOR(!command_find(&verb, &error), "%s is a command", verbs[i]);
        CHECK(error.start == 3 && error.length == strlen(verbs[i]) && error.message[0] && error.hint[0]);
    }
}

/* The design's core verbs are all there. */
Test(command, core_verbs)
{
    static const char *const verbs[] = {
        "prob",   "chain",   "next",     "compare", "rank",   "enumerate", "tree",  "bits",
        "why",    "sample",  "complete", "train",   "eval",   "corpus",    "vocab", "tokens",
        "counts", "models",  "use",      "model",   "drop",   "lesson",    "go",    "back",
        "hint",   "solve",   "leave",    "help",    "search", "set",       "undo",  "redo",
        "again",  "history", "run",      "check",   "time",   "quit"};
    for (size_t i = 0; i < COUNT_OF(verbs); i++) {
        Error error;
        Word verb = {.text = verbs[i]};
        const Command *c = command_find(&verb, &error);
        CHECK_FOR(c && strcmp(c->name, verbs[i]) == 0, "there is no %s", verbs[i]);
    }
}

Test(command, help_knows_every_command_option_and_topic)
{
    Shell *shell = shell_new(NULL);
    for (size_t i = 0; command_table[i]; i++) {
        char line[64];
        snprintf(line, sizeof line, "help %s", command_table[i]->name);
        shell_must(shell, line);
        CHECK_FOR(strstr(shell_out(shell), command_table[i]->name), "%s: %s", line, shell_out(shell));
        snprintf(line, sizeof line, "%.30s", command_table[i]->example);
        CHECK_FOR(strstr(shell_out(shell), strtok(line, " ;")), "help %s has no example",
                  command_table[i]->name);
    }
    for (OptionId id = 0; id < OPTION_COUNT; id++) {
        char line[64];
        snprintf(line, sizeof line, "help %s", option_table[id].key);
        shell_must(shell, line);
        CHECK_FOR(shell_out(shell)[0], "%s is empty", line);
    }
    shell_must(shell, "help; help conventions; help perplexity; search entropy");
    shell_free(shell);
}

/* Words that fit nowhere must fail, not crash: every command, many odd arguments. */
Test(command, odd_arguments_do_no_harm)
{
    static const char *const arguments[] = {
        "x",    "\"\"",        "T=",    "@",     "@toy,",   "-- -",
        "老鼠", "<s>",         "</s>",  "<unk>", "for=",    "n=1..",
        "n=..", "the the the", "\" \"", "@@",    "as=json", "T=0,1,2,inf top_k=1,2",
        "> ",   "\"a\nb\"",    "%s%n",  "n=1e9"};
    for (size_t i = 0; command_table[i]; i++) {
        Shell *shell = shell_new(NULL);
        for (size_t a = 0; a < COUNT_OF(arguments); a++) {
            char line[128];
            bool endless = strcmp(arguments[a], "n=1e9") == 0;
            snprintf(line, sizeof line, "%s %s", command_table[i]->name, arguments[a]);
            if (!endless) shell_do(shell, line);
            if (session_leaving(shell->session)) break;
        }
        shell_free(shell);
    }
}
