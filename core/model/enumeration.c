#include "core/model/enumeration.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/model/decoding.h"

enum { SEQUENCES_BETWEEN_CLOCKS = 1024 };

/* One position of the sequence under way. */
typedef struct {
    State *state;                     /* the conditional before this position */
    double *plain, *annealed;         /* (V): its distribution at T = 1 and at T */
    TokenId token;                    /* the one being tried */
    double product, product_annealed; /* of the factors before this position */
} Level;

typedef struct {
    Job job;
    const Model *model;
    EnumerationOptions options;
    TokenId *target;
    Decoding decoding;
    Level *levels;   /* (length + 1): the last one only holds a state, for </s> */
    TokenId *ids;    /* (length) */
    double *scratch; /* (V) */
    size_t depth, words, seen;
    bool started, finished;
    double whole_largest, whole_sum; /* sum of exp(log p / T - largest), accumulated stably */
    double entropy_sum;              /* sum of p_T log2 p_T */
    Enumeration result;
} Enumerating;

size_t enumeration_size(const Model *model, size_t length)
{
    size_t words = vocab_words(model->vocab), size = 1;
    for (size_t i = 0; i < length; i++) {
        if (words > 0 && size > ENUMERATION_MAX / words) return 0;
        size *= words;
    }
    return size;
}

static void predict(const Enumerating *e, const State *state, double *plain, double *annealed)
{
    size_t bytes = model_outcomes(e->model) * sizeof *plain;
    state_predict(state, plain);
    memcpy(annealed, plain, bytes);
    if (state_defined(state)) decoding_apply(&e->decoding, annealed, model_outcomes(e->model));
}

/* p of the wanted sequence at T = 1, and with every conditional annealed. */
static double score_target(Enumerating *e, double *plain_product)
{
    double *plain = must_alloc(model_outcomes(e->model), sizeof *plain), annealed_product = 1;
    State *state = state_begin(e->model);
    *plain_product = 1;
    for (size_t i = 0; i < e->options.length + model_ends(e->model); i++) {
        TokenId token = i < e->options.length ? e->target[i] : vocab_end(e->model->vocab);
        assert(token != TOKEN_NONE);
        predict(e, state, plain, e->scratch);
        *plain_product *= plain[token];
        annealed_product *= e->scratch[token];
        state_feed(state, token);
    }
    state_free(state);
    free(plain);
    return annealed_product;
}

static void start(Enumerating *e)
{
    double target = e->target ? score_target(e, &e->result.target_plain) : -1;
    leaderboard_init(&e->result.board, e->options.length, e->options.top, target);
    e->result.sequences = enumeration_size(e->model, e->options.length);
    e->levels[0].state = state_begin(e->model);
    e->levels[0].product = e->levels[0].product_annealed = 1;
    e->started = true;
}

/* At T = 0 the whole-sequence distribution is uniform over the most probable: count them. */
static void add_coldest(Enumerating *e, double logp)
{
    if (logp > e->whole_largest + DECODING_TIE) {
        e->whole_largest = logp;
        e->whole_sum = 0;
    }
    e->whole_sum += logp > e->whole_largest - DECODING_TIE;
}

static void add_whole(Enumerating *e, double p)
{
    if (e->options.temperature == 0) {
        add_coldest(e, log(p));
        return;
    }
    double exponent = log(p) / e->options.temperature;
    if (exponent > e->whole_largest) {
        e->whole_sum *= exp(e->whole_largest - exponent);
        e->whole_largest = exponent;
    }
    e->whole_sum += exp(exponent - e->whole_largest);
}

static void finish_sequence(Enumerating *e, double plain, double annealed)
{
    if (e->levels[e->options.length].state) {
        const State *state = e->levels[e->options.length].state;
        predict(e, state, e->levels[e->options.length].plain, e->scratch);
        plain *= e->levels[e->options.length].plain[vocab_end(e->model->vocab)];
        annealed *= e->scratch[vocab_end(e->model->vocab)];
    }
    if (plain > 0) {
        e->result.possible++;
        add_whole(e, plain);
    }
    if (annealed > 0) e->entropy_sum += annealed * log2(annealed);
    leaderboard_offer(&e->result.board, annealed, e->ids);
}

static void enter(Enumerating *e, size_t depth)
{
    Level *level = &e->levels[depth], *before = depth ? &e->levels[depth - 1] : NULL;
    if (before) {
        state_free(level->state);
        level->state = state_copy(before->state);
        state_feed(level->state, before->token);
        level->product = before->product * before->plain[before->token];
        level->product_annealed = before->product_annealed * before->annealed[before->token];
    }
    level->token = -1;
}

/* Try the next token at the deepest level, or go back one. */
static void advance(Enumerating *e)
{
    Level *level = &e->levels[e->depth];
    if (level->token < 0) predict(e, level->state, level->plain, level->annealed);
    if ((size_t)++level->token == e->words) {
        e->finished = e->depth == 0;
        e->depth -= e->depth > 0;
        return;
    }
    e->ids[e->depth] = level->token;
    bool last = e->depth + 1 == e->options.length;
    if (!last || model_ends(e->model)) enter(e, e->depth + 1);
    if (!last) {
        e->depth++;
        return;
    }
    finish_sequence(e, level->product * level->plain[level->token],
                    level->product_annealed * level->annealed[level->token]);
    e->seen++;
}

static void finish(Enumerating *e)
{
    double mass = e->result.board.mass, T = e->options.temperature;
    e->result.entropy_bits = mass > 0 ? fabs(log2(mass) - e->entropy_sum / mass) : 0;
    if (!e->target || e->result.target_plain <= 0 || e->whole_sum <= 0) return;
    double exponent = T == 0 ? log(e->result.target_plain) : log(e->result.target_plain) / T;
    if (T == 0)
        e->result.target_whole = exponent > e->whole_largest - DECODING_TIE ? 1 / e->whole_sum : 0;
    else
        e->result.target_whole = exp(exponent - e->whole_largest) / e->whole_sum;
}

static JobStatus enumerating_step(Job *job, double milliseconds, Error *error)
{
    (void)error;
    Enumerating *e = (Enumerating *)job;
    double end = job_clock() + milliseconds;
    if (!e->started) start(e);
    for (unsigned n = 1; !e->finished; n++) {
        advance(e);
        if (n % SEQUENCES_BETWEEN_CLOCKS == 0 && job_clock() > end) return JOB_MORE;
    }
    finish(e);
    return JOB_DONE;
}

static double enumerating_progress(const Job *job)
{
    const Enumerating *e = (const Enumerating *)job;
    return e->started ? (double)e->seen / (double)e->result.sequences : 0;
}

static void enumerating_free(Job *job)
{
    Enumerating *e = (Enumerating *)job;
    for (size_t i = 0; i <= e->options.length; i++) {
        state_free(e->levels[i].state);
        free(e->levels[i].plain);
        free(e->levels[i].annealed);
    }
    leaderboard_release(&e->result.board);
    free(e->levels);
    free(e->target);
    free(e->ids);
    free(e->scratch);
    free(e);
}

Job *enumeration_new(const Model *model, const EnumerationOptions *options)
{
    static const JobKind kind = {enumerating_step, enumerating_progress, enumerating_free};
    size_t outcomes = model_outcomes(model);
    assert(options->length > 0 && enumeration_size(model, options->length) > 0);
    Enumerating *e = must_alloc(1, sizeof *e);
    *e = (Enumerating){.job.kind = &kind,
                       .model = model,
                       .options = *options,
                       .words = vocab_words(model->vocab),
                       .whole_largest = -INFINITY};
    e->decoding = decoding_plain();
    e->decoding.temperature = options->temperature;
    e->levels = must_alloc(options->length + 1, sizeof *e->levels);
    for (size_t i = 0; i <= options->length; i++) {
        e->levels[i].token = -1;
        e->levels[i].plain = must_alloc(outcomes, sizeof(double));
        e->levels[i].annealed = must_alloc(outcomes, sizeof(double));
    }
    e->ids = must_alloc(options->length, sizeof *e->ids);
    e->scratch = must_alloc(outcomes, sizeof *e->scratch);
    if (options->target) {
        e->target = must_alloc(options->length, sizeof *e->target);
        memcpy(e->target, options->target, options->length * sizeof *e->target);
    }
    return &e->job;
}

const Enumeration *enumeration_result(const Job *job) { return &((const Enumerating *)job)->result; }
