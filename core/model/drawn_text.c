#include "core/model/drawn_text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/model/sampling.h"

enum { SENTENCE_MAX = 10000 };

typedef struct {
    Job job;
    Job *sampling;
    const Model *model;
    Corpus *corpus;
    size_t wanted, have, added; /* predicted tokens; texts in the corpus */
    bool measure, ends;         /* texts end by </s> */
    State *state;               /* measuring: of a text, before token `at` of it */
    size_t text, at;
    double logp;
} Writing;

/* --- drawing --- */

/* The texts drawn since the last time, until there are enough. */
static bool add_texts(Writing *w, Error *error)
{
    const char *end = corpus_lines(w->corpus) ? "\n" : "";
    for (; w->have < w->wanted && w->added < sampling_kept(w->sampling); w->added++) {
        const Sample *sample = sampling_sample(w->sampling, w->added);
        char *text = tokenizer_join(w->model->tokenizer, w->model->vocab, sample->ids, sample->count);
        size_t length = strlen(text);
        text = must_grow(text, length + 2, 1);
        memcpy(text + length, end, strlen(end) + 1);
        bool fine = corpus_add(w->corpus, text, length + strlen(end), error);
        free(text);
        if (!fine) return false;
        w->have += sample->count + 1;
    }
    return true;
}

static bool is_drawn(const Writing *w) { return w->have >= w->wanted; }

static JobStatus draw(Writing *w, double milliseconds, Error *error)
{
    JobStatus status = job_step(w->sampling, milliseconds, error);
    if (status == JOB_FAILED || !add_texts(w, error)) return JOB_FAILED;
    if (status == JOB_DONE) w->wanted = w->have; /* only </s> could go on: there is no more */
    return JOB_MORE;
}

/* --- measuring --- */

/* With what probability the token was drawn. */
static double drawn_probability(const Writing *w, TokenId token)
{
    TokenId unknown = vocab_unknown(w->model->vocab), end = vocab_end(w->model->vocab);
    double out = unknown == TOKEN_NONE ? 0 : state_probability(w->state, unknown);
    if (!w->ends && end != TOKEN_NONE) out += state_probability(w->state, end);
    return state_probability(w->state, token) / (1 - out);
}

/* One token, or the </s> after the last. */
static void measure_token(Writing *w)
{
    const Sample *sample = sampling_sample(w->sampling, w->text);
    bool last = w->at == sample->count;
    if (!w->state) w->state = state_begin(w->model);
    if (!last) {
        w->logp += log(drawn_probability(w, sample->ids[w->at]));
        state_feed(w->state, sample->ids[w->at++]);
        return;
    }
    if (sample->stop == STOP_EOS && w->ends) w->logp += log(drawn_probability(w, vocab_end(w->model->vocab)));
    state_free(w->state);
    w->state = NULL;
    w->at = 0;
    w->text++;
}

/* --- the job --- */

static JobStatus step(Job *job, double milliseconds, Error *error)
{
    Writing *w = (Writing *)job;
    double deadline = job_clock() + milliseconds;
    if (!is_drawn(w) && draw(w, milliseconds, error) == JOB_FAILED) return JOB_FAILED;
    if (!is_drawn(w)) return JOB_MORE;
    while (w->measure && w->text < w->added) {
        measure_token(w);
        if (job_clock() >= deadline) return JOB_MORE;
    }
    return JOB_DONE;
}

static double progress(const Job *job)
{
    const Writing *w = (const Writing *)job;
    return w->wanted == 0 ? 1 : fmin((double)w->have / (double)w->wanted, 1);
}

static void free_writing(Job *job)
{
    Writing *w = (Writing *)job;
    job_free(w->sampling);
    state_free(w->state);
    corpus_free(w->corpus);
    free(w);
}

Job *drawn_text_new(const Model *model, const DrawnTextOptions *options)
{
    static const JobKind kind = {step, progress, free_writing};
    size_t stream = options->tokens > 1 ? options->tokens - 1 : 1; /* and </s> */
    SamplingOptions sampling = {.decoding = decoding_plain(),
                                .seed = options->seed,
                                .draws = options->stream ? 1 : options->tokens,
                                .keep = options->stream ? 1 : options->tokens,
                                .length = options->stream ? stream : options->length,
                                .max = SENTENCE_MAX};
    Writing *w = must_alloc(1, sizeof *w);
    w->job.kind = &kind;
    w->model = model;
    w->wanted = options->tokens;
    w->measure = options->measure;
    w->ends = !options->stream && options->length == 0;
    w->corpus = corpus_new(options->name, model->tokenizer, !options->stream);
    w->sampling = sampling_new(model, &sampling);
    return &w->job;
}

Corpus *drawn_text_take(Job *job)
{
    Writing *w = (Writing *)job;
    Corpus *corpus = w->corpus;
    w->corpus = NULL;
    return corpus;
}

double drawn_text_logp(const Job *job) { return ((const Writing *)job)->logp; }

double drawn_text_unknown(const Job *job) { return sampling_unknown(((const Writing *)job)->sampling); }
