#include "core/model/channel.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/memory.h"

typedef struct {
    Job job;
    const Model *model;
    const TokenId *heard;
    size_t count, words, top;
    double keep;
    TokenId *sayable; /* [words] */
    size_t *digits;   /* [count]: the text at hand, as places in sayable */
    TokenId *ids;     /* [count]: the same as ids */
    State **states;   /* [count + 1]: before each word of it */
    double *logp;     /* [count + 1]: of its beginnings */
    bool finished;
    double done, evidence;
    ChannelText *best; /* [top] */
    TokenId *stored;   /* [top * count]: whose ids they are */
    size_t found;
} Channel;

static bool is_sayable(const Model *model, TokenId id)
{
    return id != vocab_end(model->vocab) && id != vocab_unknown(model->vocab);
}

size_t channel_words(const Model *model) { return vocab_words(model->vocab); }

double channel_texts(const Model *model, size_t count)
{
    return pow((double)channel_words(model), (double)count);
}

double channel_likelihood(size_t words, double keep, size_t kept, size_t count)
{
    double other = words > 1 ? (1 - keep) / (double)(words - 1) : 0;
    return pow(keep, (double)kept) * pow(other, (double)(count - kept));
}

/* --- going through the texts --- */

/* The words from place `from` on have changed. */
static void follow(Channel *c, size_t from)
{
    for (size_t i = from; i < c->count; i++) {
        c->ids[i] = c->sayable[c->digits[i]];
        c->logp[i + 1] = c->logp[i] + state_score(c->states[i], c->ids[i]);
        state_free(c->states[i + 1]);
        c->states[i + 1] = state_copy(c->states[i]);
        state_feed(c->states[i + 1], c->ids[i]);
    }
}

/* The next text, last word first; false after the last text. */
static bool advance(Channel *c)
{
    size_t i = c->count;
    while (i > 0 && c->digits[i - 1] + 1 == c->words) c->digits[--i] = 0;
    if (i == 0) return false;
    c->digits[i - 1]++;
    follow(c, i - 1);
    return true;
}

/* Among the best, in order; the last one falls out. */
static void keep_best(Channel *c, ChannelText text)
{
    size_t at = c->found;
    while (at > 0 && c->best[at - 1].joint < text.joint * (1 - 1e-12)) at--;
    if (at == c->top) return;
    TokenId *room = c->found < c->top ? c->stored + c->found * c->count : c->best[c->top - 1].ids;
    if (c->found < c->top) c->found++;
    memmove(c->best + at + 1, c->best + at, (c->found - 1 - at) * sizeof *c->best);
    memcpy(room, c->ids, c->count * sizeof *room);
    text.ids = room;
    c->best[at] = text;
}

static void judge(Channel *c)
{
    ChannelText text = {.kept = 0};
    double logp = c->logp[c->count];
    for (size_t i = 0; i < c->count; i++) text.kept += c->ids[i] == c->heard[i];
    if (model_ends(c->model)) logp += state_score(c->states[c->count], vocab_end(c->model->vocab));
    text.prior = exp(logp);
    text.likelihood = channel_likelihood(c->words, c->keep, text.kept, c->count);
    text.joint = text.prior * text.likelihood;
    c->evidence += text.joint;
    c->done++;
    if (text.joint > 0) keep_best(c, text);
}

/* --- the job --- */

static JobStatus step(Job *job, double milliseconds, Error *error)
{
    Channel *c = (Channel *)job;
    double end = job_clock() + milliseconds;
    (void)error;
    for (size_t i = 1; !c->finished; i++) {
        judge(c);
        c->finished = !advance(c);
        if (i % 64 == 0 && job_clock() > end) return JOB_MORE;
    }
    return JOB_DONE;
}

static double progress(const Job *job)
{
    const Channel *c = (const Channel *)job;
    return c->done / channel_texts(c->model, c->count);
}

static void channel_free(Job *job)
{
    Channel *c = (Channel *)job;
    for (size_t i = 0; i <= c->count; i++) state_free(c->states[i]);
    free(c->states);
    free(c->sayable);
    free(c->digits);
    free(c->ids);
    free(c->logp);
    free(c->best);
    free(c->stored);
    free(c);
}

Job *channel_new(const Model *model, const TokenId *heard, size_t count, double keep, size_t top)
{
    static const JobKind kind = {step, progress, channel_free};
    Channel *c = must_alloc(1, sizeof *c);
    *c = (Channel){.job.kind = &kind,
                   .model = model,
                   .heard = heard,
                   .count = count,
                   .words = channel_words(model),
                   .top = top,
                   .keep = keep,
                   .sayable = must_alloc(channel_words(model) + 1, sizeof *c->sayable),
                   .digits = must_alloc(count + 1, sizeof *c->digits),
                   .ids = must_alloc(count + 1, sizeof *c->ids),
                   .states = must_alloc(count + 1, sizeof *c->states),
                   .logp = must_alloc(count + 1, sizeof *c->logp),
                   .best = must_alloc(top + 1, sizeof *c->best),
                   .stored = must_alloc(top * count + 1, sizeof *c->stored)};
    size_t words = 0;
    for (size_t id = 0; id < vocab_size(model->vocab); id++)
        if (is_sayable(model, (TokenId)id)) c->sayable[words++] = (TokenId)id;
    c->states[0] = state_begin(model);
    follow(c, 0);
    return &c->job;
}

const ChannelText *channel_best(const Job *job, size_t *count)
{
    const Channel *c = (const Channel *)job;
    *count = c->found;
    return c->best;
}

double channel_evidence(const Job *job) { return ((const Channel *)job)->evidence; }
