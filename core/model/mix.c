#include "core/model/mix.h"

#include <stdlib.h>

#include "core/base/i18n.h"
#include "core/base/memory.h"

typedef struct {
    Model base;
    Model *under; /* q */
    double eps;
    size_t m;
    bool *junk; /* (V) */
} Mix;

typedef struct {
    State base;
    State *under;
} MixState;

static const Mix *mix_of(const State *state) { return (const Mix *)state->model; }
static const State *under(const State *state) { return ((const MixState *)state)->under; }

/* --- states --- */

static State *state_over(const Model *model, State *below)
{
    MixState *state = must_alloc(1, sizeof *state);
    *state = (MixState){.base = {model}, .under = below};
    return &state->base;
}

static State *mix_begin(const Model *model)
{
    return state_over(model, state_begin(((const Mix *)model)->under));
}

static State *mix_copy(const State *state) { return state_over(state->model, state_copy(under(state))); }

static void mix_release(State *state)
{
    state_free(((MixState *)state)->under);
    free(state);
}

static void mix_feed(State *state, TokenId token) { state_feed(((MixState *)state)->under, token); }

static bool mix_defined(const State *state) { return mix_of(state)->eps > 0 || state_defined(under(state)); }

/* --- p --- */

static double junk_share(const Mix *mix, TokenId token) { return mix->junk[token] ? 1 / (double)mix->m : 0; }

static double blend(const Mix *mix, double q, TokenId token)
{
    return (1 - mix->eps) * q + mix->eps * junk_share(mix, token);
}

static void mix_predict(const State *state, double *p)
{
    const Mix *mix = mix_of(state);
    bool defined = state_defined(under(state));
    state_predict(under(state), p);
    for (size_t i = 0; i < model_outcomes(state->model); i++)
        p[i] = defined ? blend(mix, p[i], (TokenId)i) : junk_share(mix, (TokenId)i);
}

static double mix_probability(const State *state, TokenId token)
{
    const Mix *mix = mix_of(state);
    if (!state_defined(under(state))) return junk_share(mix, token);
    return blend(mix, state_probability(under(state), token), token);
}

/* --- why --- */

static Fact *explain_junk(const Mix *mix, Arena *arena)
{
    Fact *fact =
        fact_new(arena, FACT_PROBABILITY, _("junk, even over its tokens"), "1 / m", 1 / (double)mix->m);
    return fact_because(fact, fact_new(arena, FACT_COUNT, _("m, tokens of the junk"), NULL, (double)mix->m));
}

static Fact *mix_explain(const State *state, TokenId token, Arena *arena)
{
    const Mix *mix = mix_of(state);
    bool defined = state_defined(under(state)), junk = mix->junk[token];
    Fact *q = state_explain(under(state), token, arena);
    if (!state_defined(state)) return q;
    const char *formula = !defined ? (junk ? "1 / m" : "0") : junk ? "(1 - eps) q + eps / m" : "(1 - eps) q";
    Fact *fact = fact_new(arena, FACT_PROBABILITY, q->name, formula, state_probability(state, token));
    q->name = arena_format(arena, _("q, %s before mixing"), q->name);
    fact_because(fact, q);
    if (!defined)
        fact_because(fact, fact_note(arena, _("there was no distribution to mix with: only junk is left")));
    else
        fact_because(fact, fact_new(arena, FACT_NUMBER, _("eps, how often it is junk"), NULL, mix->eps));
    return fact_because(fact, junk ? explain_junk(mix, arena)
                                   : fact_note(arena, _("this token is none of the junk")));
}

/* --- the model --- */

static uint64_t mix_parameters(const Model *model)
{
    return model_parameters(((const Mix *)model)->under) + 1;
}

static const char *mix_describe(const Model *model, Arena *arena)
{
    const Mix *mix = (const Mix *)model;
    return arena_format(arena, _("%s, junk eps=%g"), model_describe(mix->under, arena), mix->eps);
}

static void mix_free(Model *model)
{
    Mix *mix = (Mix *)model;
    model_free(mix->under);
    free(mix->junk);
    free(mix);
}

static Model *mix_clone(const Model *model);

static const ModelKind mix_kind = {
    .name = "mix",
    .begin = mix_begin,
    .copy = mix_copy,
    .release = mix_release,
    .feed = mix_feed,
    .defined = mix_defined,
    .predict = mix_predict,
    .probability = mix_probability,
    .explain = mix_explain,
    .parameters = mix_parameters,
    .describe = mix_describe,
    .clone = mix_clone,
    .free = mix_free,
};

static Mix *new_over(Model *base, double eps)
{
    Mix *mix = must_alloc(1, sizeof *mix);
    *mix = (Mix){.base = {.kind = &mix_kind,
                          .references = 1,
                          .vocab = vocab_share(base->vocab),
                          .tokenizer = base->tokenizer,
                          .context = base->context,
                          .scores = base->scores},
                 .under = base,
                 .eps = eps};
    mix->junk = must_alloc(model_outcomes(base), sizeof *mix->junk);
    return mix;
}

static void add_junk(Mix *mix, TokenId token)
{
    mix->m += !mix->junk[token];
    mix->junk[token] = true;
}

Model *mix_new(Model *base, double eps, const TokenId *junk, size_t count)
{
    Mix *mix = new_over(model_share(base), eps);
    assert(eps >= 0 && eps <= 1 && !mix_base(base));
    for (size_t i = 0; i < count; i++) add_junk(mix, junk[i]);
    for (TokenId i = 0; count == 0 && (size_t)i < model_outcomes(base); i++)
        if (i != vocab_unknown(base->vocab)) add_junk(mix, i);
    return &mix->base;
}

static Model *mix_clone(const Model *model)
{
    const Mix *mix = (const Mix *)model;
    Mix *copy = new_over(model_clone(mix->under), mix->eps);
    for (TokenId i = 0; (size_t)i < model_outcomes(model); i++)
        if (mix->junk[i]) add_junk(copy, i);
    return &copy->base;
}

Model *mix_base(const Model *model) { return model->kind == &mix_kind ? ((const Mix *)model)->under : NULL; }

double mix_eps(const Model *model) { return ((const Mix *)model)->eps; }
size_t mix_junk(const Model *model) { return ((const Mix *)model)->m; }
