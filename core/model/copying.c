#include "core/model/copying.h"

#include <stdlib.h>

#include "core/base/memory.h"
#include "core/text/sentence_set.h"
#include "core/text/suffixes.h"

typedef struct {
    Job job;
    const Model *model;
    const Corpus *corpus;
    TokenId *map; /* [the model's id]: the corpus's */
    Job *indexing, *sampling;
    Suffixes *suffixes;
    SentenceSet *sentences;
    TokenId *ids; /* of the draw being looked at, in the corpus's numbers */
    size_t room;
    Copying result;
} Work;

static void translate(Work *w, const Sample *sample)
{
    if (sample->count > w->room) {
        w->room = sample->count;
        w->ids = must_grow(w->ids, w->room, sizeof *w->ids);
    }
    for (size_t i = 0; i < sample->count; i++) w->ids[i] = w->map[sample->ids[i]];
}

static void look_up_spans(Work *w, const Sample *sample)
{
    Copying *c = &w->result;
    for (size_t i = 0; i < sample->count && c->tokens < COPYING_TOKENS_MAX; i++) {
        size_t span = suffixes_longest(w->suffixes, w->ids + i, sample->count - i);
        c->tokens++;
        c->spans += (double)span;
        if (span <= c->longest) continue;
        c->longest = span;
        c->longest_draw = c->draws;
        c->longest_at = i;
    }
}

/* A text that was cut off is no sentence; a stream has none. */
static void look_up(Work *w, const Sample *sample)
{
    translate(w, sample);
    look_up_spans(w, sample);
    bool whole = corpus_lines(w->corpus) && sample->stop == STOP_EOS;
    w->result.verbatim += whole && sentence_set_find(w->sentences, w->ids, sample->count) > 0;
    w->result.draws++;
}

static bool take_index(Work *w, double milliseconds, Error *error, JobStatus *status)
{
    *status = job_step(w->indexing, milliseconds, error);
    if (*status != JOB_DONE) return false;
    w->suffixes = suffixes_take(w->indexing);
    job_free(w->indexing);
    w->indexing = NULL;
    return true;
}

static JobStatus step(Job *job, double milliseconds, Error *error)
{
    Work *w = (Work *)job;
    double end = job_clock() + milliseconds;
    JobStatus status;
    if (w->indexing && !take_index(w, milliseconds, error, &status)) return status;
    status = job_step(w->sampling, end - job_clock(), error);
    if (status == JOB_FAILED) return status;
    while (w->result.draws < sampling_kept(w->sampling)) {
        look_up(w, sampling_sample(w->sampling, w->result.draws));
        if (job_clock() > end) return JOB_MORE;
    }
    return status;
}

/* Drawing and looking up take turns; the index comes first. */
static double progress(const Job *job)
{
    const Work *w = (const Work *)job;
    return w->indexing ? job_progress(w->indexing) / 2 : 0.5 + job_progress(w->sampling) / 2;
}

static void work_free(Job *job)
{
    Work *w = (Work *)job;
    job_free(w->indexing);
    job_free(w->sampling);
    suffixes_free(w->suffixes);
    sentence_set_free(w->sentences);
    free(w->map);
    free(w->ids);
    free(w);
}

Job *copying_new(const Model *model, const Corpus *corpus, const SamplingOptions *options)
{
    static const JobKind kind = {step, progress, work_free};
    SamplingOptions all = *options;
    all.keep = SIZE_MAX;
    Work *w = must_alloc(1, sizeof *w);
    *w = (Work){.job.kind = &kind,
                .model = model,
                .corpus = corpus,
                .map = vocab_map(model->vocab, corpus_vocab(corpus)),
                .indexing = suffixes_new(corpus),
                .sampling = sampling_new(model, &all),
                .sentences = sentence_set_new(corpus)};
    return &w->job;
}

const Copying *copying_result(const Job *job)
{
    const Work *w = (const Work *)job;
    return w->result.draws ? &w->result : NULL;
}

const Sample *copying_sample(const Job *job, size_t index)
{
    return sampling_sample(((const Work *)job)->sampling, index);
}
