/* bench_pass.h - from a text to a model to its ARPA file, in a process of its own, several times. */
#ifndef TESTS_BENCH_BENCH_PASS_H
#define TESTS_BENCH_BENCH_PASS_H

#include "tests/bench/bench.h"

typedef struct {
    const char *text, *arpa; /* what to read and to write */
    int order;
} Pass;

/* Milliseconds. */
typedef struct {
    Timing read, train, write;
    Timing model, arpa; /* read + train; + write */
    double peak_mb;     /* of the whole process */
    double model_mb;    /* what the text and the model keep */
    double ngrams, tokens;
} Passes;

enum { PASSES_MAX = 16 };

Passes passes_run(const Pass *pass, int runs);

/* Once by the program, typed: train, save. */
Apart pass_typed(const Pass *pass);

/* The CPU time of whole processes, and the median of their peaks in MB. */
Timing processes_cpu(const Apart *runs, int count);
double processes_peak(const Apart *runs, int count);

#endif
