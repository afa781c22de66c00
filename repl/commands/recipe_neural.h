/* recipe_neural.h - from a learner's options to a network and how it learns: what train and sweep share. */
#ifndef REPL_COMMANDS_RECIPE_NEURAL_H
#define REPL_COMMANDS_RECIPE_NEURAL_H

#include "core/neural/learning.h"
#include "core/text/lexicon.h"
#include "repl/call.h"

#define NEURAL_SHAPE OPT_ORDER, OPT_D, OPT_H, OPT_LAYERS, OPT_HEADS, OPT_CTX, OPT_TIED, OPT_DROPOUT
#define NEURAL_WORDS OPT_HELDOUT, OPT_UNK, OPT_CUTOFF, OPT_VOCABULARY
#define NEURAL_LEARNING                                                                                      \
    OPT_LR, OPT_SCHEDULE, OPT_WARMUP, OPT_BATCH, OPT_EPOCHS, OPT_STEPS, OPT_OPTIMIZER, OPT_DECAY, OPT_CLIP,  \
        OPT_VALID, OPT_UNTIL, OPT_THREADS, OPT_SEED, OPT_EXACT

/* Those n-grams do not have: with NGRAM_OPTIONS all there are. */
#define NEURAL_OPTIONS OPT_D, OPT_H, OPT_LAYERS, OPT_HEADS, OPT_CTX, OPT_TIED, OPT_DROPOUT, NEURAL_LEARNING

typedef struct {
    Architecture architecture; /* its V and ctx wait for the corpus, see recipe_neural_fit */
    LearningOptions learning;  /* its seed is the caller's to choose */
    LexiconOptions lexicon;    /* its vocabulary is still to be read, see recipe.h */
    bool exact;
    size_t ctx_wanted; /* by ctx=, where the longest sentence made it less; else 0 */
} NeuralRecipe;

bool recipe_neural_uses(NetworkKind kind, OptionId id);

/* What values[OPTION_COUNT] ask for; what they do not say is as in the table of recipe_neural.c. Fails at the
 * place of an option out of its kind's range, or that contradicts another one. */
bool recipe_neural_read(NetworkKind kind, const OptionValue *values, NeuralRecipe *recipe, Error *error);

/* Now that the corpus and V are known. Fails, at the place of an option if one is to blame, when there is
 * nothing to learn or the network cannot be built. */
bool recipe_neural_fit(NeuralRecipe *recipe, const OptionValue *values, const Corpus *corpus, size_t outcomes,
                       Error *error);

/* For help: what a network of this kind is, and what holds when nothing is said. In the arena. */
const char *recipe_neural_page(NetworkKind kind, Arena *arena);

/* "adamw lr=0.003 batch=32 schedule=cosine": how it learns, in the arena. */
const char *recipe_neural_describe(const LearningOptions *options, Arena *arena);

#endif
