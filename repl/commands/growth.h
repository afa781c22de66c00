/* growth.h - kinds of models against the amount of text: what sweep does with kind= and data=. Each learns
 * from the beginning of one text, the more the further right, and is scored on what none has seen: a held-out
 * text, or the very distribution the text was drawn from. */
#ifndef REPL_COMMANDS_GROWTH_H
#define REPL_COMMANDS_GROWTH_H

#include "repl/commands/cost.h"
#include "repl/commands/recipe.h"
#include "repl/commands/recipe_neural.h"
#include "repl/commands/recipe_ngram.h"

/* A kind of model with its options: a curve. */
typedef struct {
    RecipeKind kind;
    NgramRecipe ngram; /* one of the two */
    NeuralRecipe neural;
    OptionValue *values; /* [OPTION_COUNT] of this kind alone */
    const char *name;    /* "mlp h=64" */
} Variant;

/* A point of it. */
typedef struct {
    const Variant *variant;
    size_t size; /* index of the amount of text */

    /* When it is done. */
    size_t tokens;  /* predicted tokens learnt from */
    double bits;    /* a held-out token, those no model knows left out; infinite with a probability of 0 */
    Cost cost;      /* of the model, and of all its training */
    uint64_t steps; /* of a network: those that were best */
    bool diverged;
} Point;

typedef struct {
    Variant *variants;
    size_t variant_count;
    double *sizes; /* tokens wanted, rising */
    size_t size_count;
    Point *points; /* (size_count, variant_count): sizes one after the other; the first `done` are done */
    size_t count, done;

    const char *source; /* name of the model the text is drawn from, which is call->model; or NULL */
    size_t length;      /* words of its sentences; 0 = until </s> */
    bool exact;         /* scored on all its sentences by their probability */
    bool stream;
    double floor;           /* bits a token of the source itself; NaN without one */
    double unknown_mass;    /* the most that <unk> had while text was drawn */
    bool cut;               /* sizes beyond the corpus were taken as all of it */
    size_t tokens, unknown; /* of the held-out text */
    uint64_t seed;
} Growth;

enum { GROWTH_HELDOUT_TOKENS = 20000 }; /* drawn, where not all sentences can be listed */

/* --- growth_options.c --- */

/* Whether this call is about growth at all. */
bool growth_wanted(Session *session, const Call *call);

/* What kind=, data= and all others ask for; the source, too. In the call's arena. */
Growth *growth_read(Session *session, Call *call, Error *error);

/* The sizes there are of call->corpus, and the points, once it is there. */
bool growth_lay_out(const Call *call, Growth *growth, Error *error);

/* --- growth_job.c: draws the texts, if they are to be drawn, and fills in the points --- */

Job *growth_job_new(Call *call, Growth *growth); /* reads call->corpus, ->heldout, ->vocabulary and ->model */

/* --- growth.c --- */

/* To be asked by Command.run and Command.finish, as recipe_gather is. */
bool growth_gather(Session *session, Call *call, Growth *growth, Error *error);
bool growth_finish(Session *session, Call *call, Growth *growth, Result *result, bool interrupted,
                   Error *error);

/* --- growth_why.c --- */

const Fact *growth_explain(const Growth *growth, Arena *arena);
const Point *growth_best(const Growth *growth, size_t size); /* the fewest bits; NULL if none is finite */
const Point *growth_point(const Growth *growth, size_t variant, size_t size); /* NULL: not done */

#endif
