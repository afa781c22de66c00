/* bench_training.c - what a model costs, in time and memory, and how that grows with the text. */
#include <stdlib.h>
#include <string.h>

#include "core/base/memory.h"
#include "tests/bench/bench_pass.h"

enum { RUNS = 7 };

/* --- from text to ARPA --- */

enum { ORDERS = 2 };
static const int orders[ORDERS] = {3, 5};

static void timing_row(const char *label, const Passes *passes, Timing (*timing)(const Passes *))
{
    row_begin(label);
    for (int i = 0; i < ORDERS; i++) row_timing(timing(&passes[i]));
    row_end("ms", NULL);
}

static Timing read_of(const Passes *passes) { return passes->read; }
static Timing train_of(const Passes *passes) { return passes->train; }
static Timing write_of(const Passes *passes) { return passes->write; }
static Timing arpa_of(const Passes *passes) { return passes->arpa; }

static void core_rows(const Bench *bench, char *arpa)
{
    Passes passes[ORDERS];
    for (int i = 0; i < ORDERS; i++)
        passes[i] = passes_run(&(Pass){.text = bench->train, .arpa = arpa, .order = orders[i]}, RUNS);
    timing_row("read and cut into words", passes, read_of);
    timing_row("count and estimate (mkn)", passes, train_of);
    timing_row("write ARPA", passes, write_of);
    timing_row("text to ARPA", passes, arpa_of);
    row_begin("  peak memory");
    for (int i = 0; i < ORDERS; i++) row_figure(passes[i].peak_mb);
    row_end("MB", NULL);
}

static void program_rows(const Bench *bench, const char *arpa)
{
    Apart runs[ORDERS][RUNS];
    for (int i = 0; i < ORDERS; i++)
        for (int k = 0; k < RUNS; k++)
            runs[i][k] = pass_typed(&(Pass){.text = bench->train, .arpa = arpa, .order = orders[i]});
    row_begin("text to ARPA, the whole program");
    for (int i = 0; i < ORDERS; i++) row_timing(processes_cpu(runs[i], RUNS));
    row_end("ms", NULL);
    row_begin("  peak memory");
    for (int i = 0; i < ORDERS; i++) row_figure(processes_peak(runs[i], RUNS));
    row_end("MB", NULL);
}

void bench_training(const Bench *bench)
{
    char *arpa = bench_path(bench, "training.arpa");
    printf("\n%s\n", bench->origin);
    row_columns("training", "n=", orders, ORDERS);
    core_rows(bench, arpa);
    program_rows(bench, arpa);
    free(arpa);
}

/* --- more and more text --- */

static void draw_large(const void *context, double *values)
{
    enum { TOKENS = 10100000 };
    const Bench *bench = context;
    char *path = bench_path(bench, "large.txt");
    text_draw(bench, path, TOKENS);
    values[0] = TOKENS;
    free(path);
}

/* The caller frees it. */
static char *find_large(const Bench *bench)
{
    const char *given = getenv("LMSH_BENCH_TEXT");
    if (given && *given) return must_copy(given, strlen(given));
    apart(draw_large, bench);
    return bench_path(bench, "large.txt");
}

static void growth_head(const char *origin)
{
    printf("\nmore and more text, n=5 smooth=mkn: %s\n", origin);
    printf("%12s%12s%12s%13s%12s%13s%10s%10s%10s\n", "tokens", "n-grams", "model ms", "M tokens/s", "ARPA ms",
           "M tokens/s", "peak MB", "kept MB", "B/n-gram");
}

static void growth_row(const Pass *pass, int runs)
{
    Passes passes = passes_run(pass, runs);
    double model_ms = passes.model.median, arpa_ms = passes.arpa.median;
    printf("%12.0f%12.0f%12.1f%13.2f%12.1f%13.2f%10.1f%10.1f%10.1f\n", passes.tokens, passes.ngrams, model_ms,
           passes.tokens / model_ms / 1e3, arpa_ms, passes.tokens / arpa_ms / 1e3, passes.peak_mb,
           passes.model_mb, passes.model_mb * 1e6 / passes.ngrams);
}

void bench_growth(const Bench *bench)
{
    static const struct {
        size_t tokens;
        int runs;
    } steps[] = {{10000, RUNS}, {100000, RUNS}, {1000000, 5}, {10000000, 3}};
    char *large = find_large(bench);
    char *text = bench_path(bench, "part.txt"), *arpa = bench_path(bench, "part.arpa");
    bool drawn = strncmp(large, bench->folder, strlen(bench->folder)) == 0;
    growth_head(drawn ? "drawn from a trigram model of the text above" : large);
    for (size_t i = 0; i < COUNT_OF(steps); i++) {
        size_t tokens = text_cut(large, text, steps[i].tokens);
        growth_row(&(Pass){.text = text, .arpa = arpa, .order = 5}, steps[i].runs);
        if (tokens < steps[i].tokens) break; /* that was all there is */
    }
    free(large);
    free(text);
    free(arpa);
}
