/* recurrent.c - recurrent networks: an embedding, layers of rnn, gru or lstm, and a head that predicts after
 * every token. As nn.Embedding, nn.RNN / nn.GRU / nn.LSTM and nn.Linear of PyTorch in a row. */

#include <assert.h>
#include <math.h>
#include <string.h>

#include "core/neural/network.h"
#include "core/neural/ops/dropout.h"
#include "core/neural/ops/embed.h"
#include "core/neural/ops/linear.h"
#include "core/neural/ops/recurrent.h"

/* Where tensors stand among the parameters: the embedding, four of each layer, the head's two. */
enum { EMBEDDING = 0, FIRST_LAYER = 1, LAYER_TENSORS = 4 };

static size_t gates_of(NetworkKind kind) { return kind == NETWORK_LSTM ? 4 : kind == NETWORK_GRU ? 3 : 1; }

static void declare(Network *network)
{
    const Architecture *a = &network->architecture;
    Parameters *parameters = &network->parameters;
    size_t width = gates_of(a->kind) * a->h;
    parameters_add(parameters, 2, (size_t[]){a->outcomes, a->d}, "wte.weight");
    for (size_t l = 0; l < a->layers; l++) {
        parameters_add(parameters, 2, (size_t[]){width, l == 0 ? a->d : a->h}, "rnn.weight_ih_l%zu", l);
        parameters_add(parameters, 2, (size_t[]){width, a->h}, "rnn.weight_hh_l%zu", l);
        parameters_add(parameters, 1, (size_t[]){width}, "rnn.bias_ih_l%zu", l);
        parameters_add(parameters, 1, (size_t[]){width}, "rnn.bias_hh_l%zu", l);
    }
    parameters_add(parameters, 2, (size_t[]){a->outcomes, a->h}, "head.weight");
    parameters_add(parameters, 1, (size_t[]){a->outcomes}, "head.bias");
}

/* The embedding N(0, 1); all others, the head's too because its inputs are h, uniform within 1 / sqrt(h). */
static void initialise(Network *network, Random *random)
{
    Parameters *parameters = &network->parameters;
    double bound = 1 / sqrt((double)network->architecture.h);
    fill_normal(&parameters->tensors[EMBEDDING], 1, random);
    for (size_t i = FIRST_LAYER; i < parameters->count; i++)
        fill_uniform(&parameters->tensors[i], bound, random);
}

/* Many short texts have more tokens than there are words: then the table goes through the first layer's
 * product. A single text is embedded token by token, so that one can look at it. */
static bool through_table(const Network *network, const Batch *batch)
{
    return batch->sequences > 1 && batch->sequences * batch->steps > network->architecture.outcomes;
}

static size_t memories_of(NetworkKind kind) { return kind == NETWORK_LSTM ? 2 : 1; }

/* What layer l remembers: h, and c after it. */
static Real *remembered(const Network *network, const Memory *memory, size_t l)
{
    const Architecture *a = &network->architecture;
    return memory->values + l * memories_of(a->kind) * memory->sequences * a->h;
}

static Tensor *layer_forward(const Network *network, Tape *tape, size_t l, Tensor *x, RecurrentShape shape)
{
    Tensor *tensors = network->parameters.tensors + FIRST_LAYER + LAYER_TENSORS * l;
    RecurrentWeights weights = {
        .w_ih = &tensors[0], .w_hh = &tensors[1], .b_ih = &tensors[2], .b_hh = &tensors[3]};
    const char *prefix = tape_name(tape, "rnn.%zu", l);
    switch (network->architecture.kind) {
    case NETWORK_RNN: return op_rnn(tape, prefix, x, weights, shape);
    case NETWORK_GRU: return op_gru(tape, prefix, x, weights, shape);
    default: return op_lstm(tape, prefix, x, weights, shape);
    }
}

static void remember(const Tensor *tensor, RecurrentShape shape, Real *memory)
{
    size_t block = shape.sequences * tensor_columns(tensor);
    memcpy(memory, tensor->x + (shape.steps - 1) * block, block * sizeof *memory);
}

/* A layer that begins with what it remembers and then remembers how it ended. */
static Tensor *layer_with_memory(const Network *network, Tape *tape, size_t l, Tensor *x,
                                 RecurrentShape shape, const Memory *memory)
{
    if (!memory) return layer_forward(network, tape, l, x, shape);
    bool cells = memories_of(network->architecture.kind) == 2;
    Real *h = remembered(network, memory, l), *c = h + shape.sequences * network->architecture.h;
    shape.h = h;
    if (cells) shape.c = c;
    Tensor *out = layer_forward(network, tape, l, x, shape);
    remember(out, shape, h);
    if (cells) remember(tape_find(tape, tape_name(tape, "rnn.%zu.c", l)), shape, c);
    return out;
}

static Tensor *forward(const Network *network, Tape *tape, const Batch *batch, Memory *memory)
{
    const Architecture *a = &network->architecture;
    Tensor *table = &network->parameters.tensors[EMBEDDING], *x = table;
    Tensor *head = network->parameters.tensors + FIRST_LAYER + LAYER_TENSORS * a->layers;
    RecurrentShape shape = {.steps = batch->steps, .sequences = batch->sequences};
    assert(!memory || memory->sequences == batch->sequences);
    if (through_table(network, batch))
        shape.ids = batch->ids;
    else
        x = op_embed(tape, "emb", table, batch->ids, batch->sequences * batch->steps);
    for (size_t l = 0; l < a->layers; l++) {
        if (l > 0) x = op_dropout(tape, tape_name(tape, "rnn.%zu.drop", l - 1), x, a->dropout);
        x = layer_with_memory(network, tape, l, x, shape, memory);
        shape.ids = NULL;
    }
    return op_linear_transposed(tape, "logits", x, &head[0], &head[1]);
}

static uint64_t multiply_adds(const Architecture *a)
{
    uint64_t first = gates_of(a->kind) * a->h * (a->d + a->h);
    uint64_t others = gates_of(a->kind) * a->h * (a->h + a->h);
    return first + (a->layers - 1) * others + a->h * a->outcomes;
}

const NetworkType rnn_type = {.name = "rnn",
                              .declare = declare,
                              .initialise = initialise,
                              .forward = forward,
                              .multiply_adds = multiply_adds};
const NetworkType gru_type = {.name = "gru",
                              .declare = declare,
                              .initialise = initialise,
                              .forward = forward,
                              .multiply_adds = multiply_adds};
const NetworkType lstm_type = {.name = "lstm",
                               .declare = declare,
                               .initialise = initialise,
                               .forward = forward,
                               .multiply_adds = multiply_adds};
