/* dataset.h - a corpus as a network reads it: one run of ids, and the pieces of it that are examples.
 *
 * The run is <s> w1 w2 .. <s> w1 .. <s>: one id stands for <s> and </s>, so every id but the first is
 * predicted from those before it. */
#ifndef CORE_NEURAL_DATASET_H
#define CORE_NEURAL_DATASET_H

#include "core/neural/batch.h"
#include "core/neural/network.h"
#include "core/text/corpus.h"

/* An example. For softmax and mlp one prediction: of what follows run[start], from the last n - 1 of the
 * `length` tokens that its sentence has up to there, with <s> before them. For the others a stretch of at
 * most ctx predictions: of run[start + 1 .. start + length], each from what stands before it in the stretch.
 */
typedef struct {
    uint32_t start, length;
} Unit;

typedef struct {
    TokenId *run;
    size_t run_length;
    TokenId begin; /* the id of <s> and </s> */
    bool windowed, recurrent, stream;
    size_t steps; /* softmax, mlp: n - 1; else ctx */
    size_t from;  /* the first prediction wanted of a stream */
    Unit *units;
    size_t unit_count, unit_capacity;
    TokenId *followers; /* of a merged dataset, see dataset_merge; else NULL */
    double *follower_counts;
} Dataset;

/* Which part of a corpus: the sentences for which `chosen` is true (NULL: all), of a stream the predictions
 * [from, to) (to 0: all). ids[corpus id] is the network's id, TOKEN_NONE for a word it does not know. */
typedef struct {
    const TokenId *ids;
    const bool *chosen;
    size_t from, to;
} DatasetPart;

/* Fails when there is too much of it to be counted in 32 bits. */
bool dataset_init(Dataset *dataset, const Network *network, TokenId begin, const Corpus *corpus,
                  DatasetPart part, Error *error);
void dataset_release(Dataset *dataset);

/* Cut a stream into windows anew, the first one `shift` < ctx predictions shorter, so that every epoch has
 * other windows. Nothing happens to lines. */
void dataset_cut(Dataset *dataset, size_t shift);

/* For softmax, learning from all at once: one unit for each different token, `length` the place in
 * `followers` behind the tokens that came after it, with how often each did. The gradient is the same, at a
 * fraction of the work. */
void dataset_merge(Dataset *dataset);

/* How many of the units order[0 .. count) make a pass of about `tokens` positions; at least 1. */
size_t dataset_fit(const Dataset *dataset, const uint32_t *order, size_t count, size_t tokens);

/* How many predictions these units have that a loss can be made of: of words the network knows. */
size_t dataset_targets(const Dataset *dataset, const uint32_t *order, size_t count);

/* The batch of these units, in arrays of `room`, which is used again for the next one. */
typedef struct {
    TokenId *ids, *targets;
    double *weights;
    uint32_t *row_of;
    size_t capacity;
} BatchRoom; /* {0} is empty */

Batch dataset_batch(const Dataset *dataset, const uint32_t *order, size_t count, BatchRoom *room);
void batch_room_release(BatchRoom *room);

#endif
