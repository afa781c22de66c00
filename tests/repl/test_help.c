/* Help pages, and what keeps long answers readable. */

#include <string.h>

#include "tests/support/shell.h"

SHELL_SUITE(help, NULL)

/* A name that is several things gets all its pages; upper and lower case are two names where both exist. */
Test(help, finds_commands_options_values_and_topics)
{
    static const struct {
        const char *line, *shows, *not ;
    } rows[] = {
        {"help prob", "For example: prob", NULL},
        {"help T", "temperature", "Make a model"},
        {"help temperature", "power 1/T", NULL},
        {"help n", "how many texts", NULL},
        {"help n", "Show the whole distribution", NULL},
        {"help interp", "smooth=", NULL},
        {"help as", "every command", NULL},
        {"help perplexity", "2 to the mean surprise", NULL},
        {"help eos", "</s>", NULL},
        {"help conventions", "xorshift64*", NULL},
        {"help conventions", "help networks", NULL},
        {"help networks", "data floor", NULL},
        {"search embedding", "d=", NULL},
        {"search gradient", "gradient", NULL},
        {"search \"learning rate\"", "lr=", NULL},
        {"search attention", "heads=", NULL},
        {"/help quit", "Leave the program", NULL},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        shell_must(shell, rows[i].line);
        CHECK_FOR(strstr(shell_out(shell), rows[i].shows), "%s: no %s", rows[i].line, rows[i].shows);
        CHECK_FOR(!rows[i].not || !strstr(shell_out(shell), rows[i].not ), "%s", rows[i].line);
    }
}

Test(help, hints_say_what_to_write_instead)
{
    static const struct {
        const char *line, *hint;
    } rows[] = {
        {"next the n=3", "n= is taken by sample"}, {"next the T = 0.5", "without blanks"},
        {"next the T=0, 0.5", "without blanks"},   {"enumerate rank=the mouse ate", "double quotes"},
        {"help nothing_like_it", "search"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        CHECK(!shell_do(shell, rows[i].line));
        CHECK_FOR(strstr(shell_err(shell), rows[i].hint), "%s: %s", rows[i].line, shell_err(shell));
    }
}

/* A corpus of 200 different words: people see some of its rows, machines all. */
static void train_wide(void)
{
    char line[128], text[4096] = "";
    for (int i = 0; i < 200; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "w%03d%s", i, i % 10 == 9 ? "\n" : " ");
    file_put(path_in(folder, "wide.txt"), text);
    snprintf(line, sizeof line, "train ngram n=1 corpus=%s", path_in(folder, "wide.txt"));
    shell_must(shell, line);
}

Test(help, long_tables_fold_for_people_only)
{
    train_wide();
    shell_must(shell, "next");
    CHECK(lines_in(shell_out(shell)) < 60);
    CHECK(strstr(shell_err(shell), "40 of 201 rows"));
    shell_must(shell, "next as=csv");
    CHECK_INT(lines_in(shell_out(shell)), 202);
    shell_must(shell, "next T=1,2");
    CHECK(lines_in(shell_out(shell)) < 60);
    CHECK(strstr(shell_out(shell), "entropy bits"));
}

Test(help, markdown_keeps_its_notes)
{
    shell_must(shell, "compare \"the mouse\" \"the ball\" as=md");
    CHECK(strstr(shell_out(shell), "\n| --- | ---: | ---: | ---: |\n"));
    CHECK(strstr(shell_out(shell), "\nThe first is 2 times as probable"));
    CHECK_STR(shell_err(shell), "");
}

Test(help, other_bases_leave_json_in_bits)
{
    shell_must(shell, "chain the mouse base=e as=json");
    json_t *answer = json_line(shell_out(shell), 0);
    CHECK_NEAR(json_number(answer, "steps.0.bits"), 0.32192809488736235, 1e-15); /* -log2 0.8 */
    json_decref(answer);
}
