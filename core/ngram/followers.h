/* followers.h - what was seen after the histories of a context: how much, how many different words, and how
 * often one word in question was among them.
 *
 * Nothing is looked up: every level of the store is read once, which takes 1 to 2 ns a node. */
#ifndef CORE_NGRAM_FOLLOWERS_H
#define CORE_NGRAM_FOLLOWERS_H

#include "core/ngram/estimate.h"

/* After one history. Counts are those the smoothing works with. */
typedef struct {
    bool adjusted; /* counts are numbers of different left neighbours: kn, mkn below the highest order */
    double count, total; /* of the word; of all words */
    double types[4];     /* different words with count 1, 2, 3 or more; [0] with any */
    double p, lower;     /* summed over these words: the estimate, that of the next lower order */
    double kept;         /* d_c c(h w)/c(h) summed over them: what Katz's discounts leave */
} Followers;

/* after[level] is about the last level - 1 words, level = 1 .. order; all 0 where these are no node. found[]
 * is what store_find said of the word. */
void followers_sum(const NgramStore *store, const Estimate *estimate, const NgramContext *context,
                   const NodeId *found, Followers *after);

#endif
