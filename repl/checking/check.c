#include "repl/checking/check.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/file.h"
#include "core/base/i18n.h"
#include "lessons/transcript.h"
#include "repl/checking/rehearsal.h"

enum { FILE_BYTES_MAX = 4 << 20, DEPTH_MAX = 8 };

static void report_difference(FILE *report, const char *path, const TranscriptEntry *entry,
                              const char *actual, size_t line)
{
    fprintf(report, _("%s:%zu: lm> %s\n  line %zu of the output differs; written:\n%s\n  printed:\n%s\n"),
            path, entry->line, entry->command, line + 1, entry->expected, actual);
}

static bool check_transcript(const char *path, const char *text, FILE *report, CheckCounts *counts)
{
    Arena arena = {0};
    TranscriptEntry entry;
    Transcript transcript = transcript_open(text, &arena);
    Rehearsal *rehearsal = rehearsal_new();
    size_t failures = counts->failures;
    while (transcript_next(&transcript, &entry)) {
        size_t line;
        const char *actual = rehearsal_run(rehearsal, entry.command);
        counts->commands++;
        if (transcript_matches(entry.expected, actual, &line)) continue;
        counts->failures++;
        report_difference(report, path, &entry, actual, line);
    }
    rehearsal_free(rehearsal);
    arena_release(&arena);
    return counts->failures == failures;
}

static bool has_ending(const char *path, const char *ending)
{
    size_t length = strlen(path), tail = strlen(ending);
    return length > tail && strcmp(path + length - tail, ending) == 0;
}

static bool check_file(const char *path, FILE *report, CheckCounts *counts, Error *error)
{
    char *text;
    size_t length, commands = counts->commands;
    if (!file_read(path, FILE_BYTES_MAX, &text, &length, error)) return false;
    counts->files++;
    bool ok = has_ending(path, ".md") ? lesson_check(path, text, report, counts)
                                      : check_transcript(path, text, report, counts);
    if (ok) fprintf(report, _("ok %s (%zu commands)\n"), path, counts->commands - commands);
    free(text);
    return true;
}

static bool check_entry(const char *folder, const char *name, int depth, FILE *report, CheckCounts *counts,
                        Error *error);

static int visible(const struct dirent *entry) { return entry->d_name[0] != '.'; }

static bool check_folder(const char *folder, int depth, FILE *report, CheckCounts *counts, Error *error)
{
    struct dirent **entries;
    bool ok = true;
    int count = scandir(folder, &entries, visible, alphasort);
    if (count < 0) return error_set(error, _("cannot read the folder %s"), folder);
    for (int i = 0; i < count; i++) {
        ok = ok && check_entry(folder, entries[i]->d_name, depth, report, counts, error);
        free(entries[i]);
    }
    free(entries);
    return ok;
}

static bool check_entry(const char *folder, const char *name, int depth, FILE *report, CheckCounts *counts,
                        Error *error)
{
    Arena arena = {0};
    bool ok = true;
    const char *path = arena_format(&arena, "%s/%s", folder, name);
    bool corpus = strstr(path, "corpora/") != NULL; /* lessons/corpora holds texts, not transcripts */
    if (file_is_folder(path) && depth < DEPTH_MAX)
        ok = check_folder(path, depth + 1, report, counts, error);
    else if (!corpus && (has_ending(path, ".txt") || has_ending(path, ".md")))
        ok = check_file(path, report, counts, error);
    arena_release(&arena);
    return ok;
}

bool check_path(const char *path, FILE *report, CheckCounts *counts, Error *error)
{
    return file_is_folder(path) ? check_folder(path, 0, report, counts, error)
                                : check_file(path, report, counts, error);
}
