/* Leaderboards: the best of many, against sorting all of them. */

#include <stdlib.h>
#include <string.h>

#include "core/model/leaderboard.h"
#include "tests/support/models.h"

TestSuite(leaderboard, .timeout = 20);

enum { OFFERS = 500 };

typedef struct {
    double p;
    TokenId ids[2];
} Offer;

static int best_first(const void *left, const void *right)
{
    const Offer *a = left, *b = right;
    if (a->p != b->p) return a->p < b->p ? 1 : -1;
    return a->ids[1] < b->ids[1] ? -1 : 1; /* ids[1] is the place in the queue */
}

Test(leaderboard, keeps_the_best_in_order_and_equal_ones_as_they_came)
{
    static const size_t rooms[] = {0, 1, 2, 10, OFFERS, 2 * OFFERS};
    for (size_t r = 0; r < COUNT_OF(rooms); r++) {
        Random random = random_seeded(r);
        Offer offers[OFFERS];
        Leaderboard board;
        double mass = 0;
        leaderboard_init(&board, 2, rooms[r], -1);
        for (TokenId i = 0; i < OFFERS; i++) {
            offers[i] = (Offer){(double)(random_next(&random) % 40) / 64, {(TokenId)r, i}}; /* many ties */
            leaderboard_offer(&board, offers[i].p, offers[i].ids);
            mass += offers[i].p;
        }
        qsort(offers, OFFERS, sizeof *offers, best_first);
        CHECK_INT(board.count, rooms[r] < OFFERS ? rooms[r] : OFFERS);
        CHECK_NEAR(board.mass, mass, 1e-9);
        for (size_t i = 0; i < board.count; i++) {
            bool same = board.p[i] == offers[i].p &&
                        memcmp(board.ids + 2 * i, offers[i].ids, sizeof offers[i].ids) == 0;
            CHECK_FOR(same, "room %zu, place %zu", rooms[r], i);
        }
        leaderboard_release(&board);
    }
}

Test(leaderboard, tells_the_place_of_the_target)
{
    static const double offers[] = {0.1, 0.3, 0.1 + 0.2, 0.5, 0, 0.3, 0.2};
    static const struct {
        double target;
        size_t better, equal;
    } cases[] = {
        {0.3, 1, 3}, {0.5, 0, 1}, {0, 6, 1}, {0.1, 5, 1}, {0.9, 0, 0}, {-1, 0, 0}, {0.25, 4, 0},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        Leaderboard board;
        leaderboard_init(&board, 1, 3, cases[i].target);
        for (TokenId k = 0; k < (TokenId)COUNT_OF(offers); k++) leaderboard_offer(&board, offers[k], &k);
        CHECK_FOR(board.better == cases[i].better, "row %zu: %zu better", i, board.better);
        CHECK_FOR(board.equal == cases[i].equal, "row %zu: %zu equal", i, board.equal);
        CHECK_INT(board.ids[0], 3);
        CHECK_INT(board.ids[1], 1); /* 0.3 came before 0.1 + 0.2, which is a bit more */
        CHECK_INT(board.ids[2], 2);
        leaderboard_release(&board);
    }
}

Test(leaderboard, probabilities_that_are_all_zero_are_kept_too)
{
    Leaderboard board;
    leaderboard_init(&board, 1, 2, 0);
    for (TokenId k = 0; k < 5; k++) leaderboard_offer(&board, 0, &k);
    CHECK_INT(board.count, 2);
    CHECK_INT(board.ids[1], 1);
    CHECK_INT(board.equal, 5);
    CHECK_INT(board.better, 0);
    leaderboard_release(&board);
}
