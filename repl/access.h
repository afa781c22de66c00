/* access.h - a model behind an API: what its customer may ask, and what the answers have cost.
 *
 * Under `access api` a model is asked as over a network: text goes in, text comes out, and with `top` the
 * few most probable next tokens, as OpenAI's completions interface gave up to five. Whatever shows more
 * (counts, weights, the probability of a text of one's own, why) is refused: Command.api and Command.inside
 * say what that is. Each answer is billed by the tokens read and written. */
#ifndef REPL_ACCESS_H
#define REPL_ACCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"

typedef struct Execution Execution;

/* Part of the workspace, so that undo brings it back; zeros are `access open`. */
typedef struct {
    bool api;
    size_t top;   /* next lists so many tokens at most; 0: next is refused */
    double price; /* of 1000 tokens */
} Access;

/* What has been asked since `access api` was said; nothing takes that back. */
typedef struct {
    uint64_t calls;
    double tokens, cost;
} Bill;

/* Whether a statement may be carried out. Fails, at its verb or option, with the way out. */
bool access_check(const Access *access, const Execution *execution, Error *error);

/* That `what` needs to look inside. Returns false. */
bool access_refuse(const char *what, Error *error);

/* Bill the calls of a statement that was carried out, with a note in its last result. */
void access_charge(const Access *access, Bill *bill, Execution *done);

/* How many texts have to be drawn to know a probability of size p to +-within, 19 times out of 20:
 *   n = z^2 p (1 - p) / within^2, z = 1.96
 * (the normal approximation of a share of n independent draws). */
#define ACCESS_Z 1.96
double access_calls_needed(double p, double within);

#endif
