/* What Tab offers, by the place in the line. */

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "repl/complete.h"
#include "tests/support/shell.h"

SHELL_SUITE(complete, NULL)

/* The offers for the last word of `line`, as Readline breaks it, joined by spaces; the caller frees it. */
static char *offers(const char *line)
{
    char *text, *out[COMPLETIONS_MAX];
    size_t length, start_of_word = strlen(line);
    while (start_of_word > 0 && !strchr(" \t;", line[start_of_word - 1])) start_of_word--;
    size_t count = complete_word(shell->session, line, start_of_word, out, COMPLETIONS_MAX);
    FILE *joined = open_memstream(&text, &length);
    for (size_t i = 0; i < count; i++) {
        fprintf(joined, "%s ", out[i]);
        free(out[i]);
    }
    fclose(joined);
    return text;
}

static bool has(const char *list, const char *word)
{
    char wanted[128];
    snprintf(wanted, sizeof wanted, "%s ", word);
    for (const char *at = list; (at = strstr(at, wanted)); at++)
        if (at == list || at[-1] == ' ') return true;
    return false;
}

typedef struct {
    const char *line, *offered, *absent; /* words parted by spaces */
} Row;

static void check_row(const Row *row)
{
    char *list = offers(row->line), words[256], *rest = words;
    snprintf(words, sizeof words, "%s", row->offered);
    for (char *word; (word = strsep(&rest, " "));)
        if (*word) CHECK_FOR(has(list, word), "[%s]: no %s among [%s]", row->line, word, list);
    snprintf(words, sizeof words, "%s", row->absent);
    rest = words;
    for (char *word; (word = strsep(&rest, " "));)
        if (*word) CHECK_FOR(!has(list, word), "[%s]: %s is among [%s]", row->line, word, list);
    free(list);
}

Test(complete, by_place)
{
    static const Row rows[] = {
        {"", "prob next sample train help quit", "the T= toy"},
        {"  ", "prob next", "the"},
        {"pr", "prob", "next"},
        {"co", "compare complete corpus counts", "prob"},
        {"prob the; ", "prob next", "the"},
        {"prob the; ne", "next", "prob"},
        {"prob the;", "prob next", "the"},
        {"time ", "prob next", "the"},
        {"time ne", "next", "prob"},
        {"time next ", "the mouse T=", "prob"},
        {"next ", "the mouse ate T= top_k= top_p=", "prob n= smooth= zebra"},
        {"next the to", "top_k= top_p=", "the T="},
        {"next the m", "mouse min_p=", "the max="},
        {"sample ", "n= max= seed= show= T=", "smooth= depth="},
        {"train ", "ngram n= smooth= k= weights= corpus=", "the T="},
        {"next the a", "ate as= ascii=", "T="},
        {"next the T=", "T=0 T=1 T=inf", "the"},
        {"next the T=0,", "T=0,1 T=0,inf", "the T=1"},
        {"train ngram smooth=", "smooth=mle smooth=add smooth=interp", "mle"},
        {"train ngram smooth=i", "smooth=interp", "smooth=mle"},
        {"sample show=", "show=plain show=dice show=tally", "show=count"},
        {"chain the show=", "show=count show=surprise", "show=dice"},
        {"next as=", "as=json as=csv as=md as=list as=table", ""},
        {"train ngram corpus=", "corpus=mouse corpus=jobs corpus=sam", "mouse"},
        {"next for=", "for=the for=mouse", "the"},
        {"next for=the,m", "for=the,mouse", "for=mouse"},
        {"next the @", "@toy @bigram @trigram @unigram", "toy"},
        {"next the @bi", "@bigram", "@toy"},
        {"next the @toy,b", "@toy,bigram", "@bigram"},
        {"next @bigram ", "the ball", "</s>"},
        {"use ", "toy bigram trigram", "the prob"},
        {"use b", "bigram", "toy"},
        {"corpus ", "mouse jobs facts sam add show drop", "the"},
        {"eval ", "mouse jobs", "the"},
        {"help ", "prob conventions T", ""},
        {"help perp", "perplexity", "prob"},
        {"set ", "T= digits= as=", "the n="},
        {"set eos=", "eos=on eos=off", ""},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) check_row(&rows[i]);
}

Test(complete, nothing_where_nothing_fits)
{
    static const char *const lines[] = {
        "zzzz",      "zzzz ",     "next the zzz", "next zzz=",   "quit ", "prob T=0",   "next the @zzz",
        "help zzzz", "history @", "prob \"the",   "prob \"the ", "\xFF",  "prob \xFF ", "next the top_k"};
    for (size_t i = 0; i < COUNT_OF(lines) - 1; i++) {
        char *list = offers(lines[i]);
        bool in_string = strchr(lines[i], '"') != NULL;
        CHECK_FOR(in_string || !*list, "[%s] offers [%s]", lines[i], list);
        free(list);
    }
}

Test(complete, what_was_made_is_offered)
{
    static const Row rows[] = {{"next @", "@mine", ""},
                               {"use m", "mine", ""},
                               {"next ", "I am Sam", "mouse"},
                               {"prob S", "Sam", "I"}};
    shell_must(shell, "train ngram corpus=sam name=mine");
    for (size_t i = 0; i < COUNT_OF(rows); i++) check_row(&rows[i]);
    char *list = offers("next @toy ");
    CHECK(has(list, "mouse") && !has(list, "Sam"));
    free(list);
}

Test(complete, files)
{
    char line[256], wanted[256], hidden[256];
    file_put(path_in(folder, "one.txt"), "x");
    file_put(path_in(folder, "two.csv"), "x");
    file_put(path_in(folder, ".hidden"), "x");
    static const char *const heads[] = {"next the > ", "run ", "check ", "corpus ", "eval ", "train corpus="};
    for (size_t i = 0; i < COUNT_OF(heads); i++) {
        const char *key = strchr(heads[i], '=') ? "corpus=" : "";
        snprintf(line, sizeof line, "%s%s/", heads[i], folder);
        snprintf(wanted, sizeof wanted, "%s%s/one.txt", key, folder);
        snprintf(hidden, sizeof hidden, "%s%s/.hidden", key, folder);
        Row row = {line, wanted, hidden};
        check_row(&row);
    }
    snprintf(line, sizeof line, "next the > %.*s", (int)strlen(folder) - 2, folder);
    snprintf(wanted, sizeof wanted, "%s/", folder);
    Row row = {line, wanted, ""};
    check_row(&row);
}

Test(complete, again_takes_what_the_last_command_took)
{
    static const Row after = {"again ", "T= top_k=", "smooth="};
    shell_must(shell, "next the");
    check_row(&after);
    static const Row models = {"again @", "@bigram", ""};
    check_row(&models);
}

Test(complete, no_more_than_asked_for)
{
    char *out[3];
    size_t count = complete_word(shell->session, "", 0, out, 3);
    CHECK_INT(count, 3);
    while (count > 0) free(out[--count]);
    CHECK_INT(complete_word(shell->session, "next ", 5, out, 0), 0);
}

Test(complete, changes_nothing)
{
    char *before = shell_state(shell);
    free(offers("next the @big"));
    free(offers("prob zebra; use "));
    char *after = shell_state(shell);
    CHECK_STR(after, before);
    free(before);
    free(after);
}
