#include "repl/course/player.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/memory.h"
#include "lessons/answer.h"
#include "lessons/transcript.h"
#include "repl/course/judge.h"
#include "repl/course/library.h"
#include "repl/session.h"
#include "repl/view/text.h"
#include "repl/course/world.h"

typedef enum {
    SHOWING,    /* going through blocks by itself */
    SETTING_UP, /* the setup commands are running */
    AT_RUN,     /* Enter runs the next command of a transcript */
    AT_TASK,    /* the learner is to do something */
    AT_ANSWER,  /* the learner is to answer */
    AT_END      /* Enter goes to the next step */
} Phase;

typedef struct Playing {
    Lesson lesson;
    Workspace saved; /* the learner's own, given back at the end */
    Undo saved_undo;
    size_t step, block;
    Phase phase;
    bool begun;  /* the first step has been entered */
    bool acted;  /* the learner has done something in this step */
    Arena arena; /* of the transcript at hand */
    Transcript transcript;
    TranscriptEntry entry; /* the command that Enter runs */
    bool announced;        /* it has been shown */
    size_t hints;          /* given for the block at hand */
    World world;
    bool solved;       /* the task at hand, by the line that is running */
    bool tried;        /* that line was an attempt at it */
    const char *wrong; /* what to say to that line, when it was anticipated; or NULL */
} Playing;

static Playing *playing_of(Session *session) { return session_player(session)->playing; }
static FILE *out_of(Session *session) { return session_options(session)->out; }
static const Step *step_of(const Playing *p) { return &p->lesson.steps[p->step]; }
static const Block *block_of(const Playing *p) { return &step_of(p)->blocks[p->block]; }

static int width_of(Session *session)
{
    enum { NARROW = 40, COMFORTABLE = 76 };
    int width = session_options(session)->width;
    return width <= 0 || width > COMFORTABLE ? COMFORTABLE : width < NARROW ? NARROW : width;
}

static void say(Session *session, const char *text)
{
    text_wrap(out_of(session), text, 0, width_of(session));
}

static void say_marked(Session *session, const char *mark, const char *text)
{
    Arena arena = {0};
    say(session, arena_format(&arena, "%s %s", mark, text));
    arena_release(&arena);
}

static void close_lesson(Session *session)
{
    Playing *p = playing_of(session);
    workspace_release(session_workspace(session));
    undo_release(session_undo(session));
    *session_undo(session) = p->saved_undo;
    *session_workspace(session) = p->saved;
    p->saved_undo = (Undo){.past_count = 0};
    session_workspace_replaced(session);
    p->saved = (Workspace){0};
    player_release(session_player(session));
}

void player_release(Player *player)
{
    Playing *p = player->playing;
    if (!p) return;
    lesson_release(&p->lesson);
    workspace_release(&p->saved);
    undo_release(&p->saved_undo);
    arena_release(&p->arena);
    free(p);
    player->playing = NULL;
}

void player_place(const Player *player, char *text, size_t size)
{
    const Playing *p = player->playing;
    text[0] = '\0';
    if (p) snprintf(text, size, "[%.20s %zu/%zu] ", p->lesson.id, p->step + 1, p->lesson.count);
}

/* --- beginning and leaving --- */

static bool fail_no_lesson(Error *error)
{
    error_set(error, _("no lesson is open"));
    return error_hint(error, _("lesson lists them; lesson 1 opens the first"));
}

bool player_leave(Session *session, Error *error)
{
    Playing *p = playing_of(session);
    if (!p) return fail_no_lesson(error);
    fprintf(out_of(session), _("%s is left. Your own models and settings are back.\n"), p->lesson.id);
    close_lesson(session);
    return true;
}

bool player_begin(Session *session, const char *name, Error *error)
{
    Lesson lesson;
    if (!library_open(name, &lesson, error)) return false;
    if (playing_of(session)) player_leave(session, error);
    Playing *p = must_alloc(1, sizeof *p);
    p->lesson = lesson;
    p->world.workspace = session_workspace(session);
    p->saved = *session_workspace(session);
    p->saved_undo = *session_undo(session);
    *session_undo(session) = (Undo){.past_count = 0};
    workspace_init(session_workspace(session));
    workspace_take_settings(session_workspace(session), &p->saved);
    session_workspace_replaced(session);
    session_player(session)->playing = p;
    fprintf(out_of(session), "%s: %s\n  %s\n", lesson.id, lesson.title,
            _("(Enter goes on, hint helps, leave ends.)"));
    return true;
}

/* --- going through blocks --- */

static void enter_step(Session *session)
{
    Playing *p = playing_of(session);
    const char *heading = step_of(p)->heading;
    p->block = 0;
    p->hints = 0;
    p->acted = false;
    p->phase = SHOWING;
    if (*heading) fprintf(out_of(session), "\n== %s ==\n", heading);
}

static void next_block(Playing *p)
{
    p->solved = p->tried = false;
    p->wrong = NULL;
    p->block++;
    p->hints = 0;
    p->phase = SHOWING;
}

static void finish_lesson(Session *session)
{
    Playing *p = playing_of(session);
    fprintf(out_of(session), "\n%s %s\n", p->lesson.id,
            _("is done. Your own models and settings are back; lesson lists the others."));
    close_lesson(session);
}

static void next_step(Session *session)
{
    Playing *p = playing_of(session);
    if (p->step + 1 == p->lesson.count) {
        finish_lesson(session);
        return;
    }
    p->step++;
    enter_step(session);
}

static void begin_setup(Session *session, const Block *block)
{
    Playing *p = playing_of(session);
    Arena arena = {0};
    Error error;
    const char *text = "";
    for (size_t i = 0; i < block->lines.count; i++)
        text = arena_format(&arena, "%s%s\n", text, block->lines.at[i]);
    p->phase = SETTING_UP;
    session_set_quiet(session, true);
    session_push(session, p->lesson.id, text, &error);
    arena_release(&arena);
}

static void begin_transcript(Session *session, const Block *block)
{
    Playing *p = playing_of(session);
    arena_release(&p->arena);
    p->transcript = transcript_open(block->text, &p->arena);
    if (!transcript_next(&p->transcript, &p->entry)) {
        next_block(p);
        return;
    }
    p->phase = AT_RUN;
    p->announced = false;
}

static void announce_entry(Session *session)
{
    Playing *p = playing_of(session);
    Arena arena = {0};
    fputc('\n', out_of(session));
    text_wrap(out_of(session), arena_format(&arena, _("(Enter runs:  %s)"), p->entry.command), 2,
              width_of(session));
    arena_release(&arena);
    p->announced = true;
}

/* The command has been run, by Enter or by the learner's own hand. */
static void advance_transcript(Playing *p)
{
    p->announced = false;
    if (!transcript_next(&p->transcript, &p->entry)) next_block(p);
}

static void show_choices(Session *session, const Question *question)
{
    Arena arena = {0};
    for (size_t i = 0; i < question->choice_count; i++)
        text_wrap(out_of(session), arena_format(&arena, "%zu. %s", i + 1, question->choices[i].text), 2,
                  width_of(session));
    arena_release(&arena);
}

static void begin_question(Session *session, const Block *block)
{
    Playing *p = playing_of(session);
    p->phase = AT_ANSWER;
    fputc('\n', out_of(session));
    show_choices(session, &block->question);
    const char *what = block->question.type == QUESTION_CHOICE ? _("Type the number of your choice.")
                       : block->question.type == QUESTION_TEXT
                           ? _("Type your answer.")
                           : _("Type a number: 1/3, 0.333 or 33.3% are all fine.");
    fprintf(out_of(session), "  (%s%s)\n", block->kind == BLOCK_PREDICT ? _("Guess before you see it. ") : "",
            what);
}

static void begin_task(Session *session)
{
    Playing *p = playing_of(session);
    p->phase = AT_TASK;
    world_forget(&p->world);
    fprintf(out_of(session), "\n  %s\n", _("(Your turn. hint helps; solve puts a solution into the line.)"));
}

static void show_block(Session *session, const Block *block)
{
    Playing *p = playing_of(session);
    switch (block->kind) {
    case BLOCK_PROSE:
        fputc('\n', out_of(session));
        say(session, block->text);
        next_block(p);
        break;
    case BLOCK_SETUP: begin_setup(session, block); break;
    case BLOCK_RUN: begin_transcript(session, block); break;
    case BLOCK_DO: begin_task(session); break;
    case BLOCK_ASK:
    case BLOCK_PREDICT: begin_question(session, block); break;
    case BLOCK_HINT: next_block(p); break;
    }
}

static bool only_hints_left(const Playing *p)
{
    for (size_t i = p->block; i < step_of(p)->count; i++)
        if (step_of(p)->blocks[i].kind != BLOCK_HINT) return false;
    return true;
}

/* The line typed has run to its end: was it what the task wants? */
static void judge_line(Session *session)
{
    Playing *p = playing_of(session);
    if (p->solved) {
        say(session, _("[ok] Done."));
        next_block(p);
    } else if (p->wrong) {
        say_marked(session, "[--]", p->wrong);
    } else if (p->tried) {
        say(session, _("[--] Not yet. hint helps."));
    }
    p->tried = false;
    p->wrong = NULL;
}

static void go_through_blocks(Session *session)
{
    Playing *p = playing_of(session);
    while (playing_of(session) && p->phase == SHOWING) {
        if (!only_hints_left(p)) {
            show_block(session, block_of(p));
        } else if (p->step + 1 == p->lesson.count) {
            finish_lesson(session);
        } else {
            p->phase = AT_END;
            fprintf(out_of(session), "\n  %s\n", _("(Enter goes on.)"));
        }
    }
}

/* A lesson that stands on half a set-up would tell wrong numbers. */
static bool end_setup(Session *session)
{
    Error ignored;
    session_set_quiet(session, false);
    if (!session_failed(session) && !session_interrupted(session)) {
        next_block(playing_of(session));
        return true;
    }
    say(session, _("The lesson could not be set up."));
    player_leave(session, &ignored);
    return false;
}

void player_continue(Session *session)
{
    Playing *p = playing_of(session);
    if (!p) return;
    if (p->phase == SETTING_UP && !end_setup(session)) return;
    if (p->phase == AT_TASK) judge_line(session);
    if (!p->begun) {
        p->begun = true;
        enter_step(session);
    }
    go_through_blocks(session);
    if (playing_of(session) && p->phase == AT_RUN && !p->announced) announce_entry(session);
    fflush(out_of(session));
}

/* --- what the learner does --- */

static void run_entry(Session *session)
{
    Error error;
    Playing *p = playing_of(session);
    char *command = must_copy(p->entry.command, strlen(p->entry.command));
    p->acted = true;
    advance_transcript(p);
    session_push(session, NULL, command, &error);
    free(command);
}

bool player_go(Session *session, Error *error)
{
    Playing *p = playing_of(session);
    if (!p) return fail_no_lesson(error);
    switch (p->phase) {
    case AT_RUN: run_entry(session); break;
    case AT_END: next_step(session); break;
    case AT_TASK: say(session, _("Not yet: this one is yours to do. hint helps, solve shows a way.")); break;
    case AT_ANSWER: begin_question(session, block_of(p)); break;
    case SHOWING:
    case SETTING_UP: break;
    }
    return true;
}

bool player_back(Session *session, Error *error)
{
    Playing *p = playing_of(session);
    if (!p) return fail_no_lesson(error);
    if (!p->acted && p->step == 0) return error_set(error, _("this is the beginning of the lesson"));
    if (!p->acted) p->step--;
    enter_step(session);
    return true;
}

/* The hints that belong to the block at hand: the next hint block before another task or question. */
static const Block *hints_of(const Playing *p)
{
    for (size_t i = p->block + 1; i < step_of(p)->count; i++) {
        const Block *block = &step_of(p)->blocks[i];
        if (block->kind == BLOCK_HINT) return block;
        if (block->kind != BLOCK_PROSE) return NULL;
    }
    return NULL;
}

bool player_hint(Session *session, Error *error)
{
    Playing *p = playing_of(session);
    if (!p) return fail_no_lesson(error);
    bool waits = p->phase == AT_TASK || p->phase == AT_ANSWER;
    const Block *hints = waits ? hints_of(p) : NULL;
    if (!waits)
        say(session, _("Press Enter to go on."));
    else if (!hints)
        say(session, _("No hints here: a guess costs nothing, and solve tells."));
    else if (p->hints < hints->lines.count)
        say(session, hints->lines.at[p->hints++]);
    else if (p->phase == AT_TASK)
        say(session, _("No more hints. solve puts a solution into the line."));
    else
        say(session, _("No more hints. solve tells the answer."));
    return true;
}

static void tell_answer(Session *session, const Question *question)
{
    Arena arena = {0};
    for (size_t i = 0; i < question->choice_count; i++)
        if (question->choices[i].right)
            say(session, arena_format(&arena, _("The answer: %zu. %s"), i + 1, question->choices[i].text));
    if (question->answer) say(session, arena_format(&arena, _("The answer: %s"), question->answer));
    if (question->right) say(session, question->right);
    arena_release(&arena);
}

bool player_solve(Session *session, Error *error)
{
    Playing *p = playing_of(session);
    if (!p) return fail_no_lesson(error);
    if (p->phase == AT_TASK) {
        const char *solution = block_of(p)->task.solution;
        if (session_options(session)->terminal)
            session_set_edit(session, solution);
        else
            fprintf(out_of(session), "  %s\n", solution);
    } else if (p->phase == AT_ANSWER) {
        tell_answer(session, &block_of(p)->question);
        p->acted = true;
        next_block(p);
    } else {
        say(session, _("There is nothing to solve here: Enter goes on."));
    }
    return true;
}

static void judge_answer(Session *session, const char *typed)
{
    Playing *p = playing_of(session);
    const Block *block = block_of(p);
    const Question *question = &block->question;
    const char *message = answer_wrong(question, typed);
    bool right = answer_matches(question, typed), guess = block->kind == BLOCK_PREDICT;
    if (!right && !message && judge_shape(question, typed)) {
        say(session, judge_shape(question, typed));
        return;
    }
    const char *mark = right ? "[ok]" : guess ? "[guess]" : "[--]";
    if (right)
        message = question->right ? question->right : _("Right.");
    else if (!message)
        message = guess ? _("Now look.") : _("Not that. Try again, or type hint.");
    say_marked(session, mark, message);
    p->acted = true;
    if (right || guess) next_block(p);
}

bool player_takes(Session *session, const char *text)
{
    Error error;
    Playing *p = playing_of(session);
    if (!p) return false;
    bool empty = text[strspn(text, " \t\r\n")] == '\0';
    double number;
    if (empty)
        player_go(session, &error);
    else if (p->phase == AT_ANSWER && judge_is_answer(&block_of(p)->question, text))
        judge_answer(session, text);
    else if (p->phase == AT_TASK && answer_number(text, NULL, &number))
        say(session, _("This step wants a command, not an answer. hint helps."));
    else if ((p->phase == AT_RUN || p->phase == AT_END) && answer_number(text, NULL, &number))
        say(session, _("No question is open here: Enter goes on."));
    else
        return false;
    return true;
}

static void judge_task(Playing *p, const Execution *done)
{
    const Task *task = &block_of(p)->task;
    p->acted = true;
    p->solved = p->solved || !world_unfulfilled(&p->world, &task->checks);
    if (strstr(task->solution, done->command->name)) p->tried = true;
    const char *wrong = judge_task_wrong(task, &p->world);
    if (wrong) p->wrong = wrong;
}

void player_saw(Session *session, const Execution *done)
{
    Playing *p = playing_of(session);
    if (!p || p->phase == SETTING_UP) return;
    world_saw(&p->world, done);
    if (p->phase == AT_TASK)
        judge_task(p, done);
    else if (p->phase == AT_RUN && p->announced && judge_ends_line(&done->statement, p->entry.command))
        advance_transcript(p);
    p->world.last = NULL; /* it does not outlive the next statement */
}
