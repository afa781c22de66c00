#include "core/model/sampling.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/memory.h"
#include "core/base/random.h"
#include "core/model/sequence.h"

enum {
    TALLY_MAX = 1000000,
    TALLY_BYTES_MAX = 256 << 20,
    KEPT_TOKENS_MAX = 10000000,
    TOKENS_BETWEEN_CLOCKS = 32
};

typedef struct {
    Job job;
    const Model *model;
    SamplingOptions options;
    Random random;
    State *start;     /* after the prompt */
    State *state;     /* of the text being drawn; NULL between two texts */
    double *p;        /* (V): the distribution of the token being drawn, where it must be built */
    Drawing *drawing; /* NULL: it must */
    Arena arena;      /* what is kept */
    Sample *kept;
    size_t kept_count, kept_capacity, kept_tokens, done;
    uint64_t tokens; /* drawn so far, with each </s> */
    size_t tally_bytes;
    TokenId *ids; /* the text being drawn */
    Draw *draws;
    size_t count, draw_count, capacity, draw_capacity;
    double logp;
    Vocab *texts; /* different texts, as a vocabulary */
    uint64_t *times;
    size_t times_capacity;
    bool tally_full;
    size_t ties;
    double unknown;
} Sampling;

const char *stop_name(StopReason reason)
{
    static const char *const names[] = {[STOP_EOS] = "eos", [STOP_MAX] = "max", [STOP_LEN] = "len"};
    return names[reason];
}

static bool start(Sampling *s, Error *error)
{
    s->start = state_begin(s->model);
    for (size_t i = 0; i < s->options.prompt_count; i++) state_feed(s->start, s->options.prompt[i]);
    return state_defined(s->start) ||
           sequence_undefined(s->model, s->options.prompt, s->options.prompt_count, error);
}

/* Leave out what may not be drawn. False when nothing is left. */
static bool take_out(Sampling *s)
{
    TokenId unknown = vocab_unknown(s->model->vocab), end = vocab_end(s->model->vocab);
    if (unknown != TOKEN_NONE) {
        if (s->p[unknown] > s->unknown) s->unknown = s->p[unknown];
        s->p[unknown] = 0;
    }
    if (s->options.length > 0 && end != TOKEN_NONE) s->p[end] = 0;
    double total = 0;
    size_t outcomes = model_outcomes(s->model);
    for (size_t i = 0; i < outcomes; i++) total += s->p[i];
    if (!(total > 0)) return false;
    bool whole = unknown == TOKEN_NONE && (s->options.length == 0 || end == TOKEN_NONE) &&
                 fabs(total - 1) < 1e-9; /* scores, and numbers rounded in a file, sum to something else */
    for (size_t i = 0; !whole && i < outcomes; i++) s->p[i] /= total;
    return true;
}

static Draw throw_dice(Sampling *s)
{
    size_t outcomes = model_outcomes(s->model), ties = 0;
    if (s->options.decoding.temperature == 0) ties = decoding_ties(s->p, outcomes);
    decoding_apply(&s->options.decoding, s->p, outcomes);
    Draw draw = {.token = TOKEN_NONE, .ties = ties};
    if (s->options.decoding.temperature != 0) draw.u = random_unit(&s->random);
    double sum = 0;
    bool found = false;
    for (size_t i = 0; i < outcomes; i++) {
        if (s->p[i] <= 0) continue;
        draw.choices++;
        if (!found) { /* stays at the last possible outcome when rounding leaves the sum below u */
            draw.token = (TokenId)i;
            draw.low = sum;
            draw.high = sum += s->p[i];
            found = sum > draw.u;
        }
    }
    return draw;
}

/* --- drawing without the distribution: the same token, found by halving --- */

/* Temperature alone is a power of p; all else needs the distribution, and so does showing the dice. */
static bool can_halve(const SamplingOptions *options)
{
    const Decoding *d = &options->decoding;
    return !options->trace && d->temperature > 0 && isfinite(d->temperature) && d->top_k == 0 &&
           d->min_p <= 0 && d->top_p >= 1;
}

/* What is taken out, and the sum of the rest. */
typedef struct {
    TokenId tokens[2];
    double sums[2]; /* of the p^power taken out */
    int count;
} TakenOut;

static double rest_upto(const Sampling *s, const TakenOut *out, TokenId token)
{
    double sum = drawing_upto(s->drawing, token);
    for (int i = 0; i < out->count; i++)
        if (out->tokens[i] <= token) sum -= out->sums[i];
    return sum;
}

static void add_taken_out(const Sampling *s, TakenOut *out, TokenId token)
{
    if (token == TOKEN_NONE) return;
    out->tokens[out->count] = token;
    out->sums[out->count++] = drawing_upto(s->drawing, token) - drawing_upto(s->drawing, token - 1);
}

/* The first token whose sum exceeds `wanted`. */
static TokenId halve(const Sampling *s, const TakenOut *out, double wanted)
{
    TokenId low = 0, high = (TokenId)model_outcomes(s->model) - 1;
    while (low < high) {
        TokenId middle = low + (high - low) / 2;
        if (rest_upto(s, out, middle) > wanted)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/* TOKEN_NONE when it must be done the long way: nothing is left, or rounding hit a word that cannot be. */
static TokenId draw_by_halving(Sampling *s)
{
    const Vocab *vocab = s->model->vocab;
    TokenId unknown = vocab_unknown(vocab), end = s->options.length > 0 ? vocab_end(vocab) : TOKEN_NONE;
    TakenOut out = {.count = 0};
    drawing_begin(s->drawing, s->state);
    add_taken_out(s, &out, unknown);
    add_taken_out(s, &out, end);
    double total = rest_upto(s, &out, (TokenId)model_outcomes(s->model) - 1);
    if (!(total > 1e-9 && isfinite(total))) return TOKEN_NONE;
    Random before = s->random;
    TokenId token = halve(s, &out, random_unit(&s->random) * total);
    if (token != unknown && token != end && state_probability(s->state, token) > 0) {
        double p = state_probability(s->state, unknown);
        if (p > s->unknown) s->unknown = p;
        return token;
    }
    s->random = before;
    return TOKEN_NONE;
}

/* --- texts --- */

static void trace(Sampling *s, Draw draw)
{
    s->draws = must_extend(s->draws, s->draw_count, &s->draw_capacity, sizeof *s->draws);
    s->draws[s->draw_count++] = draw;
}

/* Build the distribution and walk along it. False when no outcome is left. */
static bool draw_from_all(Sampling *s, TokenId *token)
{
    state_predict(s->state, s->p);
    if (!take_out(s)) return false;
    Draw draw = throw_dice(s);
    if (s->options.trace) trace(s, draw);
    s->ties += draw.ties > 1;
    *token = draw.token;
    return true;
}

/* Draw one token and feed it. False when the text ends here. */
static bool draw_token(Sampling *s, StopReason *stop)
{
    size_t limit = s->options.length ? s->options.length : s->options.max;
    *stop = s->options.length ? STOP_LEN : STOP_MAX;
    if (s->count == limit) return false;
    *stop = STOP_EOS;
    TokenId token = s->drawing ? draw_by_halving(s) : TOKEN_NONE;
    if (token == TOKEN_NONE && !draw_from_all(s, &token)) return false;
    s->logp += state_score(s->state, token);
    if (token == vocab_end(s->model->vocab)) return false;
    s->ids = must_extend(s->ids, s->count, &s->capacity, sizeof *s->ids);
    s->ids[s->count++] = token;
    state_feed(s->state, token);
    return true;
}

static void begin_text(Sampling *s)
{
    s->state = state_copy(s->start);
    s->count = s->draw_count = 0;
    s->logp = 0;
}

static void *keep_array(Arena *arena, const void *array, size_t count, size_t size)
{
    void *copy = arena_alloc(arena, count ? count : 1, size);
    if (count) memcpy(copy, array, count * size);
    return copy;
}

static void keep_text(Sampling *s, StopReason stop)
{
    s->kept_tokens += s->count;
    s->kept = must_extend(s->kept, s->kept_count, &s->kept_capacity, sizeof *s->kept);
    Sample *sample = &s->kept[s->kept_count++];
    *sample = (Sample){.count = s->count, .logp = s->logp, .stop = stop, .draw_count = s->draw_count};
    sample->ids = keep_array(&s->arena, s->ids, s->count, sizeof *s->ids);
    if (s->options.trace) sample->draws = keep_array(&s->arena, s->draws, s->draw_count, sizeof *s->draws);
}

static void tally(Sampling *s)
{
    char *text = tokenizer_join(s->model->tokenizer, s->model->vocab, s->ids, s->count);
    size_t length = strlen(text), known = vocab_size(s->texts);
    TokenId id = vocab_find(s->texts, text, length);
    if (id == TOKEN_NONE && known < TALLY_MAX && s->tally_bytes + length <= TALLY_BYTES_MAX) {
        s->tally_bytes += length;
        id = vocab_add(s->texts, text, length);
        s->times = must_extend(s->times, known, &s->times_capacity, sizeof *s->times);
        s->times[id] = 0;
    }
    if (id == TOKEN_NONE)
        s->tally_full = true;
    else
        s->times[id]++;
    free(text);
}

static void end_text(Sampling *s, StopReason stop)
{
    bool room = s->kept_count < s->options.keep && s->kept_tokens + s->count <= KEPT_TOKENS_MAX;
    if (room || s->kept_count == 0) keep_text(s, stop);
    tally(s);
    state_free(s->state);
    s->state = NULL;
    s->tokens += s->count + (stop == STOP_EOS);
    s->done++;
}

static JobStatus sampling_step(Job *job, double milliseconds, Error *error)
{
    Sampling *s = (Sampling *)job;
    double end = job_clock() + milliseconds;
    if (!s->start && !start(s, error)) return JOB_FAILED;
    for (unsigned tokens = 1; s->done < s->options.draws; tokens++) {
        StopReason stop;
        if (!s->state) begin_text(s);
        if (!draw_token(s, &stop)) end_text(s, stop);
        if (tokens % TOKENS_BETWEEN_CLOCKS == 0 && job_clock() > end) return JOB_MORE;
    }
    return JOB_DONE;
}

static double sampling_progress(const Job *job)
{
    const Sampling *s = (const Sampling *)job;
    return (double)s->done / (double)s->options.draws;
}

static void sampling_free(Job *job)
{
    Sampling *s = (Sampling *)job;
    drawing_free(s->drawing);
    state_free(s->start);
    state_free(s->state);
    arena_release(&s->arena);
    vocab_free(s->texts);
    free(s->times);
    free(s->kept);
    free(s->p);
    free(s->ids);
    free(s->draws);
    free(s);
}

Job *sampling_new(const Model *model, const SamplingOptions *options)
{
    static const JobKind kind = {sampling_step, sampling_progress, sampling_free};
    Sampling *s = must_alloc(1, sizeof *s);
    *s = (Sampling){
        .job.kind = &kind, .model = model, .options = *options, .random = random_seeded(options->seed)};
    s->p = must_alloc(model_outcomes(model), sizeof *s->p);
    s->texts = vocab_new();
    if (can_halve(options)) s->drawing = drawing_new(model, 1 / options->decoding.temperature);
    return &s->job;
}

size_t sampling_done(const Job *job) { return ((const Sampling *)job)->done; }
size_t sampling_kept(const Job *job) { return ((const Sampling *)job)->kept_count; }
const Sample *sampling_sample(const Job *job, size_t index) { return &((const Sampling *)job)->kept[index]; }
uint64_t sampling_tokens(const Job *job) { return ((const Sampling *)job)->tokens; }
size_t sampling_ties(const Job *job) { return ((const Sampling *)job)->ties; }
double sampling_unknown(const Job *job) { return ((const Sampling *)job)->unknown; }
size_t sampling_texts(const Job *job) { return vocab_size(((const Sampling *)job)->texts); }
bool sampling_tally_full(const Job *job) { return ((const Sampling *)job)->tally_full; }

const char *sampling_text(const Job *job, size_t index, uint64_t *times)
{
    const Sampling *s = (const Sampling *)job;
    *times = s->times[index];
    return vocab_text(s->texts, (TokenId)index);
}
