#include "core/model/leaderboard.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/model/decoding.h"

void leaderboard_init(Leaderboard *board, size_t length, size_t room, double target)
{
    *board = (Leaderboard){.length = length, .room = room, .target = target};
    board->p = must_alloc(room, sizeof *board->p);
    board->ids = must_alloc(room * length, sizeof *board->ids);
}

void leaderboard_release(Leaderboard *board)
{
    free(board->p);
    free(board->ids);
    *board = (Leaderboard){0};
}

static bool above(double p, double other) { return p > other * (1 + DECODING_TIE); }

static void insert(Leaderboard *board, size_t at, double p, const TokenId *ids)
{
    size_t last = board->count < board->room ? board->count++ : board->room - 1;
    size_t bytes = board->length * sizeof *ids;
    memmove(board->p + at + 1, board->p + at, (last - at) * sizeof *board->p);
    memmove(board->ids + (at + 1) * board->length, board->ids + at * board->length, (last - at) * bytes);
    board->p[at] = p;
    memcpy(board->ids + at * board->length, ids, bytes);
}

void leaderboard_offer(Leaderboard *board, double p, const TokenId *ids)
{
    double corrected = p - board->rounding, mass = board->mass + corrected;
    board->rounding = (mass - board->mass) - corrected;
    board->mass = mass;
    if (board->target >= 0) {
        bool better = above(p, board->target);
        board->better += better;
        board->equal += !better && !above(board->target, p);
    }
    size_t at = board->count;
    if (at == board->room && (at == 0 || !above(p, board->p[at - 1]))) return;
    while (at > 0 && above(p, board->p[at - 1])) at--;
    insert(board, at, p, ids);
}
