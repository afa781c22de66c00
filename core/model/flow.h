/* flow.h - what the texts of one model cost another, exactly: probability flows from context to context, word
 * by word; a job.
 *
 * After i words each text stands in a context, the last words that either model still looks at. Texts in the
 * same context go on alike, so their mass is kept as one number, and all texts of i words take as much work
 * as there are contexts. Where p sends on x with mass m, q's surprise adds - m p(x) log q(x):
 *
 *   H(p, q) = - sum over x of p(x) log q(x);   H(p, p) = H(p), the entropy of p, and no q does better (Gibbs)
 *
 * (Cover & Thomas 2006, sections 2.6 and 4.2.) cross_entropy.h goes through the texts one by one instead,
 * and asks models that look back without end, too. */
#ifndef CORE_MODEL_FLOW_H
#define CORE_MODEL_FLOW_H

#include "core/base/job.h"
#include "core/model/model.h"

typedef struct {
    double nats;     /* a text: H(p, q), infinite where q gives 0 to what p can say */
    double entropy;  /* a text: H(p) */
    double tokens;   /* predicted in a text on average, </s> included */
    double left;     /* mass of the texts that had not ended when the work did */
    size_t words;    /* they have so many, and count with what they cost so far */
    bool impossible; /* q gives 0 to something p can say: */
    TokenId missing; /* first to this one, of p's vocabulary, */
    TokenId *given;  /* (given_count) after these words, at most as many as a context has; the job's */
    size_t given_count;
} Flow;

/* How far back the two look together, or CONTEXT_WHOLE: then there is no exact way. */
int flow_context(const Model *p, const Model *q);

/* Both are shared; neither gives scores. Words are found by their letters; one that q does not know is its
 * <unk>, or impossible. If p has no </s> its texts have `length` words, and q is asked for </s> after them
 * where it has one; otherwise length is 0, and q has </s> too. The work ends when less than 1e-12 is left,
 * or when it grows too long. */
Job *flow_new(Model *p, Model *q, size_t length);

/* Whether there were too many contexts: then nothing is known. */
bool flow_too_wide(const Job *job);
const Flow *flow_result(const Job *job); /* once it is done */

#endif
