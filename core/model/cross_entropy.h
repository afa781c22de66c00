/* cross_entropy.h - what texts of one model cost another, exactly: all of them, each by its probability; a
 * job.
 *
 *   H(p, q) = - sum over x of p(x) log q(x);   H(p, p) is the entropy of p, and no q does better (Gibbs);
 *   KL(p || q) = H(p, q) - H(p, p)
 *
 * (Cover & Thomas 2006, section 2.6; the operation of a network's loss of the same name is in
 * core/neural/ops.) */
#ifndef CORE_MODEL_CROSS_ENTROPY_H
#define CORE_MODEL_CROSS_ENTROPY_H

#include "core/base/job.h"
#include "core/model/model.h"

enum { CROSS_ENTROPY_MAX = 20000 };

/* How many texts of `length` words there are in the vocabulary of p; 0 when they are more than
 * CROSS_ENTROPY_MAX. */
size_t cross_entropy_texts(const Model *p, size_t length);

/* The texts have `length` words, p has no </s>; where q has one it is asked for it after each text. Words are
 * found by their letters; one that q does not know is its <unk>, or impossible. Both are borrowed. */
Job *cross_entropy_new(const Model *p, size_t length, const Model *q);
double cross_entropy_nats(const Job *job); /* a text */

#endif
