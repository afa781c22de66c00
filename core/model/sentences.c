#include "core/model/sentences.h"

#include <math.h>
#include <stdlib.h>

#include "core/base/memory.h"

enum { BEGINNINGS_BETWEEN_CLOCKS = 64, DEPTH_MAX = 4096 };
static const double BEGINNINGS_MAX = 4e5, NUMBERS_MAX = 1e8, NEGLIGIBLE = 1e-10;

/* A beginning to be looked at: the one on the path above it, and a word more. */
typedef struct {
    size_t depth; /* words it has */
    TokenId token;
    double p[2]; /* its probability under either model */
} Beginning;

typedef struct {
    Job job;
    Model *models[2];
    size_t count;     /* of models */
    TokenId *map;     /* [the first model's id]: the second one's; NULL without one */
    State **paths[2]; /* (path_room): after the words of the path; NULL beyond its end */
    size_t path_room;
    double *p[2];       /* (V) */
    Beginning *pending; /* a stack */
    size_t pending_count, pending_room;
    double threshold, visited; /* of the walk under way: how far down, how many beginnings so far */
    double progress;
    bool walking;
    SentenceQuestion question;
    SentenceSums sums, finished;
} Walk;

/* --- sums --- */

static void add_sentence(Walk *w, double p)
{
    double log_not = log1p(-p);
    w->sums.sentences++;
    w->sums.mass += p;
    w->sums.unlisted.low += p < 1 ? p * exp(w->question.listed * log_not) : w->question.listed <= 0;
    w->sums.different.low += p < 1 ? -expm1(w->question.drawn * log_not) : 1;
}

static void leave_out(Walk *w, double p)
{
    w->sums.left += p;
    w->sums.largest = fmax(w->sums.largest, p);
}

/* What is left consists of sentences of at most `largest` each: p (1 - p)^K is then at least
 * p (1 - largest)^K, and 1 - (1 - p)^N between N p (1 - largest)^(N - 1) and N p. */
static void close_sums(Walk *w)
{
    SentenceSums *s = &w->sums;
    double K = w->question.listed, N = w->question.drawn,
           log_not = s->largest < 1 ? log1p(-s->largest) : -INFINITY;
    s->unlisted.high = s->unlisted.low + s->left;
    s->unlisted.low += s->left * (K > 0 ? exp(K * log_not) : 1);
    s->different.high = fmin(N, s->different.low + N * s->left);
    s->different.low += s->left * (N > 1 ? N * exp((N - 1) * log_not) : N);
}

/* --- the walk --- */

static double smaller(const Walk *w, const double *p) { return w->count == 1 ? p[0] : fmin(p[0], p[1]); }

static void cut_path(Walk *w, size_t depth)
{
    for (size_t m = 0; m < w->count; m++)
        for (size_t i = depth; i < w->path_room && w->paths[m][i]; i++) {
            state_free(w->paths[m][i]);
            w->paths[m][i] = NULL;
        }
}

static void make_room(Walk *w, size_t depth)
{
    if (depth < w->path_room) return;
    size_t room = 2 * w->path_room + 16;
    for (size_t m = 0; m < w->count; m++) {
        w->paths[m] = must_grow(w->paths[m], room, sizeof *w->paths[m]);
        for (size_t i = w->path_room; i < room; i++) w->paths[m][i] = NULL;
    }
    w->path_room = room;
}

static TokenId token_of(const Walk *w, size_t m, TokenId token) { return m == 0 ? token : w->map[token]; }

static void extend_path(Walk *w, const Beginning *beginning)
{
    size_t depth = beginning->depth;
    make_room(w, depth);
    cut_path(w, depth);
    for (size_t m = 0; m < w->count; m++) {
        w->paths[m][depth] = depth ? state_copy(w->paths[m][depth - 1]) : state_begin(w->models[m]);
        if (depth) state_feed(w->paths[m][depth], token_of(w, m, beginning->token));
    }
}

static void push(Walk *w, const Beginning *beginning)
{
    w->pending = must_extend(w->pending, w->pending_count, &w->pending_room, sizeof *w->pending);
    w->pending[w->pending_count++] = *beginning;
}

/* One outcome after the beginning: a sentence, a longer beginning, or too little to go on. */
static void follow(Walk *w, const Beginning *beginning, TokenId token)
{
    Beginning next = {.depth = beginning->depth + 1, .token = token};
    for (size_t m = 0; m < w->count; m++) {
        TokenId id = token_of(w, m, token);
        next.p[m] = id == TOKEN_NONE ? 0 : beginning->p[m] * w->p[m][id];
    }
    double p = smaller(w, next.p);
    if (p <= 0) return;
    if (token == vocab_end(w->models[0]->vocab))
        add_sentence(w, p);
    else if (p < w->threshold || next.depth > DEPTH_MAX)
        leave_out(w, p);
    else
        push(w, &next);
}

static void visit(Walk *w)
{
    Beginning beginning = w->pending[--w->pending_count];
    extend_path(w, &beginning);
    for (size_t m = 0; m < w->count; m++) state_predict(w->paths[m][beginning.depth], w->p[m]);
    for (size_t i = model_outcomes(w->models[0]); i-- > 0;) follow(w, &beginning, (TokenId)i);
    w->visited++;
}

static void begin_walk(Walk *w)
{
    w->sums = (SentenceSums){.sentences = 0};
    w->visited = 0;
    w->pending_count = 0;
    push(w, &(Beginning){.token = TOKEN_NONE, .p = {1, 1}});
    w->walking = true;
}

static bool too_much(const Walk *w)
{
    return w->visited > BEGINNINGS_MAX || w->visited * (double)model_outcomes(w->models[0]) > NUMBERS_MAX;
}

/* Whether another walk is worth while: the next one is about ten times as long. */
static bool end_walk(Walk *w)
{
    close_sums(w);
    w->finished = w->sums;
    w->walking = false;
    w->threshold /= 10;
    w->progress = fmin(0.9, w->visited / BEGINNINGS_MAX * 3);
    return w->finished.left > NEGLIGIBLE;
}

static JobStatus step(Job *job, double milliseconds, Error *error)
{
    Walk *w = (Walk *)job;
    double end = job_clock() + milliseconds;
    (void)error;
    for (unsigned n = 1;; n++) {
        if (!w->walking) begin_walk(w);
        if (w->pending_count > 0) visit(w);
        if (w->pending_count == 0 && !end_walk(w)) return JOB_DONE;
        if (too_much(w)) return JOB_DONE;
        if (n % BEGINNINGS_BETWEEN_CLOCKS == 0 && job_clock() > end) return JOB_MORE;
    }
}

static double progress(const Job *job) { return ((const Walk *)job)->progress; }

static void walk_free(Job *job)
{
    Walk *w = (Walk *)job;
    cut_path(w, 0);
    for (size_t m = 0; m < w->count; m++) {
        free(w->paths[m]);
        free(w->p[m]);
        model_free(w->models[m]);
    }
    free(w->map);
    free(w->pending);
    free(w);
}

Job *sentences_new(Model *model, Model *other, SentenceQuestion question)
{
    static const JobKind kind = {step, progress, walk_free};
    Walk *w = must_alloc(1, sizeof *w);
    *w = (Walk){.job.kind = &kind,
                .models = {model_share(model), other ? model_share(other) : NULL},
                .count = other ? 2 : 1,
                .threshold = 1e-2,
                .question = question};
    assert(model_ends(model) && (!other || model_ends(other)));
    if (other) w->map = vocab_map(model->vocab, other->vocab);
    for (size_t m = 0; m < w->count; m++) w->p[m] = must_alloc(model_outcomes(w->models[m]), sizeof(double));
    w->sums = (SentenceSums){.left = 1, .largest = 1};
    close_sums(w);
    w->finished = w->sums;
    return &w->job;
}

SentenceSums sentences_sums(const Job *job) { return ((const Walk *)job)->finished; }
