/* model.h - what every language model can do: conditional distributions over the next token.
 *
 * A model is any struct whose first member is a Model, with a ModelKind of functions; a State is a
 * conditional under way: what the model remembers of the tokens fed so far.  Everything above (decoding,
 * sampling, scoring, evaluation, enumeration) is written once, on these functions.
 *
 * Ids are those of the model's vocabulary.  TOKEN_NONE may be fed for a token the model does not know. */
#ifndef CORE_MODEL_MODEL_H
#define CORE_MODEL_MODEL_H

#include <stdint.h>

#include "core/model/fact.h"
#include "core/text/tokenizer.h"

typedef struct Model Model;
typedef struct State State;
typedef struct Drawing Drawing;

typedef struct {
    uint64_t numerator, denominator; /* denominator > 0 */
} Fraction;

typedef struct {
    uint64_t count, total; /* how often the token followed the context; how often anything did */
} Counts;

typedef struct {
    const char *name; /* what a learner types after `train`: "ngram" */
    State *(*begin)(const Model *model);
    State *(*copy)(const State *state);
    void (*release)(State *state);
    void (*feed)(State *state, TokenId token);
    bool (*defined)(const State *state); /* false: 0/0, this context has no distribution */
    void (*predict)(const State *state, double *p);
    double (*probability)(const State *state, TokenId token);
    bool (*counts)(const State *state, TokenId token, Counts *counts); /* NULL: nothing is counted */
    bool (*fraction)(const State *state, TokenId token,
                     Fraction *p);                     /* NULL: never a ratio of whole numbers */
    int (*matched)(const State *state, TokenId token); /* NULL: no n-grams here */
    Fact *(*explain)(const State *state, TokenId token, Arena *arena);
    void (*score_all)(const Model *model, const TokenId *ids, size_t count, bool end,
                      double *logp);                       /* NULL: token by token */
    Drawing *(*drawing)(const Model *model, double power); /* NULL: draw from the whole distribution */
    uint64_t (*parameters)(const Model *model);
    const char *(*describe)(const Model *model, Arena *arena);
    Model *(*clone)(const Model *model);
    void (*free)(Model *model);
} ModelKind;

enum { CONTEXT_WHOLE = -1 };

struct Model {
    const ModelKind *kind;
    unsigned references;
    Vocab *vocab; /* its tokens are the outcomes, in order */
    Tokenizer tokenizer;
    int context;    /* how many tokens back a conditional looks: n - 1, or CONTEXT_WHOLE */
    bool scores;    /* its numbers are scores, which need not sum to 1; drawing renormalises them */
    double seconds; /* that its training took, as far as it was watched; 0: not known */
    double joules;  /* that the processors used meanwhile; 0: not known */
};

struct State {
    const Model *model; /* borrowed; must outlive the state */
};

/* --- models: counted references, never changed once shared --- */
Model *model_share(Model *model);
Model *model_clone(const Model *model); /* a private copy to change */
void model_free(Model *model);          /* NULL is fine */
size_t model_outcomes(const Model *model);
bool model_ends(const Model *model);           /* whether </s> is an outcome */
uint64_t model_parameters(const Model *model); /* numbers stored: table entries, n-grams, weights */
const char *model_describe(const Model *model, Arena *arena); /* "bigram counts, smooth=mle" */

/* --- states --- */
State *state_begin(const Model *model); /* the start of a sequence */
State *state_copy(const State *state);
void state_free(State *state); /* NULL is fine */
void state_feed(State *state, TokenId token);
bool state_defined(const State *state);

/* The whole conditional: p[model_outcomes], summing to 1; every entry 0 where it is not defined. */
void state_predict(const State *state, double *p);
double state_probability(const State *state, TokenId token); /* the same number; 0 for TOKEN_NONE */
double state_score(const State *state, TokenId token);       /* its natural logarithm; -INFINITY for 0 */
bool state_counts(const State *state, TokenId token, Counts *counts); /* false: nothing is counted */

/* How many words the longest n-gram has that the model knows and that ends in the token; 0: none. */
int state_matched(const State *state, TokenId token);
bool model_matches(const Model *model); /* whether the question has a meaning here */

/* p as the ratio of whole numbers that it is, where it is one; false elsewhere. */
bool state_fraction(const State *state, TokenId token, Fraction *p);

/* Why state_probability(token) is what it is; the value is the same number to the last bit. */
Fact *state_explain(const State *state, TokenId token, Arena *arena);

/* log p of each token of a sequence from its start, in one pass, and of </s> after it if `end`
 * (logp then has count + 1 entries). */
void model_score_all(const Model *model, const TokenId *ids, size_t count, bool end, double *logp);

/* --- drawing without building the distribution ---
 *
 * A Drawing knows cumulative sums of p^power: drawing_begin looks at a state, drawing_upto is then the sum of
 * p(x | state)^power over the outcomes x = 0 .. token in vocabulary order; 0 for token = -1. */
typedef struct {
    void (*begin)(Drawing *drawing, const State *state);
    double (*upto)(Drawing *drawing, TokenId token);
    void (*free)(Drawing *drawing);
} DrawingKind;

struct Drawing {
    const DrawingKind *kind;
};

Drawing *drawing_new(const Model *model, double power); /* NULL where the kind of model has none */
void drawing_begin(Drawing *drawing, const State *state);
double drawing_upto(Drawing *drawing, TokenId token);
void drawing_free(Drawing *drawing); /* NULL is fine */

#endif
