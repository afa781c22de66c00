/* Lessons checked: each thing that can be wrong with one is found, where it is, and nothing else is. */

#include <stdlib.h>
#include <string.h>

#include "repl/checking/check.h"
#include "tests/support/shell.h"

static char folder[FOLDER_SIZE];
static char *report;
static CheckCounts counts;

static void start(void) { folder_make(folder); }

static void finish(void)
{
    free(report);
    folder_remove(folder);
}

TestSuite(check_lessons, .init = start, .fini = finish, .timeout = 20);

static void check(const char *path)
{
    Error error;
    size_t length;
    free(report);
    counts = (CheckCounts){0};
    FILE *out = open_memstream(&report, &length);
    CHECK(check_path(path, out, &counts, &error));
    fclose(out);
}

static void check_text(const char *text)
{
    const char *path = path_in(folder, "l.md");
    file_put(path, text);
    check(path);
}

#define HEADER "---\nformat: 1\nid: x\ntitle: X\nneeds:\nminutes: 1\n---\n"
#define STEP HEADER "## A {#a}\n\n" /* line 8; what follows is line 10 */
#define DO(body) STEP "```lm do\n" body "hint: none | a test\n```\n"
#define ASK(body) STEP "```lm ask\nid: mouse\ntype: number\n" body "hint: none | a test\n```\n"
#define PREDICT(body) STEP "```lm predict\n" body "```\n"
#define PROB_WRONG "wrong: 0.9 | no\n"
#define RISK "---\nformat: 1\nid: x\ntitle: X\nneeds:\nminutes: 1\nrisk: yes\n---\n## A {#a}\n\n"

static const struct {
    const char *text, *where, *what; /* NULL: nothing is wrong */
} rows[] = {
    {STEP "Words.\n", NULL, NULL},
    {STEP "```lm nonsense\n```\n", ":10:4:", "this kind of block is not known"},
    /* ids */
    {HEADER "## A {#step-3}\n\nWords.\n", ":8:1:", "counts"},
    {HEADER "## A {#2}\n\nWords.\n", ":8:1:", "counts"},
    {HEADER "## A {#Heat}\n\nWords.\n", ":8:1:", "capital"},
    {HEADER "## A {#heat-2}\n\nWords.\n", NULL, NULL},
    /* text */
    {"---\nformat: 1\nid: x\ntitle: Forty-six columns hold this title and no more.\nneeds:\nminutes: 1\n---\n"
     "## A {#a}\n\nWords.\n",
     NULL, NULL},
    {"---\nformat: 1\nid: x\ntitle: Forty-six columns hold this title and no more..\nneeds:\nminutes: "
     "1\n---\n"
     "## A {#a}\n\nWords.\n",
     ":1:1:", "47 columns"},
    {STEP "0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789x\n",
     ":10:77:", "77 columns"},
    {STEP "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五六七八九\n",
     ":10:77:", "78 columns"},
    {STEP "```\n0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789\n```\n", NULL,
     NULL},
    {STEP "模型**概率。**然后\n", ":10:1:", "emphasis"},
    {STEP "模型 **概率** 然后, 2 * 3, `a*b` and\n\n    a*b\n", NULL, NULL},
    {STEP "```lm hint\n1. **no** Markdown\n```\n", ":11:1:", "emphasis"},
    {STEP "Fine \xF0\x9F\x98\x80\n", ":10:6:", "emoji"},
    {STEP "模型,概率\n", ":10:3:", "half-width"},
    {STEP "模型(概率)。\n", ":10:3:", "half-width"},
    {STEP "这是概率.\n", ":10:5:", "half-width"},
    {STEP "模型（model, 概率 0.5），p(词 | 模型)。，`模型,概率`。T=1, 2\n", NULL, NULL},
    {RISK "Words.\n", ":1:1:", "Limits"},
    {RISK "Words.\n\n> Limits: few.\n", NULL, NULL},
    {RISK "Words.\n\n> 局限：很多。\n", NULL, NULL},
    /* set-ups and transcripts */
    {STEP "```lm setup\n\nprob zebra\n```\n", ":12:1:", "not in the vocabulary"},
    {STEP "```lm run\nlm> prob the\n...\n```\n", NULL, NULL},
    {STEP "```lm run\nlm> prob the as=csv\n...\ntoy,the,false,0.7,...\n```\n",
     ":11:1:", "line 2 of the output"},
    /* tasks */
    {DO("check: used sample\nsolution: sample T=0\nwrong: prob the | no\n"), NULL, NULL},
    {DO("check: used sample\nsolution: sample T=0\n"), ":10:1:", "no wrong answer"},
    {STEP "```lm do\ncheck: used sample\nsolution: sample T=0\nwrong: prob the | no\n```\n",
     ":10:1:", "two hints"},
    {STEP "```lm do\ncheck: used sample\nsolution: sample T=0\nwrong: prob the | no\n```\nx\n\n```lm "
          "hint\n1. a\n2. b\n```\n",
     NULL, NULL},
    {STEP
     "```lm do\ncheck: used sample\nsolution: sample T=0\nwrong: prob the | no\n```\n```lm hint\n1. a\n```\n",
     ":10:1:", "two hints"},
    {DO("check: used sample\nsolution: sample T=0\nwrong: prob the | no\n") "```lm hint\n1. a\n2. b\n```\n",
     ":10:1:", "but hints follow"},
    {DO("check: model.name == \"toy\"\nsolution: use toy\nwrong: use bigram | no\n"),
     ":10:1:", "solved before"},
    {DO("check: used sample\nsolution: prob the\nwrong: next the | no\n"),
     ":12:1:", "does not fulfil this check: used"},
    {DO("check: used sample\nsolution: sample T=-1\nwrong: prob the | no\n"), ":12:1:", "sample T=-1"},
    {DO("check: used sample\nsolution: sample\nwrong: sample T=0 | no\n"), ":13:1:", "solves the task"},
    {DO("check: used sample\nsolution: sample\nwrong: prob zebra | no\n"), ":13:1:", "refuses this"},
    {DO("check: used sample\nsolution: sample\nwrong: prob the | one\nwrong: prob  the | two\n"),
     ":14:1:", "another message: one"},
    {DO("check: used train\ncheck: last.p > 0.5\nsolution: train ngram n=2; next the for=mouse\nwrong: prob "
        "the mouse "
        "| one\n"
        "wrong: train ngram n=2; next the for=ball | two\n"),
     NULL, NULL},
    /* questions */
    {ASK("answer: 0.32\nequals: prob the mouse\n" PROB_WRONG), NULL, NULL},
    {ASK("answer: 0.32\nequals: prob the mouse\n"), ":10:1:", "no wrong answer"},
    {ASK("answer: 0.32\n" PROB_WRONG), ":10:1:", "no command gives this number"},
    {ASK("answer: 0.32\nequals: none | by hand\n" PROB_WRONG), NULL, NULL},
    {ASK("answer: 0.4\nequals: prob the mouse\n" PROB_WRONG), ":14:1:", "equals gives 0.32, not 0.4"},
    {ASK("answer: 0.32\nequals: prob zebra\n" PROB_WRONG), ":14:1:", "not in the vocabulary"},
    {ASK("answer: 0.32\nequals: prob the -> zebra\n" PROB_WRONG), ":14:1:", "no number"},
    {ASK("answer: 1.6438562\nequals: prob the mouse -> bits\n" PROB_WRONG), NULL, NULL},
    {ASK("answer: 0.4\nequals: chain the mouse -> p.2\n" PROB_WRONG), NULL, NULL},
    {ASK("answer: 0.4\nequals: chain the mouse -> p.3\n" PROB_WRONG), ":14:1:", "no number"},
    {ASK("answer: 0.32\nequals: prob the mouse\nwrong: 0.9 | one\nwrong: 0.9 | two\n"),
     ":16:1:", "another message: one"},
    {PREDICT("type: distribution\nanswer: ate .05 ball .2 cheese .25 mouse .4 the .1\nequals: next the\n"),
     NULL, NULL},
    {PREDICT("type: distribution\nanswer: ate .1 ball .2 cheese .3 mouse .35 the .05\nequals: next the\n"),
     ":13:1:", "another distribution"},
    /* numbers in prose */
    {STEP
     "It is 0.32, or 1.64 bits.\n\n<!-- lm:\nprob the mouse = 0.32\nprob the mouse -> bits = 1.64\n-->\n",
     NULL, NULL},
    {STEP "It is 0.33.\n<!-- lm: prob the mouse = 0.33 -->\n",
     ":11:1:", "the prose says 0.33, the command 0.32"},
    {STEP "It is 0.325.\n<!-- lm: prob the mouse = 0.32 -->\n", ":11:1:", "does not stand"},
    {STEP "It is 0.32.\n\n```lm run\nlm> prob the\n...\n```\nThen.\n\n<!-- lm: prob the mouse = 0.32 -->\n",
     ":18:1:", "does not stand"},
    {STEP "It is 0.32.\n<!-- lm: prob the zebra = 0.32 -->\n", ":11:1:", "not in the vocabulary"},
    {STEP "It is 7/13, 54 %.\n<!-- lm:\nnext the for=mouse @bigram = 7/13\nnext the for=mouse @bigram = 54 "
          "%\n-->\n",
     NULL, NULL},
};

Test(check_lessons, each_fault_is_found_where_it_is)
{
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        check_text(rows[i].text);
        CHECK_FOR(counts.failures == (rows[i].where ? 1 : 0), "%s\n%zu failures\n%s", rows[i].text,
                  counts.failures, report);
        CHECK_FOR(!rows[i].where || (strstr(report, "l.md") && strstr(report, rows[i].where)), "no %s in %s",
                  rows[i].where, report);
        CHECK_FOR(!rows[i].what || strstr(report, rows[i].what), "no %s in %s", rows[i].what, report);
    }
}

/* A second command for the same number, and 1 % more: the checks notice. */
Test(check_lessons, an_answer_one_per_cent_off_is_caught)
{
    static const struct {
        const char *answer, *command, *tolerance;
        bool caught;
    } changed[] = {
        {"0.32", "prob the mouse", "", false},
        {"0.3232", "prob the mouse", "", true},
        {"0.3168", "prob the mouse", "", true},
        {"0.3232", "prob the mouse", "tol: 2%\n", false},
        {"8575/86528", "prob the mouse ate the cheese @bigram", "", false},
        {"0.10009187772", "prob the mouse ate the cheese @bigram", "", true},
        {"1028", "enumerate rank=\"mouse the the cheese ate\" -> rank", "unit: count\n", false},
        {"1038", "enumerate rank=\"mouse the the cheese ate\" -> rank", "unit: count\n", true},
    };
    for (size_t i = 0; i < COUNT_OF(changed); i++) {
        char text[1024];
        snprintf(text, sizeof text, ASK("answer: %s\nequals: %s\n%swrong: 5 | no\n"), changed[i].answer,
                 changed[i].command, changed[i].tolerance);
        check_text(text);
        CHECK_FOR((counts.failures > 0) == changed[i].caught, "%s: %s", changed[i].answer, report);
    }
}

Test(check_lessons, one_line_for_a_lesson_without_faults)
{
    check_text(DO("check: used sample\nsolution: sample T=0\nwrong: prob the | no\n"));
    CHECK_FOR(strstr(report, "l.md (1 steps, 2 commands, 1 questions, "), "%s", report);
}
