/* bench.h - what the benchmarks share: CPU time, work in processes of its own, rows of figures, texts and
 * models to measure with.
 *
 * A section runs in a process forked off an almost empty one, so that a peak of memory is its own. Whatever
 * fails ends the process with a message. */
#ifndef TESTS_BENCH_BENCH_H
#define TESTS_BENCH_BENCH_H

#include <stdio.h>

#include "core/base/error.h"
#include "core/ngram/ngram.h"

/* The texts of a run: one sentence a line. */
typedef struct {
    char folder[64];               /* for files that go when the run ends */
    char train[256], heldout[256]; /* tinyshakespeare, or drawn from a model where that is not there */
    const char *origin;            /* what these are, for the reader */
} Bench;

/* The sections. */
void bench_program(const Bench *bench);
void bench_training(const Bench *bench);
void bench_growth(const Bench *bench);
void bench_questions(const Bench *bench);
void bench_peers(const Bench *bench);
void bench_networks(const Bench *bench);
void bench_stories(const Bench *bench);

/* --- time: of the processor, in milliseconds, all threads of this process --- */

typedef struct {
    double median, least;
} Timing;

double cpu_ms(void);
Timing timing_of(double *values, size_t count);                         /* puts them in order */
Timing timing_measure(int runs, double (*work)(void *), void *context); /* once more, first, to warm up */

/* --- processes --- */

enum { APART_VALUES = 8 };

typedef struct {
    double values[APART_VALUES]; /* what the work found out */
    double cpu_ms, peak_mb;      /* of the whole process; MB of 10^6 bytes */
} Apart;

/* Do it in a forked process. */
Apart apart(void (*work)(const void *context, double *values), const void *context);

/* Run a program, its standard input and output being these files; NULL = nothing. False if it fails. */
bool apart_program(const char *const *arguments, const char *in, const char *out, Apart *result);

/* A program that answers each line of its standard input with a number, for as long as it is asked. */
typedef struct {
    int process; /* its id */
    FILE *to, *from;
} Peer;

bool peer_start(const char *const *arguments, Peer *peer); /* false unless it first says "ready" */
double peer_ask(Peer *peer, const char *line);
Apart peer_stop(Peer *peer);

/* --- rows: a label, a figure a column, the unit, the bar it should reach --- */

void row_columns(const char *label, const char *format, const int *columns, size_t count);
void row_begin(const char *label);
void row_figure(double value);
void row_timing(Timing timing); /* the median, the least behind it */
void row_end(const char *unit, const char *bar);

/* Tables of many columns, narrower ones. */
void narrow_columns(const char *label, const char *const *columns, size_t count);
void narrow_figure(double value); /* nothing for NaN */

/* --- texts and models --- */

void text_prepare(Bench *bench); /* find them, or draw them */

/* Draw this many tokens, </s> included, from an order-3 model of the text to learn from. */
void text_draw(const Bench *bench, const char *path, size_t tokens);

/* The first `tokens` tokens of a text, </s> included, in whole sentences; all there are, if fewer. Returns
 * how many. */
size_t text_cut(const char *from, const char *to, size_t tokens);

Corpus *bench_read(const char *path);
Model *bench_train(Corpus *corpus, int order); /* modified Kneser-Ney */

/* A path in the folder of the run; the caller frees it. */
char *bench_path(const Bench *bench, const char *name);

/* Ends the process. */
_Noreturn void bench_fail(const char *what, const Error *error);

#endif
