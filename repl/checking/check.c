#include "repl/checking/check.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/file.h"
#include "core/base/i18n.h"
#include "core/base/memory.h"
#include "lessons/transcript.h"
#include "repl/checking/course_check.h"
#include "repl/checking/rehearsal.h"
#include "repl/checking/workers.h"

enum { FILE_BYTES_MAX = 4 << 20, DEPTH_MAX = 8 };

/* --- one file --- */

static void report_difference(FILE *out, const char *path, const TranscriptEntry *entry, const char *actual,
                              size_t line)
{
    fprintf(out, _("%s:%zu: lm> %s\n  line %zu of the output differs; written:\n%s\n  printed:\n%s\n"), path,
            entry->line, entry->command, line + 1, entry->expected, actual);
}

static bool check_transcript(const char *path, const char *text, FILE *out, CheckCounts *counts)
{
    Arena arena = {0};
    TranscriptEntry entry;
    Transcript transcript = transcript_open(text, &arena);
    Rehearsal *rehearsal = rehearsal_new(NULL);
    size_t failures = counts->failures;
    while (transcript_next(&transcript, &entry)) {
        size_t line;
        const char *actual = rehearsal_run(rehearsal, entry.command);
        counts->commands++;
        if (transcript_matches(entry.expected, actual, &line)) continue;
        counts->failures++;
        report_difference(out, path, &entry, actual, line);
    }
    rehearsal_free(rehearsal);
    arena_release(&arena);
    return counts->failures == failures;
}

static void check_lesson(const char *path, const char *text, FILE *out, CheckCounts *counts)
{
    CheckCounts own = {0};
    double started = job_clock();
    bool ok = lesson_check(path, text, out, &own);
    if (ok)
        fprintf(out, _("ok %s (%zu steps, %zu commands, %zu questions, %.1f s)\n"), path, own.steps,
                own.commands, own.questions, (job_clock() - started) / 1e3);
    counts->commands += own.commands;
    counts->failures += own.failures;
    counts->lessons += own.lessons;
    counts->steps += own.steps;
    counts->questions += own.questions;
}

static bool is_lesson(const char *path) { return file_ends_in(path, ".md"); }

static bool check_file(const char *path, FILE *out, CheckCounts *counts, Error *error)
{
    char *text;
    size_t length, commands = counts->commands;
    if (!file_read(path, FILE_BYTES_MAX, &text, &length, error)) return false;
    counts->files++;
    if (is_lesson(path))
        check_lesson(path, text, out, counts);
    else if (check_transcript(path, text, out, counts))
        fprintf(out, _("ok %s (%zu commands)\n"), path, counts->commands - commands);
    free(text);
    return true;
}

/* --- all files of a folder --- */

typedef struct {
    Arena arena;
    const char **paths;
    size_t count, capacity;
} Paths;

static int visible(const struct dirent *entry) { return entry->d_name[0] != '.'; }

static void add_path(Paths *paths, const char *path)
{
    paths->paths = must_extend(paths->paths, paths->count, &paths->capacity, sizeof *paths->paths);
    paths->paths[paths->count++] = path;
}

static bool list_folder(const char *folder, int depth, Paths *paths, Error *error);

/* lessons/corpora holds texts, not transcripts. */
static bool list_entry(const char *folder, const char *name, int depth, Paths *paths, Error *error)
{
    const char *path = arena_format(&paths->arena, "%s/%s", folder, name);
    if (file_is_folder(path)) return depth == DEPTH_MAX || list_folder(path, depth + 1, paths, error);
    if (!strstr(path, "corpora/") && (file_ends_in(path, ".txt") || is_lesson(path))) add_path(paths, path);
    return true;
}

static bool list_folder(const char *folder, int depth, Paths *paths, Error *error)
{
    struct dirent **entries;
    bool ok = true;
    int count = scandir(folder, &entries, visible, alphasort);
    if (count < 0) return error_set(error, _("cannot read the folder %s"), folder);
    for (int i = 0; i < count; i++) {
        ok = ok && list_entry(folder, entries[i]->d_name, depth, paths, error);
        free(entries[i]);
    }
    free(entries);
    return ok;
}

static void check_piece(const void *context, size_t index, FILE *out, CheckCounts *counts)
{
    Error error;
    const Paths *paths = context;
    if (check_file(paths->paths[index], out, counts, &error)) return;
    counts->failures++;
    fprintf(out, "%s:1:1: %s\n", paths->paths[index], error.message);
}

static bool check_folder(const char *folder, FILE *out, CheckCounts *counts, Error *error)
{
    Paths paths = {.count = 0};
    bool ok = list_folder(folder, 0, &paths, error);
    if (ok) workers_run(check_piece, &paths, paths.paths, paths.count, out, counts);
    if (ok) course_check(paths.paths, paths.count, out, counts);
    free(paths.paths);
    arena_release(&paths.arena);
    return ok;
}

bool check_path(const char *path, FILE *out, CheckCounts *counts, Error *error)
{
    return file_is_folder(path) ? check_folder(path, out, counts, error)
                                : check_file(path, out, counts, error);
}
