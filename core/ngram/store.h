/* store.h - how often each n-gram occurred: the data under every count model.
 *
 * A node is an n-gram; its parent is the n-gram without its last word, the root the empty one. So the
 * children of a context are the words that followed it. Counting pushes each token onto the contexts of
 * every length at once; asking walks the same way. Words are ids of the model's vocabulary, and
 * WORD_BEGIN for <s>, which occurs in contexts only and is never counted as predicted. */
#ifndef CORE_NGRAM_STORE_H
#define CORE_NGRAM_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/text/vocab.h"

enum { NGRAM_ORDER_MAX = 8 };

typedef uint32_t NodeId;
#define NODE_ROOT ((NodeId)0)
#define NODE_NONE UINT32_MAX

enum { WORD_UNKNOWN = TOKEN_NONE, WORD_BEGIN = -2 };

typedef struct NgramStore NgramStore;

NgramStore *store_new(int order);
NgramStore *store_clone(const NgramStore *store);
void store_free(NgramStore *store);
int store_order(const NgramStore *store);

/* contexts[k] is the node of the last k tokens, k = 0 .. order - 1, NODE_NONE where never seen. */
typedef struct {
    NodeId contexts[NGRAM_ORDER_MAX];
} NgramContext;

/* Counting. Begin a sentence, then count each predicted word, </s> too. */
void store_begin(NgramStore *store, NgramContext *context);
void store_count(NgramStore *store, NgramContext *context, TokenId word);
void store_finish(NgramStore *store); /* after counting, before asking for children */

/* Asking. */
NgramContext store_start(const NgramStore *store);
void store_feed(const NgramStore *store, NgramContext *context, TokenId word);
NodeId store_child(const NgramStore *store, NodeId parent, TokenId word); /* NODE_NONE if never seen */
uint64_t store_times(const NgramStore *store, NodeId node);               /* occurrences; 0 for NODE_NONE */
uint64_t store_total(const NgramStore *store, NodeId node); /* occurrences of its children together */

/* The children of a node in order of their words: nodes[0 .. *count). */
const NodeId *store_children(const NgramStore *store, NodeId node, size_t *count);
TokenId store_word(const NgramStore *store, NodeId node);
size_t store_ngrams(const NgramStore *store); /* different n-grams of all orders that were predicted */

#endif
