#include "tests/bench/bench_pass.h"

#include <stdlib.h>
#include <unistd.h>

#include "core/ngram/arpa_writer.h"

enum { READ, TRAIN, WRITE, NGRAMS, TOKENS, MODEL_MB };

static double resident_mb(void)
{
    long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (!file || fscanf(file, "%*d %ld", &pages) != 1) pages = 0;
    if (file) fclose(file);
    return (double)pages * (double)sysconf(_SC_PAGESIZE) / 1e6;
}

static void run_once(const void *context, double *values)
{
    Error error;
    const Pass *pass = context;
    double before = resident_mb(), start = cpu_ms();
    Corpus *corpus = bench_read(pass->text);
    double read = cpu_ms();
    Model *model = bench_train(corpus, pass->order);
    double trained = cpu_ms();
    values[MODEL_MB] = resident_mb() - before;
    double writing = cpu_ms();
    if (!arpa_write(model, pass->arpa, &error)) bench_fail(pass->arpa, &error);
    values[WRITE] = cpu_ms() - writing;
    values[TRAIN] = trained - read;
    values[READ] = read - start;
    values[NGRAMS] = (double)store_ngrams(ngram_store(model));
    values[TOKENS] = (double)(corpus_tokens(corpus) + corpus_sentences(corpus));
}

/* --- several runs --- */

static double read_ms(const Apart *run) { return run->values[READ]; }
static double train_ms(const Apart *run) { return run->values[TRAIN]; }
static double write_ms(const Apart *run) { return run->values[WRITE]; }
static double model_ms(const Apart *run) { return read_ms(run) + train_ms(run); }
static double arpa_ms(const Apart *run) { return model_ms(run) + write_ms(run); }
static double program_ms(const Apart *run) { return run->cpu_ms; }
static double peak_mb(const Apart *run) { return run->peak_mb; }
static double model_mb(const Apart *run) { return run->values[MODEL_MB]; }

static Timing over(const Apart *runs, int count, double (*figure)(const Apart *))
{
    double values[PASSES_MAX];
    for (int i = 0; i < count; i++) values[i] = figure(&runs[i]);
    return timing_of(values, (size_t)count);
}

Passes passes_run(const Pass *pass, int runs)
{
    Apart results[PASSES_MAX];
    assert(runs > 0 && runs <= PASSES_MAX);
    for (int i = 0; i < runs; i++) {
        unlink(pass->arpa); /* replacing a file takes longer */
        results[i] = apart(run_once, pass);
    }
    return (Passes){.read = over(results, runs, read_ms),
                    .train = over(results, runs, train_ms),
                    .write = over(results, runs, write_ms),
                    .model = over(results, runs, model_ms),
                    .arpa = over(results, runs, arpa_ms),
                    .peak_mb = over(results, runs, peak_mb).median,
                    .model_mb = over(results, runs, model_mb).median,
                    .ngrams = results[0].values[NGRAMS],
                    .tokens = results[0].values[TOKENS]};
}

Apart pass_typed(const Pass *pass)
{
    char line[1024];
    Apart result;
    snprintf(line, sizeof line, "train ngram n=%d smooth=mkn corpus='%s'; save '%s' force=yes", pass->order,
             pass->text, pass->arpa);
    unlink(pass->arpa);
    if (!apart_program((const char *[]){PROGRAM, "--norc", "-c", line, NULL}, NULL, NULL, &result))
        bench_fail(line, NULL);
    return result;
}

Timing processes_cpu(const Apart *runs, int count) { return over(runs, count, program_ms); }
double processes_peak(const Apart *runs, int count) { return over(runs, count, peak_mb).median; }
