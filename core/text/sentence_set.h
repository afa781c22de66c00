/* sentence_set.h - the different sentences of a corpus, and how often each stands there.
 *
 * Ids are those of the corpus. A sentence found once in N is one of Good and Turing's N1: N1 / N estimates
 * how probable it is that the next sentence is none of these (Good 1953). */
#ifndef CORE_TEXT_SENTENCE_SET_H
#define CORE_TEXT_SENTENCE_SET_H

#include "core/text/corpus.h"

typedef struct SentenceSet SentenceSet;

SentenceSet *sentence_set_new(const Corpus *corpus); /* borrowed; must outlive the set */
void sentence_set_free(SentenceSet *set);            /* NULL is fine */

/* Numbered from 0 in the order in which they first stand there. */
size_t sentence_set_size(const SentenceSet *set);
const TokenId *sentence_set_ids(const SentenceSet *set, size_t index, size_t *count);
size_t sentence_set_times(const SentenceSet *set, size_t index);

/* How often this sentence stands there; 0: never. TOKEN_NONE is no word of any sentence. */
size_t sentence_set_find(const SentenceSet *set, const TokenId *ids, size_t count);

size_t sentence_set_once(const SentenceSet *set); /* how many stand there once: N1 */

#endif
