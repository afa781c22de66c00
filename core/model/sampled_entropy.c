#include "core/model/sampled_entropy.h"

#include <math.h>
#include <stdlib.h>

#include "core/base/memory.h"
#include "core/model/sampling.h"

/* What one text cost. */
typedef struct {
    double cross, own, tokens;
} Cost;

typedef struct {
    Job job;
    Model *p, *q;
    SampledEntropyOptions options;
    Job *sampling;
    bool drawn; /* all of them */
    TokenId *map, *ids;
    double *logp;
    size_t room; /* of ids and logp */
    Cost *costs; /* (options.draws) */
    SampledEntropy result;
} Estimating;

/* --- one text --- */

/* The first place of the text that q gives 0 to: `count` and one place more when it would not end there. */
static void tell_missing(Estimating *e, const Sample *sample, size_t place)
{
    if (e->result.impossible) return;
    e->result.impossible = true;
    e->result.missing = place < sample->count ? sample->ids[place] : vocab_end(e->p->vocab);
    e->result.given = sample->ids;
    e->result.given_count = place;
}

static void make_room(Estimating *e, size_t count)
{
    if (count + 1 <= e->room) return;
    e->room = 2 * count + 16;
    e->ids = must_grow(e->ids, e->room, sizeof *e->ids);
    e->logp = must_grow(e->logp, e->room, sizeof *e->logp);
}

static void score(Estimating *e, size_t index)
{
    const Sample *sample = sampling_sample(e->sampling, index);
    bool end = sample->stop == STOP_EOS || (e->options.length > 0 && model_ends(e->q));
    Cost *cost = &e->costs[index];
    make_room(e, sample->count);
    for (size_t i = 0; i < sample->count; i++) e->ids[i] = e->map[sample->ids[i]];
    model_score_all(e->q, e->ids, sample->count, end, e->logp);
    cost->tokens = (double)(sample->count + end);
    cost->own = -sample->logp;
    for (size_t i = 0; i < sample->count + end; i++) {
        cost->cross -= e->logp[i];
        if (isinf(e->logp[i])) tell_missing(e, sample, i);
    }
    e->result.cut += sample->stop == STOP_MAX;
    e->result.draws++;
}

/* --- the means --- */

typedef double (*Quantity)(const Cost *cost);

static double cross_of(const Cost *cost) { return cost->cross; }
static double own_of(const Cost *cost) { return cost->own; }
static double divergence_of(const Cost *cost) { return cost->cross - cost->own; }

static SampledMean mean_of(const Estimating *e, Quantity quantity)
{
    double n = (double)e->result.draws, sum = 0, tokens = 0, squares = 0, ratios = 0;
    for (size_t i = 0; i < e->result.draws; i++) {
        sum += quantity(&e->costs[i]);
        tokens += e->costs[i].tokens;
    }
    SampledMean m = {.mean = sum / n, .token_mean = sum / tokens};
    for (size_t i = 0; i < e->result.draws; i++) {
        double x = quantity(&e->costs[i]), off = x - m.mean,
               ratio_off = x - m.token_mean * e->costs[i].tokens;
        squares += off * off;
        ratios += ratio_off * ratio_off;
    }
    m.error = sqrt(squares / n / (n - 1));
    m.token_error = sqrt(ratios / n / (n - 1)) / (tokens / n);
    return m;
}

SampledEntropy sampled_entropy_result(const Job *job)
{
    const Estimating *e = (const Estimating *)job;
    SampledEntropy result = e->result;
    for (size_t i = 0; i < result.draws; i++) result.tokens += e->costs[i].tokens / (double)result.draws;
    result.cross = mean_of(e, cross_of);
    result.entropy = mean_of(e, own_of);
    result.divergence = mean_of(e, divergence_of);
    return result;
}

/* --- the job --- */

/* Texts are scored as they are drawn, so that whoever stops it early has something. */
static JobStatus step(Job *job, double milliseconds, Error *error)
{
    Estimating *e = (Estimating *)job;
    double deadline = job_clock() + milliseconds;
    if (!e->drawn && e->result.draws == sampling_kept(e->sampling)) {
        JobStatus status = job_step(e->sampling, milliseconds, error);
        e->drawn = status == JOB_DONE;
        return status == JOB_FAILED ? status : JOB_MORE;
    }
    while (e->result.draws < sampling_kept(e->sampling)) {
        score(e, e->result.draws);
        if (job_clock() >= deadline) return JOB_MORE;
    }
    return e->drawn ? JOB_DONE : JOB_MORE;
}

static double progress(const Job *job)
{
    const Estimating *e = (const Estimating *)job;
    return (double)e->result.draws / (double)e->options.draws;
}

static void free_estimating(Job *job)
{
    Estimating *e = (Estimating *)job;
    job_free(e->sampling);
    model_free(e->p);
    model_free(e->q);
    free(e->map);
    free(e->ids);
    free(e->logp);
    free(e->costs);
    free(e);
}

Job *sampled_entropy_new(Model *p, Model *q, SampledEntropyOptions options)
{
    static const JobKind kind = {step, progress, free_estimating};
    SamplingOptions sampling = {.decoding = decoding_plain(),
                                .seed = options.seed,
                                .draws = options.draws,
                                .max = options.length ? options.length : options.max,
                                .length = options.length,
                                .keep = options.draws};
    Estimating *e = must_alloc(1, sizeof *e);
    *e = (Estimating){.job.kind = &kind, .p = model_share(p), .q = model_share(q), .options = options};
    assert(options.draws > 0 && !p->scores && !q->scores);
    e->sampling = sampling_new(p, &sampling);
    e->costs = must_alloc(options.draws, sizeof *e->costs);
    e->map = vocab_map(p->vocab, q->vocab);
    for (size_t i = 0; i < model_outcomes(p); i++)
        if (e->map[i] == TOKEN_NONE) e->map[i] = vocab_unknown(q->vocab);
    return &e->job;
}
