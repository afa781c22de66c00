#include "repl/course/player.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/memory.h"
#include "lessons/answer.h"
#include "repl/course/answering.h"
#include "repl/course/comeback.h"
#include "repl/course/judge.h"
#include "repl/course/record.h"
#include "repl/course/telling.h"
#include "repl/course/visit.h"

void player_release(Player *player)
{
    playing_free(player->playing);
    playing_free(player->left);
    journal_close(&player->journal);
    *player = (Player){.playing = NULL};
}

void player_place(const Player *player, char *text, size_t size)
{
    const Playing *p = player->playing;
    text[0] = '\0';
    if (!p) return;
    size_t number = playing_number(p, p->step);
    if (number)
        snprintf(text, size, "[%.20s %zu/%zu] ", p->lesson.id, number, playing_count(&p->lesson));
    else
        snprintf(text, size, "[%.20s] ", p->lesson.id);
}

const char *player_now(Session *session, Arena *arena) { return telling_now(session, arena); }

bool player_none(Error *error)
{
    error_set(error, _("no lesson is open"));
    return error_hint(error, _("lesson lists them; lesson 1 opens the first, resume the last one"));
}

/* --- going through blocks --- */

static void finish_lesson(Session *session)
{
    Arena arena = {0};
    Playing *p = playing_of(session);
    CourseProgress progress = progress_read(session_options(session)->journal);
    const LessonProgress *done = progress_find(&progress, p->lesson.id);
    const char *open = "";
    for (size_t i = 0; done && i < p->lesson.count; i++)
        if (p->lesson.steps[i].id[0] && !progress_is_done(done, p->lesson.steps[i].id))
            open = arena_format(&arena, "%s %s", open, p->lesson.steps[i].id);
    fputc('\n', session_options(session)->out);
    if (*open)
        tell(session, arena_format(&arena,
                                   _("%s is at its end. Left out:%s (lesson %s STEP goes there). Your "
                                     "own models and settings are back."),
                                   p->lesson.id, open, p->name));
    else
        tell(session,
             arena_format(&arena, "%s %s", p->lesson.id,
                          _("is done. Your own models and settings are back; lesson lists the others.")));
    record(session, EVENT_FINISH, NULL, NULL);
    visit_close(session);
    progress_release(&progress);
    arena_release(&arena);
}

static void end_step(Session *session)
{
    Playing *p = playing_of(session);
    if (p->credit && step_of(p)->id[0]) record(session, EVENT_DONE, NULL, NULL);
    if (p->step + 1 == p->lesson.count) {
        finish_lesson(session);
        return;
    }
    p->phase = AT_END;
    tell_end(session);
}

static void next_step(Session *session)
{
    Playing *p = playing_of(session);
    if (p->step + 1 == p->lesson.count)
        finish_lesson(session);
    else
        visit_enter(session, p->step + 1);
}

static void begin_setup(Session *session, const Block *block)
{
    Playing *p = playing_of(session);
    Arena arena = {0};
    const char *text = "";
    for (size_t i = 0; i < block->lines.count; i++)
        text = arena_format(&arena, "%s%s\n", text, block->lines.at[i]);
    p->phase = SETTING_UP;
    session_set_quiet(session, true);
    playing_push(session, p->lesson.id, text);
    arena_release(&arena);
}

static void begin_transcript(Playing *p)
{
    if (playing_open_transcript(p, 0))
        p->phase = AT_RUN;
    else
        playing_next_block(p);
}

static void begin_task(Session *session)
{
    Playing *p = playing_of(session);
    p->phase = AT_TASK;
    world_forget(&p->world);
    tell_task(session);
}

static void show_block(Session *session, const Block *block)
{
    Playing *p = playing_of(session);
    switch (block->kind) {
    case BLOCK_PROSE:
        fputc('\n', session_options(session)->out);
        tell(session, block->text);
        playing_next_block(p);
        break;
    case BLOCK_SETUP: begin_setup(session, block); break;
    case BLOCK_RUN: begin_transcript(p); break;
    case BLOCK_DO: begin_task(session); break;
    case BLOCK_ASK:
    case BLOCK_PREDICT:
        p->phase = AT_ANSWER;
        tell_question(session);
        break;
    case BLOCK_HINT: playing_next_block(p); break;
    }
}

static void go_through_blocks(Session *session)
{
    Playing *p;
    while ((p = playing_of(session)) && p->phase == SHOWING)
        if (playing_only_hints_left(p))
            end_step(session);
        else
            show_block(session, block_of(p));
}

/* A lesson that stands on half a set-up would tell wrong numbers. */
static void end_setup(Session *session)
{
    Error ignored;
    session_set_quiet(session, false);
    if (!session_failed(session) && !session_interrupted(session)) {
        undo_release(session_undo(session)); /* the learner's undo must not reach it */
        playing_next_block(playing_of(session));
        return;
    }
    tell(session, _("The lesson could not be set up."));
    player_leave(session, &ignored);
}

/* --- the line typed has run to its end --- */

static bool spoke_otherwise(const Playing *p) { return strcmp(p->language, i18n_language()) != 0; }

/* Was it what the task wants? */
static void judge_task(Session *session)
{
    Playing *p = playing_of(session);
    if (p->solved) {
        record(session, EVENT_SOLVED, p->line, NULL);
        tell(session, _("[ok] Done."));
        playing_next_block(p);
    } else if (p->wrong) {
        record(session, EVENT_WRONG, p->line, p->wrong);
        tell_marked(session, "[--]", p->wrong);
    } else if (p->tried) {
        tell(session, _("[--] Not yet. hint helps."));
    } else if (!p->asked_lesson && !spoke_otherwise(p)) {
        tell_aside(session, _("(The task is still yours to do; Enter says it again, hint helps.)"));
    }
    p->tried = false;
    p->wrong = NULL;
}

static bool is_same_line(const char *a, const char *b)
{
    while (*a == ' ' || *a == '\t') a++;
    size_t length = strlen(a);
    while (length > 0 && (a[length - 1] == ' ' || a[length - 1] == '\t')) length--;
    return strlen(b) == length && memcmp(a, b, length) == 0;
}

/* An error may be what the transcript wants to show, so it leads on as well; being stopped does not. */
static void judge_entry(Session *session)
{
    Playing *p = playing_of(session);
    bool failed = session_failed(session);
    bool over = p->by_enter || p->ran || (failed && is_same_line(p->line, p->entry.command));
    if (session_interrupted(session)) {
        tell_aside(session, _("(Stopped. Enter runs it once more, skip leaves the rest of this step out.)"));
        over = false;
    } else if (failed && over && !strstr(p->entry.expected, "error") &&
               strncmp(p->entry.expected, "...", 3) != 0) {
        tell_aside(session, _("(The lesson did not expect this error. reset step begins the step afresh.)"));
    }
    p->announced = p->asked_lesson && p->announced;
    if (over && !playing_next_entry(p)) playing_next_block(p);
}

static void judge_line(Session *session)
{
    Playing *p = playing_of(session);
    bool reminds = !p->asked_lesson && !spoke_otherwise(p);
    if (p->phase == AT_TASK)
        judge_task(session);
    else if (p->phase == AT_RUN)
        judge_entry(session);
    else if (p->phase == AT_ANSWER && reminds)
        tell_open_question(session);
    else if (p->phase == AT_END && reminds)
        tell_end(session);
    free(p->line);
    p->line = NULL;
}

void player_continue(Session *session)
{
    Playing *p = playing_of(session);
    if (!p) return;
    if (p->phase == COMING_BACK)
        comeback_continue(session);
    else if (p->phase == SETTING_UP)
        end_setup(session);
    else if (p->line)
        judge_line(session);
    go_through_blocks(session);
    p = playing_of(session);
    if (p && p->phase >= AT_RUN && spoke_otherwise(p)) player_reread(session);
    if (p && p->phase == AT_RUN && !p->announced) tell_entry(session);
    if (p) record_place(session);
    fflush(session_options(session)->out);
}

/* --- what the learner does --- */

static void keep_line(Playing *p, const char *text, bool by_enter)
{
    free(p->line);
    p->line = must_copy(text, strlen(text));
    p->by_enter = by_enter;
    p->ran = p->asked_lesson = false;
}

static void run_entry(Session *session)
{
    Playing *p = playing_of(session);
    p->acted = true;
    keep_line(p, p->entry.command, true);
    playing_push(session, NULL, p->line);
}

bool player_go(Session *session, Error *error)
{
    Playing *p = playing_of(session);
    if (!p) return player_none(error);
    switch (p->phase) {
    case AT_RUN: run_entry(session); break;
    case AT_END: next_step(session); break;
    case AT_TASK:
    case AT_ANSWER: tell_again(session); break;
    case SHOWING:
    case SETTING_UP:
    case COMING_BACK: break;
    }
    return true;
}

bool player_takes(Session *session, const char *text)
{
    Error error;
    Playing *p = playing_of(session);
    if (!p) return false;
    double number;
    bool is_number = answer_number(text, NULL, &number);
    if (text[strspn(text, " \t\r\n")] == '\0')
        player_go(session, &error);
    else if (p->phase == AT_ANSWER && judge_is_answer(&block_of(p)->question, text))
        answering_judge(session, text);
    else if (p->phase == AT_TASK && is_number)
        tell(session, _("This step wants a command, not an answer. hint helps."));
    else if ((p->phase == AT_RUN || p->phase == AT_END) && is_number)
        tell(session, _("No question is open here: Enter goes on."));
    else
        keep_line(p, text, false);
    return p->line == NULL || p->by_enter;
}

static void look_for_solution(Playing *p, const Execution *done)
{
    const Task *task = &block_of(p)->task;
    p->acted = true;
    p->solved = p->solved || !world_unfulfilled(&p->world, &task->checks);
    if (strstr(task->solution, done->command->name)) p->tried = true;
    const char *wrong = judge_task_wrong(task, &p->world);
    if (wrong) p->wrong = wrong;
}

static bool is_lesson_verb(const Command *command) { return strcmp(command->family, "lessons") == 0; }

void player_saw(Session *session, const Execution *done, bool changed)
{
    Playing *p = playing_of(session);
    if (!p || is_lesson_verb(done->command) || strcmp(done->command->name, "help") == 0) {
        if (p) p->asked_lesson = true;
        return;
    }
    record_statement(session, done, changed);
    if (p->phase < AT_RUN) return;
    world_saw(&p->world, done);
    if (p->phase == AT_TASK) look_for_solution(p, done);
    if (p->phase == AT_RUN && judge_ends_line(&done->statement, p->entry.command)) p->ran = true;
    p->world.last = NULL; /* it does not outlive the next statement */
}
