#include "repl/course/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/base/i18n.h"
#include "core/base/memory.h"

enum { FIELDS = 12 }; /* with the checksum */

static const char *const names[] = {
    [EVENT_BEGIN] = "begin", [EVENT_RESUME] = "resume",   [EVENT_ENTER] = "enter",
    [EVENT_AT] = "at",       [EVENT_SETUP] = "setup",     [EVENT_DID] = "did",
    [EVENT_SHOWN] = "shown", [EVENT_RAN] = "ran",         [EVENT_WRONG] = "wrong",
    [EVENT_RIGHT] = "right", [EVENT_PREDICT] = "predict", [EVENT_SOLVED] = "solved",
    [EVENT_HINT] = "hint",   [EVENT_TOLD] = "told",       [EVENT_SKIPPED] = "skipped",
    [EVENT_DONE] = "done",   [EVENT_FINISH] = "finish",   [EVENT_RESET] = "reset",
};

const char *journal_path(Arena *arena)
{
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    if (state && state[0] == '/') return arena_format(arena, "%s/lmsh/journal", state);
    return home && home[0] ? arena_format(arena, "%s/.local/state/lmsh/journal", home) : NULL;
}

/* FNV-1a: against lines torn or run together, not against malice. */
static uint32_t checksum(const char *text, size_t length)
{
    uint32_t sum = 0x811C9DC5U;
    for (size_t i = 0; i < length; i++) sum = (sum ^ (unsigned char)text[i]) * 0x01000193U;
    return sum;
}

/* --- writing --- */

static const char *escape(Arena *arena, const char *text)
{
    char *copy = arena_alloc(arena, 2 * strlen(text) + 1, 1), *end = copy;
    for (; *text; text++) {
        const char *written = *text == '\t' ? "\\t" : *text == '\n' ? "\\n" : *text == '\\' ? "\\\\" : NULL;
        if (written) *end++ = '\\';
        *end = *text;
        if (written) *end = written[1];
        end++;
    }
    return copy;
}

static const char *now(Arena *arena)
{
    struct tm parts;
    time_t seconds = time(NULL);
    char *text = arena_alloc(arena, 32, 1);
    strftime(text, 32, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&seconds, &parts));
    return text;
}

static const char *line_of(Arena *arena, const Event *event)
{
    const char *line = arena_format(
        arena, "1\t%s\t%016" PRIx64 "\t%s\t%016" PRIx64 "\t%s\t%zu\t%s\t%zu\t%s\t%s", now(arena),
        event->visit, escape(arena, event->lesson), event->fingerprint, escape(arena, event->step),
        event->block, names[event->kind], event->hints, escape(arena, event->text ? event->text : ""),
        escape(arena, event->result ? event->result : ""));
    return arena_format(arena, "%s\t%08" PRIx32 "\n", line, checksum(line, strlen(line)));
}

/* mkdir -p for the folders above `path`. */
static void make_parents(const char *path)
{
    char *folder = must_copy(path, strlen(path));
    for (char *slash = strchr(folder + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(folder, 0700);
        *slash = '/';
    }
    free(folder);
}

/* The end of a line that a crash has torn: the next one must not become part of it. */
static bool ends_in_a_line(int file)
{
    char last = '\n';
    off_t length = lseek(file, 0, SEEK_END);
    return length <= 0 || (pread(file, &last, 1, length - 1) == 1 && last == '\n');
}

static bool open_journal(Journal *journal, const char *path)
{
    if (journal->file > 0) return true;
    make_parents(path);
    journal->file = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK, 0600);
    return journal->file > 0 && (ends_in_a_line(journal->file) || write(journal->file, "\n", 1) == 1);
}

bool journal_append(Journal *journal, const char *path, const Event *event, Error *error)
{
    if (!path || journal->failed) return true;
    Arena arena = {0};
    const char *line = line_of(&arena, event);
    ssize_t length = (ssize_t)strlen(line);
    errno = 0;
    bool ok = open_journal(journal, path) && write(journal->file, line, (size_t)length) == length;
    arena_release(&arena);
    if (ok) return true;
    journal->failed = true;
    return error_set(error, _("progress cannot be written to %s: %s"), path,
                     strerror(errno ? errno : ENOSPC));
}

void journal_close(Journal *journal)
{
    if (journal->file > 0) close(journal->file);
    *journal = (Journal){0};
}

/* --- reading --- */

static void unescape(char *text)
{
    char *end = text;
    for (; *text; text++) {
        bool escaped = *text == '\\' && text[1];
        if (escaped) text++;
        *end = *text;
        if (escaped && *text == 't') *end = '\t';
        if (escaped && *text == 'n') *end = '\n';
        end++;
    }
    *end = '\0';
}

static bool find_kind(const char *name, EventKind *kind)
{
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        if (strcmp(names[i], name) != 0) continue;
        *kind = (EventKind)i;
        return true;
    }
    return false;
}

/* Cuts the line into its fields; false when it is not one of ours, whole. */
static bool take_apart(char *line, size_t length, Event *event)
{
    char *fields[FIELDS], *last = strrchr(line, '\t');
    size_t count = 0;
    if (length != strlen(line) || !last || strncmp(line, "1\t", 2) != 0) return false;
    if (checksum(line, (size_t)(last - line)) != strtoul(last + 1, NULL, 16)) return false;
    for (char *at = line, *tab; at && count < FIELDS; at = tab) {
        if ((tab = strchr(at, '\t'))) *tab++ = '\0';
        unescape(at);
        fields[count++] = at;
    }
    *event = (Event){.time = fields[1], .lesson = fields[3]};
    if (count != FIELDS || !find_kind(fields[7], &event->kind)) return false;
    event->visit = strtoull(fields[2], NULL, 16);
    event->fingerprint = strtoull(fields[4], NULL, 16);
    event->step = fields[5];
    event->block = strtoul(fields[6], NULL, 10);
    event->hints = strtoul(fields[8], NULL, 10);
    event->text = fields[9];
    event->result = fields[10];
    return true;
}

void journal_read(const char *path, void (*visit)(void *context, const Event *event), void *context)
{
    struct stat status;
    char *line = NULL;
    size_t capacity = 0;
    ssize_t length;
    FILE *file = path && stat(path, &status) == 0 && S_ISREG(status.st_mode) ? fopen(path, "re") : NULL;
    while (file && (length = getline(&line, &capacity, file)) > 0) {
        Event event;
        if (line[length - 1] != '\n') break; /* torn, or being written */
        line[--length] = '\0';
        if (take_apart(line, (size_t)length, &event)) visit(context, &event);
    }
    free(line);
    if (file) fclose(file);
}
