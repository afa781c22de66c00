/* trial.h - models trained on one corpus in several ways, each measured there and on a held-out text, none
 * kept; a job. */
#ifndef REPL_COMMANDS_TRIAL_H
#define REPL_COMMANDS_TRIAL_H

#include "core/base/job.h"
#include "repl/commands/recipe_ngram.h"

typedef struct {
    NgramRecipe recipe;
    const char *setting; /* "n=3 smooth=mkn" */
    const char *series;  /* "mkn": what the curve it lies on is called */
    double x;            /* its place on that curve; NaN = anywhere, the axis says nothing to it */

    /* When it is done. Perplexities are infinite where a token has probability 0. */
    uint64_t ngrams;
    double once;     /* share of its longest n-grams that occurred once */
    bool fell_back;  /* the discounts of an order could not be estimated */
    double seconds;  /* of training */
    double training; /* perplexity of the corpus itself */
    double heldout;  /* of the held-out text, */
    double known;    /* and of it without unknown words */
    size_t unknown;  /* how many those are, */
    size_t tokens;   /* of so many */
} Trial;

/* What the call's lists of smooth=, cutoff=, k= and n= make, in this order, the last changing fastest; those
 * that say nothing to a smoothing do not multiply it. `x` is the option that orders a curve. In the call's
 * arena; NULL when one of them does not fit together. */
Trial *trial_list(const Call *call, OptionId x, size_t *count, Error *error);

size_t trial_values(const Call *call, OptionId id); /* how many values the option has there, at least 1 */
SmoothingKind trial_smoothing(const Call *call, size_t index); /* number `index` of smooth= */

/* Works on call->corpus, call->heldout and call->vocabulary, and keeps call->stage up to date; the trials, in
 * the call's arena, are filled one after the other. */
Job *trial_new(Call *call, Trial *trials, size_t count);
size_t trial_done(const Job *job);

#endif
