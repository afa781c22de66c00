/* store.h - which n-grams there are, how often each occurred, and how they hang together.
 *
 * An n-gram of k words is a node of level k: a number, given in order of creation. Its prefix (without its
 * last word) and its suffix (without its first) are nodes of level k - 1, and precede it. Level 0 is the
 * empty n-gram, node 0; level 1 has a node for every word, numbered like it, and one more for <s>. Each
 * other level finds its nodes by a hash of their words.
 *
 * A sentence is counted with one <s> before it and one </s> behind: its first words have a shorter history.
 * Smoothings with n - 1 times <s> (smoothing.h) need no more: what follows one of them follows all. */
#ifndef CORE_NGRAM_STORE_H
#define CORE_NGRAM_STORE_H

#include "core/ngram/level.h"
#include "core/ngram/smoothing.h"

typedef struct {
    int order;
    uint32_t words; /* V: words 0 .. V - 1 can be predicted; V stands for <s> */
    Level levels[NGRAM_ORDER_MAX + 1];
    bool borrowed; /* the arrays lie in a mapped file, whoever mapped it frees them; nothing can be added */
} NgramStore;

NgramStore *store_new(int order, size_t words);
NgramStore *store_clone(const NgramStore *store);  /* never borrowed */
void store_free(NgramStore *store);                /* NULL is fine */
TokenId store_begin_word(const NgramStore *store); /* <s>: V */

/* The last words seen: nodes[k] is the n-gram of the last k, NODE_NONE where there is none, and hashes[k]
 * its hash. nodes[0] is always the empty one. */
typedef struct {
    NodeId nodes[NGRAM_ORDER_MAX];
    uint64_t hashes[NGRAM_ORDER_MAX];
    int length; /* words fed, with <s>; at most order - 1: how long the longest history can be */
} NgramContext;

NgramContext store_start(const NgramStore *store); /* after <s> */
NgramContext store_empty(const NgramStore *store); /* after nothing at all */

/* Ask what `word` makes of each history: found[k] is (last k words, word), a node of level k + 1, or
 * NODE_NONE; k = 0 .. order - 1. word may be TOKEN_NONE. */
void store_find(const NgramStore *store, const NgramContext *context, TokenId word, NodeId *found);
void store_feed(const NgramStore *store, NgramContext *context, TokenId word);
void store_advance(const NgramStore *store, NgramContext *context, TokenId word, NodeId *found); /* both */

/* Many words one after the other, asked so that memory has time to come: store_look hashes up to STORE_AHEAD
 * words, fetches their places in the tables, then the nodes likely to be there, and moves `ahead` on, of
 * which only the hashes matter. store_check is then store_find of the next of them, and store_shift moves the
 * context, of which only the nodes matter, on to what was found. */
enum { STORE_AHEAD = 16 };
typedef struct {
    TokenId word;
    int length;                       /* how many words of history there are */
    uint64_t hashes[NGRAM_ORDER_MAX]; /* [k] of (last k words, word) */
    NodeId likely[NGRAM_ORDER_MAX];   /* [k] its node, if it is one: still to be checked */
} Glimpse;

void store_look(const NgramStore *store, NgramContext *ahead, const TokenId *words, size_t count,
                Glimpse *glimpses);
void store_check(const NgramStore *store, const NgramContext *context, const Glimpse *glimpse, NodeId *found);
void store_shift(const NgramStore *store, NgramContext *context, const NodeId *found);

/* Counting text `times` times, in as many pieces as one likes: each sentence is <s>, its words, and </s>.
 * Negative times takes it out again: nodes stay, with a count of 0, until store_compact. */
typedef struct {
    NgramContext start, context, ahead; /* after <s>; what is counted; what is fetched from memory already */
    int64_t times;
} NgramCounting;

NgramCounting store_counting(const NgramStore *store, int64_t times);
void store_count(NgramStore *store, NgramCounting *counting, const TokenId *words, size_t count);

/* A node that is there, or a new one of count 0. `prefix` is of level k - 1; the suffix is made too. */
NodeId store_add(NgramStore *store, int level, NodeId prefix, TokenId word);

/* (prefix, word) of this level, or NODE_NONE. */
NodeId store_child(const NgramStore *store, int level, NodeId prefix, TokenId word);

/* The words of a node, oldest first: words[level]. */
void store_words(const NgramStore *store, int level, NodeId node, TokenId *words);

/* A copy of the nodes that occur, with words renumbered: to[word], TOKEN_NONE for words that vanish. */
NgramStore *store_compact(const NgramStore *store, const TokenId *to, size_t words);

size_t store_ngrams(const NgramStore *store); /* different n-grams of all orders, <s> alone not among them */

#endif
