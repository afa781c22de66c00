#include "core/model/orderings.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/memory.h"

enum { ORDERS_BETWEEN_CLOCKS = 256 };

typedef struct {
    Job job;
    const Model *model;
    TokenId *ids; /* (count): the order being scored */
    double *logp; /* (count + 1) */
    size_t count;
    bool end, started;
    Orderings result;
} Ordering;

static double probability(const Ordering *o)
{
    size_t factors = o->count + o->end;
    double p = 1;
    model_score_all(o->model, o->ids, o->count, o->end, o->logp);
    for (size_t i = 0; i < factors; i++) p *= exp(o->logp[i]);
    return p;
}

static int ascending(const void *left, const void *right)
{
    TokenId a = *(const TokenId *)left, b = *(const TokenId *)right;
    return a < b ? -1 : a > b;
}

static void swap(TokenId *a, TokenId *b)
{
    TokenId kept = *a;
    *a = *b;
    *b = kept;
}

/* The next order in lexicographic order (Narayana Pandita's method); false after the last one. */
static bool next_order(TokenId *ids, size_t count)
{
    size_t pivot = count - 1, successor = count - 1;
    while (pivot > 0 && ids[pivot - 1] >= ids[pivot]) pivot--;
    if (pivot == 0) return false;
    while (ids[successor] <= ids[pivot - 1]) successor--;
    swap(&ids[pivot - 1], &ids[successor]);
    for (size_t low = pivot, high = count - 1; low < high; low++, high--) swap(&ids[low], &ids[high]);
    return true;
}

static JobStatus ordering_step(Job *job, double milliseconds, Error *error)
{
    (void)error;
    Ordering *o = (Ordering *)job;
    double clock_end = job_clock() + milliseconds;
    for (unsigned n = 1;; n++) {
        if (o->started && !next_order(o->ids, o->count)) return JOB_DONE;
        o->started = true;
        double p = probability(o);
        leaderboard_offer(&o->result.board, p, o->ids);
        o->result.orderings++;
        o->result.possible += p > 0;
        if (n % ORDERS_BETWEEN_CLOCKS == 0 && job_clock() > clock_end) return JOB_MORE;
    }
}

static double ordering_progress(const Job *job)
{
    const Ordering *o = (const Ordering *)job;
    double all = 1;
    for (size_t i = 2; i <= o->count; i++) all *= (double)i;
    return (double)o->result.orderings / all;
}

static void ordering_free(Job *job)
{
    Ordering *o = (Ordering *)job;
    leaderboard_release(&o->result.board);
    free(o->ids);
    free(o->logp);
    free(o);
}

Job *orderings_new(const Model *model, const TokenId *ids, size_t count, bool end, size_t top)
{
    static const JobKind kind = {ordering_step, ordering_progress, ordering_free};
    assert(count > 0 && count <= ORDERINGS_WORDS_MAX);
    Ordering *o = must_alloc(1, sizeof *o);
    *o = (Ordering){.job.kind = &kind, .model = model, .count = count, .end = end && model_ends(model)};
    o->ids = must_alloc(count, sizeof *o->ids);
    memcpy(o->ids, ids, count * sizeof *ids);
    o->logp = must_alloc(count + 1, sizeof *o->logp);
    leaderboard_init(&o->result.board, count, top, probability(o));
    qsort(o->ids, count, sizeof *o->ids, ascending);
    return &o->job;
}

const Orderings *orderings_result(const Job *job) { return &((const Ordering *)job)->result; }
