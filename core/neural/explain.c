#include "core/neural/explain.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/memory.h"
#include "core/model/sequence.h"
#include "core/neural/elementary.h"
#include "core/neural/neural.h"
#include "core/neural/vector.h"

/* Each word left out costs a pass. */
enum { WORDS_ASKED = 32, WORDS_TOLD = 8 };

typedef struct {
    const Model *model;
    const TokenId *ids;
    size_t count;
    TokenId token;
    Arena *arena;
} Question;

/* The network's answer as far as `token` is concerned. */
typedef struct {
    double logit, p;
    TokenId first;  /* the outcome with the largest logit, */
    double largest; /* and that logit */
    double sum;     /* of exp(logit - largest) over all outcomes */
} Answer;

static Answer read_logits(const Question *q, const Real *logits)
{
    size_t outcomes = model_outcomes(q->model);
    double *p = must_alloc(outcomes, sizeof *p), log_sum;
    Answer answer = {.logit = (double)logits[q->token]};
    softmax_double(outcomes, logits, p, &log_sum);
    for (size_t i = 1; i < outcomes; i++)
        if (logits[i] > logits[answer.first]) answer.first = (TokenId)i;
    answer.largest = (double)logits[answer.first];
    answer.sum = exact_exp(log_sum - answer.largest);
    answer.p = p[q->token];
    free(p);
    return answer;
}

static Answer ask(const Question *q, const TokenId *ids, size_t count)
{
    size_t steps;
    Tape *tape = neural_pass(q->model, ids, count, TOKEN_NONE, &steps);
    const Tensor *logits = tape_find(tape, "logits");
    Answer answer = read_logits(q, logits->x + (tensor_rows(logits) - 1) * model_outcomes(q->model));
    tape_free(tape);
    return answer;
}

/* --- one word less --- */

typedef struct {
    size_t index;
    double p;
} Without;

static double effect(const Without *without, double p) { return fabs(without->p - p); }

/* Those that moved p most first; among equals the later word. */
static void sort_by_effect(Without *all, size_t count, double p)
{
    for (size_t i = 1; i < count; i++) {
        Without one = all[i];
        size_t at = i;
        for (; at > 0 && effect(&all[at - 1], p) <= effect(&one, p); at--) all[at] = all[at - 1];
        all[at] = one;
    }
}

static Fact *without_fact(const Question *q, const Without *without, double p)
{
    const char *word = vocab_text(q->model->vocab, q->ids[without->index]),
               *name = arena_format(q->arena, _("p without '%s' (word %zu)"), word, without->index + 1),
               *change = arena_format(q->arena, "p %c %.6g", without->p < p ? '-' : '+', effect(without, p));
    return fact_new(q->arena, FACT_PROBABILITY, name, change, without->p);
}

static void add_words(const Question *q, double p, Fact *fact)
{
    size_t asked = q->count < WORDS_ASKED ? q->count : WORDS_ASKED, first = q->count - asked;
    Without *all = arena_alloc(q->arena, asked + 1, sizeof *all);
    TokenId *rest = arena_alloc(q->arena, q->count + 1, sizeof *rest);
    for (size_t i = 0; i < asked; i++) {
        size_t out = first + i;
        memcpy(rest, q->ids, out * sizeof *rest);
        memcpy(rest + out, q->ids + out + 1, (q->count - out - 1) * sizeof *rest);
        all[i] = (Without){out, ask(q, rest, q->count - 1).p};
    }
    sort_by_effect(all, asked, p);
    if (asked == 0) return;
    Fact *words = fact_note(q->arena, _("the words before it, each left out in turn, the strongest first:"));
    for (size_t i = 0; i < asked && i < WORDS_TOLD; i++) fact_because(words, without_fact(q, &all[i], p));
    fact_because(fact, words);
}

/* --- logit and normaliser --- */

static Fact *number(const Question *q, const char *name, const char *formula, double value)
{
    return fact_new(q->arena, FACT_NUMBER, name, formula, value);
}

static void add_arithmetic(const Question *q, const Answer *answer, Fact *fact)
{
    Arena *arena = q->arena;
    const char *largest = arena_format(arena, _("largest (the logit of '%s')"),
                                       vocab_text(q->model->vocab, answer->first)),
               *sum = arena_format(arena, _("exp(logit - largest), summed over %zu outcomes"),
                                   model_outcomes(q->model));
    fact_because(fact, number(q, "logit", _("what the network gives this outcome"), answer->logit));
    fact_because(fact, number(q, largest, NULL, answer->largest));
    fact_because(fact, number(q, "exp(logit - largest)", NULL, exact_exp(answer->logit - answer->largest)));
    fact_because(fact, number(q, "sum", sum, answer->sum));
}

Fact *neural_explain(const State *state, const TokenId *ids, size_t count, TokenId token, Arena *arena)
{
    Question q = {.model = state->model, .ids = ids, .count = count, .token = token, .arena = arena};
    const Vocab *vocab = q.model->vocab;
    double p = state_probability(state, token);
    const char *given = count ? sequence_text(vocab, ids, count, arena) : TEXT_BEGIN,
               *name = arena_format(arena, "p(%s | %s)", vocab_text(vocab, token), given);
    Fact *fact = fact_new(arena, FACT_PROBABILITY, name, "exp(logit - largest) / sum", p);
    double log_sum;
    Answer answer = read_logits(&q, neural_logits(state, &log_sum));
    add_arithmetic(&q, &answer, fact);
    add_words(&q, p, fact);
    return fact;
}
