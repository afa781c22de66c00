#include "core/neural/neural.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/memory.h"
#include "core/neural/explain.h"
#include "core/neural/ops/cross_entropy.h"
#include "core/neural/scoring.h"
#include "core/neural/vector.h"

typedef struct {
    Model base;
    Network *network;
    Learning *learning; /* NULL: not known */
    Corpus *corpus;     /* NULL: not known */
    Tape *tape;         /* of its predictions */
} NeuralModel;

typedef struct {
    State base;
    TokenId
        *ids; /* <s> and the tokens fed; only the last ones that the network looks at, if they are bounded */
    size_t count, capacity;
    size_t read;    /* recurrent: how many of them are in the memory */
    Real *memory;   /* recurrent */
    double *p;      /* (V), when known */
    double log_sum; /* of the logits */
    Real *logits;   /* (V) */
    bool known;
} NeuralState;

static const NeuralModel *model_of(const State *state) { return (const NeuralModel *)state->model; }

TokenId neural_begin_id(const Model *model) { return vocab_end(model->vocab); }

/* --- states --- */

static void push(NeuralState *s, TokenId id)
{
    const NeuralModel *model = model_of(&s->base);
    size_t most = network_context(model->network);
    s->known = false;
    if (most > 0 && s->count == most) {
        memmove(s->ids, s->ids + 1, (most - 1) * sizeof *s->ids);
        s->ids[most - 1] = id;
        return;
    }
    s->ids = must_extend(s->ids, s->count, &s->capacity, sizeof *s->ids);
    s->ids[s->count++] = id;
}

static NeuralState *blank_state(const Model *model)
{
    NeuralState *s = must_alloc(1, sizeof *s);
    size_t v = model_outcomes(model), memory = network_memory(neural_network(model));
    s->base.model = model;
    s->p = must_alloc(v, sizeof *s->p);
    s->logits = must_alloc(v, sizeof *s->logits);
    s->memory = memory ? must_alloc(memory, sizeof *s->memory) : NULL;
    return s;
}

/* A window is filled with <s>; the others begin with one. */
static State *begin(const Model *model)
{
    NeuralState *s = blank_state(model);
    const Network *network = neural_network(model);
    size_t padding = network_windowed(network) ? network_context(network) : 1;
    for (size_t i = 0; i < padding; i++) push(s, neural_begin_id(model));
    return &s->base;
}

static State *copy(const State *state)
{
    const NeuralState *from = (const NeuralState *)state;
    NeuralState *s = blank_state(state->model);
    size_t v = model_outcomes(state->model), memory = network_memory(neural_network(state->model));
    for (size_t i = 0; i < from->count; i++) push(s, from->ids[i]);
    s->read = from->read;
    s->known = from->known;
    s->log_sum = from->log_sum;
    memcpy(s->p, from->p, v * sizeof *s->p);
    memcpy(s->logits, from->logits, v * sizeof *s->logits);
    if (memory) memcpy(s->memory, from->memory, memory * sizeof *s->memory);
    return &s->base;
}

static void release(State *state)
{
    NeuralState *s = (NeuralState *)state;
    free(s->ids);
    free(s->memory);
    free(s->p);
    free(s->logits);
    free(s);
}

static void feed(State *state, TokenId token) { push((NeuralState *)state, token); }

static bool defined(const State *state)
{
    (void)state;
    return true;
}

/* The last row of a pass over what was not read yet. */
static void compute(NeuralState *s)
{
    const NeuralModel *model = model_of(&s->base);
    size_t v = model_outcomes(&model->base), steps = s->count - s->read;
    Batch batch = {.sequences = 1,
                   .steps = steps,
                   .rows = network_windowed(model->network) ? 1 : steps,
                   .ids = s->ids + s->read};
    Memory memory = {.sequences = 1, .values = s->memory};
    tape_begin(model->tape, PASS_PREDICT);
    const Tensor *logits = network_forward(model->network, model->tape, &batch, s->memory ? &memory : NULL);
    memcpy(s->logits, logits->x + (batch.rows - 1) * v, v * sizeof *s->logits);
    softmax_double(v, s->logits, s->p, &s->log_sum);
    if (s->memory) s->read = s->count;
    s->known = true;
}

/* What is remembered of a question changes no answer, so a constant state may learn it. */
static const NeuralState *known(const State *state)
{
    NeuralState *s = (NeuralState *)(uintptr_t)state;
    if (!s->known) compute(s);
    return s;
}

static void predict(const State *state, double *p)
{
    memcpy(p, known(state)->p, model_outcomes(state->model) * sizeof *p);
}

static double probability(const State *state, TokenId token) { return known(state)->p[token]; }

const Real *neural_logits(const State *state, double *log_sum)
{
    const NeuralState *s = known(state);
    *log_sum = s->log_sum;
    return s->logits;
}

const TokenId *neural_history(const State *state, size_t *count)
{
    const NeuralState *s = (const NeuralState *)state;
    *count = s->count;
    return s->ids;
}

/* Of what it has heard, <s> is not a word that could be left out. */
static Fact *explain(const State *state, TokenId token, Arena *arena)
{
    size_t count;
    const TokenId *ids = neural_history(state, &count), begin_id = neural_begin_id(state->model);
    for (; count > 0 && *ids == begin_id; count--) ids++;
    return neural_explain(state, ids, count, token, arena);
}

/* --- the model --- */

static void score_all(const Model *model, const TokenId *ids, size_t count, bool end, double *logp)
{
    const NeuralModel *neural = (const NeuralModel *)model;
    Scoring scoring = {.network = neural->network,
                       .tape = neural->tape,
                       .begin = neural_begin_id(model),
                       .ids = ids,
                       .count = count,
                       .predictions = end ? count + 1 : count,
                       .logp = logp};
    neural_score(&scoring);
}

static uint64_t parameters(const Model *model) { return neural_network(model)->parameters.total; }

static const char *describe(const Model *model, Arena *arena)
{
    const Learning *learning = neural_learning(model);
    const char *shape = architecture_describe(&neural_network(model)->architecture, arena);
    const char *exact = neural_network(model)->exact ? ", exact" : "";
    if (!learning) return arena_format(arena, "%s%s", shape, exact);
    return arena_format(arena, _("%s%s, %llu steps"), shape, exact, (unsigned long long)learning->step);
}

static Model *clone(const Model *model)
{
    const NeuralModel *neural = (const NeuralModel *)model;
    return neural_new(vocab_share(model->vocab), model->tokenizer, network_clone(neural->network),
                      neural->learning ? learning_clone(neural->learning) : NULL,
                      neural->corpus ? corpus_share(neural->corpus) : NULL);
}

static void free_model(Model *model)
{
    NeuralModel *neural = (NeuralModel *)model;
    network_free(neural->network);
    learning_free(neural->learning);
    corpus_free(neural->corpus);
    tape_free(neural->tape);
    free(neural);
}

#define KIND(kind_name)                                                                                      \
    {                                                                                                        \
        .name = (kind_name), .begin = begin, .copy = copy, .release = release, .feed = feed,                 \
        .defined = defined, .predict = predict, .probability = probability, .explain = explain,              \
        .score_all = score_all, .parameters = parameters, .describe = describe, .clone = clone,              \
        .free = free_model                                                                                   \
    }

static const ModelKind kinds[NETWORK_KINDS] = {
    [NETWORK_SOFTMAX] = KIND("softmax"), [NETWORK_MLP] = KIND("mlp"),
    [NETWORK_RNN] = KIND("rnn"),         [NETWORK_GRU] = KIND("gru"),
    [NETWORK_LSTM] = KIND("lstm"),       [NETWORK_TRANSFORMER] = KIND("transformer"),
};

Model *neural_new(Vocab *vocab, Tokenizer tokenizer, Network *network, Learning *learning, Corpus *corpus)
{
    NeuralModel *model = must_alloc(1, sizeof *model);
    size_t back = network_context(network);
    assert(network->architecture.outcomes == vocab_size(vocab));
    model->base = (Model){.kind = &kinds[network->architecture.kind],
                          .references = 1,
                          .vocab = vocab,
                          .tokenizer = tokenizer,
                          .context = back ? (int)back : CONTEXT_WHOLE};
    model->network = network;
    model->learning = learning;
    model->corpus = corpus;
    model->tape = tape_new(network->exact);
    return &model->base;
}

static const NeuralModel *neural_of(const Model *model)
{
    bool neural = model->kind >= kinds && model->kind < kinds + NETWORK_KINDS;
    return neural ? (const NeuralModel *)model : NULL;
}

const Network *neural_network(const Model *model)
{
    const NeuralModel *neural = neural_of(model);
    return neural ? neural->network : NULL;
}

const Learning *neural_learning(const Model *model)
{
    const NeuralModel *neural = neural_of(model);
    return neural ? neural->learning : NULL;
}

Corpus *neural_corpus(const Model *model)
{
    const NeuralModel *neural = neural_of(model);
    return neural ? neural->corpus : NULL;
}

/* --- looking inside --- */

Tape *neural_pass(const Model *model, const TokenId *ids, size_t count, TokenId target, size_t *steps)
{
    const Network *network = neural_network(model);
    State *state = state_begin(model);
    for (size_t i = 0; i < count; i++) state_feed(state, ids[i]);
    const NeuralState *s = (const NeuralState *)state;
    Tape *tape = tape_new(network->exact);
    tape_begin(tape, target == TOKEN_NONE ? PASS_PREDICT : PASS_LEARN);
    TokenId *copied = tape_alloc(tape, s->count, sizeof *copied);
    memcpy(copied, s->ids, s->count * sizeof *copied);
    size_t rows = network_windowed(network) ? 1 : s->count;
    Batch batch = {.sequences = 1, .steps = s->count, .rows = rows, .ids = copied};
    Network *twin = network_twin(network);
    Tensor *logits = network_forward(twin, tape, &batch, NULL);
    if (target != TOKEN_NONE) {
        Batch asked = {
            .target_count = 1, .targets = &target, .row_of = (const uint32_t[]){(uint32_t)rows - 1}};
        op_cross_entropy(tape, logits, &asked, 1);
        tape_backward(tape);
    }
    *steps = s->count;
    state_free(state);
    network_free(twin);
    return tape;
}
