/* enumeration.h - all V^len word sequences, one by one: mass, entropy, the most probable, ranks.
 *
 * Each sequence has the probability that `prob` gives it, so for a model with </s> the mass is
 * P(length = len); at T other than 1 every conditional, that of </s> too, is annealed. Beside it stands
 * the other reading of temperature, annealing the whole sequence: p(x)^(1/T) / sum over all y of p(y)^(1/T).
 */
#ifndef CORE_MODEL_ENUMERATION_H
#define CORE_MODEL_ENUMERATION_H

#include "core/base/job.h"
#include "core/model/leaderboard.h"
#include "core/model/model.h"

enum { ENUMERATION_MAX = 20000000 }; /* sequences; some seconds of work */

typedef struct {
    size_t sequences, possible; /* V^len; those with p > 0 */
    double entropy_bits;        /* of the sequences of this length, their mass taken as the whole */
    Leaderboard board;          /* by annealed probability; ids of length len */
    double target_plain;        /* probability of the wanted sequence at T = 1 */
    double target_whole;        /* and with the whole sequence annealed */
} Enumeration;

typedef struct {
    size_t length, top;
    double temperature;
    const TokenId *target; /* (length) known tokens, or NULL; copied */
} EnumerationOptions;

/* V^length, or 0 when it is more than ENUMERATION_MAX. */
size_t enumeration_size(const Model *model, size_t length);

Job *enumeration_new(const Model *model, const EnumerationOptions *options);
const Enumeration *enumeration_result(const Job *job); /* complete when the job is done */

#endif
