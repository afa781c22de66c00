/* recipe_ngram.h - from a learner's options to an n-gram model: what train and sweep share. */
#ifndef REPL_COMMANDS_RECIPE_NGRAM_H
#define REPL_COMMANDS_RECIPE_NGRAM_H

#include "core/ngram/pruning.h"
#include "repl/command.h"

typedef struct {
    NgramOptions ngram; /* its vocabulary is still to be read, see recipe.h */
    bool tuned;         /* weights=em: the held-out text decides */
    bool prunes;
    Pruning pruning;
} NgramRecipe;

/* What values[OPTION_COUNT] ask for. Fails at the place of an option that says nothing with the smoothing
 * chosen, that contradicts another one, or has the wrong number of values. */
bool recipe_ngram_read(const OptionValue *values, Arena *arena, NgramRecipe *recipe, Error *error);

/* Whether the option says anything with this smoothing. */
bool recipe_ngram_uses(SmoothingKind kind, OptionId id);
bool recipe_ngram_fail_useless(const OptionValue *values, OptionId id, SmoothingKind kind, Error *error);

/* The options of a recipe: those sweep has its own rows for, and the others. */
#define NGRAM_DETAILS                                                                                        \
    OPT_K, OPT_WEIGHTS, OPT_HELDOUT, OPT_DISCOUNT, OPT_FALLBACK, OPT_UNIGRAMS, OPT_COMPAT, OPT_UNK,          \
        OPT_CUTOFF, OPT_VOCABULARY, OPT_PRUNE, OPT_THRESHOLD
#define NGRAM_OPTIONS OPT_ORDER, OPT_SMOOTH, NGRAM_DETAILS

#endif
