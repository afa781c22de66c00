/* sentences.h - sums over all sentences a model can write, most of them met one by one, the rest bounded; a
 * job.
 *
 * A walk along the tree of beginnings, down to those whose probability is below a threshold; then again with
 * a threshold ten times smaller, until what lies below it is nothing to speak of or the work grows too large.
 * The last walk that was finished counts, so the sums are the same on every machine.
 *
 * Of two models the smaller of their probabilities takes the place of p: the sum is their overlap. */
#ifndef CORE_MODEL_SENTENCES_H
#define CORE_MODEL_SENTENCES_H

#include "core/base/job.h"
#include "core/model/model.h"

/* What to sum over the sentences. `draws` are drawn from the model, one after the other. */
typedef struct {
    double listed; /* K: draws listed before one more */
    double drawn;  /* N: draws of which the different ones are counted */
} SentenceQuestion;

/* Every sum lies between low and high. */
typedef struct {
    double low, high;
} Bounds;

typedef struct {
    size_t sentences; /* met, with p > 0 */
    double mass;      /* theirs: sum of p */
    double left;      /* of all sentences not met, */
    double largest;   /* none of which is more probable than this */
    Bounds unlisted;  /* sum of p (1 - p)^K: the next draw is none of K earlier ones */
    Bounds different; /* sum of 1 - (1 - p)^N: different sentences among N draws, on average */
} SentenceSums;

/* `other` is a second model, or NULL; its words are found by their letters. Both are shared, and have </s>;
 * from a context without a distribution nothing is possible. */
Job *sentences_new(Model *model, Model *other, SentenceQuestion question);

/* Of the last walk finished; before the first one nothing is met and all is left. */
SentenceSums sentences_sums(const Job *job);

#endif
