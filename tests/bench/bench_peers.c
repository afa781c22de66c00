/* bench_peers.c - what others need for the same work, side by side with us, each if it is here.
 *
 * Bars are ratios. Those of NLTK stand for KenLM's: three times as fast as it was where both were measured.
 */
#include <stdlib.h>
#include <unistd.h>

#include "core/base/file.h"
#include "tests/bench/bench_pass.h"
#include "tests/bench/bench_scores.h"

enum { RUNS = 5, ORDERS = 2 };
static const int orders[ORDERS] = {3, 5};

static void ratio_row(const char *label, const double *above, const double *below, const char *bar)
{
    row_begin(label);
    for (int i = 0; i < ORDERS; i++) row_figure(above[i] / below[i]);
    row_end("x", bar);
}

static void figure_row(const char *label, const double *figures, const char *unit)
{
    row_begin(label);
    for (int i = 0; i < ORDERS; i++) row_figure(figures[i]);
    row_end(unit, NULL);
}

static void timing_row(const char *label, const Timing *timings, double *medians, const char *unit)
{
    row_begin(label);
    for (int i = 0; i < ORDERS; i++) {
        row_timing(timings[i]);
        medians[i] = timings[i].median;
    }
    row_end(unit, NULL);
}

/* --- ours --- */

typedef struct {
    Timing model[ORDERS], arpa[ORDERS]; /* from text to ..., ms */
    Timing ids[ORDERS], text[ORDERS];   /* scores, ns a token */
} Ours;

static void measure_scores(Ours *ours, int i, const char *train, const char *scored)
{
    Corpus *corpus = bench_read(train);
    Model *model = bench_train(corpus, orders[i]);
    Scores scores = scores_prepare(model, scored);
    ours->ids[i] = timing_measure(RUNS, scores_from_ids, &scores);
    ours->text[i] = timing_measure(RUNS, scores_from_text, &scores);
    scores_release(&scores);
    model_free(model);
    corpus_free(corpus);
}

static void measure_passes(Ours *ours, int i, const Bench *bench)
{
    char *arpa = bench_path(bench, "ours.arpa");
    Passes passes = passes_run(&(Pass){.text = bench->train, .arpa = arpa, .order = orders[i]}, RUNS);
    ours->model[i] = passes.model;
    ours->arpa[i] = passes.arpa;
    free(arpa);
}

/* --- NLTK --- */

#define PYTHON "/usr/bin/python3" /* the one python3-nltk belongs to */
#define PEER_NLTK "tests/bench/peer_nltk.py"

typedef struct {
    double fit[ORDERS], mle[ORDERS], wb[ORDERS]; /* ms; us a score */
} Nltk;

static bool ask_nltk(const Bench *bench, int i, Nltk *nltk)
{
    Apart result;
    char order[16], *out = bench_path(bench, "nltk.txt");
    snprintf(order, sizeof order, "%d", orders[i]);
    const char *command[] = {PYTHON, PEER_NLTK, order, bench->train, bench->heldout, NULL};
    bool fine = apart_program(command, NULL, out, &result);
    FILE *file = fopen(out, "r");
    fine = fine && file && fscanf(file, "%lf %lf %lf", &nltk->fit[i], &nltk->mle[i], &nltk->wb[i]) == 3;
    if (file) fclose(file);
    free(out);
    return fine;
}

static void nltk_rows(const Nltk *nltk, const Ours *ours)
{
    double model[ORDERS], arpa[ORDERS], ids[ORDERS], mle[ORDERS], wb[ORDERS];
    figure_row("fit, NLTK (one run)", nltk->fit, "ms");
    timing_row("text to mkn model, lmsh", ours->model, model, "ms");
    ratio_row("  ratio", nltk->fit, model, ">= 44, 50");
    timing_row("text to ARPA, lmsh", ours->arpa, arpa, "ms");
    ratio_row("  ratio", nltk->fit, arpa, ">= 44, 50");
    figure_row("score(), NLTK MLE", nltk->mle, "us");
    figure_row("score(), NLTK Witten-Bell", nltk->wb, "us");
    timing_row("score, lmsh mkn, from ids", ours->ids, ids, "ns");
    for (int i = 0; i < ORDERS; i++) {
        mle[i] = nltk->mle[i] * 1e3;
        wb[i] = nltk->wb[i] * 1e3;
    }
    ratio_row("  ratio, MLE", mle, ids, ">= 50");
    ratio_row("  ratio, Witten-Bell", wb, ids, ">= 500");
}

static void bench_nltk(const Bench *bench)
{
    Nltk nltk;
    Ours ours;
    Apart result;
    if (!apart_program((const char *[]){PYTHON, "-c", "import nltk.lm", NULL}, NULL, NULL, &result)) {
        printf("  python3-nltk is not installed\n");
        return;
    }
    for (int i = 0; i < ORDERS; i++) {
        if (!ask_nltk(bench, i, &nltk)) {
            printf("  " PEER_NLTK " does not run here\n");
            return;
        }
        measure_passes(&ours, i, bench);
        measure_scores(&ours, i, bench->train, bench->heldout);
    }
    nltk_rows(&nltk, &ours);
}

/* --- KenLM --- */

static bool on_path(const char *program)
{
    Apart result;
    char line[64];
    snprintf(line, sizeof line, "command -v %s", program);
    bool found = apart_program((const char *[]){"/bin/sh", "-c", line, NULL}, NULL, NULL, &result);
    if (!found) printf("  KenLM's %s is not on the PATH\n", program);
    return found;
}

static Apart run_lmplz(const Pass *pass)
{
    Apart result;
    char order[16];
    snprintf(order, sizeof order, "%d", pass->order);
    const char *command[] = {"lmplz", "-o", order, "-S", "256M", "--discount_fallback", NULL};
    unlink(pass->arpa);
    if (!apart_program(command, pass->text, pass->arpa, &result)) bench_fail("lmplz", NULL);
    return result;
}

/* Whole programs, one after the other. */
static void bench_lmplz(const Bench *bench)
{
    char *arpa = bench_path(bench, "peer.arpa");
    Apart theirs[RUNS], ours[RUNS];
    Timing their_time[ORDERS], our_time[ORDERS];
    double their_cpu[ORDERS], our_cpu[ORDERS], their_peak[ORDERS], our_peak[ORDERS];
    for (int i = 0; i < ORDERS; i++) {
        Pass pass = {.text = bench->train, .arpa = arpa, .order = orders[i]};
        for (int k = 0; k < RUNS; k++) {
            theirs[k] = run_lmplz(&pass);
            ours[k] = pass_typed(&pass);
        }
        their_time[i] = processes_cpu(theirs, RUNS);
        their_peak[i] = processes_peak(theirs, RUNS);
        our_time[i] = processes_cpu(ours, RUNS);
        our_peak[i] = processes_peak(ours, RUNS);
    }
    timing_row("text to ARPA, lmplz -S 256M", their_time, their_cpu, "ms");
    timing_row("text to ARPA, lmsh", our_time, our_cpu, "ms");
    ratio_row("  ratio", their_cpu, our_cpu, ">= 3");
    figure_row("  peak memory, lmplz", their_peak, "MB");
    figure_row("  peak memory, lmsh", our_peak, "MB");
    ratio_row("  ratio", our_peak, their_peak, "<= 1.6");
    free(arpa);
}

/* The held-out text many times over: enough for a program that must load its model first. */
static void repeat_text(const char *from, const char *to, int times)
{
    Error error;
    char *text;
    size_t length;
    FILE *out = fopen(to, "w");
    if (!out || !file_read(from, SIZE_MAX, &text, &length, &error)) bench_fail(to, NULL);
    for (int i = 0; i < times; i++) fwrite(text, 1, length, out);
    fclose(out);
    free(text);
}

static double run_query(const char *model, const char *text)
{
    Apart result;
    const char *command[] = {"query", "-v", "summary", model, NULL};
    if (!apart_program(command, text, NULL, &result)) bench_fail("query", NULL);
    return result.cpu_ms;
}

/* Nanoseconds a token: what the text adds to the time of an empty one. */
static Timing time_query(const Pass *pass, const char *scored, size_t tokens)
{
    double values[RUNS];
    pass_typed(pass);
    for (int k = 0; k < RUNS; k++)
        values[k] = (run_query(pass->arpa, scored) - run_query(pass->arpa, NULL)) / (double)tokens * 1e6;
    return timing_of(values, RUNS);
}

static void bench_query(const Bench *bench)
{
    enum { TIMES = 40 };
    Ours ours;
    Timing their_time[ORDERS];
    double theirs[ORDERS], text[ORDERS];
    char *arpa = bench_path(bench, "peer.arpa"), *scored = bench_path(bench, "scored.txt");
    repeat_text(bench->heldout, scored, TIMES);
    Corpus *corpus = bench_read(scored);
    size_t tokens = corpus_tokens(corpus) + corpus_sentences(corpus);
    corpus_free(corpus);
    for (int i = 0; i < ORDERS; i++) {
        Pass pass = {.text = bench->train, .arpa = arpa, .order = orders[i]};
        their_time[i] = time_query(&pass, scored, tokens);
        measure_scores(&ours, i, bench->train, scored);
    }
    timing_row("score a text, query", their_time, theirs, "ns/token");
    timing_row("score a text, lmsh", ours.text, text, "ns/token");
    ratio_row("  ratio", theirs, text, ">= 1");
    free(arpa);
    free(scored);
}

void bench_peers(const Bench *bench)
{
    putchar('\n');
    row_columns("peers", "n=", orders, ORDERS);
    bench_nltk(bench);
    if (on_path("lmplz")) bench_lmplz(bench);
    if (on_path("query")) bench_query(bench);
}
