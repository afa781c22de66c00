#include "repl/course/library.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/file.h"
#include "core/base/i18n.h"
#include "core/base/memory.h"
#include "lessons/embedded.h"

enum { LESSON_BYTES_MAX = 4 << 20, LESSONS_MAX = 100 };

static bool is_lesson_name(const char *name) { return name[0] >= '0' && name[0] <= '9' && strchr(name, '-'); }

static void add_name(Arena *arena, const char **names, size_t *count, const char *name, size_t length)
{
    for (size_t i = 0; i < *count; i++)
        if (strlen(names[i]) == length && memcmp(names[i], name, length) == 0) return;
    if (*count < LESSONS_MAX) names[(*count)++] = arena_copy(arena, name, length);
}

static int by_name(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static void list_folder(const char *folder, Arena *arena, const char **names, size_t *count)
{
    DIR *entries = opendir(folder);
    for (struct dirent *entry; entries && (entry = readdir(entries));)
        if (is_lesson_name(entry->d_name))
            add_name(arena, names, count, entry->d_name, strlen(entry->d_name));
    if (entries) closedir(entries);
    qsort(names, *count, sizeof *names, by_name);
}

const char *const *library_list(Arena *arena)
{
    const char **names = arena_alloc(arena, LESSONS_MAX + 1, sizeof *names), *folder = getenv("LMSH_LESSONS");
    size_t count = 0;
    if (folder) list_folder(folder, arena, names, &count);
    for (const EmbeddedFile *file = embedded_files; !folder && file->path; file++)
        if (is_lesson_name(file->path)) add_name(arena, names, &count, file->path, strcspn(file->path, "/"));
    return names;
}

static bool parse(const char *text, const char *path, Lesson *lesson, Error *error)
{
    Error inner;
    if (lesson_parse(lesson, text, &inner)) return true;
    error_set(error, "%s:%s", path, inner.message);
    return error_hint(error, "%s", inner.hint);
}

static bool open_file(const char *path, Lesson *lesson, Error *error)
{
    char *text;
    size_t length;
    if (!file_read(path, LESSON_BYTES_MAX, &text, &length, error)) return false;
    bool ok = parse(text, path, lesson, error);
    free(text);
    return ok;
}

/* A lesson's file in one language: below $LMSH_LESSONS, or among those compiled in. */
static const char *file_of(const char *folder, const char *language, Arena *arena)
{
    const char *root = getenv("LMSH_LESSONS");
    return root ? arena_format(arena, "%s/%s/%s.md", root, folder, language)
                : arena_format(arena, "%s/%s.md", folder, language);
}

static bool is_there(const char *path)
{
    return getenv("LMSH_LESSONS") ? file_is_regular(path) : embedded_text(path) != NULL;
}

/* `folder` is the lesson's own, "01-table"; where a language is missing, English stands in. */
static bool open_listed(const char *folder, Lesson *lesson, Error *error)
{
    Arena arena = {0};
    const char *path = file_of(folder, i18n_language(), &arena);
    if (!is_there(path)) path = file_of(folder, "en", &arena);
    bool ok = getenv("LMSH_LESSONS") ? open_file(path, lesson, error)
                                     : parse(embedded_text(path), path, lesson, error);
    arena_release(&arena);
    return ok;
}

static bool is_number_of(const char *name, const char *folder)
{
    char *end;
    long wanted = strtol(name, &end, 10);
    return *name && *end == '\0' && wanted == strtol(folder, NULL, 10);
}

static bool open_named(const char *name, Lesson *lesson, Error *error)
{
    Arena arena = {0};
    bool found = false, ok = false;
    for (const char *const *folder = library_list(&arena); *folder && !found; folder++) {
        found = is_number_of(name, *folder) || strcmp(name, *folder) == 0 ||
                strcmp(name, strchr(*folder, '-') + 1) == 0;
        if (found) ok = open_listed(*folder, lesson, error);
    }
    if (!found) {
        error_set(error, _("there is no lesson '%.60s'"), name);
        error_hint(error, _("lesson lists them; a path opens a file: lesson ./mine.md"));
    }
    arena_release(&arena);
    return ok;
}

bool library_open(const char *name, Lesson *lesson, Error *error)
{
    return strchr(name, '/') ? open_file(name, lesson, error) : open_named(name, lesson, error);
}
