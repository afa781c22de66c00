#include "core/model/drawn_text.h"

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
    size_t wanted, have, added; /* predicted tokens; sentences of the corpus */
} Writing;

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

static JobStatus step(Job *job, double milliseconds, Error *error)
{
    Writing *w = (Writing *)job;
    JobStatus status = job_step(w->sampling, milliseconds, error);
    if (status == JOB_FAILED || !add_texts(w, error)) return JOB_FAILED;
    return w->have >= w->wanted ? JOB_DONE : status;
}

static double progress(const Job *job)
{
    const Writing *w = (const Writing *)job;
    return w->have >= w->wanted ? 1 : (double)w->have / (double)w->wanted;
}

static void free_writing(Job *job)
{
    Writing *w = (Writing *)job;
    job_free(w->sampling);
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

double drawn_text_unknown(const Job *job) { return sampling_unknown(((const Writing *)job)->sampling); }
