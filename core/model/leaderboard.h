/* leaderboard.h - the most probable sequences seen so far, and the place of one of them.
 *
 * Probabilities that differ by rounding alone count as equal (DECODING_TIE); equal ones keep the order in
 * which they were offered. */
#ifndef CORE_MODEL_LEADERBOARD_H
#define CORE_MODEL_LEADERBOARD_H

#include <stddef.h>

#include "core/text/vocab.h"

typedef struct {
    size_t length, room; /* tokens a sequence; how many sequences are kept */
    size_t count;        /* kept so far, most probable first */
    double *p;           /* (room) */
    TokenId *ids;        /* (room, length) */
    double target;       /* the sequence whose place is wanted, or negative */
    size_t better,
        equal;       /* offered sequences strictly above the target; as probable as it, itself included */
    double mass;     /* sum of all p offered */
    double rounding; /* what rounding has added to `mass` so far, to be taken off again (Kahan 1965) */
} Leaderboard;

void leaderboard_init(Leaderboard *board, size_t length, size_t room, double target);
void leaderboard_release(Leaderboard *board);
void leaderboard_offer(Leaderboard *board, double p, const TokenId *ids);

#endif
