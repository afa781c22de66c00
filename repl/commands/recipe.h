/* recipe.h - from a learner's options to an n-gram model: what train and sweep share. */
#ifndef REPL_COMMANDS_RECIPE_H
#define REPL_COMMANDS_RECIPE_H

#include "core/ngram/pruning.h"
#include "repl/command.h"
#include "repl/session.h"

typedef struct {
    NgramOptions ngram; /* its vocabulary is still to be read, see recipe_gather */
    bool tuned;         /* weights=em: the held-out text decides */
    bool prunes;
    Pruning pruning;
} Recipe;

/* The word before the options, if there is one, names a kind of model there is. */
bool recipe_check_kind(const Call *call, Error *error);

/* What values[OPTION_COUNT] ask for. Fails at the place of an option that says nothing with the smoothing
 * chosen, that contradicts another one, or has the wrong number of values. */
bool recipe_read(const OptionValue *values, Arena *arena, Recipe *recipe, Error *error);

/* Whether the option says anything with this smoothing. */
bool recipe_uses(SmoothingKind kind, OptionId id);
bool recipe_fail_useless(const OptionValue *values, OptionId id, SmoothingKind kind, Error *error);

/* The options of a recipe: those sweep has its own rows for, and the others. */
#define RECIPE_DETAILS                                                                                       \
    OPT_K, OPT_WEIGHTS, OPT_HELDOUT, OPT_DISCOUNT, OPT_FALLBACK, OPT_UNIGRAMS, OPT_COMPAT, OPT_UNK,          \
        OPT_CUTOFF, OPT_VOCABULARY, OPT_PRUNE, OPT_THRESHOLD
#define RECIPE_OPTIONS OPT_ORDER, OPT_SMOOTH, RECIPE_DETAILS

/* Find or read, one after the other, what vocabulary=, heldout= and corpus= name, into the call: to be asked
 * first by Command.run with call->phase 0, and by Command.finish as long as call->phase < RECIPE_GATHERED.
 * Without corpus= the current one is taken. */
enum { RECIPE_VOCABULARY, RECIPE_HELDOUT, RECIPE_CORPUS, RECIPE_GATHERED };
bool recipe_gather(Session *session, Call *call, Error *error);

#endif
