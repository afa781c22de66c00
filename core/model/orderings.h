/* orderings.h - every different order of some words, scored: what is word order worth to a model? */
#ifndef CORE_MODEL_ORDERINGS_H
#define CORE_MODEL_ORDERINGS_H

#include "core/base/job.h"
#include "core/model/leaderboard.h"
#include "core/model/model.h"

enum { ORDERINGS_WORDS_MAX = 9 }; /* 9! = 362,880 orders */

typedef struct {
    size_t orderings, possible; /* different orders; those with p > 0 */
    Leaderboard board;          /* its target is the order given */
} Orderings;

/* The ids are copied. `end` as in sequence.h; the `top` most probable orders are kept. */
Job *orderings_new(const Model *model, const TokenId *ids, size_t count, bool end, size_t top);
const Orderings *orderings_result(const Job *job);

#endif
