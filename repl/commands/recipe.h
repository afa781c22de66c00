/* recipe.h - what train and sweep share whatever the model: which kinds there are, and the texts they are
 * made from. Options of their own: recipe_ngram.h, recipe_neural.h. */
#ifndef REPL_COMMANDS_RECIPE_H
#define REPL_COMMANDS_RECIPE_H

#include "core/neural/network.h"
#include "repl/command.h"
#include "repl/session.h"

#define RECIPE_KINDS "ngram|softmax|mlp|rnn|gru|lstm|transformer"

typedef struct {
    bool neural;
    NetworkKind network; /* which, of those */
} RecipeKind;

/* The kind of model this word names. */
bool recipe_kind(const Word *word, RecipeKind *kind, Error *error);
const char *recipe_kind_name(RecipeKind kind);

/* Fails at the first option of the statement that says nothing with this kind, with those it belongs to. */
bool recipe_check_options(const Call *call, RecipeKind kind, Error *error);
bool recipe_stated(const OptionValue *value); /* by the statement: not only by `set` */

/* Find or read, one after the other, what vocabulary=, heldout= and corpus= name, into the call: to be asked
 * first by Command.run with call->phase 0, and by Command.finish as long as call->phase < RECIPE_GATHERED.
 * Without corpus= the current one is taken. */
enum { RECIPE_VOCABULARY, RECIPE_HELDOUT, RECIPE_CORPUS, RECIPE_GATHERED };
bool recipe_gather(Session *session, Call *call, Error *error);

#endif
