#include "core/model/cross_entropy.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/memory.h"

typedef struct {
    Job job;
    const Model *p, *q;
    size_t length, texts, done;
    TokenId *translated; /* [p's id]: q's */
    TokenId *ids, *others;
    double *logp; /* (length + 1) */
    double nats;
} Enumerating;

size_t cross_entropy_texts(const Model *p, size_t length)
{
    size_t words = vocab_words(p->vocab), texts = 1;
    for (size_t i = 0; i < length; i++) {
        if (texts > CROSS_ENTROPY_MAX / words) return 0;
        texts *= words;
    }
    return texts;
}

/* Text number `index`: its digits in base V, the last word changing fastest. p has words only. */
static void write_text(Enumerating *e, size_t index)
{
    for (size_t i = e->length; i-- > 0; index /= vocab_words(e->p->vocab)) {
        e->ids[i] = (TokenId)(index % vocab_words(e->p->vocab));
        e->others[i] = e->translated[e->ids[i]];
    }
}

static double sum(const double *values, size_t count)
{
    double total = 0;
    for (size_t i = 0; i < count; i++) total += values[i];
    return total;
}

static bool is_known(const Enumerating *e)
{
    for (size_t i = 0; i < e->length; i++)
        if (e->others[i] == TOKEN_NONE) return false;
    return true;
}

static void add_text(Enumerating *e, size_t index)
{
    bool end = model_ends(e->q);
    write_text(e, index);
    model_score_all(e->p, e->ids, e->length, false, e->logp);
    double p = exp(sum(e->logp, e->length));
    if (!(p > 0)) return;
    if (!is_known(e)) {
        e->nats = INFINITY;
        return;
    }
    model_score_all(e->q, e->others, e->length, end, e->logp);
    e->nats -= p * sum(e->logp, end ? e->length + 1 : e->length);
}

static JobStatus step(Job *job, double milliseconds, Error *error)
{
    Enumerating *e = (Enumerating *)job;
    double deadline = job_clock() + milliseconds;
    (void)error;
    while (e->done < e->texts) {
        add_text(e, e->done++);
        if (e->done < e->texts && job_clock() >= deadline) return JOB_MORE;
    }
    return JOB_DONE;
}

static double progress(const Job *job)
{
    const Enumerating *e = (const Enumerating *)job;
    return (double)e->done / (double)e->texts;
}

static void free_enumerating(Job *job)
{
    Enumerating *e = (Enumerating *)job;
    free(e->translated);
    free(e->ids);
    free(e->others);
    free(e->logp);
    free(e);
}

static TokenId *translate(const Model *p, const Model *q)
{
    size_t size = vocab_size(p->vocab);
    TokenId *ids = must_alloc(size + 1, sizeof *ids);
    for (size_t i = 0; i < size; i++) {
        const char *word = vocab_text(p->vocab, (TokenId)i);
        ids[i] = vocab_find(q->vocab, word, strlen(word));
        if (ids[i] == TOKEN_NONE) ids[i] = vocab_unknown(q->vocab);
    }
    return ids;
}

Job *cross_entropy_new(const Model *p, size_t length, const Model *q)
{
    static const JobKind kind = {step, progress, free_enumerating};
    Enumerating *e = must_alloc(1, sizeof *e);
    *e = (Enumerating){.job.kind = &kind,
                       .p = p,
                       .q = q,
                       .length = length,
                       .texts = cross_entropy_texts(p, length),
                       .translated = translate(p, q),
                       .ids = must_alloc(length + 1, sizeof *e->ids),
                       .others = must_alloc(length + 1, sizeof *e->others),
                       .logp = must_alloc(length + 1, sizeof *e->logp)};
    assert(e->texts > 0 && !model_ends(p));
    return &e->job;
}

double cross_entropy_nats(const Job *job) { return ((const Enumerating *)job)->nats; }
