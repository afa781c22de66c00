/* opening.c - lesson, leave and resume: from which place a lesson goes on. */
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/base/i18n.h"
#include "core/base/memory.h"
#include "lessons/fingerprint.h"
#include "repl/course/asked.h"
#include "repl/course/comeback.h"
#include "repl/course/library.h"
#include "repl/course/record.h"
#include "repl/course/telling.h"
#include "repl/course/visit.h"

static uint64_t new_visit(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return ((uint64_t)now.tv_sec << 32 ^ (uint64_t)now.tv_nsec) * 0x9E3779B97F4A7C15U ^ (uint64_t)getpid();
}

/* The step meant by its id or number; false when there is none. */
static bool find_step(const Lesson *lesson, const char *name, size_t *step)
{
    char *end;
    size_t introduction = lesson->count - playing_count(lesson);
    unsigned long number = strtoul(name, &end, 10);
    for (*step = 0; *step < lesson->count; ++*step)
        if (*name && strcmp(lesson->steps[*step].id, name) == 0) return true;
    *step = number - 1 + introduction;
    return *name && *end == '\0' && number >= 1 && *step < lesson->count;
}

static bool fail_step(const Lesson *lesson, const char *name, Error *error)
{
    Arena arena = {0};
    const char *ids = "";
    for (size_t i = 0; i < lesson->count; i++)
        if (lesson->steps[i].id[0]) ids = arena_format(&arena, "%s %s", ids, lesson->steps[i].id);
    error_set(error, _("%s has no step '%.40s'"), lesson->id, name);
    error_hint(error, _("its steps, also by number from 1:%s"), ids);
    arena_release(&arena);
    return false;
}

static void open_workspace(Session *session, Playing *p)
{
    workspace_init(&p->other);
    workspace_take_settings(&p->other, session_workspace(session));
    visit_exchange(session, p);
    session_player(session)->playing = p;
    p->world.workspace = session_workspace(session);
}

static void begin_where_left(Session *session, const LessonProgress *progress)
{
    size_t step = 0;
    Playing *p = playing_of(session);
    bool open = progress && progress->open && progress->entered.count > 0;
    if (!open || (*progress->step && !find_step(&p->lesson, progress->step, &step))) {
        comeback_jump(session, 0);
    } else if (progress->fingerprint != p->fingerprint) {
        tell_aside(session, _("(The lesson has changed since: this step begins afresh.)"));
        comeback_jump(session, step);
    } else {
        p->step = step;
        record(session, EVENT_RESUME, NULL, NULL);
        comeback_resume(session, progress, step);
    }
}

/* An absolute path, so that the lesson is found again from another folder. */
static char *lasting_name(const char *name)
{
    char *path = strchr(name, '/') ? realpath(name, NULL) : NULL;
    return path ? path : must_copy(name, strlen(name));
}

static void open_new(Session *session, Lesson *lesson, const char *name)
{
    char *lasting = lasting_name(name);
    Playing *p = playing_new(lesson, lasting);
    free(lasting);
    p->language = i18n_language();
    p->visit = new_visit();
    open_workspace(session, p);
}

/* The file may have been written anew since: the words are taken from it, when the rest is the same. */
static bool is_same(const Playing *p, const Lesson *lesson, uint64_t fingerprint)
{
    return p && strcmp(p->lesson.id, lesson->id) == 0 && p->fingerprint == fingerprint;
}

static void take_words(Playing *p, Lesson *lesson)
{
    lesson_release(&p->lesson);
    p->lesson = *lesson;
    *lesson = (Lesson){.count = 0};
    p->language = i18n_language();
    if (p->phase == AT_RUN) playing_open_transcript(p, p->entry_index);
}

/* On the screen: where one is. A set-up that was stopped begins again with its step. */
static void show_place(Session *session)
{
    Playing *p = playing_of(session);
    if (p->phase < AT_RUN) {
        visit_enter(session, p->step);
        return;
    }
    tell_heading(session);
    tell_aside(session, _("(You are back where you were.)"));
    tell_again(session);
}

static void go_back_in(Session *session, Playing *p)
{
    visit_exchange(session, p);
    session_player(session)->playing = p;
}

static void show_title(Session *session)
{
    const Playing *p = playing_of(session);
    fprintf(session_options(session)->out, "%s: %s\n  %s\n", p->lesson.id, p->lesson.title,
            _("(Enter goes on, hint helps, help says more, leave ends.)"));
}

static void open_lesson(Session *session, Lesson *lesson, const char *name, bool begins, size_t step)
{
    Player *player = session_player(session);
    uint64_t fingerprint = lesson_fingerprint(lesson);
    Error ignored;
    Playing *left = is_same(player->left, lesson, fingerprint) ? player->left : NULL;
    if (left) player->left = NULL;
    if (player->playing && !is_same(player->playing, lesson, fingerprint)) player_leave(session, &ignored);
    if (left) go_back_in(session, left);
    if (player->playing) {
        take_words(player->playing, lesson);
        show_title(session);
        if (!begins) show_place(session);
    } else {
        CourseProgress progress = progress_read(session_options(session)->journal);
        open_new(session, lesson, name);
        show_title(session);
        if (!begins) begin_where_left(session, progress_find(&progress, playing_of(session)->lesson.id));
        progress_release(&progress);
    }
    if (begins) comeback_jump(session, step);
}

bool player_begin(Session *session, const char *name, const char *step_name, bool *step_fails, Error *error)
{
    Lesson lesson;
    size_t step = 0;
    if (!library_open(name, &lesson, error)) return false;
    bool found = !step_name || find_step(&lesson, step_name, &step);
    if (found)
        open_lesson(session, &lesson, name, step_name != NULL, step);
    else
        *step_fails = !fail_step(&lesson, step_name, error);
    lesson_release(&lesson);
    return found;
}

static bool resume_last(Session *session, Error *error)
{
    CourseProgress progress = progress_read(session_options(session)->journal);
    const LessonProgress *last = progress.last ? progress_find(&progress, progress.last) : NULL;
    bool ignored, ok = last && player_begin(session, last->name, NULL, &ignored, error);
    if (!last) {
        error_set(error, _("no lesson waits to be resumed"));
        error_hint(error, _("lesson lists them; lesson 1 opens the first"));
    }
    progress_release(&progress);
    return ok;
}

bool player_resume(Session *session, Error *error)
{
    Player *player = session_player(session);
    if (!player->playing && !player->left) return resume_last(session, error);
    if (!player->playing) {
        Playing *left = player->left;
        player->left = NULL;
        go_back_in(session, left);
    }
    show_place(session);
    return true;
}

bool player_leave(Session *session, Error *error)
{
    Arena arena = {0};
    const Playing *p = playing_of(session);
    if (!p) return player_none(error);
    tell(session,
         arena_format(&arena,
                      _("%s is left. Your own models and settings are back; resume goes on where you "
                        "were."),
                      p->lesson.id));
    arena_release(&arena);
    if (p->phase == COMING_BACK)
        visit_close(session); /* half a way back is no place to resume; the journal knows one */
    else
        visit_leave(session);
    return true;
}

void player_reread(Session *session)
{
    Error ignored;
    Lesson lesson;
    Playing *p = playing_of(session);
    p->language = i18n_language();
    if (!library_open(p->name, &lesson, &ignored)) return;
    if (is_same(p, &lesson, lesson_fingerprint(&lesson))) {
        take_words(p, &lesson);
        tell_heading(session);
        const char *prose = asked_prose(step_of(p), p->block);
        if (prose) tell(session, prose);
        tell_again(session);
    }
    lesson_release(&lesson);
}
