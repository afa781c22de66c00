/* bench.c - speed and memory, printed and never asserted: the program, training, questions, peers.
 *
 * CPU time unless a row says wall; a figure is the median of several runs, the one behind it the least. */
#include "tests/bench/bench.h"

#include <dirent.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/base/memory.h"

enum {
    LABEL_WIDTH = 40,
    FIGURE_WIDTH = 7,
    COLUMN_WIDTH = 2 * FIGURE_WIDTH + 2,
    NARROW_WIDTH = 10,
    RUNS_MAX = 32
};

_Noreturn void bench_fail(const char *what, const Error *error)
{
    fprintf(stderr, "bench: %s%s%s\n", what, error ? ": " : "", error ? error->message : "");
    exit(EXIT_FAILURE);
}

/* --- time --- */

double cpu_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static int ascending(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

Timing timing_of(double *values, size_t count)
{
    qsort(values, count, sizeof *values, ascending);
    return (Timing){.median = values[count / 2], .least = values[0]};
}

Timing timing_measure(int runs, double (*work)(void *), void *context)
{
    double values[RUNS_MAX];
    assert(runs > 0 && runs <= RUNS_MAX);
    work(context);
    for (int i = 0; i < runs; i++) values[i] = work(context);
    return timing_of(values, (size_t)runs);
}

/* --- processes --- */

static pid_t split(void)
{
    fflush(stdout);
    pid_t child = fork();
    if (child < 0) bench_fail("no more processes", NULL);
    return child;
}

static bool reap(pid_t child, Apart *result)
{
    int status;
    struct rusage usage;
    if (wait4(child, &status, 0, &usage) != child) return false;
    result->cpu_ms = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e3 +
                     (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e3;
    result->peak_mb = (double)usage.ru_maxrss * 1024 / 1e6;
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

Apart apart(void (*work)(const void *context, double *values), const void *context)
{
    int ends[2];
    Apart result = {.cpu_ms = 0};
    if (pipe(ends) != 0) bench_fail("no pipe", NULL);
    pid_t child = split();
    if (child == 0) {
        work(context, result.values);
        ssize_t written = write(ends[1], result.values, sizeof result.values);
        _exit(written == sizeof result.values ? EXIT_SUCCESS : EXIT_FAILURE);
    }
    close(ends[1]);
    ssize_t got = read(ends[0], result.values, sizeof result.values);
    close(ends[0]);
    if (!reap(child, &result) || got != sizeof result.values) exit(EXIT_FAILURE);
    return result;
}

static void redirect(const char *path, int flags, int to)
{
    int file = open(path ? path : "/dev/null", flags, 0600);
    if (file < 0 || dup2(file, to) < 0) _exit(EXIT_FAILURE);
}

bool apart_program(const char *const *arguments, const char *in, const char *out, Apart *result)
{
    pid_t child = split();
    if (child == 0) {
        redirect(in, O_RDONLY, STDIN_FILENO);
        redirect(out, O_WRONLY | O_CREAT | O_TRUNC, STDOUT_FILENO);
        redirect(NULL, O_WRONLY, STDERR_FILENO);
        execvp(arguments[0], (char *const *)(uintptr_t)arguments);
        _exit(EXIT_FAILURE);
    }
    return reap(child, result);
}

bool peer_start(const char *const *arguments, Peer *peer)
{
    int to[2], from[2];
    char line[16];
    if (pipe(to) != 0 || pipe(from) != 0) bench_fail("no pipe", NULL);
    pid_t child = split();
    if (child == 0) {
        dup2(to[0], STDIN_FILENO);
        dup2(from[1], STDOUT_FILENO);
        close(to[1]);
        close(from[0]);
        redirect(NULL, O_WRONLY, STDERR_FILENO);
        execvp(arguments[0], (char *const *)(uintptr_t)arguments);
        _exit(EXIT_FAILURE);
    }
    close(to[0]);
    close(from[1]);
    *peer = (Peer){.process = child, .to = fdopen(to[1], "w"), .from = fdopen(from[0], "r")};
    if (!peer->to || !peer->from) bench_fail("no pipe", NULL);
    return fgets(line, sizeof line, peer->from) && strcmp(line, "ready\n") == 0;
}

double peer_ask(Peer *peer, const char *line)
{
    double figure;
    fprintf(peer->to, "%s\n", line);
    fflush(peer->to);
    if (fscanf(peer->from, "%lf", &figure) != 1) bench_fail(line, NULL);
    return figure;
}

Apart peer_stop(Peer *peer)
{
    Apart result = {.cpu_ms = 0};
    fclose(peer->to);
    fclose(peer->from);
    reap(peer->process, &result);
    return result;
}

static void section(void (*run)(const Bench *), const Bench *bench)
{
    Apart result;
    pid_t child = split();
    if (child == 0) {
        run(bench);
        exit(EXIT_SUCCESS);
    }
    if (!reap(child, &result)) fprintf(stderr, "bench: a section failed\n");
}

/* --- rows --- */

void row_begin(const char *label) { printf("  %-*s", LABEL_WIDTH, label); }

void row_columns(const char *label, const char *format, const int *columns, size_t count)
{
    char text[COLUMN_WIDTH];
    printf("%-*s", LABEL_WIDTH + 2, label);
    for (size_t i = 0; i < count; i++) {
        snprintf(text, sizeof text, "%s%d", format, columns[i]);
        printf("%*s%*s", FIGURE_WIDTH, text, COLUMN_WIDTH - FIGURE_WIDTH, "");
    }
    putchar('\n');
}

/* Three digits, or all those before the point. */
static int decimals(double value) { return value < 0.995 ? 3 : value < 9.95 ? 2 : value < 99.5 ? 1 : 0; }

static void figure(double value) { printf("%*.*f", FIGURE_WIDTH, decimals(value), value); }

void row_figure(double value)
{
    figure(value);
    printf("%*s", COLUMN_WIDTH - FIGURE_WIDTH, "");
}

void narrow_columns(const char *label, const char *const *columns, size_t count)
{
    printf("%-*s", LABEL_WIDTH + 2, label);
    for (size_t i = 0; i < count; i++) printf("%*s ", NARROW_WIDTH - 1, columns[i]);
    putchar('\n');
}

void narrow_figure(double value)
{
    if (isnan(value))
        printf("%*s", NARROW_WIDTH, "");
    else
        printf("%*.*f ", NARROW_WIDTH - 1, decimals(value), value);
}

void row_timing(Timing timing)
{
    char least[COLUMN_WIDTH];
    snprintf(least, sizeof least, "(%.*f)", decimals(timing.least), timing.least);
    figure(timing.median);
    printf(" %-*s", COLUMN_WIDTH - FIGURE_WIDTH - 1, least);
}

void row_end(const char *unit, const char *bar)
{
    printf("%s%s%s%s\n", unit, bar ? " (bar " : "", bar ? bar : "", bar ? ")" : "");
}

/* --- the run --- */

char *bench_path(const Bench *bench, const char *name)
{
    size_t size = strlen(bench->folder) + strlen(name) + 2;
    char *path = must_alloc(size, 1);
    snprintf(path, size, "%s/%s", bench->folder, name);
    return path;
}

static void remove_folder(const Bench *bench)
{
    DIR *folder = opendir(bench->folder);
    for (struct dirent *entry; folder && (entry = readdir(folder));) {
        char *path = bench_path(bench, entry->d_name);
        if (entry->d_name[0] != '.') unlink(path);
        free(path);
    }
    if (folder) closedir(folder);
    rmdir(bench->folder);
}

static void print_machine(void)
{
    char line[256], model[256] = "unknown processor";
    FILE *file = fopen("/proc/cpuinfo", "r");
    while (file && fgets(line, sizeof line, file))
        if (sscanf(line, "model name : %255[^\n]", model) == 1) break;
    if (file) fclose(file);
    printf("%s, %ld cores; one thread, CPU time: medians, and the least of all runs (in brackets)\n", model,
           sysconf(_SC_NPROCESSORS_ONLN));
}

static const struct {
    const char *name;
    void (*run)(const Bench *bench);
} sections[] = {
    {"program", bench_program}, {"training", bench_training}, {"questions", bench_questions},
    {"peers", bench_peers},     {"growth", bench_growth},     {"networks", bench_networks},
    {"stories", bench_stories},
};

static bool is_wanted(const char *name, char **wanted)
{
    for (char **word = wanted; *word; word++)
        if (strcmp(*word, name) == 0) return true;
    return !*wanted;
}

/* The sections named, or all. */
int main(int count, char **arguments)
{
    Bench bench = {.folder = "/tmp/lmsh-bench-XXXXXX"};
    memory_tune();
    (void)count;
    if (!mkdtemp(bench.folder)) bench_fail("no folder for temporary files", NULL);
    print_machine();
    text_prepare(&bench);
    for (size_t i = 0; i < COUNT_OF(sections); i++)
        if (is_wanted(sections[i].name, arguments + 1)) section(sections[i].run, &bench);
    remove_folder(&bench);
    return EXIT_SUCCESS;
}
