/* children.h - from a history to the words that followed it: the store's prefix links, turned round. */
#ifndef CORE_NGRAM_CHILDREN_H
#define CORE_NGRAM_CHILDREN_H

#include "core/ngram/store.h"

typedef struct Children Children;

Children *children_new(const NgramStore *store);
void children_free(Children *children); /* NULL is fine */

/* The nodes of `level` whose prefix is this node of level - 1, in order of their words. */
const NodeId *children_of(const Children *children, int level, NodeId prefix, size_t *count);

#endif
