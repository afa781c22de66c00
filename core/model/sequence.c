#include "core/model/sequence.h"

#include <math.h>
#include <string.h>

#include "core/base/i18n.h"

static uint64_t greatest_divisor(uint64_t a, uint64_t b)
{
    while (b) {
        uint64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* Multiply the exact fraction by a factor; give it up (denominator 0) when it is no longer exact. Numbers up
 * to 2^53 are doubles, so that the quotient is p rounded once. */
static void multiply(Sequence *sequence, const Fraction *factor)
{
    const uint64_t limit = (uint64_t)1 << 53;
    uint64_t common = greatest_divisor(factor->numerator, factor->denominator);
    uint64_t up = factor->numerator / common, down = factor->denominator / common;
    uint64_t first = greatest_divisor(sequence->numerator, down);
    uint64_t second = greatest_divisor(up, sequence->denominator);
    sequence->numerator /= first;
    down /= first;
    up /= second;
    sequence->denominator /= second;
    assert(down > 0);
    if (sequence->denominator > limit / down) sequence->denominator = 0;
    sequence->numerator *= up;
    sequence->denominator *= down;
}

static void add_step(Sequence *sequence, const State *state, TokenId token)
{
    Fraction exact;
    SequenceStep *step = &sequence->steps[sequence->count++];
    *step = (SequenceStep){.token = token, .defined = state_defined(state)};
    step->p = state_probability(state, token);
    step->counted = state_counts(state, token, &step->counts);
    sequence->p *= step->p;
    sequence->logp += step->p > 0 ? log(step->p) : -INFINITY;
    if (!state_fraction(state, token, &exact)) sequence->denominator = 0;
    if (sequence->denominator > 0) multiply(sequence, &exact);
    if (sequence->denominator > 0) sequence->p = (double)sequence->numerator / (double)sequence->denominator;
    step->product = sequence->p;
}

Sequence sequence_score(const Model *model, const TokenId *ids, size_t count, bool end, Arena *arena)
{
    Sequence sequence = {.p = 1, .numerator = 1, .denominator = 1};
    sequence.steps = arena_alloc(arena, count + 1, sizeof *sequence.steps);
    State *state = state_begin(model);
    for (size_t i = 0; i < count; i++) {
        add_step(&sequence, state, ids[i]);
        state_feed(state, ids[i]);
    }
    if (end && model_ends(model)) add_step(&sequence, state, vocab_end(model->vocab));
    state_free(state);
    return sequence;
}

static Fact *explain_unknown(const State *state, Arena *arena)
{
    (void)state;
    return fact_new(arena, FACT_PROBABILITY, _("p of a word the model does not know"), NULL, 0);
}

Fact *sequence_explain(const Model *model, const TokenId *ids, size_t count, bool end, Arena *arena)
{
    Sequence sequence = sequence_score(model, ids, count, end, arena);
    Fact *product = fact_new(arena, FACT_PROBABILITY, "p", _("the product of the factors below"), sequence.p);
    State *state = state_begin(model);
    for (size_t i = 0; i < sequence.count; i++) {
        TokenId token = sequence.steps[i].token;
        fact_because(product, token == TOKEN_NONE ? explain_unknown(state, arena)
                                                  : state_explain(state, token, arena));
        state_feed(state, token);
    }
    state_free(state);
    return product;
}

double sequence_perplexity(double logp, size_t tokens) { return tokens ? exp(-logp / (double)tokens) : 1; }

size_t sequence_given(const Model *model, const TokenId *ids, size_t at, TokenId *given)
{
    size_t wanted = model->context == CONTEXT_WHOLE ? at + 1 : (size_t)model->context;
    for (size_t i = 0; i < wanted; i++) given[i] = at + i >= wanted ? ids[at + i - wanted] : TOKEN_NONE;
    return wanted;
}

const char *sequence_text(const Vocab *vocab, const TokenId *ids, size_t count, Arena *arena)
{
    size_t size = 1;
    for (size_t i = 0; i < count; i++) size += strlen(vocab_text(vocab, ids[i])) + 1;
    char *text = arena_alloc(arena, size, 1), *at = text;
    for (size_t i = 0; i < count; i++) {
        if (i > 0) *at++ = ' ';
        at = stpcpy(at, vocab_text(vocab, ids[i]));
    }
    return text;
}

bool sequence_undefined(const Model *model, const TokenId *ids, size_t count, Error *error)
{
    Arena arena = {0};
    size_t room = model->context == CONTEXT_WHOLE ? 0 : (size_t)model->context;
    TokenId *given = arena_alloc(&arena, count + 1 + room, sizeof *given);
    size_t given_count = sequence_given(model, ids, count, given);
    error_set(error, _("nothing was ever seen after \"%s\", so there is no distribution over the next token"),
              sequence_text(model->vocab, given, given_count, &arena));
    error_hint(error, _("smoothing makes one: train ngram n=%d smooth=add k=0.1"), model->context + 1);
    arena_release(&arena);
    return false;
}
