/* edited.h - what commands that change a corpus share: the model that learned from it is brought up to date,
 * and both take their places in one step, which one `undo` takes back.
 *
 * While such a call lives, call->heldout is the corpus as it was, call->corpus as it is now, call->model the
 * model as it was, and call->made as it is now: NULL when it did not learn from that corpus, or is a network,
 * whose training is the learner's to go on with. */
#ifndef REPL_COMMANDS_EDITED_H
#define REPL_COMMANDS_EDITED_H

#include "repl/command.h"
#include "repl/session.h"

/* A command may not make a corpus longer than this. */
enum { EDITED_TOKENS_MAX = 50000000 };

typedef struct {
    bool learned;         /* the model learned from the corpus */
    bool measures;        /* how both models predict the corpus as it was, in bits a token: */
    double before, after; /* NaN where they are not probabilities, or nothing was measured */
} Edited;

/* Takes `after` over; the command's own struct, which begins with an Edited, is call->work. Sets call->job
 * when there is something to wait for; Command.finish then asks edited_go_on, as long as that sets another.
 */
void edited_begin(Session *session, Call *call, Corpus *after);
void edited_go_on(Call *call);

/* Into the workspace: what is current stays what was current, but for the corpus. */
void edited_keep(Session *session, const Call *call);

/* Of several models of one statement the first one's call changes the corpus; the others get what it made.
 * NULL for the first. */
Corpus *edited_by_first(const Call *call);

/* The fields corpus, sentences_before, sentences, tokens_before, tokens, types_before, types; model, updated;
 * with `measures`, perplexity_before and perplexity; and a note when the model is not up to date. */
void edited_fields(const Call *call, Result *result);

/* The first word as a whole number of 1 .. 1e6, `what` saying of what. */
bool edited_number(const Call *call, const char *what, size_t *number, Error *error);

#endif
