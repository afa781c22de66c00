/* ngram.h - the count model: the next word depends on the last n - 1 (Shannon 1948; Jurafsky & Martin, ch.
 * 3).
 *
 * Each sentence is padded with n - 1 <s> and predicted word by word and then one </s>. */
#ifndef CORE_NGRAM_NGRAM_H
#define CORE_NGRAM_NGRAM_H

#include "core/base/job.h"
#include "core/model/model.h"
#include "core/ngram/smoothing.h"
#include "core/text/corpus.h"

typedef struct {
    int order; /* 1 .. NGRAM_ORDER_MAX */
    Smoothing smoothing;
    bool unknown;    /* have <unk> in the vocabulary */
    uint64_t cutoff; /* words seen fewer times than this are counted as <unk>; 0 and 1 = none */
} NgramOptions;

/* A job that counts a corpus (borrowed). ngram_training_take hands the model over: complete when the job
 * is done, of the sentences counted so far when it was cancelled; NULL when there are none. */
Job *ngram_training_new(const Corpus *corpus, const NgramOptions *options);
Model *ngram_training_take(Job *job);
size_t ngram_training_sentences(const Job *job);

/* What an n-gram model is made of; NULL for any other kind. */
const NgramStore *ngram_store(const Model *model);
const Smoothing *ngram_smoothing(const Model *model);

#endif
