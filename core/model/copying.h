/* copying.h - how much of the text a model writes stands word for word in another text, such as the one it
 * learnt from; a job.
 *
 * At each token of each draw the longest piece that begins there and stands in the text is looked up: the
 * verbatim span (McCoy et al. 2023, "How much do language models copy from their training data?"). Pieces lie
 * inside one sentence. A draw is verbatim when it is a whole sentence of the text. */
#ifndef CORE_MODEL_COPYING_H
#define CORE_MODEL_COPYING_H

#include "core/model/sampling.h"
#include "core/text/corpus.h"

enum { COPYING_TOKENS_MAX = 200000 }; /* whose spans are looked up; all draws are held against sentences */

typedef struct {
    size_t draws, verbatim;
    size_t tokens; /* whose spans were looked up */
    double spans;  /* the sum of those, in tokens */
    size_t longest;
    size_t longest_draw, longest_at; /* where it stands: which draw, from which token on */
} Copying;

/* Both are borrowed; suffixes_fit(corpus). options->keep is set here. */
Job *copying_new(const Model *model, const Corpus *corpus, const SamplingOptions *options);
const Copying *copying_result(const Job *job); /* of the draws made so far; NULL before the first one */
const Sample *copying_sample(const Job *job, size_t index);

#endif
