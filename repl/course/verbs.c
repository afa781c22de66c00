/* verbs.c - help that a learner asks for: back, hint, solve, skip, reset. */
#include "core/base/i18n.h"
#include "repl/course/comeback.h"
#include "repl/course/record.h"
#include "repl/course/telling.h"
#include "repl/course/visit.h"

/* In the middle of a line: "lesson 2 stop; skip" says skip while the lesson is still on its way there. */
static bool is_ready(const Playing *p, Error *error)
{
    if (!p) return player_none(error);
    if (p->phase != COMING_BACK && p->phase != SETTING_UP) return true;
    error_set(error, "%s", _("the lesson is not there yet"));
    return error_hint(error, _("say it on a line of its own"));
}

bool player_back(Session *session, Error *error)
{
    Playing *p = playing_of(session);
    if (!is_ready(p, error)) return false;
    if (!p->acted && p->step == 0) {
        error_set(error, _("this is the beginning of the lesson"));
        return error_hint(error, _("Enter goes on"));
    }
    size_t step = p->acted ? p->step : p->step - 1;
    if (p->entered[step])
        visit_enter(session, step);
    else
        comeback_jump(session, step);
    return true;
}

static void hint_from(Session *session, const Block *hints)
{
    Playing *p = playing_of(session);
    if (!hints)
        tell(session, p->phase == AT_TASK ? _("No hints here; solve shows a way.")
                                          : _("No hints here: a guess costs nothing, and solve tells."));
    else if (p->hints < hints->lines.count) {
        tell(session, hints->lines.at[p->hints++]);
        record(session, EVENT_HINT, NULL, NULL);
    } else if (p->phase == AT_TASK)
        tell(session, _("No more hints. solve puts a solution into the line."));
    else
        tell(session, _("No more hints. solve tells the answer."));
}

bool player_hint(Session *session, Error *error)
{
    Arena arena = {0};
    Playing *p = playing_of(session);
    if (!p) return player_none(error);
    if (p->phase == AT_TASK || p->phase == AT_ANSWER)
        hint_from(session, playing_hints(p));
    else if (p->phase == AT_RUN)
        tell(session,
             arena_format(&arena, _("Nothing is asked here. Press Enter: it runs %s"), p->entry.command));
    else
        tell(session, _("Nothing is asked here. Press Enter to go on."));
    arena_release(&arena);
    return true;
}

static void solve_task(Session *session)
{
    const char *solution = block_of(playing_of(session))->task.solution;
    if (session_options(session)->terminal)
        session_set_edit(session, solution);
    else
        fprintf(session_options(session)->out, "  %s\n", solution);
}

bool player_solve(Session *session, Error *error)
{
    Playing *p = playing_of(session);
    if (!p) return player_none(error);
    if (p->phase == AT_TASK) {
        solve_task(session);
    } else if (p->phase == AT_ANSWER) {
        record(session, EVENT_TOLD, NULL, NULL);
        tell_answer(session, &block_of(p)->question);
        p->acted = true;
        p->credit = false;
        playing_next_block(p);
    } else {
        tell(session, _("There is nothing to solve here: Enter goes on."));
    }
    return true;
}

/* The commands of what is left of the step, so that later steps stand on the same ground. */
static size_t lines_left(const Playing *p, Arena *arena, const char **lines, size_t most)
{
    size_t count = 0;
    for (size_t b = p->block; b < step_of(p)->count; b++) {
        const Block *block = &step_of(p)->blocks[b];
        TranscriptEntry entry;
        Transcript transcript = transcript_open(block->kind == BLOCK_RUN ? block->text : "", arena);
        for (size_t i = 0; transcript_next(&transcript, &entry) && count < most; i++)
            if (b != p->block || i >= p->entry_index) lines[count++] = entry.command;
        for (size_t i = 0; block->kind == BLOCK_SETUP && i < block->lines.count && count < most; i++)
            lines[count++] = block->lines.at[i];
        if (block->kind == BLOCK_DO && count < most) lines[count++] = block->task.solution;
    }
    return count;
}

static void skip_rest(Session *session)
{
    enum { MOST = 1000 };
    Arena arena = {0};
    Playing *p = playing_of(session);
    const char **lines = arena_alloc(&arena, MOST, sizeof *lines);
    size_t count = lines_left(p, &arena, lines, MOST);
    tell(session, _("[--] The rest of this step is left out, without credit; its commands are run unseen."));
    comeback_pass(session, lines, count, step_of(p)->count);
    arena_release(&arena);
}

static void skip_task(Session *session)
{
    Arena arena = {0};
    Playing *p = playing_of(session);
    const char *solution = block_of(p)->task.solution;
    tell(session, arena_format(&arena,
                               _("[--] Left out, without credit. So that the lesson can go on, this is run "
                                 "unseen: %s"),
                               solution));
    comeback_pass(session, &solution, 1, p->block + 1);
    arena_release(&arena);
}

bool player_skip(Session *session, Error *error)
{
    Playing *p = playing_of(session);
    if (!is_ready(p, error)) return false;
    if (p->phase == AT_END) return player_go(session, error);
    record(session, EVENT_SKIPPED, NULL, NULL);
    p->acted = true;
    p->credit = false;
    if (p->phase == AT_TASK) {
        skip_task(session);
    } else if (p->phase == AT_ANSWER) {
        tell(session, _("[--] Left out, without credit."));
        playing_next_block(p);
    } else {
        skip_rest(session);
    }
    return true;
}

/* --- forgetting --- */

static void forget_all(Session *session)
{
    Player *player = session_player(session);
    record_reset(session, "", "");
    if (player->playing) visit_close(session);
    playing_free(player->left);
    player->left = NULL;
    tell(session, _("The progress of all lessons is forgotten. lesson 1 opens the first."));
}

static void forget_step(Session *session)
{
    Arena arena = {0};
    Playing *p = playing_of(session);
    record_reset(session, p->lesson.id, step_of(p)->id);
    tell(session, arena_format(&arena, _("This step begins anew, with the models it began with: %s"),
                               step_of(p)->heading));
    arena_release(&arena);
    if (p->entered[p->step])
        visit_enter(session, p->step);
    else
        comeback_jump(session, p->step);
}

static void forget_lesson(Session *session)
{
    Arena arena = {0};
    Playing *p = playing_of(session);
    record_reset(session, p->lesson.id, "");
    tell(session, arena_format(&arena, _("All steps of %s are forgotten; it begins anew."), p->lesson.id));
    arena_release(&arena);
    comeback_jump(session, 0);
}

bool player_reset(Session *session, ResetWhat what, Error *error)
{
    if (what == RESET_ALL) {
        forget_all(session);
        return true;
    }
    if (!is_ready(playing_of(session), error)) return false;
    if (what == RESET_STEP)
        forget_step(session);
    else
        forget_lesson(session);
    return true;
}
