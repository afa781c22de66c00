/* A tree of reasons on the terminal: what was told is not told again, and the branches still meet. */

#include <stdio.h>
#include <stdlib.h>

#include "core/model/fact.h"
#include "repl/view/view.h"
#include "tests/support/check.h"

TestSuite(facts, .timeout = 20);

static Arena arena;

static Fact *number(const char *name, const char *formula, double value)
{
    return fact_new(&arena, FACT_NUMBER, name, formula, value);
}

static Fact *note(const char *sentence) { return fact_note(&arena, sentence); }

static void check_drawn(const Fact *fact, const char *wanted)
{
    const ViewStyle style = {.width = 80};
    char *text;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    view_facts(out, fact, &style);
    fclose(out);
    CHECK_STR(text, wanted);
    free(text);
    arena_release(&arena);
}

/* a = b + b, and the same note under each b, under their children and under a. */
Test(facts, are_told_once)
{
    Fact *a = number("a", "b + b", 4);
    for (int i = 0; i < 2; i++) {
        Fact *b = number("b", "c", 2);
        fact_because(fact_because(b, number("c", NULL, 2)), note("c is a count"));
        fact_because(a, b);
    }
    fact_because(a, note("c is a count"));
    check_drawn(a, "a = 4   = b + b\n"
                   "|- b = 2   = c\n"
                   "|  |- c = 2\n"
                   "|  `- c is a count\n"
                   "`- b = 2   (as above)\n");
}

/* The note is made below b, so c is the last under a; and the only reason of d is gone. */
Test(facts, the_last_one_drawn_ends_the_branch)
{
    Fact *a = number("a", "b + c + d", 6), *b = number("b", "2", 2), *d = number("d", "3", 3);
    fact_because(b, note("digits are counts"));
    fact_because(d, note("digits are counts"));
    fact_because(fact_because(fact_because(a, b), d), number("c", NULL, 1));
    fact_because(a, note("digits are counts"));
    check_drawn(a, "a = 6   = b + c + d\n"
                   "|- b = 2   = 2\n"
                   "|  `- digits are counts\n"
                   "|- d = 3   = 3\n"
                   "`- c = 1\n");
}

/* A note with reasons is a heading. */
Test(facts, headings_are_drawn_each_time)
{
    Fact *all = note("for each setting:");
    for (int i = 0; i < 2; i++) fact_because(all, fact_because(note("T=1"), number("p", NULL, i)));
    check_drawn(all, "for each setting:\n"
                     "|- T=1\n"
                     "|  `- p = 0\n"
                     "`- T=1\n"
                     "   `- p = 1\n");
}
