/* sampled_entropy.h - what the texts of one model cost another, estimated from draws: for models that look
 * too far back for flow.h; a job.
 *
 * Of n texts x_i ~ p, q's surprises s_i = - log q(x_i) and p's own h_i = - log p(x_i) are averaged, and
 * divided by the tokens t_i:
 *
 *   H(p, q) a text ~ mean s;  a token ~ sum s / sum t = r, with standard error sqrt(sum (s_i - r t_i)^2 / n)
 * / (mean t sqrt n)
 *
 * (the ratio of two means; Cochran 1977, section 2.11). KL(p || q) is that of the differences s_i - h_i. */
#ifndef CORE_MODEL_SAMPLED_ENTROPY_H
#define CORE_MODEL_SAMPLED_ENTROPY_H

#include "core/base/job.h"
#include "core/model/model.h"

/* In nats; infinite once a text drawn is impossible to q. */
typedef struct {
    double mean, error;             /* a text, and the standard error */
    double token_mean, token_error; /* a token */
} SampledMean;

typedef struct {
    SampledMean cross, entropy, divergence; /* H(p, q), H(p), KL(p || q) */
    double tokens;                          /* a text, on average */
    size_t draws, cut;                      /* texts; those that did not end within `max` words */
    bool impossible;                        /* q gives 0 to something drawn: */
    TokenId missing;                        /* first to this one, of p's vocabulary, */
    const TokenId *given;                   /* (given_count) after these; the job's */
    size_t given_count;
} SampledEntropy;

typedef struct {
    size_t draws, max;
    size_t length; /* words of a text where p has no </s>; else 0 */
    uint64_t seed;
} SampledEntropyOptions;

/* Both are shared. As in flow.h, but <unk> is never drawn. */
Job *sampled_entropy_new(Model *p, Model *q, SampledEntropyOptions options);
SampledEntropy sampled_entropy_result(const Job *job); /* of the draws so far; `draws` may be 0 */

#endif
