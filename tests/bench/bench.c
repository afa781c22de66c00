/* bench.c - speed and memory, printed and never asserted: start, training, queries, sampling.
 *
 * Texts: ../shared/data/tinyshakespeare.txt where it is there, else sentences drawn from the toy model. All
 * times are medians of several runs; CPU time unless the row says wall. */
#include <math.h>
#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/base/memory.h"
#include "core/model/enumeration.h"
#include "core/model/evaluation.h"
#include "core/model/sampling.h"
#include "core/ngram/ngram.h"
#include "repl/rehearsal.h"

enum { RUNS = 9, TEXT_BYTES_MAX = 1 << 28 };

static double cpu_ms(void) { return (double)clock() * 1e3 / CLOCKS_PER_SEC; }

static int ascending(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return a < b ? -1 : a > b;
}

/* The median of RUNS measurements in milliseconds. */
static double median_of(double (*measure)(void *), void *context)
{
    double times[RUNS];
    for (int i = 0; i < RUNS; i++) times[i] = measure(context);
    qsort(times, RUNS, sizeof *times, ascending);
    return times[RUNS / 2];
}

static void report(const char *what, double value, const char *unit)
{
    printf("  %-52s %12.4g %s\n", what, value, unit);
}

/* --- the program --- */

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
    close(terminal);
    waitpid(child, NULL, 0);
    return taken;
}

/* One line through the whole shell: parsed, answered, drawn. */
typedef struct {
    Rehearsal *rehearsal;
    const char *line;
} Asking;

static double ask(void *context)
{
    enum { TIMES = 20 };
    Asking *asking = context;
    double begin = cpu_ms();
    for (int i = 0; i < TIMES; i++) rehearsal_run(asking->rehearsal, asking->line);
    return (cpu_ms() - begin) / TIMES;
}

static void bench_program(void)
{
    printf("program\n");
    report("start to prompt (wall)", median_of(start_to_prompt, NULL), "ms");
    static const char *const lines[] = {"prob the mouse ate the cheese",
                                        "chain the mouse ate the cheese @bigram", "next the T=0,0.5,1,2,inf",
                                        "sample n=10 seed=1", "enumerate len=5"};
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        Asking asking = {rehearsal_new(), lines[i]};
        report(lines[i], median_of(ask, &asking), "ms");
        rehearsal_free(asking.rehearsal);
    }
}

/* --- the engine --- */

typedef struct {
    const char *text; /* the whole text */
    Corpus *corpus;
    Model *model;
    NgramOptions options;
} Engine;

static Corpus *read_text(const char *text)
{
    Error error;
    Job *job = corpus_reading_new("bench", NULL, text, TOKENIZER_WORDS, true);
    if (!job_run(job, &error)) exit(EXIT_FAILURE);
    Corpus *corpus = corpus_reading_take(job);
    job_free(job);
    return corpus;
}

static double read_again(void *context)
{
    double begin = cpu_ms();
    corpus_free(read_text(((Engine *)context)->text));
    return cpu_ms() - begin;
}

static double train(void *context)
{
    Error error;
    Engine *engine = context;
    double begin = cpu_ms();
    Job *job = ngram_training_new(engine->corpus, &engine->options);
    job_run(job, &error);
    model_free(engine->model);
    engine->model = ngram_training_take(job);
    job_free(job);
    return cpu_ms() - begin;
}

static double evaluate(void *context)
{
    Error error;
    Engine *engine = context;
    double begin = cpu_ms();
    Job *job = evaluation_new(engine->model, engine->corpus, true);
    job_run(job, &error);
    job_free(job);
    return cpu_ms() - begin;
}

static double predict(void *context)
{
    enum { TIMES = 100 };
    Engine *engine = context;
    double *p = must_alloc(model_outcomes(engine->model), sizeof *p), begin = cpu_ms();
    State *state = state_begin(engine->model);
    for (int i = 0; i < TIMES; i++) state_predict(state, p);
    state_free(state);
    free(p);
    return (cpu_ms() - begin) / TIMES;
}

static double sample_tokens(void *context)
{
    enum { TOKENS = 2000 };
    Error error;
    Engine *engine = context;
    SamplingOptions sampling = {
        .decoding = decoding_plain(), .seed = 1, .draws = 1, .length = TOKENS, .keep = 1};
    double begin = cpu_ms();
    Job *job = sampling_new(engine->model, &sampling);
    job_run(job, &error);
    job_free(job);
    return (cpu_ms() - begin) / TOKENS;
}

static void bench_order(Engine *engine, int order)
{
    char what[80];
    engine->options = (NgramOptions){.order = order, .smoothing = {.kind = SMOOTH_ADD, .k = 0.01}};
    double tokens = (double)(corpus_tokens(engine->corpus) + corpus_sentences(engine->corpus));
    double trained = median_of(train, engine);
    snprintf(what, sizeof what, "count, n=%d", order);
    report(what, trained, "ms");
    report("  that is", tokens / trained / 1e3, "million tokens/s");
    report("  score a text, from ids", median_of(evaluate, engine) / tokens * 1e6, "ns/token");
    report("  a whole next-word distribution", median_of(predict, engine) * 1e3, "us");
    report("  draw a token at T=1", median_of(sample_tokens, engine) * 1e3, "us");
}

static char *find_text(size_t *length)
{
    Error error;
    char *text = NULL;
    if (file_read("../shared/data/tinyshakespeare.txt", TEXT_BYTES_MAX, &text, length, &error)) return text;
    Rehearsal *rehearsal = rehearsal_new();
    const char *drawn = rehearsal_run(rehearsal, "sample n=40000 len=6 seed=1");
    text = must_copy(drawn, *length = strlen(drawn));
    rehearsal_free(rehearsal);
    return text;
}

static void bench_engine(void)
{
    size_t length;
    char *text = find_text(&length);
    Engine engine = {.text = text, .corpus = read_text(text)};
    printf("engine: %zu bytes, %zu tokens, %zu different\n", length, corpus_tokens(engine.corpus),
           vocab_size(corpus_vocab(engine.corpus)));
    report("read and cut into words", median_of(read_again, &engine), "ms");
    static const int orders[] = {1, 2, 3, 5};
    for (size_t i = 0; i < COUNT_OF(orders); i++) bench_order(&engine, orders[i]);
    model_free(engine.model);
    corpus_free(engine.corpus);
    free(text);
}

int main(void)
{
    struct rusage usage;
    bench_program();
    bench_engine();
    getrusage(RUSAGE_SELF, &usage);
    report("peak memory of this benchmark", (double)usage.ru_maxrss / 1024, "MiB");
    return EXIT_SUCCESS;
}
