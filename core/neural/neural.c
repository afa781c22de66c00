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

/* What was found out about the next token. Asking changes no answer, so a constant state may be asked: what
 * it then knows stands outside it. */
typedef struct {
    bool known;
    double *p;      /* (V) */
    double log_sum; /* of the logits */
    Real *logits;   /* (V) */
    Real *memory;   /* recurrent, else NULL: after the first `read` tokens */
    size_t read;
} Answer;

typedef struct {
    State base;
    TokenId *ids; /* <s> and the tokens fed; only the last ones that the network looks at, if they are bounded
                   */
    size_t count, capacity;
    Answer *answer;
} NeuralState;

static const NeuralModel *model_of(const State *state) { return (const NeuralModel *)state->model; }

TokenId neural_begin_id(const Model *model) { return vocab_end(model->vocab); }

/* --- states --- */

static void push(NeuralState *s, TokenId id)
{
    const NeuralModel *model = model_of(&s->base);
    size_t most = network_context(model->network);
    s->answer->known = false;
    if (most > 0 && s->count == most) {
        memmove(s->ids, s->ids + 1, (most - 1) * sizeof *s->ids);
        s->ids[most - 1] = id;
        return;
    }
    s->ids = must_extend(s->ids, s->count, &s->capacity, sizeof *s->ids);
    s->ids[s->count++] = id;
}

static Answer *blank_answer(const Model *model)
{
    Answer *answer = must_alloc(1, sizeof *answer);
    size_t v = model_outcomes(model), memory = network_memory(neural_network(model));
    answer->p = must_alloc(v, sizeof *answer->p);
    answer->logits = must_alloc(v, sizeof *answer->logits);
    answer->memory = memory ? must_alloc(memory, sizeof *answer->memory) : NULL;
    return answer;
}

static Answer *copy_answer(const Model *model, const Answer *from)
{
    Answer *answer = blank_answer(model);
    size_t v = model_outcomes(model), memory = network_memory(neural_network(model));
    answer->known = from->known;
    answer->log_sum = from->log_sum;
    answer->read = from->read;
    memcpy(answer->p, from->p, v * sizeof *answer->p);
    memcpy(answer->logits, from->logits, v * sizeof *answer->logits);
    if (answer->memory) memcpy(answer->memory, from->memory, memory * sizeof *answer->memory);
    return answer;
}

static NeuralState *blank_state(const Model *model)
{
    NeuralState *s = must_alloc(1, sizeof *s);
    s->base.model = model;
    s->answer = blank_answer(model);
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

static void free_answer(Answer *answer)
{
    free(answer->p);
    free(answer->logits);
    free(answer->memory);
    free(answer);
}

static State *copy(const State *state)
{
    const NeuralState *from = (const NeuralState *)state;
    NeuralState *s = must_alloc(1, sizeof *s);
    *s = *from;
    s->capacity = from->count;
    s->ids = must_alloc(from->count, sizeof *s->ids);
    memcpy(s->ids, from->ids, from->count * sizeof *s->ids);
    s->answer = copy_answer(state->model, from->answer);
    return &s->base;
}

static void release(State *state)
{
    NeuralState *s = (NeuralState *)state;
    free(s->ids);
    free_answer(s->answer);
    free(s);
}

static void feed(State *state, TokenId token) { push((NeuralState *)state, token); }

static bool defined(const State *state)
{
    (void)state;
    return true;
}

/* The last row of a pass over what was not read yet. */
static void compute(const NeuralState *s, Answer *answer)
{
    const NeuralModel *model = model_of(&s->base);
    size_t v = model_outcomes(&model->base), steps = s->count - answer->read;
    Batch batch = {.sequences = 1,
                   .steps = steps,
                   .rows = network_windowed(model->network) ? 1 : steps,
                   .ids = s->ids + answer->read};
    Memory memory = {.sequences = 1, .values = answer->memory};
    tape_begin(model->tape, PASS_PREDICT);
    const Tensor *logits =
        network_forward(model->network, model->tape, &batch, answer->memory ? &memory : NULL);
    memcpy(answer->logits, logits->x + (batch.rows - 1) * v, v * sizeof *answer->logits);
    softmax_double(v, answer->logits, answer->p, &answer->log_sum);
    if (answer->memory) answer->read = s->count;
    answer->known = true;
}

static const Answer *known(const State *state)
{
    const NeuralState *s = (const NeuralState *)state;
    if (!s->answer->known) compute(s, s->answer);
    return s->answer;
}

static void predict(const State *state, double *p)
{
    memcpy(p, known(state)->p, model_outcomes(state->model) * sizeof *p);
}

static double probability(const State *state, TokenId token) { return known(state)->p[token]; }

const Real *neural_logits(const State *state, double *log_sum)
{
    const Answer *answer = known(state);
    *log_sum = answer->log_sum;
    return answer->logits;
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
    if (learning->step == 1) return arena_format(arena, _("%s%s, 1 step"), shape, exact);
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
