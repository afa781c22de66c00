/* original.h - what novelty, extract, abstain and tv share: the text a model learnt from, or another one to
 * hold it against. */
#ifndef REPL_COMMANDS_ORIGINAL_H
#define REPL_COMMANDS_ORIGINAL_H

#include "core/text/sentence_set.h"
#include "repl/command.h"
#include "repl/session.h"

/* Find the text: that of `word`, a corpus or a file, or with NULL the one the call's model learnt from. It is
 * call->corpus afterwards, unless a file must be read first: then call->job is set, and finish asks
 * reading_finish. Fails for a model that came without a text. */
bool original_begin(Session *session, Call *call, const Word *word, Error *error);

/* Whether it is cut into the tokens the model reads; to be asked once the text is there. */
bool original_fits(const Call *call, Error *error);

/* Fails where the model has no </s>, for `what`: "novelty needs sentences". */
bool original_ends(const Call *call, const Model *model, const char *name, Error *error);

/* p of a sentence of the text under the model, with </s>; map is vocab_map from the text's words. */
double original_probability(const Model *model, const TokenId *map, const TokenId *ids, size_t count);

/* A sentence of the text as people read it. */
const char *original_text(const Call *call, const TokenId *ids, size_t count);

#endif
