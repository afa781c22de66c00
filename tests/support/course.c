#include "tests/support/course.h"

#include <string.h>

#include "core/base/error.h"
#include "lessons/embedded.h"

const char *const course_small =
    "---\nformat: 1\nid: small\ntitle: A small lesson\nneeds:\nminutes: 1\n---\n"
    "Words before the first step.\n\n"
    "## Look {#look}\n\nFirst you look.\n\n"
    "```lm setup\nset T=2\ncorpus jobs\n```\n\n"
    "```lm run\nlm> prob the mouse @toy\n...\nlm> train ngram n=3\n...\n```\n\n"
    "After looking.\n\n"
    "## Do {#do}\n\nNow you do.\n\n"
    "```lm do\ncheck: used sample\ncheck: last.T == 0\nsolution: sample T=0 @toy\nwrong: sample @toy | That "
    "was T=2, not T=0.\n```\n\n"
    "```lm hint\n1. The first hint.\n2. The second hint.\n```\n\n"
    "## Guess {#guess}\n\nHow probable is it?\n\n"
    "```lm predict\nid: guess\ntype: number\nunit: prob\nanswer: 0.4\n```\n\n"
    "```lm ask\nid: number\ntype: number\nanswer: 0.4\nright: Well read.\nwrong: 0.8 | That is the first "
    "factor.\n```\n\n"
    "Which one is it?\n\n"
    "```lm ask\nid: choice\ntype: choice\n- [ ] the cheese\n- [x] the mouse\nwrong: 1 | Not that "
    "one.\n```\n\n"
    "```lm hint\n1. One of the two.\n2. The other.\n```\n\n"
    "The end is near.\n";

static bool is_lesson(const char *path)
{
    const char *slash = strchr(path, '/');
    return path[0] >= '0' && path[0] <= '9' && slash && strstr(slash, ".md");
}

static bool is_too_long(const char *text)
{
    static const char *const slow[] = {"train rnn", "train gru", "train transformer", "novelty seed="};
    bool found = false;
    for (size_t i = 0; i < COUNT_OF(slow); i++) found = found || strstr(text, slow[i]);
    return COURSE_SANITIZED && found;
}

struct criterion_test_params course_lessons(void)
{
    enum { LESSONS_MAX = 64 };
    static size_t indices[LESSONS_MAX];
    size_t count = 0;
    for (size_t i = 0; embedded_files[i].path && count < LESSONS_MAX; i++)
        if (is_lesson(embedded_files[i].path) && !is_too_long(embedded_files[i].text)) indices[count++] = i;
    return cr_make_param_array(size_t, indices, count);
}

bool course_is_open(Shell *shell) { return session_player(shell->session)->playing != NULL; }

Phase course_phase(Shell *shell)
{
    const Playing *playing = playing_of(shell->session);
    return playing ? playing->phase : AT_END;
}

static const char *right_answer(const Question *question)
{
    static char text[512];
    for (size_t i = 0; i < question->choice_count; i++)
        if (question->choices[i].right) snprintf(text, sizeof text, "%zu", i + 1);
    if (question->answer) snprintf(text, sizeof text, "%s", question->answer);
    char *bar = question->type == QUESTION_TEXT ? strstr(text, " | ") : NULL;
    if (bar) *bar = '\0';
    return text;
}

const char *course_step(Shell *shell, bool asks)
{
    static char line[1024];
    const Playing *playing = playing_of(shell->session);
    const char *text = "";
    if (playing && playing->phase == AT_TASK) text = block_of(playing)->task.solution;
    if (playing && playing->phase == AT_ANSWER)
        text = asks ? "solve" : right_answer(&block_of(playing)->question);
    snprintf(line, sizeof line, "%s", text);
    shell_do(shell, line);
    return line;
}

bool course_until(Shell *shell, Phase phase, int times)
{
    for (int i = 0; i < times && course_is_open(shell) && course_phase(shell) != phase; i++)
        course_step(shell, false);
    return course_is_open(shell) && course_phase(shell) == phase;
}

void course_finish(Shell *shell, bool asks)
{
    enum { ENOUGH = 400 };
    for (int i = 0; i < ENOUGH && course_is_open(shell); i++) course_step(shell, asks);
    CHECK_FOR(!course_is_open(shell), "the lesson goes on for ever: %s%s", shell_out(shell),
              shell_err(shell));
}
