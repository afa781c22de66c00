/* lesson.c - lists the lessons with what the learner has done of them, and opens one. */
#include <math.h>
#include <string.h>

#include "core/base/i18n.h"
#include "repl/commands/commands.h"
#include "repl/course/library.h"
#include "repl/course/player.h"
#include "repl/course/playing.h"
#include "repl/course/progress.h"
#include "repl/session.h"

typedef struct {
    int number, id, title, minutes, steps, done, share, bits, state;
} Columns;

static Columns add_columns(Result *result)
{
    result_table(result, "rows");
    return (Columns){.number = result_column(result, "number", "no.", UNIT_NONE, false),
                     .id = result_column(result, "id", NULL, UNIT_NONE, false),
                     .title = result_column(result, "title", "lesson", UNIT_NONE, false),
                     .minutes = result_column(result, "minutes", "min", UNIT_NONE, false),
                     .steps = result_column(result, "steps", NULL, UNIT_NONE, false),
                     .done = result_column(result, "done", NULL, UNIT_NONE, false),
                     .share = result_column(result, NULL, "steps", UNIT_NONE, false),
                     .bits = result_column(result, "bits", "bits", UNIT_BITS, false),
                     .state = result_column(result, "state", "state", UNIT_NONE, false)};
}

static size_t steps_done(const Lesson *lesson, const LessonProgress *progress)
{
    size_t done = 0;
    for (size_t i = 0; i < lesson->count; i++)
        done += lesson->steps[i].id[0] && progress_is_done(progress, lesson->steps[i].id);
    return done;
}

static Value copy_text(Arena *arena, const char *text)
{
    return value_text(arena_copy(arena, text, strlen(text)));
}

/* Its words are keys, as in every result: the same in both languages. */
static const char *state_of(const Lesson *lesson, const LessonProgress *progress)
{
    if (steps_done(lesson, progress) == playing_count(lesson)) return "done";
    return progress && progress->open ? "open" : "";
}

static void add_lesson(Result *result, const Columns *columns, const char *folder, const Lesson *lesson,
                       const CourseProgress *course)
{
    double bits, even;
    const LessonProgress *progress = progress_find(course, lesson->id);
    size_t count = playing_count(lesson), done = steps_done(lesson, progress);
    Value *cells = result_row(result);
    cells[columns->number] = value_text(arena_copy(result->arena, folder, strcspn(folder, "-")));
    cells[columns->id] = copy_text(result->arena, lesson->id);
    cells[columns->title] = copy_text(result->arena, lesson->title);
    cells[columns->minutes] = copy_text(result->arena, lesson->minutes);
    cells[columns->steps] = value_count(count);
    cells[columns->done] = value_count(done);
    cells[columns->share] = value_text(arena_format(result->arena, "%zu/%zu", done, count));
    if (progress && progress_bits(course, progress, &bits, &even) > 0)
        cells[columns->bits] = value_number(bits);
    cells[columns->state] = value_text(state_of(lesson, progress));
}

/* The learner's own cross-entropy, beside what even odds would have cost on the same questions. */
static void add_score(Result *result, const CourseProgress *course)
{
    double bits, even;
    size_t count = progress_bits(course, NULL, &bits, &even);
    result_field(result, "predictions", NULL, UNIT_NONE, value_count(count));
    result_field(result, "bits_per_prediction", NULL, UNIT_BITS, value_number(bits));
    result_field(result, "even_odds_bits", NULL, UNIT_BITS, value_number(even));
    if (count > 0)
        result_note(
            result,
            _("Your predictions: %.3g bits each over %zu; even odds would have cost %.3g. Fewer is better."),
            bits, count, even);
}

static bool list(Session *session, const Call *call, Result *result)
{
    Error ignored;
    Columns columns = add_columns(result);
    CourseProgress course = progress_read(session_options(session)->journal);
    for (const char *const *folder = library_list(call->arena); *folder; folder++) {
        Lesson lesson;
        if (!library_open(*folder, &lesson, &ignored)) continue;
        add_lesson(result, &columns, *folder, &lesson, &course);
        lesson_release(&lesson);
    }
    add_score(result, &course);
    result_note(result, course.last || session_player(session)->left
                            ? _("resume goes on where you were; lesson 1 opens the first one.")
                            : _("lesson 1 opens the first one."));
    progress_release(&course);
    return true;
}

static bool run(Session *session, Call *call, Result *result, Error *error)
{
    if (call->word_count == 0) return list(session, call, result);
    const char *step = call->word_count > 1 ? call->words[1].text : NULL;
    bool step_fails = false;
    if (player_begin(session, call->words[0].text, step, &step_fails, error)) return true;
    const Word *word = &call->words[step_fails];
    return error_place(error, word->start, word->length);
}

const Command lesson_command = {
    .name = "lesson",
    .aliases = "lessons",
    .family = N_("lessons"),
    .usage = "[NUMBER|FILE [STEP]]",
    .summary = N_("List the lessons with your progress, or open one where you were, or at a step"),
    .example = "lesson 1",
    .words = WORDS_LESSON,
    .most = 2,
    .shell = true,
    .unwritten = true,
    .run = run,
};
