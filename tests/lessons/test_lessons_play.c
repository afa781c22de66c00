/* Every lesson that is compiled in, played as a perfect learner and as every anticipated wrong one. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lessons/embedded.h"
#include "lessons/lesson.h"
#include "repl/checking/lesson_check.h"
#include "tests/support/check.h"
#include "tests/support/course.h"

TestSuite(lessons_play, .timeout = COURSE_TIMEOUT);

static bool is_lesson(const char *path)
{
    size_t length = strlen(path);
    return length > 3 && strcmp(path + length - 3, ".md") == 0 && path[0] >= '0' && path[0] <= '9';
}

ParameterizedTestParameters(lessons_play, every_lesson_plays) { return course_lessons(); }

ParameterizedTest(size_t *index, lessons_play, every_lesson_plays)
{
    const EmbeddedFile *file = &embedded_files[*index];
    char *report = NULL;
    size_t length = 0;
    CheckCounts counts = {0};
    FILE *out = open_memstream(&report, &length);
    bool ok = lesson_check(file->path, file->text, out, &counts);
    fclose(out);
    CHECK_FOR(ok && counts.failures == 0, "%s", report);
    CHECK_FOR(counts.commands > 0, "%s runs nothing", file->path);
    free(report);
}

/* Ids are unique: `needs` names them. */
Test(lessons_play, every_lesson_has_an_id_of_its_own)
{
    const char *seen = " ";
    Arena arena = {0};
    for (const EmbeddedFile *file = embedded_files; file->path; file++) {
        Error error;
        Lesson lesson;
        if (!is_lesson(file->path) || !strstr(file->path, "/en.md")) continue;
        CHECK_FOR(lesson_parse(&lesson, file->text, &error), "%s: %s", file->path, error.message);
        const char *wanted = arena_format(&arena, " %s ", lesson.id);
        CHECK_FOR(lesson.id[0] && lesson.title[0] && lesson.count > 0, "%s is empty", file->path);
        CHECK_FOR(!strstr(seen, wanted), "%s: %s is taken", file->path, lesson.id);
        seen = arena_format(&arena, "%s%s ", seen, lesson.id);
        lesson_release(&lesson);
    }
    arena_release(&arena);
}
