#include "core/model/shannon.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/memory.h"

static int falling(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x < y) - (x > y);
}

EntropyBounds shannon_bounds(const double *q, size_t count)
{
    EntropyBounds bounds = {0};
    double sum = 0, *sorted = must_alloc(count + 1, sizeof *sorted); /* and a 0 behind them */
    memcpy(sorted, q, count * sizeof *q);
    qsort(sorted, count, sizeof *sorted, falling);
    for (size_t i = 0; i < count; i++) sum += sorted[i];
    for (size_t i = 0; i < count && sorted[i] > 0; i++) {
        double share = sorted[i] / sum, next = sorted[i + 1] / sum, number = (double)i + 1;
        bounds.lower += number * (share - next) * log2(number);
        bounds.upper -= share * log2(share);
    }
    free(sorted);
    return bounds;
}

size_t shannon_rank(const State *state, TokenId token)
{
    const Vocab *vocab = state->model->vocab;
    size_t outcomes = model_outcomes(state->model), rank = 1;
    double *p = must_alloc(outcomes, sizeof *p);
    state_predict(state, p);
    for (TokenId id = 0; id < (TokenId)outcomes; id++) {
        if (id == vocab_end(vocab) || id == vocab_unknown(vocab) || id == token) continue;
        rank += token == TOKEN_NONE || p[id] > p[token] || (p[id] == p[token] && id < token);
    }
    free(p);
    return rank;
}
