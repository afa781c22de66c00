/* ngram.h - the n-gram model: the next word depends on the last n - 1 (Shannon 1948; Jurafsky & Martin,
 * ch. 3). Counted from a corpus, or read from a file of probabilities and back-off weights. */
#ifndef CORE_NGRAM_NGRAM_H
#define CORE_NGRAM_NGRAM_H

#include "core/model/model.h"
#include "core/ngram/estimate.h"
#include "core/text/corpus.h"

/* What to train: everything a learner can choose. */
typedef struct {
    int order; /* 1 .. NGRAM_ORDER_MAX */
    Smoothing smoothing;
    bool unknown;      /* have <unk> in the vocabulary */
    uint64_t cutoff;   /* words seen fewer times than this are counted as <unk>; 0 and 1 = none */
    Vocab *vocabulary; /* NULL, or the only words to know, others are <unk>; borrowed */
} NgramOptions;

/* The parts of an n-gram model; NULL for any other kind. */
const NgramStore *ngram_store(const Model *model);
const Estimate *ngram_estimate(const Model *model);
const Smoothing *ngram_smoothing(const Model *model);

/* What it was counted from, borrowed; NULL for one that was read from a file. */
Corpus *ngram_corpus(const Model *model);

/* A model of these parts, all taken over. `corpus` may be NULL. The store's words are the vocabulary's ids.
 */
Model *ngram_new(Vocab *vocab, Tokenizer tokenizer, NgramStore *store, Estimate *estimate, Corpus *corpus);

/* What it was trained with, to train it once more; order 0 for a model that was not. Shares the vocabulary.
 */
const NgramOptions *ngram_options(const Model *model);
void ngram_remember(Model *model, const NgramOptions *options);

/* The store and the estimate lie in this mapped file: unmap it when the model goes. */
void ngram_own_mapping(Model *model, void *start, size_t length);

/* The histories under way in a state of such a model. */
const NgramContext *ngram_context(const State *state);

/* The nodes of `level` whose prefix is this node, in order of their words. The first question sorts all
 * nodes, which takes about 20 ns each. */
const NodeId *ngram_children(const Model *model, int level, NodeId prefix, size_t *count);
void ngram_prepare(const Model *model); /* sort them now, so that the first question need not wait */

#endif
