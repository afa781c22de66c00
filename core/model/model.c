#include "core/model/model.h"

#include <math.h>
#include <string.h>

#include "core/base/i18n.h"

Model *model_share(Model *model)
{
    model->references++;
    return model;
}

Model *model_clone(const Model *model)
{
    Model *clone = model->kind->clone(model);
    clone->seconds = model->seconds;
    clone->joules = model->joules;
    return clone;
}

void model_free(Model *model)
{
    if (!model || --model->references > 0) return;
    vocab_free(model->vocab);
    model->kind->free(model);
}

size_t model_outcomes(const Model *model) { return vocab_size(model->vocab); }
bool model_ends(const Model *model) { return vocab_end(model->vocab) != TOKEN_NONE; }
uint64_t model_parameters(const Model *model) { return model->kind->parameters(model); }
const char *model_describe(const Model *model, Arena *arena) { return model->kind->describe(model, arena); }

State *state_begin(const Model *model) { return model->kind->begin(model); }
State *state_copy(const State *state) { return state->model->kind->copy(state); }

void state_free(State *state)
{
    if (state) state->model->kind->release(state);
}

static bool is_outcome(const State *state, TokenId token)
{
    return token >= 0 && (size_t)token < model_outcomes(state->model);
}

void state_feed(State *state, TokenId token)
{
    assert(token == TOKEN_NONE || is_outcome(state, token));
    state->model->kind->feed(state, token);
}

bool state_defined(const State *state) { return state->model->kind->defined(state); }

void state_predict(const State *state, double *p)
{
    size_t outcomes = model_outcomes(state->model);
    if (!state_defined(state)) {
        memset(p, 0, outcomes * sizeof *p);
        return;
    }
    state->model->kind->predict(state, p);
}

double state_probability(const State *state, TokenId token)
{
    if (!is_outcome(state, token) || !state_defined(state)) return 0;
    return state->model->kind->probability(state, token);
}

double state_score(const State *state, TokenId token)
{
    double p = state_probability(state, token);
    return p > 0 ? log(p) : -INFINITY;
}

bool state_counts(const State *state, TokenId token, Counts *counts)
{
    const ModelKind *kind = state->model->kind;
    return kind->counts && is_outcome(state, token) && kind->counts(state, token, counts);
}

bool model_matches(const Model *model) { return model->kind->matched != NULL; }

int state_matched(const State *state, TokenId token)
{
    if (!state->model->kind->matched || !is_outcome(state, token)) return 0;
    return state->model->kind->matched(state, token);
}

bool state_fraction(const State *state, TokenId token, Fraction *p)
{
    const ModelKind *kind = state->model->kind;
    return kind->fraction && is_outcome(state, token) && state_defined(state) &&
           kind->fraction(state, token, p);
}

Fact *state_explain(const State *state, TokenId token, Arena *arena)
{
    assert(is_outcome(state, token));
    return state->model->kind->explain(state, token, arena);
}

void model_score_all(const Model *model, const TokenId *ids, size_t count, bool end, double *logp)
{
    if (model->kind->score_all) {
        model->kind->score_all(model, ids, count, end, logp);
        return;
    }
    State *state = state_begin(model);
    for (size_t i = 0; i < count; i++) {
        logp[i] = state_score(state, ids[i]);
        state_feed(state, ids[i]);
    }
    if (end) logp[count] = state_score(state, vocab_end(model->vocab));
    state_free(state);
}

Drawing *drawing_new(const Model *model, double power)
{
    return model->kind->drawing ? model->kind->drawing(model, power) : NULL;
}

void drawing_begin(Drawing *drawing, const State *state) { drawing->kind->begin(drawing, state); }
double drawing_upto(Drawing *drawing, TokenId token) { return drawing->kind->upto(drawing, token); }

void drawing_free(Drawing *drawing)
{
    if (drawing) drawing->kind->free(drawing);
}
