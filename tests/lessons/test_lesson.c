#include "lessons/lesson.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/memory.h"
#include "tests/support/check.h"

TestSuite(lesson, .timeout = 20);

#define HEADER "---\nformat: 1\nid: heat\ntitle: Hot: and cold\nneeds: sampling counts\nminutes: 12\n---\n"

static const char example[] =
    HEADER "\n"
           "Welcome to **heat**.\n"
           "\n"
           "## A prompt without end {#loop}\n"
           "We train a *two-word* model on eight\n"
           "sentences; `</s>` ends each, and so does </s>.\n"
           "\n"
           "```lm setup\n"
           "corpus mouse\n"
           "\n"
           "train ngram n=2\n"
           "```\n"
           "\n"
           "```lm predict\n"
           "type: choice\n"
           "- [ ] the cheese\n"
           "- [x] the mouse ate, again and again\n"
           "- [x] it never ends\n"
           "wrong: 1 | That takes more memory.\n"
           "```\n"
           "\n"
           "```lm run\n"
           "lm> complete \"the mouse ate\" T=0 max=6\n"
           "the mouse ate the mouse ...\n"
           "```\n"
           "\n"
           "After \"the\" it sees only [the](http://x) word.\n"
           "\n"
           "```lm ask\n"
           "id: p-mouse\n"
           "type: number\n"
           "unit: prob\n"
           "answer: 7/13\n"
           "equals: prob mouse\n"
           "tol: 0.01\n"
           "right: Seven of thirteen.\n"
           "wrong: 7/8   | That is P(ate | mouse).\n"
           "wrong: 2/11| That ignores the context.\n"
           "```\n"
           "\n"
           "## More memory {#memory-2}\n"
           "\n"
           "```lm do\n"
           "check: used complete\n"
           "check: last.text == \"the cheese\" and model.order >= 3\n"
           "solution: train ngram n=3 ; complete \"the mouse ate\" T=0\n"
           "wrong: train ngram n=2 ; complete \"the mouse ate\" T=0 | Still order 2.\n"
           "```\n"
           "\n"
           "```lm hint\n"
           "1. How many words does it look back?\n"
           "2. n=3.\n"
           "```\n"
           "\n"
           "> Limits: ties at T=0 go to\n"
           "> the first word.\n";

static Lesson parsed(const char *text)
{
    Lesson lesson;
    Error error;
    bool fine = lesson_parse(&lesson, text, &error);
    CHECK_FOR(fine, "%s (%s)", error.message, error.hint);
    return lesson;
}

Test(lesson, reads_header_and_steps)
{
    Lesson lesson = parsed(example);
    CHECK_STR(lesson.id, "heat");
    CHECK_STR(lesson.title, "Hot: and cold");
    CHECK_STR(lesson.needs, "sampling counts");
    CHECK_STR(lesson.minutes, "12");
    CHECK_INT(lesson.count, 3);
    CHECK_STR(lesson.steps[0].id, "");
    CHECK_STR(lesson.steps[0].blocks[0].text, "Welcome to heat.");
    CHECK_STR(lesson.steps[1].id, "loop");
    CHECK_STR(lesson.steps[1].heading, "A prompt without end");
    CHECK_STR(lesson.steps[2].id, "memory-2");
    lesson_release(&lesson);
}

Test(lesson, keeps_blocks_in_order_with_their_lines)
{
    static const struct {
        BlockKind kind;
        size_t line;
    } wanted[] = {
        {BLOCK_PROSE, 12}, {BLOCK_SETUP, 15}, {BLOCK_PREDICT, 21},
        {BLOCK_RUN, 29},   {BLOCK_PROSE, 34}, {BLOCK_ASK, 36},
    };
    Lesson lesson = parsed(example);
    const Step *step = &lesson.steps[1];
    CHECK_INT(step->count, COUNT_OF(wanted));
    for (size_t i = 0; i < step->count; i++) {
        CHECK_INT(step->blocks[i].kind, wanted[i].kind);
        CHECK_INT(step->blocks[i].line, wanted[i].line);
    }
    CHECK_STR(step->blocks[0].text,
              "We train a two-word model on eight sentences; `</s>` ends each, and so does </s>.");
    CHECK_INT(step->blocks[1].lines.count, 2);
    CHECK_STR(step->blocks[1].lines.at[1], "train ngram n=2");
    CHECK_STR(step->blocks[3].text,
              "lm> complete \"the mouse ate\" T=0 max=6\nthe mouse ate the mouse ...\n");
    CHECK_STR(step->blocks[4].text, "After \"the\" it sees only the word.");
    CHECK_STR(lesson.steps[2].blocks[2].text, "Limits: ties at T=0 go to the first word.");
    lesson_release(&lesson);
}

Test(lesson, reads_questions)
{
    Lesson lesson = parsed(example);
    const Question *guess = &lesson.steps[1].blocks[2].question, *ask = &lesson.steps[1].blocks[5].question;
    CHECK_STR(guess->id, "");
    CHECK_INT(guess->type, QUESTION_CHOICE);
    CHECK_INT(guess->choice_count, 3);
    CHECK_STR(guess->choices[2].text, "it never ends");
    CHECK(!guess->choices[0].right && guess->choices[1].right && guess->choices[2].right);
    CHECK_STR(guess->wrongs[0].message, "That takes more memory.");
    CHECK_STR(ask->id, "p-mouse");
    CHECK_STR(ask->answer, "7/13");
    CHECK_STR(ask->equals, "prob mouse");
    CHECK_STR(ask->unit, "prob");
    CHECK_STR(ask->right, "Seven of thirteen.");
    CHECK(!ask->relative && ask->tolerance == 0.01);
    CHECK_INT(ask->wrong_count, 2);
    CHECK_STR(ask->wrongs[0].value, "7/8");
    CHECK_STR(ask->wrongs[0].message, "That is P(ate | mouse).");
    CHECK_STR(ask->wrongs[1].value, "2/11");
    CHECK_INT(ask->wrongs[1].line, 45);
    lesson_release(&lesson);
}

Test(lesson, reads_tasks_and_hints)
{
    Lesson lesson = parsed(example);
    const Task *task = &lesson.steps[2].blocks[0].task;
    CHECK_INT(task->checks.count, 2);
    CHECK_STR(task->checks.at[1], "last.text == \"the cheese\" and model.order >= 3");
    CHECK_STR(task->solution, "train ngram n=3 ; complete \"the mouse ate\" T=0");
    CHECK_INT(task->wrong_count, 1);
    CHECK_STR(task->wrongs[0].value, "train ngram n=2 ; complete \"the mouse ate\" T=0");
    CHECK_STR(task->wrongs[0].message, "Still order 2.");
    const Lines *hints = &lesson.steps[2].blocks[1].lines;
    CHECK_INT(hints->count, 2);
    CHECK_STR(hints->at[1], "n=3.");
    lesson_release(&lesson);
}

Test(lesson, turns_markdown_into_plain_text)
{
    static const struct {
        const char *markdown, *text;
    } rows[] = {
        {"a **b** _c_ `p*q*r`", "a b c `p*q*r`"},
        {"a\nb\n\n\nc", "a b\n\nc"},
        {"a  \nb", "a\nb"},
        {"Intro:\n\n- one\n- two\n  more\n\nend", "Intro:\n\n- one\n- two more\n\nend"},
        {"3. c\n4. d", "3. c\n4. d"},
        {"- a\n  1. x\n  2. y\n- b", "- a\n  1. x\n  2. y\n- b"},
        {"- a\n\n  b\n\n- c", "- a\n\n  b\n\n- c"},
        {"> Limits: few\n>\n> words", "Limits: few\n\nwords"},
        {"### Aside\ntext", "Aside\n\ntext"},
        {"x\n\n```\na\n\n  b\n```\ny", "x\n\n    a\n\n      b\n\ny"},
        {"```lmsh\na\n```", "    a"},
        {"before <!-- note --> after", "before  after"},
        {"<!-- note\n\nto self -->\nx", "x"},
        {"<s>\n\nthe <unk>", "<s>\n\nthe <unk>"},
        {"语言模型是\n一个表。\n\nT=0\n很冷", "语言模型是一个表。\n\nT=0 很冷"},
        {"再说，\ntoy 与 `next`\n。", "再说，toy 与 `next`。"},
        {"2 < 3 &amp; \\*", "2 < 3 & *"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char text[1024];
        snprintf(text, sizeof text, HEADER "## S {#s}\n%s\n", rows[i].markdown);
        Lesson lesson = parsed(text);
        CHECK_INT(lesson.steps[0].count, 1);
        CHECK_STR(lesson.steps[0].blocks[0].text, rows[i].text);
        lesson_release(&lesson);
    }
}

#define STEP HEADER "## S {#s}\n" /* line 8 */
#define BLOCK(kind, body) STEP "```lm " kind "\n" body "\n```\n"

static const struct {
    const char *text, *message;
} refused[] = {
    {"", "1:1: there is no header"},
    {"# Title\n", "1:1: there is no header"},
    {"---\nformat: 1\n", "2:1: the header never ends"},
    {"---\nformat 1\n---\n", "2:1: this is not a line of a header"},
    {"---\nid: a\nid: b\n---\n", "3:1: this key is given twice"},
    {"---\nformat: 1\nid: a\ntitle: t\nminutes: 3\n---\n## S {#s}\n", "1:1: the header has no needs"},
    {"---\nformat: 2\nid: a\ntitle: t\nneeds:\nminutes: 3\n---\n",
     "2:1: this format of lessons is not known"},
    {"---\nformat: 1\nid: a b\ntitle: t\nneeds:\nminutes: 3\n---\n",
     "3:1: the id of the lesson is not an id"},
    {HEADER, "8:1: the lesson has no step"},
    {HEADER "text\n", "8:1: the lesson has no step"},
    {HEADER "\n## No id\n", "9:1: this step has no id"},
    {HEADER "## S {#a b}\n", "8:1: the id of this step is not an id"},
    {STEP "\n## T {#s}\n", "10:1: another step has this id"},
    {BLOCK("dance", "x"), "9:4: this kind of block is not known"},
    {STEP "```lm\nx\n```\n", "9:4: this kind of block is not known"},
    {BLOCK("setup", " "), "9:1: this block is empty"},
    {STEP "- a\n\n  ```lm run\n  lm> x\n  ```\n", "11:1: this block stands inside a list or quotation"},
    {BLOCK("run", "prob the"), "9:1: nothing is run here"},
    {BLOCK("do", "check: used x"), "9:1: this task cannot be checked"},
    {BLOCK("do", "solution: x"), "9:1: this task cannot be checked"},
    {BLOCK("do", "check: last.T = 0\nsolution: x"), "10:15: a comparison is missing"},
    {BLOCK("do", "answer: 1"), "10:1: this line has no key that is known here"},
    {BLOCK("do", "\nsolution:"), "11:1: this key has no value"},
    {BLOCK("do", "solution: a\nsolution: b"), "11:1: this key is given twice"},
    {BLOCK("do", "wrong: a"), "10:1: wrong: has no message"},
    {BLOCK("do", "wrong: | a"), "10:1: wrong: has no message"},
    {BLOCK("hint", "1. a\n3. b"), "11:1: the hints are not numbered"},
    {BLOCK("ask", "id: a\nanswer: 1"), "9:1: the question has no known type"},
    {BLOCK("ask", "type: number\nanswer: 1"), "9:1: the question has no id"},
    {BLOCK("ask", "id: a\ntype: number"), "9:1: the question has no answer"},
    {BLOCK("ask", "id: a\ntype: number\nanswer: few"), "9:1: the answer is not a number"},
    {BLOCK("ask", "id: a\ntype: number\nanswer: 1\nunit: cm"), "9:1: this unit is not known"},
    {BLOCK("ask", "id: a\ntype: number\nanswer: 1\ntol: x"), "9:1: the tolerance is not a number"},
    {BLOCK("ask", "id: a\ntype: number\nanswer: 1\nwrong: x | m"), "13:1: the wrong answer is not a number"},
    {BLOCK("ask", "id: a\ntype: number\nanswer: 1/2\nwrong: .5 | m"), "13:1: the wrong answer is right"},
    {BLOCK("ask", "id: a\ntype: text\nanswer: the | a\nwrong: A | m"), "13:1: the wrong answer is right"},
    {BLOCK("ask", "id: a\ntype: number\nanswer: 1\n- [x] a"), "9:1: only a choice has options"},
    {BLOCK("ask", "id: a\ntype: choice\n- [x] a"), "9:1: a choice needs options, one of them right"},
    {BLOCK("ask", "id: a\ntype: choice\n- [ ] a\n- [ ] b"), "9:1: a choice needs options, one of them right"},
    {BLOCK("ask", "id: a\ntype: choice\n- [x] a\n- [x] b"), "9:1: more than one option is right"},
    {BLOCK("ask", "id: a\ntype: choice\nanswer: a\n- [x] a\n- [ ] b"), "9:1: a choice has no answer:"},
    {BLOCK("ask", "id: a\ntype: choice\n- [x] a\n- [] b"), "13:1: this is not an option"},
    {BLOCK("ask", "id: a\ntype: choice\n- [x] a\n- [ ] b\nwrong: 3 | m"),
     "14:1: the wrong answer is not an option"},
    {BLOCK("predict", "type: text\nanswer: a"), "9:1: a text cannot be predicted"},
    {BLOCK("ask", "id: a\ntype: text\nanswer: x") "```lm predict\nid: a\ntype: number\nanswer: 1\n```\n",
     "14:1: another question has this id"},
    {"---\nformat: 1\nauthor: me\n---\n", "3:1: this key is not known in a header"},
    {BLOCK("do", "check: used x\nsolution: x\nhint: none"), "12:1: none has no reason"},
    {BLOCK("do", "check: used x\nsolution: x\nhint: think"), "12:1: hints stand in a block of their own"},
    {BLOCK("ask", "id: a\ntype: number\nanswer: 1\nequals: none |"), "13:1: none has no reason"},
    {STEP "<!-- lm: prob the = 1 -->\n", "9:1: no prose stands before this comment"},
    {STEP "x 1\n<!-- lm: prob the -->\n", "10:1: this is no number with its command"},
    {STEP "x 1\n\n<!-- lm:\nprob the = 1\n = 2\n-->\n", "13:1: this is no number with its command"},
    {STEP "- x 1\n  <!-- lm: prob the = 1 -->\n", "10:1: this comment stands inside other text"},
    {STEP "x 1 <!-- lm: prob the = 1 -->\n", "9:1: this comment stands inside other text"},
    {STEP "a\nb \x1b[31m\n", "10:3: not plain text"},
    {STEP "a\xff\n", "9:2: not plain text"},
    {STEP "a\n\nb\xc2\x9b\n", "11:2: not plain text"},
    {STEP "a\n\nb &#27;[31m\n", "11:3: not plain text"},
};

Test(lesson, refuses_what_it_does_not_understand)
{
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        Lesson lesson;
        Error error;
        CHECK_FOR(!lesson_parse(&lesson, refused[i].text, &error), "accepted: %s", refused[i].text);
        CHECK_STR(error.message, refused[i].message);
        CHECK_FOR(*error.hint, "no hint: %s", error.message);
    }
}

Test(lesson, reads_windows_line_ends_and_a_byte_order_mark)
{
    size_t length = 3;
    char *text = must_alloc(2 * sizeof example + 4, 1);
    strcpy(text, "\xEF\xBB\xBF");
    for (const char *at = example; *at; at++) {
        if (*at == '\n') text[length++] = '\r';
        text[length++] = *at;
    }
    Lesson lesson = parsed(text);
    CHECK_STR(lesson.steps[1].blocks[1].lines.at[0], "corpus mouse");
    CHECK_STR(lesson.steps[2].blocks[2].text, "Limits: ties at T=0 go to the first word.");
    CHECK_INT(lesson.steps[1].blocks[5].line, 36);
    lesson_release(&lesson);
    free(text);
}

Test(lesson, gives_counts_no_tolerance_unless_told)
{
    Lesson lesson = parsed(BLOCK(
        "ask",
        "id: a\ntype: number\nunit: count\nanswer: 1028") "```lm ask\nid: b\ntype: number\nanswer: 1\n```\n");
    CHECK(lesson.steps[0].blocks[0].question.tolerance == 0);
    CHECK(lesson.steps[0].blocks[1].question.relative);
    CHECK_NEAR(lesson.steps[0].blocks[1].question.tolerance, 0.005, 1e-15);
    lesson_release(&lesson);
}

Test(lesson, reads_numbers_that_prose_quotes)
{
    Lesson lesson = parsed(STEP "It is 0.8.\n<!-- lm: prob the T=1 = 0.8 -->\n\nThen 7/13,\n59 %.\n\n"
                                "<!-- lm:\nnext the = 7/13\n\nnext -> p.2 = 59 %\n-->\n");
    const Block *prose = &lesson.steps[0].blocks[0];
    CHECK_INT(lesson.steps[0].count, 1);
    CHECK_STR(prose->text, "It is 0.8.\n\nThen 7/13, 59 %.");
    CHECK_INT(prose->quotes.count, 3);
    CHECK_STR(prose->quotes.at[0].command, "prob the T=1");
    CHECK_STR(prose->quotes.at[0].value, "0.8");
    CHECK_INT(prose->quotes.at[0].line, 10);
    CHECK(prose->quotes.at[0].from == 0 && prose->quotes.at[0].to == 10 && prose->quotes.at[1].from == 10);
    CHECK_STR(prose->quotes.at[2].command, "next -> p.2");
    CHECK_STR(prose->quotes.at[2].value, "59 %");
    CHECK_INT(prose->quotes.at[2].line, 18);
    lesson_release(&lesson);
}

Test(lesson, knows_reasons_and_risks)
{
    Lesson lesson =
        parsed("---\nformat: 1\nid: a\ntitle: t\nneeds: b c\nminutes: 3\nrisk: yes\n---\n## S {#s}\n"
               "```lm ask\nid: q\ntype: number\nanswer: 2\nequals: none | by hand\nhint: none | easy\n```\n");
    const Question *question = &lesson.steps[0].blocks[0].question;
    CHECK(lesson.risk && lesson.needs_line == 5 && !question->equals);
    CHECK_STR(question->no_equals, "by hand");
    CHECK_STR(question->no_hint, "easy");
    lesson_release(&lesson);
}

/* Every prefix of a lesson, and every lesson with one byte replaced, is read or refused in peace. */
Test(lesson, survives_damaged_files)
{
    static const char bytes[] = {'\n', ' ', '|', ':', '`', '-', '[', '&', '\x1b', '\x80', '\0'};
    char *text = must_copy(example, strlen(example));
    for (size_t i = 0; i < strlen(example); i++) {
        for (size_t k = 0; k < sizeof bytes; k++) {
            Lesson lesson;
            Error error;
            text[i] = bytes[k];
            if (lesson_parse(&lesson, text, &error))
                lesson_release(&lesson);
            else
                CHECK_FOR(error.message[0] >= '1' && error.message[0] <= '9', "%s", error.message);
        }
        text[i] = example[i];
    }
    free(text);
}

Test(lesson, survives_deep_nesting_and_length)
{
    static const char *const units[] = {"> ",      "- ",     "*",     "[",   "```lm run\nlm> x\n```\n",
                                        "## a {#", "1. a\n", "a\n\n", "&#1;"};
    for (size_t i = 0; i < COUNT_OF(units); i++) {
        char *text = must_alloc(70000, 1), *end = stpcpy(text, STEP);
        while (end < text + 60000) end = stpcpy(end, units[i]);
        Lesson lesson;
        Error error;
        if (lesson_parse(&lesson, text, &error)) lesson_release(&lesson);
        free(text);
    }
    char *long_text = must_alloc(300 * 1024, 1);
    memset(long_text, 'a', 300 * 1024 - 1);
    Lesson lesson;
    Error error;
    CHECK(!lesson_parse(&lesson, long_text, &error));
    CHECK_STR(error.message, "1:1: the file is too long for a lesson");
    free(long_text);
}
