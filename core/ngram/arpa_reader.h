/* arpa_reader.h - back-off models in ARPA format, as KenLM, SRILM, IRSTLM and MITLM write them.
 *
 *     \data\                          anything may stand before it
 *     ngram 1=17                      one a level, from 1; a wrong number is only noted
 *     \1-grams:                       every word there is, <s> too; \2-grams: ... follow in order
 *     -1.4055457  the cat  -0.19603   log10 p, k words, log10 of the back-off weight (0 where missing)
 *     \end\
 *
 * Fields are separated by spaces and tabs, lines by LF or CRLF, blank lines may stand anywhere or be missing,
 * and the file may be packed by gzip. A log p or weight of -99 or less, or a log p of -inf, stands for 0; one
 * above 0 is read as 0, with a note; a back-off weight may be positive. <UNK> is <unk>; without it unknown
 * words have probability 0. n-grams a longer one needs but the file does not have are blanks: nodes of count
 * 0 (others have 1) that hold what backing off gives, so that asking is as if they were not there.
 *
 * Errors name the line: a word that is no unigram, an n-gram given twice, a NaN or infinite weight, one at
 * the highest order, an order above NGRAM_ORDER_MAX, a file without \data\ or without \end\. */
#ifndef CORE_NGRAM_ARPA_READER_H
#define CORE_NGRAM_ARPA_READER_H

#include "core/base/job.h"
#include "core/ngram/ngram.h"

/* Opens the file at its first step. */
Job *arpa_reading_new(const char *path);

/* The model, once the job is done: the caller's. Its words are in the file's order. Its numbers count as
 * scores where their sums, below, are not within 1/1000 of 1. */
Model *arpa_reading_take(Job *job);

/* What the model's numbers for all words sum to after no word at all, and after <s>. */
void arpa_sums(const Model *model, double *unigrams, double *start);

/* What was odd about the file, a sentence each; NULL behind the last. The job's. */
const char *arpa_reading_note(const Job *job, size_t index);
size_t arpa_reading_bytes(const Job *job); /* of the file, as it is on disk */

#endif
