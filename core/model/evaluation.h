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

enum { EVALUATION_WORST = 5, EVALUATION_ORDERS = 17 };

typedef struct {
    size_t sentence, position; /* both from 0; position == the sentence's length is </s> */
    double logp;
    int matched; /* state_matched; 0 unless asked for */
    bool known;  /* in the vocabulary */
} EvaluationToken;

typedef struct {
    size_t tokens, unknown;
    double logp;
} EvaluationSum;

typedef struct {
    size_t sentences, tokens, unknown; /* predicted tokens with </s>; those not in the vocabulary */
    size_t characters;                 /* with one blank between words, and one for each </s> predicted */
    size_t zeros;                      /* known tokens to which the model gives probability 0 */
    double logp;                       /* over all tokens, natural; -INFINITY with any zero */
    double logp_known;                 /* over the tokens that are in the vocabulary */
    double logp_possible;              /* over those with p > 0 */
    EvaluationToken worst[EVALUATION_WORST]; /* most surprising first */
    size_t worst_count;
    EvaluationSum matched[EVALUATION_ORDERS]; /* by state_matched; all 0 unless asked for */
} Evaluation;

/* `end` = predict </s> after each sentence, where the model has it. Both are borrowed. */
Job *evaluation_new(const Model *model, const Corpus *corpus, bool end);
const Evaluation *evaluation_result(const Job *job);

/* What to find out besides the sums; to be asked for before the first step. */
typedef struct {
    bool last;     /* only the last token of each sentence before </s>; sentences without tokens count none */
    bool matched;  /* how long an n-gram the model knew, where model_matches: a second look at each token */
    size_t tokens; /* keep this many tokens, from the first one on */
    size_t sentences; /* and this many sentences */
    size_t stop;      /* score this many sentences only; 0 = all */
} EvaluationDetail;

void evaluation_detail(Job *job, EvaluationDetail detail);

/* What was kept, in the order of the text; the job's. */
const EvaluationToken *evaluation_tokens(const Job *job, size_t *count);
const EvaluationSum *evaluation_sentences(const Job *job, size_t *count);

#endif
