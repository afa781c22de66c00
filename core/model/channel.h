/* channel.h - the noisy channel: what was probably said, given what was heard; a job.
 *
 * Somebody says a text x of `count` words with p(x), the model's. On the way each word is kept with
 * probability `keep`, or else replaced by one of the other V - 1 words, each as likely. Bayes: p(x | heard)
 * is proportional to p(x) p(heard | x) (Shannon 1948; Kernighan, Church and Gale 1990 for spelling). Every
 * text of that length is gone through, so there is no search that could miss one. */
#ifndef CORE_MODEL_CHANNEL_H
#define CORE_MODEL_CHANNEL_H

#include "core/base/job.h"
#include "core/model/model.h"

typedef struct {
    TokenId *ids;      /* count of them */
    double prior;      /* p(x), with </s> where the model has one */
    double likelihood; /* p(heard | x) */
    double joint;      /* their product; divided by channel_evidence it is p(x | heard) */
    size_t kept;       /* words that are as heard */
} ChannelText;

size_t channel_words(const Model *model);               /* V: outcomes that can be said */
double channel_texts(const Model *model, size_t count); /* V to the power count */
double channel_likelihood(size_t words, double keep, size_t kept, size_t count);

/* heard is borrowed; the `top` best texts are kept, the first found first among equals. */
Job *channel_new(const Model *model, const TokenId *heard, size_t count, double keep, size_t top);
const ChannelText *channel_best(const Job *job, size_t *count);
double channel_evidence(const Job *job); /* p(heard), summed over the texts so far */

#endif
