/* sampling.h - drawing text: x_i ~ p_T(. | x_1 .. x_{i-1}), one token after the other.
 *
 * One uniform number u a token; the token drawn is the first in vocabulary order whose cumulative
 * probability exceeds u (inverting the CDF). At T = 0 nothing is thrown. <unk> is never drawn: its mass
 * goes to the rest. All draws of a job come from one generator, in sequence. */
#ifndef CORE_MODEL_SAMPLING_H
#define CORE_MODEL_SAMPLING_H

#include "core/base/job.h"
#include "core/model/decoding.h"
#include "core/model/model.h"

typedef struct {
    Decoding decoding;
    uint64_t seed;
    size_t draws;          /* how many texts */
    size_t max;            /* tokens a text at most */
    size_t length;         /* exactly this many, </s> taken out and the rest renormalised; 0 = until </s> */
    const TokenId *prompt; /* fed first; borrowed for the life of the job */
    size_t prompt_count;
    size_t keep; /* remember this many texts, ten million tokens at most; all are tallied */
    bool trace;  /* remember the dice of each token */
} SamplingOptions;

typedef enum { STOP_EOS, STOP_MAX, STOP_LEN } StopReason;
const char *stop_name(StopReason reason); /* "eos", "max", "len" */

typedef struct {
    TokenId token;
    double u, low, high; /* u fell into [low, high), the token's bracket of the CDF */
    size_t choices;      /* outcomes with p > 0 */
    size_t ties;         /* at T = 0, outcomes that share the largest p */
} Draw;

typedef struct {
    TokenId *ids; /* what was drawn, without the prompt and without </s> */
    size_t count;
    double logp; /* under the model itself (T = 1, nothing cut), with </s> where it was drawn */
    StopReason stop;
    Draw *draws; /* one a token, with that of </s>; NULL without trace */
    size_t draw_count;
} Sample;

/* Fails with the name of the context when the prompt was never seen (a 0/0 context). */
Job *sampling_new(const Model *model, const SamplingOptions *options);

size_t sampling_done(const Job *job);     /* texts drawn so far */
uint64_t sampling_tokens(const Job *job); /* of them, with each </s> that was drawn */
size_t sampling_kept(const Job *job);
const Sample *sampling_sample(const Job *job, size_t index);
size_t sampling_ties(const Job *job);    /* T = 0 choices among equals so far */
double sampling_unknown(const Job *job); /* the largest mass of <unk> set aside so far */

/* The different texts and how often each came; the first `tally` million only. */
size_t sampling_texts(const Job *job);
const char *sampling_text(const Job *job, size_t index, uint64_t *times);
bool sampling_tally_full(const Job *job);

#endif
