#include "repl/course/progress.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/memory.h"

static const char *keep(CourseProgress *progress, const char *text)
{
    return arena_copy(&progress->arena, text, strlen(text));
}

static bool is_among(const Names *names, const char *name)
{
    for (size_t i = 0; i < names->count; i++)
        if (strcmp(names->at[i], name) == 0) return true;
    return false;
}

static void add_name(CourseProgress *progress, Names *names, const char *name)
{
    names->at = must_extend(names->at, names->count, &names->capacity, sizeof *names->at);
    names->at[names->count++] = keep(progress, name);
}

static void drop_name(Names *names, const char *name)
{
    size_t kept = 0;
    for (size_t i = 0; i < names->count; i++)
        if (strcmp(names->at[i], name) != 0) names->at[kept++] = names->at[i];
    names->count = kept;
}

static LessonProgress *find(const CourseProgress *progress, const char *id)
{
    for (size_t i = 0; i < progress->count; i++)
        if (strcmp(progress->lessons[i].id, id) == 0) return &progress->lessons[i];
    return NULL;
}

static LessonProgress *find_or_add(CourseProgress *progress, const char *id)
{
    LessonProgress *found = find(progress, id);
    if (found) return found;
    progress->lessons =
        must_extend(progress->lessons, progress->count, &progress->capacity, sizeof *progress->lessons);
    progress->lessons[progress->count] = (LessonProgress){.id = keep(progress, id), .name = "", .step = ""};
    return &progress->lessons[progress->count++];
}

/* --- events --- */

static void begin(CourseProgress *progress, LessonProgress *lesson, const Event *event)
{
    lesson->name = keep(progress, event->text);
    lesson->visit = event->visit;
    lesson->fingerprint = event->fingerprint;
    lesson->open = true;
    lesson->finished = false;
    lesson->step = "";
    lesson->waited = false;
    lesson->block = lesson->entry = 0;
    lesson->entered.count = 0;
    lesson->change_count = 0;
}

/* What has changed since the step was first entered is taken back. */
static void enter(CourseProgress *progress, LessonProgress *lesson, const Event *event)
{
    size_t at = 0;
    while (at < lesson->entered.count && strcmp(lesson->entered.at[at], event->step) != 0) at++;
    for (size_t i = at; i < lesson->entered.count; i++) {
        size_t kept = 0;
        for (size_t c = 0; c < lesson->change_count; c++)
            if (strcmp(lesson->changes[c].step, lesson->entered.at[i]) != 0)
                lesson->changes[kept++] = lesson->changes[c];
        lesson->change_count = kept;
    }
    lesson->entered.count = at;
    add_name(progress, &lesson->entered, event->step);
    lesson->step = keep(progress, event->step);
    lesson->block = lesson->entry = 0;
    lesson->credit = true;
    lesson->waited = false;
}

static void change(CourseProgress *progress, LessonProgress *lesson, const Event *event)
{
    lesson->changes =
        must_extend(lesson->changes, lesson->change_count, &lesson->change_capacity, sizeof *lesson->changes);
    lesson->changes[lesson->change_count++] =
        (Change){keep(progress, event->step), keep(progress, event->text), event->kind == EVENT_DID};
}

static void predict(CourseProgress *progress, LessonProgress *lesson, const Event *event)
{
    Prediction made = {keep(progress, event->step), event->block, NAN, NAN, NAN};
    for (size_t i = 0; i < lesson->prediction_count; i++)
        if (lesson->predictions[i].block == made.block && strcmp(lesson->predictions[i].step, made.step) == 0)
            return;
    if (!progress_price(event->result, &made.bits, &made.least, &made.even)) made.even = NAN;
    lesson->predictions = must_extend(lesson->predictions, lesson->prediction_count,
                                      &lesson->prediction_capacity, sizeof *lesson->predictions);
    lesson->predictions[lesson->prediction_count++] = made;
}

static void forget_lesson(LessonProgress *lesson)
{
    lesson->done.count = lesson->entered.count = 0;
    lesson->change_count = lesson->prediction_count = lesson->hints = 0;
    lesson->open = lesson->finished = false;
}

static void forget_step(LessonProgress *lesson, const char *step)
{
    size_t kept = 0;
    drop_name(&lesson->done, step);
    for (size_t i = 0; i < lesson->prediction_count; i++)
        if (strcmp(lesson->predictions[i].step, step) != 0)
            lesson->predictions[kept++] = lesson->predictions[i];
    lesson->prediction_count = kept;
}

static void reset(CourseProgress *progress, LessonProgress *lesson, const Event *event)
{
    if (*event->step) {
        forget_step(lesson, event->step);
        return;
    }
    for (size_t i = 0; i < progress->count; i++)
        if (!*event->lesson || &progress->lessons[i] == lesson) forget_lesson(&progress->lessons[i]);
}

/* Where the learner is, and what brought the workspace there: of the last visit alone. */
static void follow(CourseProgress *progress, LessonProgress *lesson, const Event *event)
{
    switch (event->kind) {
    case EVENT_ENTER: enter(progress, lesson, event); break;
    case EVENT_AT:
        lesson->waited = true;
        lesson->block = event->block;
        lesson->entry = strtoul(event->text, NULL, 10);
        break;
    case EVENT_SETUP:
    case EVENT_SHOWN:
    case EVENT_DID: change(progress, lesson, event); break;
    case EVENT_TOLD:
    case EVENT_SKIPPED: lesson->credit = false; break;
    case EVENT_FINISH:
        lesson->finished = true;
        lesson->open = false;
        break;
    default: break;
    }
    progress->last = lesson->id;
}

static void take(void *context, const Event *event)
{
    CourseProgress *progress = context;
    LessonProgress *lesson = find_or_add(progress, event->lesson);
    if (event->kind == EVENT_BEGIN) begin(progress, lesson, event);
    if (event->kind == EVENT_RESUME) lesson->visit = event->visit;
    if (event->kind == EVENT_PREDICT) predict(progress, lesson, event);
    if (event->kind == EVENT_HINT) lesson->hints++;
    if (event->kind == EVENT_DONE && !is_among(&lesson->done, event->step))
        add_name(progress, &lesson->done, event->step);
    if (event->kind == EVENT_RESET)
        reset(progress, lesson, event);
    else if (event->visit == lesson->visit)
        follow(progress, lesson, event);
}

CourseProgress progress_read(const char *path)
{
    CourseProgress progress = {.last = NULL};
    journal_read(path, take, &progress);
    const LessonProgress *last = progress.last ? find(&progress, progress.last) : NULL;
    if (!last || !last->open) progress.last = NULL;
    return progress;
}

void progress_release(CourseProgress *progress)
{
    for (size_t i = 0; i < progress->count; i++) {
        free(progress->lessons[i].done.at);
        free(progress->lessons[i].entered.at);
        free(progress->lessons[i].changes);
        free(progress->lessons[i].predictions);
    }
    free(progress->lessons);
    arena_release(&progress->arena);
    *progress = (CourseProgress){.last = NULL};
}

/* --- questions --- */

const LessonProgress *progress_find(const CourseProgress *progress, const char *id)
{
    return find(progress, id);
}

bool progress_is_done(const LessonProgress *lesson, const char *step)
{
    return lesson && is_among(&lesson->done, step);
}

bool progress_price(const char *result, double *bits, double *least, double *even)
{
    double *const numbers[] = {bits, least, even};
    for (size_t i = 0; i < COUNT_OF(numbers); i++) {
        char *end;
        *numbers[i] = strtod(result, &end);
        if (end == result) return false;
        result = end;
    }
    return !isnan(*bits) && !isnan(*least);
}

size_t progress_bits(const CourseProgress *progress, const LessonProgress *lesson, double *bits, double *even)
{
    size_t count = 0;
    *bits = *even = 0;
    for (size_t l = 0; l < progress->count; l++) {
        const LessonProgress *one = &progress->lessons[l];
        for (size_t i = 0; (!lesson || lesson == one) && i < one->prediction_count; i++) {
            if (isnan(one->predictions[i].even)) continue;
            *bits += one->predictions[i].bits;
            *even += one->predictions[i].even;
            count++;
        }
    }
    *bits = count ? *bits / (double)count : NAN;
    *even = count ? *even / (double)count : NAN;
    return count;
}
