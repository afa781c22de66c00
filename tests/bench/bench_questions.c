/* bench_questions.c - what it costs to ask a model: scores, distributions, draws, explanations, loading. */
#include <stdlib.h>

#include "core/base/file.h"
#include "core/base/memory.h"
#include "core/model/sampling.h"
#include "core/ngram/arpa_reader.h"
#include "core/ngram/arpa_writer.h"
#include "core/ngram/image.h"
#include "tests/bench/bench_scores.h"

enum { RUNS = 7, ORDERS = 3, ASKED = 300 };
static const int orders[ORDERS] = {2, 3, 5};

typedef struct {
    Corpus *corpus; /* learnt from */
    Model *model;
    int order;
    Scores scores;      /* of the held-out text */
    double *p;          /* (V) */
    char *arpa, *image; /* the model in files */
} Asked;

/* --- one answer: microseconds --- */

static double at_each(Asked *a, void (*ask)(Asked *, const State *, TokenId next))
{
    double spent = 0;
    size_t words = a->scores.tokens - a->scores.sentences;
    State *state = state_begin(a->model);
    for (size_t i = 0; i < ASKED; i++) {
        TokenId next = a->scores.ids[i % words];
        double begin = cpu_ms();
        ask(a, state, next);
        spent += cpu_ms() - begin;
        state_feed(state, next);
    }
    state_free(state);
    return spent / ASKED * 1e3;
}

static void ask_all(Asked *a, const State *state, TokenId next)
{
    (void)next;
    state_predict(state, a->p);
}

static void ask_why(Asked *a, const State *state, TokenId next)
{
    (void)a;
    Arena arena = {NULL};
    state_explain(state, next, &arena);
    arena_release(&arena);
}

static double predict(void *context) { return at_each(context, ask_all); }
static double explain(void *context) { return at_each(context, ask_why); }

static double draw(Asked *a, double temperature)
{
    enum { DRAWS = 2000, SENTENCE_MAX = 100 };
    Error error;
    SamplingOptions options = {
        .decoding = decoding_plain(), .seed = 1, .draws = DRAWS, .max = SENTENCE_MAX, .keep = DRAWS};
    options.decoding.temperature = temperature;
    size_t tokens = 0;
    double begin = cpu_ms();
    Job *job = sampling_new(a->model, &options);
    if (!job_run(job, &error)) bench_fail("sample", &error);
    double spent = cpu_ms() - begin;
    for (size_t i = 0; i < sampling_kept(job); i++)
        tokens += sampling_sample(job, i)->count + (sampling_sample(job, i)->stop == STOP_EOS);
    job_free(job);
    return spent / (double)tokens * 1e3;
}

static double draw_plain(void *context) { return draw(context, 1); }
static double draw_cooler(void *context) { return draw(context, 0.7); }

/* --- the first answer and files: milliseconds --- */

static double first_next(void *context)
{
    Asked *a = context;
    Model *model = bench_train(a->corpus, a->order);
    State *state = state_begin(model);
    double begin = cpu_ms();
    state_predict(state, a->p);
    double spent = cpu_ms() - begin;
    state_free(state);
    model_free(model);
    return spent;
}

static double load_arpa(void *context)
{
    Error error;
    Asked *a = context;
    double begin = cpu_ms();
    Job *job = arpa_reading_new(a->arpa);
    if (!job_run(job, &error)) bench_fail(a->arpa, &error);
    model_free(arpa_reading_take(job));
    job_free(job);
    return cpu_ms() - begin;
}

static double load_image(void *context)
{
    Error error;
    Asked *a = context;
    double begin = cpu_ms();
    Model *model = image_read(a->image, &error);
    if (!model) bench_fail(a->image, &error);
    model_free(model);
    return cpu_ms() - begin;
}

/* --- the table --- */

/* A path like 5.arpa. */
static char *path_of(const Bench *bench, int order, const char *ending)
{
    char name[32];
    snprintf(name, sizeof name, "%d%s", order, ending);
    return bench_path(bench, name);
}

static Asked prepare(const Bench *bench, Corpus *corpus, int order)
{
    Error error;
    Asked a = {.corpus = corpus, .order = order, .model = bench_train(corpus, order)};
    a.scores = scores_prepare(a.model, bench->heldout);
    a.p = must_alloc(model_outcomes(a.model), sizeof *a.p);
    a.arpa = path_of(bench, order, ".arpa");
    a.image = path_of(bench, order, ".lm");
    if (!arpa_write(a.model, a.arpa, &error) || !image_write(a.model, a.image, &error))
        bench_fail("saving a model", &error);
    return a;
}

static void release(Asked *a)
{
    scores_release(&a->scores);
    model_free(a->model);
    free(a->p);
    free(a->arpa);
    free(a->image);
}

static double score_ids(void *context) { return scores_from_ids(&((Asked *)context)->scores); }
static double score_text(void *context) { return scores_from_text(&((Asked *)context)->scores); }

static void measure_row(const char *label, double (*work)(void *), Asked *asked, const char *unit,
                        const char *bar)
{
    row_begin(label);
    for (int i = 0; i < ORDERS; i++) row_timing(timing_measure(RUNS, work, &asked[i]));
    row_end(unit, bar);
}

static void arpa_rows(Asked *asked)
{
    Timing timings[ORDERS];
    row_begin("load ARPA");
    for (int i = 0; i < ORDERS; i++) row_timing(timings[i] = timing_measure(RUNS, load_arpa, &asked[i]));
    row_end("ms", NULL);
    row_begin("  that is");
    for (int i = 0; i < ORDERS; i++) row_figure((double)file_size(asked[i].arpa) / timings[i].median / 1e3);
    row_end("MB/s", ">= 150");
}

static void rows(Asked *asked)
{
    measure_row("score, from ids", score_ids, asked, "ns/token", "<= 50");
    measure_row("score a text: read, cut, look up, score", score_text, asked, "ns/token",
                "KenLM's 60 to 225");
    measure_row("why", explain, asked, "us", NULL);
    measure_row("a whole next-word distribution", predict, asked, "us", "<= 110: KenLM 550");
    measure_row("draw a token, T=1", draw_plain, asked, "us", "< 5");
    measure_row("draw a token, T=0.7", draw_cooler, asked, "us", "< 50");
    measure_row("the first next after training", first_next, asked, "ms", NULL);
    arpa_rows(asked);
    measure_row("load .lm", load_image, asked, "ms", "< 10");
}

void bench_questions(const Bench *bench)
{
    Asked asked[ORDERS];
    Corpus *corpus = bench_read(bench->train);
    for (int i = 0; i < ORDERS; i++) asked[i] = prepare(bench, corpus, orders[i]);
    putchar('\n');
    row_columns("questions (mkn)", "n=", orders, ORDERS);
    rows(asked);
    for (int i = 0; i < ORDERS; i++) release(&asked[i]);
    corpus_free(corpus);
}
