#include "core/neural/scoring.h"

#include <math.h>
#include <stdlib.h>

#include "core/base/memory.h"
#include "core/neural/vector.h"

enum { STRETCH = 512 }; /* predictions a pass */

/* <s> w1 .. wN: what each prediction is made from, place by place. */
static TokenId token_at(const Scoring *s, size_t place) { return place == 0 ? s->begin : s->ids[place - 1]; }

static TokenId target_at(const Scoring *s, size_t prediction)
{
    return prediction < s->count ? s->ids[prediction] : s->begin;
}

static void take_logp(const Scoring *s, const Real *logits, size_t prediction, double *p)
{
    TokenId target = target_at(s, prediction);
    softmax_double(s->network->architecture.outcomes, logits, p, NULL);
    s->logp[prediction] = target == TOKEN_NONE ? -INFINITY : log(p[target]);
}

/* Predictions from .. to of a pass whose row `first` is the first of them, `apart` rows from one to the next.
 */
static void take_rows(const Scoring *s, const Tensor *logits, size_t from, size_t to, size_t first,
                      size_t apart)
{
    size_t v = s->network->architecture.outcomes;
    double *p = must_alloc(v, sizeof *p);
    for (size_t i = from; i < to; i++) take_logp(s, logits->x + (first + (i - from) * apart) * v, i, p);
    free(p);
}

static Tensor *pass(const Scoring *s, const TokenId *ids, size_t sequences, size_t steps, Memory *memory)
{
    size_t rows = network_windowed(s->network) ? sequences : sequences * steps;
    Batch batch = {.sequences = sequences, .steps = steps, .rows = rows, .ids = ids};
    tape_begin(s->tape, PASS_PREDICT);
    return network_forward(s->network, s->tape, &batch, memory);
}

/* The `steps` tokens up to the one that prediction `at` follows, with <s> before the text. */
static void fill_window(const Scoring *s, size_t at, size_t steps, TokenId *window)
{
    for (size_t i = 0; i < steps; i++) {
        size_t back = steps - 1 - i;
        window[i] = back <= at ? token_at(s, at - back) : s->begin;
    }
}

/* Every prediction from a window of its own, some windows a pass; only the last row of each counts. */
static void score_windows(const Scoring *s, size_t from, size_t steps)
{
    size_t together = STRETCH / steps + 1, apart = network_windowed(s->network) ? 1 : steps;
    TokenId *ids = must_alloc(together * steps, sizeof *ids);
    for (size_t at = from; at < s->predictions; at += together) {
        size_t count = s->predictions - at < together ? s->predictions - at : together;
        for (size_t i = 0; i < count; i++) fill_window(s, at + i, steps, ids + i * steps);
        take_rows(s, pass(s, ids, count, steps, NULL), at, at + count, apart - 1, apart);
    }
    free(ids);
}

/* One pass over the beginning of the text, as far as the network's positions reach. */
static void score_beginning(const Scoring *s, size_t to)
{
    TokenId *ids = must_alloc(to, sizeof *ids);
    for (size_t i = 0; i < to; i++) ids[i] = token_at(s, i);
    take_rows(s, pass(s, ids, 1, to, NULL), 0, to, 0, 1);
    free(ids);
}

/* Stretch by stretch, with what is remembered handed on. */
static void score_with_memory(const Scoring *s)
{
    Memory memory = {.sequences = 1, .values = must_alloc(network_memory(s->network), sizeof(Real))};
    TokenId ids[STRETCH];
    for (size_t at = 0; at < s->predictions; at += STRETCH) {
        size_t count = s->predictions - at < STRETCH ? s->predictions - at : STRETCH;
        for (size_t i = 0; i < count; i++) ids[i] = token_at(s, at + i);
        take_rows(s, pass(s, ids, 1, count, &memory), at, at + count, 0, 1);
    }
    free(memory.values);
}

void neural_score(const Scoring *s)
{
    size_t context = network_context(s->network), first = s->predictions < context ? s->predictions : context;
    if (s->predictions == 0) return;
    if (network_recurrent(s->network)) {
        score_with_memory(s);
    } else if (network_windowed(s->network)) {
        score_windows(s, 0, context);
    } else {
        score_beginning(s, first);
        score_windows(s, first, context);
    }
}
