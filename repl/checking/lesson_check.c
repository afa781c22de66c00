#include "repl/checking/lesson_check.h"

#include <string.h>

#include "core/base/i18n.h"
#include "lessons/answer.h"
#include "lessons/transcript.h"
#include "repl/checking/rehearsal.h"
#include "repl/course/world.h"

typedef struct {
    const char *path;
    FILE *report;
    CheckCounts *counts;
    Rehearsal *rehearsal;
    World world;
    Arena arena;
    const char *script; /* all commands that have changed the session so far, to bring a fresh one to the same
                           place */
} Checking;

static void fail(Checking *c, size_t line, const char *what, const char *about)
{
    c->counts->failures++;
    fprintf(c->report, "%s:%zu: %s: %s\n", c->path, line, what, about);
}

/* What was asked of the session last; false when that failed. */
static bool run(Checking *c, const char *line, const char **printed)
{
    c->counts->commands++;
    *printed = rehearsal_run(c->rehearsal, line);
    bool ok = !session_failed(rehearsal_session(c->rehearsal));
    const Execution *last = session_last(rehearsal_session(c->rehearsal));
    if (ok && last) world_saw(&c->world, last);
    return ok;
}

/* Statement by statement, as the player sees a learner's line. */
static bool run_statements(Checking *c, const char *text, const char **printed)
{
    Error error;
    Line line;
    if (!line_parse(text, &c->arena, &line, &error)) return run(c, text, printed);
    for (size_t i = 0; i < line.count; i++)
        if (!run(c, line.statements[i].source, printed)) return false;
    return true;
}

static void keep(Checking *c, const char *line)
{
    c->script = arena_format(&c->arena, "%s%s\n", c->script, line);
}

static void play_command(Checking *c, size_t line, const char *command)
{
    const char *printed;
    if (!run_statements(c, command, &printed)) fail(c, line, command, printed);
    keep(c, command);
}

static void check_transcript(Checking *c, const Block *block)
{
    TranscriptEntry entry;
    Transcript transcript = transcript_open(block->text, &c->arena);
    while (transcript_next(&transcript, &entry)) {
        size_t differs;
        const char *printed;
        run(c, entry.command, &printed);
        keep(c, entry.command);
        if (!transcript_matches(entry.expected, printed, &differs))
            fail(c, block->line + entry.line, entry.command,
                 arena_format(&c->arena, _("printed\n%s"), printed));
    }
}

/* A fresh session, brought to where the lesson stands, tries the wrong command. */
static void check_wrong_command(Checking *c, const Task *task, const Wrong *wrong)
{
    const char *printed;
    Checking other = *c;
    other.arena = (Arena){.newest = NULL};
    other.rehearsal = rehearsal_new();
    rehearsal_run(other.rehearsal, c->script);
    other.world.workspace = session_workspace(rehearsal_session(other.rehearsal));
    world_forget(&other.world);
    run_statements(&other, wrong->value, &printed);
    if (!world_unfulfilled(&other.world, &task->checks))
        fail(c, wrong->line, _("this wrong way solves the task"), wrong->value);
    rehearsal_free(other.rehearsal);
    arena_release(&other.arena);
}

static void check_task(Checking *c, const Block *block)
{
    const Task *task = &block->task;
    world_forget(&c->world);
    if (!world_unfulfilled(&c->world, &task->checks))
        fail(c, block->line, _("solved before anything was done"), task->solution);
    for (size_t i = 0; i < task->wrong_count; i++) check_wrong_command(c, task, &task->wrongs[i]);
    play_command(c, block->line, task->solution);
    const char *open = world_unfulfilled(&c->world, &task->checks);
    if (open) fail(c, block->line, _("the solution does not fulfil this check"), open);
}

static void check_equals(Checking *c, const Block *block)
{
    double number;
    const char *printed;
    const Question *question = &block->question;
    if (!run(c, question->equals, &printed)) {
        fail(c, block->line, question->equals, printed);
        return;
    }
    const Execution *last = session_last(rehearsal_session(c->rehearsal));
    bool known = last && last->call_count > 0 && result_main_number(&last->results[0], &number);
    const char *text = known ? arena_format(&c->arena, "%.17g", number) : "";
    if (!known || !answer_matches(question, text))
        fail(c, block->line, _("equals gives another answer"), text);
}

static const char *right_answer(const Checking *c, const Question *question)
{
    (void)c;
    if (question->type != QUESTION_CHOICE) return question->answer;
    for (size_t i = 0; i < question->choice_count; i++)
        if (question->choices[i].right) return question->choices[i].text;
    return "";
}

static void check_question(Checking *c, const Block *block)
{
    const Question *question = &block->question;
    const char *right = right_answer(c, question),
               *bar = question->type == QUESTION_TEXT ? strstr(right, " | ") : NULL;
    if (bar) right = arena_copy(&c->arena, right, (size_t)(bar - right));
    if (!answer_matches(question, right)) fail(c, block->line, _("the answer is not accepted"), right);
    if (question->equals) check_equals(c, block);
    for (size_t i = 0; i < question->wrong_count; i++) {
        const Wrong *wrong = &question->wrongs[i];
        const char *message = answer_wrong(question, wrong->value);
        if (answer_matches(question, wrong->value))
            fail(c, wrong->line, _("this wrong answer is accepted"), wrong->value);
        else if (!message || strcmp(message, wrong->message) != 0)
            fail(c, wrong->line, _("this wrong answer gets another message"), wrong->value);
    }
}

static void check_block(Checking *c, const Block *block)
{
    switch (block->kind) {
    case BLOCK_SETUP:
        for (size_t i = 0; i < block->lines.count; i++)
            play_command(c, block->line + i + 1, block->lines.at[i]);
        break;
    case BLOCK_RUN: check_transcript(c, block); break;
    case BLOCK_DO: check_task(c, block); break;
    case BLOCK_ASK:
    case BLOCK_PREDICT: check_question(c, block); break;
    case BLOCK_PROSE:
    case BLOCK_HINT: break;
    }
}

bool lesson_check(const char *path, const char *text, FILE *report, CheckCounts *counts)
{
    Error error;
    Lesson lesson;
    size_t failures = counts->failures;
    if (!lesson_parse(&lesson, text, &error)) {
        counts->failures++;
        fprintf(report, "%s:%s\n", path, error.message);
        return false;
    }
    Checking c = {
        .path = path, .report = report, .counts = counts, .rehearsal = rehearsal_new(), .script = ""};
    c.world.workspace = session_workspace(rehearsal_session(c.rehearsal));
    for (size_t s = 0; s < lesson.count; s++)
        for (size_t b = 0; b < lesson.steps[s].count; b++) check_block(&c, &lesson.steps[s].blocks[b]);
    rehearsal_free(c.rehearsal);
    arena_release(&c.arena);
    lesson_release(&lesson);
    return counts->failures == failures;
}
