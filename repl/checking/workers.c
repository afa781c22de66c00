#include "repl/checking/workers.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/i18n.h"
#include "core/base/memory.h"

enum { PROCESSES_MAX = 16 };

typedef struct {
    pid_t process; /* 0: not begun, or done */
    FILE *report;  /* until it has been shown */
    int status;
    bool done;
} Piece;

typedef struct {
    Work *work;
    const void *context;
    const char *const *names;
    size_t count, begun, shown, running;
    Piece *pieces;
    CheckCounts *found; /* (count), shared with the processes */
    FILE *out;
    CheckCounts *counts;
} Workers;

static void add(CheckCounts *sum, const CheckCounts *more)
{
    sum->files += more->files;
    sum->commands += more->commands;
    sum->failures += more->failures;
    sum->lessons += more->lessons;
    sum->steps += more->steps;
    sum->questions += more->questions;
}

/* Begins the next piece; false where the system gives no process or file for it. */
static bool begin(Workers *w)
{
    Piece *piece = &w->pieces[w->begun];
    if (!(piece->report = tmpfile())) return false;
    fflush(NULL); /* what waits to be written would be written twice */
    piece->process = fork();
    if (piece->process < 0) return false;
    if (piece->process == 0) {
        signal(SIGINT, SIG_DFL);
        w->work(w->context, w->begun, piece->report, &w->found[w->begun]);
        fflush(piece->report);
        _exit(EXIT_SUCCESS);
    }
    w->begun++;
    w->running++;
    return true;
}

static void wait_for_one(Workers *w)
{
    int status;
    pid_t process = wait(&status);
    for (size_t i = w->shown; i < w->begun; i++) {
        Piece *piece = &w->pieces[i];
        if (piece->done || (process > 0 && piece->process != process)) continue;
        *piece = (Piece){.report = piece->report, .status = process > 0 ? status : -1, .done = true};
        w->running--;
        if (process > 0) return;
    }
}

static void show(Workers *w, size_t index)
{
    Piece *piece = &w->pieces[index];
    char part[4096];
    rewind(piece->report);
    for (size_t length; (length = fread(part, 1, sizeof part, piece->report)) > 0;)
        fwrite(part, 1, length, w->out);
    fclose(piece->report);
    add(w->counts, &w->found[index]);
    if (piece->status == 0) return;
    w->counts->failures++;
    fprintf(w->out, _("%s:1:1: the check of this file broke off\n"), w->names[index]);
}

static void run_all(Workers *w, size_t processes)
{
    while (w->shown < w->count) {
        while (w->running < processes && w->begun < w->count && begin(w)) continue;
        if (w->running > 0) wait_for_one(w);
        if (w->running == 0 && w->begun == w->shown) { /* no process to be had */
            if (w->pieces[w->begun].report) fclose(w->pieces[w->begun].report);
            w->work(w->context, w->begun, w->out, w->counts);
            w->shown = ++w->begun;
        }
        for (; w->shown < w->begun && w->pieces[w->shown].done; w->shown++) show(w, w->shown);
        fflush(w->out);
    }
}

void workers_run(Work *work, const void *context, const char *const *names, size_t count, FILE *out,
                 CheckCounts *counts)
{
    long online = sysconf(_SC_NPROCESSORS_ONLN);
    size_t processes = online < 1 ? 1 : online > PROCESSES_MAX ? PROCESSES_MAX : (size_t)online;
    size_t bytes = count * sizeof *counts;
    CheckCounts *found =
        count > 1 ? mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0) : MAP_FAILED;
    if (found == MAP_FAILED) {
        for (size_t i = 0; i < count; i++) work(context, i, out, counts);
        return;
    }
    Workers w = {.work = work,
                 .context = context,
                 .names = names,
                 .count = count,
                 .pieces = must_alloc(count, sizeof *w.pieces),
                 .found = found,
                 .out = out,
                 .counts = counts};
    run_all(&w, processes);
    free(w.pieces);
    munmap(found, bytes);
}
