/* training.h - from a corpus to an n-gram model: choose the words, count, estimate; a job. */
#ifndef CORE_NGRAM_TRAINING_H
#define CORE_NGRAM_TRAINING_H

#include "core/base/job.h"
#include "core/ngram/ngram.h"

/* The corpus is borrowed while the job lives; the model keeps a share. `heldout`, borrowed too, tunes the
 * weights of interp by expectation maximisation when it is given, else NULL. */
Job *ngram_training_new(Corpus *corpus, const NgramOptions *options, const Corpus *heldout);

/* Hands the model over: complete when the job is done, of the text counted so far when it was stopped (a
 * sentence cut short ends there); NULL when there is none. */
Model *ngram_training_take(Job *job);
size_t ngram_training_sentences(const Job *job); /* counted so far */

/* The same model on another corpus, counting only the sentences in which the two differ, sought between a
 * common beginning and a common end. Equal to training afresh. NULL where all must be counted again: words
 * below a cutoff may have come above it, and a model from a file has no corpus. */
Model *ngram_training_update(const Model *model, Corpus *corpus);

#endif
