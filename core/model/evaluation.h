/* evaluation.h - how well a model predicts a text: log-probability, bits a token, perplexity.
 *
 * Perplexity divides by predicted tokens, </s> included, <s> never. A token outside the vocabulary is
 * scored as <unk> where the model has one and as 0 where it has not; the figure "excluding unknown
 * words" leaves such tokens out of both the sum and the count, but not out of the contexts. */
#ifndef CORE_MODEL_EVALUATION_H
#define CORE_MODEL_EVALUATION_H

#include "core/base/job.h"
#include "core/model/model.h"
#include "core/text/corpus.h"

enum { EVALUATION_WORST = 5 };

typedef struct {
    size_t sentence, position; /* both from 0; position == the sentence's length is </s> */
    double logp;
} EvaluationToken;

typedef struct {
    size_t sentences, tokens, unknown;       /* predicted tokens with </s>; those not in the vocabulary */
    size_t zeros;                            /* known tokens to which the model gives probability 0 */
    double logp;                             /* over all tokens, natural; -INFINITY with any zero */
    double logp_known;                       /* over the tokens that are in the vocabulary */
    double logp_possible;                    /* over those with p > 0 */
    EvaluationToken worst[EVALUATION_WORST]; /* most surprising first */
    size_t worst_count;
} Evaluation;

/* `end` = predict </s> after each sentence, where the model has it. Both are borrowed. */
Job *evaluation_new(const Model *model, const Corpus *corpus, bool end);
const Evaluation *evaluation_result(const Job *job);

#endif
