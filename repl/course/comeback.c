#include "repl/course/comeback.h"

#include <assert.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/memory.h"
#include "repl/course/record.h"
#include "repl/course/telling.h"
#include "repl/course/visit.h"

static void add_stretch(Playing *p, Stretch stretch)
{
    Return *back = &p->back;
    back->stretches = must_extend(back->stretches, back->count, &back->capacity, sizeof *back->stretches);
    if (stretch.line) stretch.line = arena_copy(&back->arena, stretch.line, strlen(stretch.line));
    back->stretches[back->count++] = stretch;
}

static void begin_return(Playing *p, Return how)
{
    arena_release(&p->back.arena);
    how.stretches = p->back.stretches;
    how.capacity = p->back.capacity;
    p->back = how;
    p->phase = COMING_BACK;
    p->begun = true;
}

static void add_transcript(Playing *p, size_t step, const char *text)
{
    Arena arena = {0};
    TranscriptEntry entry;
    Transcript transcript = transcript_open(text, &arena);
    while (transcript_next(&transcript, &entry))
        add_stretch(p, (Stretch){.step = step, .may_fail = true, .line = entry.command});
    arena_release(&arena);
}

/* What a step does to a workspace when all its tasks are solved as it proposes. */
static void add_step(Playing *p, size_t step)
{
    add_stretch(p, (Stretch){.step = step, .begins = true});
    for (size_t b = 0; b < p->lesson.steps[step].count; b++) {
        const Block *block = &p->lesson.steps[step].blocks[b];
        for (size_t i = 0; block->kind == BLOCK_SETUP && i < block->lines.count; i++)
            add_stretch(p, (Stretch){.step = step, .line = block->lines.at[i]});
        if (block->kind == BLOCK_RUN) add_transcript(p, step, block->text);
        if (block->kind == BLOCK_DO)
            add_stretch(p, (Stretch){.step = step, .may_fail = true, .line = block->task.solution});
    }
}

void comeback_jump(Session *session, size_t step)
{
    Playing *p = playing_of(session);
    visit_start_afresh(session);
    p->step = p->block = 0;
    begin_return(p, (Return){.target = {.step = step}, .anew = true});
    record(session, EVENT_BEGIN, p->name, NULL);
    for (size_t i = 0; i < step; i++) add_step(p, i);
    comeback_continue(session);
}

void comeback_pass(Session *session, const char *const *lines, size_t count, size_t target)
{
    Playing *p = playing_of(session);
    begin_return(p, (Return){.target = {p->step, target, 0}, .anew = true, .silent = true});
    for (size_t i = 0; i < count; i++)
        add_stretch(p, (Stretch){.step = p->step, .may_fail = true, .line = lines[i]});
    comeback_continue(session);
}

/* As the journal tells it. What belongs to a step that has not come to wait for anybody is left out: that
 * step begins again. */
void comeback_resume(Session *session, const LessonProgress *progress, size_t step)
{
    Playing *p = playing_of(session);
    begin_return(p, (Return){.target = {step, progress->block, progress->entry}, .waited = progress->waited});
    p->credit = progress->credit;
    for (size_t e = 0; e < progress->entered.count; e++) {
        const char *id = progress->entered.at[e];
        size_t at = 0;
        while (at < p->lesson.count && strcmp(p->lesson.steps[at].id, id) != 0) at++;
        if (at == p->lesson.count || (at == step && !progress->waited)) continue;
        add_stretch(p, (Stretch){.step = at, .begins = true});
        for (size_t c = 0; c < progress->change_count; c++)
            if (strcmp(progress->changes[c].step, id) == 0)
                add_stretch(p, (Stretch){.step = at,
                                         .typed = progress->changes[c].typed,
                                         .line = progress->changes[c].text});
    }
    comeback_continue(session);
}

static void wait_at(Playing *p, const Place *place)
{
    playing_to_block(p, place->block);
    if (place->block >= step_of(p)->count) {
        p->phase = AT_END;
        return;
    }
    const Block *block = block_of(p);
    if (block->kind == BLOCK_RUN && playing_open_transcript(p, place->entry)) p->phase = AT_RUN;
    if (block->kind == BLOCK_DO) p->phase = AT_TASK;
    if (block->kind == BLOCK_DO) world_forget(&p->world);
    if (block->kind == BLOCK_ASK || block->kind == BLOCK_PREDICT) p->phase = AT_ANSWER;
}

/* A step that has only hints left after this block has come to its end. */
static void arrive(Session *session)
{
    Playing *p = playing_of(session);
    Place target = p->back.target;
    session_set_quiet(session, false);
    if (p->back.silent) {
        playing_to_block(p, target.block);
    } else if (p->back.waited) {
        bool credit = p->credit;
        p->step = target.step;
        p->acted = true;
        p->credit = credit;
        wait_at(p, &target);
        tell_heading(session);
        tell_aside(session, _("(You are back where you were.)"));
        tell_again(session);
    } else {
        p->phase = SHOWING;
        visit_enter(session, target.step);
    }
}

static void give_up(Session *session)
{
    Playing *p = playing_of(session);
    bool interrupted = session_interrupted(session), anew = p->back.anew;
    size_t step = p->back.target.step;
    if (!interrupted && !anew) {
        tell_aside(session,
                   _("(What you did here cannot be done again as it was: this step begins afresh.)"));
        comeback_jump(session, step);
        return;
    }
    Arena arena = {0};
    tell(session,
         interrupted
             ? arena_format(&arena,
                            _("Stopped. You are outside the lesson, with your own models and settings; "
                              "resume tries again, lesson %s 1 begins at its first step."),
                            p->name)
             : _("The lesson could not be set up."));
    arena_release(&arena);
    visit_close(session);
}

void comeback_continue(Session *session)
{
    Error error;
    Playing *p = playing_of(session);
    Return *back = &p->back;
    const Stretch *last = back->at > 0 ? &back->stretches[back->at - 1] : NULL;
    bool failed = last && last->line && session_failed(session) && !last->may_fail;
    if (failed || (last && last->line && session_interrupted(session))) {
        give_up(session);
        return;
    }
    while (back->at < back->count) {
        assert(back->stretches);
        const Stretch *stretch = &back->stretches[back->at++];
        p->step = stretch->step;
        if (stretch->begins) visit_remember(session, stretch->step);
        if (stretch->begins) record(session, EVENT_ENTER, NULL, NULL);
        if (!stretch->line) continue;
        session_set_quiet(session, true);
        session_clear_failure(session);
        if (!stretch->typed)
            playing_push(session, p->lesson.id, stretch->line);
        else if (!session_push(session, p->lesson.id, stretch->line, &error))
            continue;
        return;
    }
    session_clear_failure(session);
    arrive(session);
}
