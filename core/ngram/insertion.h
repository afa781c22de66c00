/* insertion.h - n-grams that come as lists of words, as they do from a file, into a store. */
#ifndef CORE_NGRAM_INSERTION_H
#define CORE_NGRAM_INSERTION_H

#include "core/ngram/store.h"

/* Many of one level at once: words[count][level], nodes[count]. Prefixes and suffixes that are missing are
 * made too. New nodes have a count of 0. */
void store_insert(NgramStore *store, int level, const TokenId *words, size_t count, NodeId *nodes);

#endif
