/* look.h - what the commands that look inside a network share: which models they look into, one pass over the
 * words typed, and the names of its positions. */
#ifndef REPL_COMMANDS_LOOK_H
#define REPL_COMMANDS_LOOK_H

#include "core/neural/neural.h"
#include "repl/command.h"

/* Kinds of networks as a set. */
#define LOOK(kind) (1U << (kind))
#define LOOK_RECURRENT (LOOK(NETWORK_RNN) | LOOK(NETWORK_GRU) | LOOK(NETWORK_LSTM))
#define LOOK_ALL (LOOK(NETWORK_KINDS) - 1)

/* The call's network, or NULL with an error that names what can be looked at instead. `wanted` is what the
 * command looks into: "transformers". */
const Network *look_network(const Call *call, unsigned kinds, const char *wanted, Error *error);

typedef struct {
    const Call *call;
    const Network *network;
    Tokens words;
    Tape *tape;   /* of the pass; look_release frees it */
    size_t steps; /* positions the network read */
} Look;

/* Read the call's words as a text from its beginning and run the network over them. */
bool look_pass(const Call *call, const Network *network, Look *look, Error *error);
void look_release(Look *look);

/* A tensor of the pass; it is there. */
const Tensor *look_tensor(const Look *look, const char *name, ...) PRINTF_LIKE(2, 3);

/* Which word of the text stands at a position read, from 1; 0 for <s>. */
size_t look_word_number(const Look *look, size_t position);
const char *look_word(const Look *look, size_t position);

/* Of all positions, for a result's "tokens"; and as names in a picture: "the", or "4 the". */
const char *const *look_words(const Look *look);
const char *const *look_names(const Look *look, bool numbered);

/* A token inside a text for people: blank ones are made visible. */
const char *look_token(const char *token);

/* The last words only, because the network looks no further back: says so. */
void look_note(const Look *look, Result *result);

/* The position that an option names by the number of its word; the last one when it is not given. Fails where
 * the network did not read that word. */
bool look_position(const Look *look, OptionId id, size_t *position, Error *error);

/* A number from 1 to `most` as an index from 0; *index stays as it is when none is given. `what` is counted:
 * "layers". */
bool look_index(const Call *call, OptionId id, size_t most, const char *what, size_t *index, Error *error);

/* The grid, copied, as the result's picture. */
void look_grid(const Grid *grid, Result *result);

/* Fails when a drawing was asked for (as=svg, or a file of that name) and the result is none; `hint` says
 * what is. To be returned at the end of a run. */
bool look_drawn(const Call *call, const Result *result, const char *hint, Error *error);

/* The largest |x|; 1 where all are 0, so that one can divide by it. NaN counts for nothing. */
double look_largest(const double *values, size_t count);

#endif
