#include "repl/checking/course_check.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/file.h"
#include "core/base/memory.h"
#include "lessons/lesson.h"
#include "lessons/needs.h"
#include "repl/course/library.h"

enum { FILE_BYTES_MAX = 4 << 20 };

typedef struct {
    Lesson *lessons;
    CheckReport *reports;
    Faults *faults;
    NeedsEntry *entries;
    size_t count;
} Course;

static bool read_lesson(const char *path, Lesson *lesson)
{
    Error ignored;
    char *text;
    size_t length;
    if (!file_read(path, FILE_BYTES_MAX, &text, &length, &ignored)) return false;
    bool ok = lesson_parse(lesson, text, &ignored);
    free(text);
    return ok;
}

static void enter(Course *course, const char *path, FILE *out, CheckCounts *counts)
{
    size_t at = course->count;
    if (!file_ends_in(path, ".md") || file_ends_in(path, "/zh.md")) return;
    if (!read_lesson(path, &course->lessons[at])) return;
    course->reports[at] = (CheckReport){path, out, counts};
    course->faults[at] = report_faults(&course->reports[at]);
    course->entries[at] = (NeedsEntry){course->lessons[at].id, course->lessons[at].needs,
                                       course->lessons[at].needs_line, &course->faults[at]};
    course->count++;
}

static bool is_known(const Course *course, const char *id)
{
    for (size_t i = 0; i < course->count; i++)
        if (strcmp(course->entries[i].id, id) == 0) return true;
    return false;
}

/* Lessons of the library may be needed; those checked here stand before them. */
static size_t enter_library(Course *course, const char *const *names)
{
    size_t count = course->count;
    for (size_t i = 0; names[i]; i++) {
        Error ignored;
        if (!library_open(names[i], &course->lessons[count], &ignored)) continue;
        if (is_known(course, course->lessons[count].id)) {
            lesson_release(&course->lessons[count]);
            continue;
        }
        course->entries[count] =
            (NeedsEntry){course->lessons[count].id, course->lessons[count].needs, 1, NULL};
        count++;
    }
    return count;
}

static size_t length_of(const char *const *names)
{
    size_t length = 0;
    while (names[length]) length++;
    return length;
}

void course_check(const char *const *paths, size_t count, FILE *out, CheckCounts *counts)
{
    Arena arena = {0};
    const char *const *names = library_list(&arena);
    size_t most = count + length_of(names) + 1;
    Course course = {.lessons = must_alloc(most, sizeof *course.lessons),
                     .reports = must_alloc(most, sizeof *course.reports),
                     .faults = must_alloc(most, sizeof *course.faults),
                     .entries = must_alloc(most, sizeof *course.entries)};
    for (size_t i = 0; i < count; i++) enter(&course, paths[i], out, counts);
    size_t all = course.count ? enter_library(&course, names) : 0;
    needs_check(course.entries, all);
    for (size_t i = 0; i < all; i++) lesson_release(&course.lessons[i]);
    free(course.lessons);
    free(course.reports);
    free(course.faults);
    free(course.entries);
    arena_release(&arena);
}
