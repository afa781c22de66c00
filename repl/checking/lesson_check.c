#include "repl/checking/lesson_check.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/file.h"
#include "core/base/i18n.h"
#include "lessons/answer.h"
#include "lessons/lint.h"
#include "lessons/parity.h"
#include "lessons/transcript.h"
#include "repl/checking/numbers.h"
#include "repl/checking/rehearsal.h"
#include "repl/course/judge.h"
#include "repl/language.h"

enum { LESSON_FILE_BYTES_MAX = 4 << 20 };
static const double text_seconds = 300; /* of processor time for one line; sanitizers are slow */

typedef struct {
    Faults faults;
    CheckCounts *counts;
    const char *language;
    Rehearsal *rehearsal;
    Session *session; /* the rehearsal's */
    World world;
    Arena arena;
    bool again; /* the second time only what is right is played */
} Checking;

/* --- carrying out --- */

/* What was asked of the session last; false when that failed. */
static bool run(Checking *c, const char *line, const char **printed)
{
    const char *language = i18n_language();
    c->counts->commands += !c->again;
    language_use(c->language);
    *printed = rehearsal_run(c->rehearsal, line);
    language_use(language);
    if (session_failed(c->session)) return false;
    const Execution *last = session_last(c->session);
    if (last) world_saw(&c->world, last);
    return true;
}

/* What a line does for a task, judged statement by statement as the player does. */
typedef struct {
    bool solved;
    const char *wrong; /* the message it gets, or NULL */
} Verdict;

static bool run_statements(Checking *c, const char *text, const Task *task, Verdict *verdict,
                           const char **printed)
{
    Error error;
    Line line;
    *verdict = (Verdict){false, NULL};
    if (!line_parse(text, &c->arena, &line, &error)) return run(c, text, printed);
    for (size_t i = 0; i < line.count; i++) {
        if (!run(c, line.statements[i].source, printed)) return false;
        const char *wrong = task ? judge_task_wrong(task, &c->world) : NULL;
        if (wrong) verdict->wrong = wrong;
        verdict->solved = verdict->solved || (task && !world_unfulfilled(&c->world, &task->checks));
    }
    return true;
}

static const char *first_line(Checking *c, const char *text)
{
    return arena_copy(&c->arena, text, strcspn(text, "\n"));
}

/* --- blocks --- */

static void check_setup(Checking *c, const Block *block)
{
    const char *printed;
    Verdict ignored;
    for (size_t i = 0; i < block->lines.count; i++)
        if (!run_statements(c, block->lines.at[i], NULL, &ignored, &printed))
            fault(&c->faults, block->lines.lines[i], 1, "%s: %s", block->lines.at[i], printed);
}

static void check_transcript(Checking *c, const Block *block)
{
    TranscriptEntry entry;
    Transcript transcript = transcript_open(block->text, &c->arena);
    while (transcript_next(&transcript, &entry)) {
        size_t differs;
        const char *printed;
        run(c, entry.command, &printed);
        if (transcript_matches(entry.expected, printed, &differs)) continue;
        size_t line = block->line + entry.line;
        fault(&c->faults, line, 1,
              c->again ? _("%s: the second time line %zu of the output differs; printed:\n%s")
                       : _("%s: line %zu of the output differs; printed:\n%s"),
              entry.command, differs + 1, printed);
    }
}

static void check_wrong_way(Checking *c, const Task *task, const Wrong *wrong)
{
    const char *printed;
    Verdict verdict;
    world_forget(&c->world);
    bool ran = run_statements(c, wrong->value, task, &verdict, &printed);
    if (verdict.solved)
        fault(&c->faults, wrong->line, 1, _("this wrong way solves the task: %s"), wrong->value);
    else if (!ran)
        fault(&c->faults, wrong->line, 1, _("the shell refuses this, so its message never comes: %s"),
              first_line(c, printed));
    else if (!verdict.wrong || strcmp(verdict.wrong, wrong->message) != 0)
        fault(&c->faults, wrong->line, 1, _("this wrong way gets another message: %s"),
              verdict.wrong ? verdict.wrong : _("none"));
}

static void check_wrong_ways(Checking *c, const Task *task)
{
    SessionMark *mark = arena_alloc(&c->arena, 1, sizeof *mark);
    session_mark(c->session, mark);
    for (size_t i = 0; i < task->wrong_count; i++) {
        check_wrong_way(c, task, &task->wrongs[i]);
        session_return(c->session, mark);
    }
    session_unmark(c->session, mark);
}

static void check_task(Checking *c, const Block *block)
{
    const char *printed;
    Verdict verdict;
    const Task *task = &block->task;
    world_forget(&c->world);
    if (!world_unfulfilled(&c->world, &task->checks))
        fault(&c->faults, block->line, 1, _("solved before anything was done"));
    if (!c->again) check_wrong_ways(c, task);
    world_forget(&c->world);
    if (!run_statements(c, task->solution, task, &verdict, &printed))
        fault(&c->faults, task->solution_line, 1, "%s: %s", task->solution, printed);
    else if (!verdict.solved) {
        const char *open = world_unfulfilled(&c->world, &task->checks);
        fault(&c->faults, task->solution_line, 1, _("the solution does not fulfil this check: %s"),
              open ? open : "");
    }
    world_forget(&c->world);
}

/* --- numbers --- */

/* Runs a command that gives a number, and comes back to where the lesson stands. */
typedef bool NumberCheck(Checking *c, const void *about, const QuoteCommand *command);
static void ask_command(Checking *c, const char *text, size_t line, const void *about, NumberCheck *check)
{
    const char *printed;
    SessionMark *mark = arena_alloc(&c->arena, 1, sizeof *mark);
    QuoteCommand command = quote_command(text, &c->arena);
    Verdict ignored;
    session_mark(c->session, mark);
    if (run_statements(c, command.line, NULL, &ignored, &printed))
        check(c, about, &command);
    else
        fault(&c->faults, line, 1, "%s: %s", command.line, printed);
    session_unmark(c->session, mark);
    world_forget(&c->world);
}

static bool check_distribution(Checking *c, const Question *question)
{
    if (!numbers_agree_all(question, session_last(c->session), &c->arena))
        fault(&c->faults, question->equals_line, 1, _("equals gives another distribution than answer"));
    return true;
}

static bool check_equals(Checking *c, const void *about, const QuoteCommand *command)
{
    double number;
    const Question *question = about;
    if (question->type == QUESTION_DISTRIBUTION) return check_distribution(c, question);
    if (!numbers_find(session_last(c->session), command, &number))
        fault(&c->faults, question->equals_line, 1, _("this command gives no number"));
    else if (question->type == QUESTION_NUMBER && !numbers_agree(question, number))
        fault(&c->faults, question->equals_line, 1, _("equals gives %.9g, not %s"), number, question->answer);
    else if (question->type == QUESTION_NUMBER && numbers_miss_change(question, number))
        fault(&c->faults, question->equals_line, 1, _("an answer 1 %% off would pass as well"));
    return true;
}

static bool check_quote(Checking *c, const void *about, const QuoteCommand *command)
{
    double number;
    const Quote *quote = about;
    if (!numbers_find(session_last(c->session), command, &number))
        fault(&c->faults, quote->line, 1, _("this command gives no such number"));
    else if (!quote_agrees(quote->value, number))
        fault(&c->faults, quote->line, 1, _("the prose says %s, the command %.9g"), quote->value, number);
    return true;
}

static void check_prose(Checking *c, const Block *block)
{
    for (size_t i = 0; i < block->quotes.count && !c->again; i++) {
        const Quote *quote = &block->quotes.at[i];
        ask_command(c, quote->command, quote->line, quote, check_quote);
    }
}

/* --- questions --- */

static const char *right_answer(Checking *c, const Question *question)
{
    for (size_t i = 0; question->type == QUESTION_CHOICE && i < question->choice_count; i++)
        if (question->choices[i].right) return question->choices[i].text;
    const char *bar = question->type == QUESTION_TEXT ? strstr(question->answer, " | ") : NULL;
    return bar ? arena_copy(&c->arena, question->answer, (size_t)(bar - question->answer)) : question->answer;
}

static void check_wrong_answer(Checking *c, const Question *question, const Wrong *wrong)
{
    const char *message = answer_wrong(question, wrong->value);
    if (answer_matches(question, wrong->value))
        fault(&c->faults, wrong->line, 1, _("this wrong answer is accepted: %s"), wrong->value);
    else if (!message || strcmp(message, wrong->message) != 0)
        fault(&c->faults, wrong->line, 1, _("this wrong answer gets another message: %s"),
              message ? message : _("none"));
    else if (!judge_is_answer(question, wrong->value))
        fault(&c->faults, wrong->line, 1, _("this wrong answer is taken for a command: %s"), wrong->value);
}

static void check_question(Checking *c, const Block *block)
{
    const Question *question = &block->question;
    const char *right = right_answer(c, question);
    if (c->again) return;
    if (!answer_matches(question, right))
        fault(&c->faults, block->line, 1, _("the answer is not accepted: %s"), right);
    if (question->equals) ask_command(c, question->equals, question->equals_line, question, check_equals);
    for (size_t i = 0; i < question->wrong_count; i++) check_wrong_answer(c, question, &question->wrongs[i]);
}

/* --- the whole --- */

static void check_block(Checking *c, const Block *block)
{
    switch (block->kind) {
    case BLOCK_PROSE: check_prose(c, block); break;
    case BLOCK_SETUP: check_setup(c, block); break;
    case BLOCK_RUN: check_transcript(c, block); break;
    case BLOCK_DO: check_task(c, block); break;
    case BLOCK_ASK:
    case BLOCK_PREDICT: check_question(c, block); break;
    case BLOCK_HINT: break;
    }
    if (c->again) return;
    c->counts->questions +=
        block->kind == BLOCK_DO || block->kind == BLOCK_ASK || block->kind == BLOCK_PREDICT;
}

/* In a session of its own, from the beginning. */
static void play(Checking *c, const Lesson *lesson, const Sandbox *sandbox)
{
    c->rehearsal = rehearsal_new(sandbox);
    c->session = rehearsal_session(c->rehearsal);
    c->world = (World){.workspace = session_workspace(c->session)};
    for (size_t s = 0; s < lesson->count; s++)
        for (size_t b = 0; b < lesson->steps[s].count; b++) check_block(c, &lesson->steps[s].blocks[b]);
    rehearsal_free(c->rehearsal);
    arena_release(&c->arena);
}

/* "lessons/01-table" of "lessons/01-table/en.md". */
static const char *folder_of(const char *path, Arena *arena)
{
    const char *slash = strrchr(path, '/');
    return slash ? arena_copy(arena, path, (size_t)(slash - path)) : ".";
}

/* Where en.md beside it is no lesson itself, that is told there. */
static void check_translation(const char *folder, const Lesson *lesson, const Faults *faults)
{
    Arena arena = {0};
    Error ignored;
    Lesson original;
    char *text;
    size_t length;
    const char *path = arena_format(&arena, "%s/en.md", folder);
    if (file_is_regular(path) && file_read(path, LESSON_FILE_BYTES_MAX, &text, &length, &ignored)) {
        if (lesson_parse(&original, text, &ignored)) {
            parity_check(&original, lesson, faults);
            lesson_release(&original);
        }
        free(text);
    }
    arena_release(&arena);
}

static void check_lesson(const char *path, const char *text, const Lesson *lesson, Checking *c)
{
    Arena arena = {0};
    size_t failures = c->counts->failures;
    Sandbox sandbox = {folder_of(path, &arena), text_seconds};
    bool chinese = file_ends_in(path, "/zh.md");
    c->language = chinese ? "zh" : "en";
    c->counts->lessons++;
    c->counts->steps += lesson->count;
    lint_lesson(lesson, text, &c->faults);
    if (chinese) check_translation(sandbox.folder, lesson, &c->faults);
    play(c, lesson, &sandbox);
    c->again = true;
    if (c->counts->failures == failures) play(c, lesson, &sandbox);
    arena_release(&arena);
}

bool lesson_check(const char *path, const char *text, FILE *out, CheckCounts *counts)
{
    Error error;
    Lesson lesson;
    CheckReport report = {path, out, counts};
    size_t failures = counts->failures;
    if (!lesson_parse(&lesson, text, &error)) {
        counts->failures++;
        fprintf(out, "%s:%s (%s)\n", path, error.message, error.hint);
        return false;
    }
    Checking c = {.faults = report_faults(&report), .counts = counts};
    check_lesson(path, text, &lesson, &c);
    lesson_release(&lesson);
    return counts->failures == failures;
}
