/* bench_program.c - the whole program: how soon it is there, and one line through the whole shell. */
#include <pty.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/job.h"
#include "repl/checking/rehearsal.h"
#include "tests/bench/bench.h"

enum { RUNS = 9, TIMES = 20 };

static double start_to_prompt(void *context)
{
    (void)context;
    int terminal;
    char seen[4096] = "";
    size_t length = 0;
    double begin = job_clock();
    pid_t child = forkpty(&terminal, NULL, NULL, NULL);
    if (child == 0) {
        setenv("TERM", "dumb", 1);
        execl(PROGRAM, PROGRAM, "--norc", (char *)NULL);
        _exit(127);
    }
    while (!strstr(seen, "toy> ") && length + 1 < sizeof seen) {
        ssize_t got = read(terminal, seen + length, sizeof seen - 1 - length);
        if (got <= 0) break;
        seen[length += (size_t)got] = '\0';
    }
    double taken = job_clock() - begin;
    if (!strstr(seen, "toy> ")) bench_fail("no prompt", NULL);
    close(terminal);
    waitpid(child, NULL, 0);
    return taken;
}

/* Parsed, answered, drawn. */
typedef struct {
    Rehearsal *rehearsal;
    const char *line;
} Asking;

static double ask(void *context)
{
    Asking *asking = context;
    double begin = cpu_ms();
    for (int i = 0; i < TIMES; i++) rehearsal_run(asking->rehearsal, asking->line);
    return (cpu_ms() - begin) / TIMES;
}

void bench_program(const Bench *bench)
{
    (void)bench;
    static const char *const lines[] = {"prob the mouse ate the cheese",
                                        "chain the mouse ate the cheese @bigram", "next the T=0,0.5,1,2,inf",
                                        "sample n=10 seed=1", "enumerate len=5"};
    printf("\nthe program\n");
    row_begin("start to prompt (wall)");
    row_timing(timing_measure(RUNS, start_to_prompt, NULL));
    row_end("ms", "< 50");
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        Asking asking = {rehearsal_new(NULL), lines[i]};
        row_begin(lines[i]);
        row_timing(timing_measure(RUNS, ask, &asking));
        row_end("ms", NULL);
        rehearsal_free(asking.rehearsal);
    }
}
