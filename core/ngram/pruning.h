/* pruning.h - a smaller n-gram model: leave out the n-grams that matter least.
 *
 * By count (KenLM's --prune): an n-gram of level k goes if it occurred at most thresholds[k] times. Discounts
 * are those of the whole model; what an interpolated model (add, wb, ad, kn, mkn) gave the n-grams that go,
 * before interpolating, is added to the back-off weight of their history.
 *
 * By entropy (Stolcke 1998, "Entropy-based pruning of backoff language models"): h w goes if leaving it out,
 * alone, raises the perplexity of the model's own distribution by less than `threshold`, relatively:
 * exp(D) - 1 < threshold, where D is the divergence p(h) sum over v of p(v|h) log (p(v|h) / p_without(v|h))
 * and p(h) is the model's, by the chain rule; <s> counts as often as </s>. In kn and mkn models the lower
 * orders say how many histories a word follows and not how often, so that p(h) is off and entropy pruning
 * costs them more than other models (SRILM advises another model for p(h)); in add models they are uniform.
 *
 * Either way unigrams stay, and so does every n-gram that begins or ends a longer one that stays. */
#ifndef CORE_NGRAM_PRUNING_H
#define CORE_NGRAM_PRUNING_H

#include "core/ngram/ngram.h"

typedef struct {
    bool entropy;
    double threshold;                         /* by entropy: 1e-7, say; 0 takes nothing out */
    uint64_t thresholds[NGRAM_ORDER_MAX + 1]; /* by count, by level; [0] and [1] are not looked at */
} Pruning;

/* A fresh model, which sums to 1 in every context; *removed n-grams are gone. The model must back off and sum
 * to 1 (not mle, interp or backoff; a file's numbers are taken at their word), and have been counted if it is
 * by count. What is left keeps its number of occurrences, but probabilities no longer follow from these: the
 * smoothing of the result is SMOOTH_GIVEN, and it has no corpus. */
Model *pruning_apply(const Model *model, const Pruning *pruning, size_t *removed);

#endif
