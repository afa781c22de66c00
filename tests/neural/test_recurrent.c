/* Recurrent layers and networks: gradients against finite differences, and a memory that may be cut anywhere.
 */

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/neural/network.h"
#include "core/neural/ops/recurrent.h"
#include "tests/support/check.h"
#include "tests/support/engine.h"

TestSuite(recurrent, .timeout = 20);

static const NetworkKind kinds[] = {NETWORK_RNN, NETWORK_GRU, NETWORK_LSTM};

/* --- finite differences --- */

static void fill(Parameters *parameters, uint64_t seed)
{
    Random random = random_seeded(seed);
    for (size_t i = 0; i < parameters->count; i++) fill_uniform(&parameters->tensors[i], 0.8, &random);
}

static void check_gradient(Operation operation, Parameters *inputs, const void *options, const char *name)
{
    double error = gradient_error(operation, inputs, options);
    CHECK_FOR(error < GRADIENT_TOLERANCE, "%s: a gradient is wrong by %g", name, error);
}

enum { E = 3, H = 4, T = 3, B = 2, V = 5 };

/* The inputs: x or a table, then the weights. */
static RecurrentWeights weights_of(Tensor *inputs)
{
    return (RecurrentWeights){.w_ih = &inputs[1], .w_hh = &inputs[2], .b_ih = &inputs[3], .b_hh = &inputs[4]};
}

static Tensor *compute_rnn(Tape *tape, Tensor *inputs, const void *options)
{
    return op_rnn(tape, "layer", inputs, weights_of(inputs), *(const RecurrentShape *)options);
}

static Tensor *compute_gru(Tape *tape, Tensor *inputs, const void *options)
{
    return op_gru(tape, "layer", inputs, weights_of(inputs), *(const RecurrentShape *)options);
}

static Tensor *compute_lstm(Tape *tape, Tensor *inputs, const void *options)
{
    return op_lstm(tape, "layer", inputs, weights_of(inputs), *(const RecurrentShape *)options);
}

static void check_layer(Operation operation, size_t gates, RecurrentShape shape)
{
    size_t width = gates * H, rows = shape.ids ? V : shape.steps * shape.sequences;
    Parameters inputs = {0};
    parameters_add(&inputs, 2, (size_t[]){rows, E}, "x");
    parameters_add(&inputs, 2, (size_t[]){width, E}, "w_ih");
    parameters_add(&inputs, 2, (size_t[]){width, H}, "w_hh");
    parameters_add(&inputs, 1, (size_t[]){width}, "b_ih");
    parameters_add(&inputs, 1, (size_t[]){width}, "b_hh");
    parameters_allocate(&inputs);
    fill(&inputs, 5);
    check_gradient(operation, &inputs, &shape, "layer");
    parameters_release(&inputs);
}

/* From zeros and from a memory, of vectors and of a table, of several steps and one. */
static void check_layers(Operation operation, size_t gates)
{
    Real h[B * H], c[B * H];
    for (size_t i = 0; i < B * H; i++) {
        h[i] = (Real)(sin(3.0 * (double)i) / 2);
        c[i] = (Real)(cos(5.0 * (double)i) / 2);
    }
    TokenId ids[T * B] = {1, TOKEN_NONE, 3, 1, 4, 0};
    check_layer(operation, gates, (RecurrentShape){.steps = T, .sequences = B});
    check_layer(operation, gates, (RecurrentShape){.steps = T, .sequences = B, .h = h, .c = c});
    check_layer(operation, gates, (RecurrentShape){.steps = T, .sequences = B, .h = h, .c = c, .ids = ids});
    check_layer(operation, gates, (RecurrentShape){.steps = T, .sequences = B, .ids = ids});
    check_layer(operation, gates, (RecurrentShape){.steps = 1, .sequences = B, .h = h, .c = c});
    check_layer(operation, gates, (RecurrentShape){.steps = T, .sequences = 1});
}

Test(recurrent, gradients_of_rnn_are_finite_differences) { check_layers(compute_rnn, 1); }
Test(recurrent, gradients_of_gru_are_finite_differences) { check_layers(compute_gru, 3); }
Test(recurrent, gradients_of_lstm_are_finite_differences) { check_layers(compute_lstm, 4); }

/* --- networks --- */

static Network *new_network(NetworkKind kind, size_t layers, bool exact)
{
    Architecture architecture = {.kind = kind, .outcomes = V, .d = E, .h = H, .layers = layers, .ctx = T};
    Network *network = network_new(&architecture, exact);
    fill(&network->parameters, 2);
    return network;
}

static const TokenId text[] = {0, 3,          1, 4, 4, 2, 0, 1, 2, 3, 3, 0,
                               1, TOKEN_NONE, 4, 2, 0, 1, 1, 4, 2, 3, 4, 0};

static Batch batch_of(size_t steps, size_t sequences)
{
    size_t rows = steps * sequences;
    return (Batch){.sequences = sequences,
                   .steps = steps,
                   .rows = rows,
                   .ids = text,
                   .target_count = rows,
                   .targets = text + 1};
}

/* A network whose own parameters are the inputs, and what it remembers before every pass. */
typedef struct {
    const Network *network;
    Batch batch;
    const Real *memory; /* NULL: nothing */
} Passing;

static Tensor *compute_network(Tape *tape, Tensor *inputs, const void *options)
{
    (void)inputs;
    const Passing *passing = options;
    size_t numbers = network_memory(passing->network) * passing->batch.sequences;
    Memory memory = {passing->batch.sequences, calloc(numbers, sizeof(Real))};
    if (passing->memory) memcpy(memory.values, passing->memory, numbers * sizeof(Real));
    Tensor *logits =
        network_forward(passing->network, tape, &passing->batch, passing->memory ? &memory : NULL);
    free(memory.values); /* before the way back, which must not need it */
    return logits;
}

Test(recurrent, gradients_of_three_layers_are_finite_differences)
{
    Real memory[3 * 2 * B * H];
    for (size_t i = 0; i < COUNT_OF(memory); i++) memory[i] = (Real)(sin((double)i) / 2);
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        Network *network = new_network(kinds[i], 3, false);
        for (size_t sequences = 1; sequences <= B; sequences++) {
            Passing passing = {.network = network, .batch = batch_of(T, sequences)};
            check_gradient(compute_network, &network->parameters, &passing, network_kind_name(kinds[i]));
            passing.memory = memory;
            check_gradient(compute_network, &network->parameters, &passing, network_kind_name(kinds[i]));
        }
        network_free(network);
    }
}

Test(recurrent, dropout_stands_between_layers_only)
{
    Tape *tape = tape_new(false);
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        Network *network = new_network(kinds[i], 2, false);
        Random dice = random_seeded(3);
        Batch batch = batch_of(T, B);
        network->architecture.dropout = 0.5;
        tape_begin(tape, PASS_LEARN);
        tape_set_dice(tape, &dice);
        network_forward(network, tape, &batch, NULL);
        CHECK(tape_find(tape, "rnn.0.drop"));
        CHECK(!tape_find(tape, "rnn.1.drop"));
        network_free(network);
    }
    tape_free(tape);
}

/* --- memory --- */

enum { STEPS = 8 };

/* All logits of STEPS steps in passes of `first` steps and of the rest, with what is remembered at the end.
 */
static Real *logits_of(const Network *network, size_t sequences, size_t first, Memory *memory)
{
    Tape *tape = tape_new(network->exact);
    Real *logits = calloc(STEPS * sequences * V, sizeof *logits);
    size_t parts[] = {first, STEPS - first}, done = 0;
    *memory = (Memory){sequences, calloc(network_memory(network) * sequences, sizeof(Real))};
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        if (parts[i] == 0) continue;
        Batch batch = batch_of(parts[i], sequences);
        batch.ids += done * sequences;
        tape_begin(tape, PASS_PREDICT);
        Tensor *out = network_forward(network, tape, &batch, memory);
        memcpy(logits + done * sequences * V, out->x, tensor_size(out) * sizeof *logits);
        done += parts[i];
    }
    tape_free(tape);
    return logits;
}

static double largest_difference(const Real *x, const Real *y, size_t count)
{
    double largest = 0;
    for (size_t i = 0; i < count; i++) largest = fmax(largest, fabs((double)(x[i] - y[i])));
    return largest;
}

static void check_cut(NetworkKind kind, bool exact, size_t sequences, size_t first)
{
    Network *network = new_network(kind, 2, exact);
    Memory whole, cut;
    Real *one = logits_of(network, sequences, STEPS, &whole);
    Real *two = logits_of(network, sequences, first, &cut);
    double logits = largest_difference(one, two, STEPS * sequences * V);
    double memory = largest_difference(whole.values, cut.values, network_memory(network) * sequences);
    double bound = exact ? 0 : 16 * REAL_EPSILON;
    CHECK_FOR(logits <= bound && memory <= bound, "%s, cut after %zu: %g, %g", network_kind_name(kind), first,
              logits, memory);
    free(one);
    free(two);
    free(whole.values);
    free(cut.values);
    network_free(network);
}

/* Even where a short pass embeds its tokens and a long one reads a table of products: exact means exact. */
Test(recurrent, two_passes_with_memory_are_one_long_pass)
{
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        for (size_t first = 1; first < STEPS; first += 3)
            for (size_t sequences = 1; sequences <= 3; sequences += 2)
                for (int exact = 0; exact <= 1; exact++) check_cut(kinds[i], exact, sequences, first);
}

/* --- how they begin, and what they cost --- */

static void check_bounded(const Tensor *tensor, double bound)
{
    double squares = 0, largest = 0;
    size_t size = tensor_size(tensor);
    for (size_t i = 0; i < size; i++) {
        largest = fmax(largest, fabs((double)tensor->x[i]));
        squares += (double)tensor->x[i] * (double)tensor->x[i];
    }
    CHECK_FOR(largest <= bound && largest > 0.9 * bound, "%s reaches %g", tensor->name, largest);
    CHECK_FOR(fabs(squares / (double)size / (bound * bound / 3) - 1) < 0.2, "%s: variance", tensor->name);
}

Test(recurrent, weights_begin_as_pytorch_makes_them)
{
    Architecture architecture = {.kind = NETWORK_GRU, .outcomes = 200, .d = 50, .h = 100, .layers = 2};
    Network *network = network_new(&architecture, false);
    Random random = random_seeded(1);
    network_initialise(network, &random);
    const Parameters *parameters = &network->parameters;
    CHECK_INT(parameters->count, 11);
    CHECK_INT(parameters->total, 200 * 50 + 300 * 150 + 600 + 300 * 200 + 600 + 200 * 101);
    double squares = 0;
    for (size_t i = 0; i < 10000; i++)
        squares += pow((double)parameters_find(parameters, "wte.weight")->x[i], 2);
    CHECK_NEAR(squares / 10000, 1, 0.06);
    for (size_t i = 1; i < parameters->count; i++) check_bounded(&parameters->tensors[i], 0.1);
    CHECK(parameters_find(parameters, "rnn.bias_hh_l1") && parameters_find(parameters, "head.bias"));
    network_free(network);
}

Test(recurrent, multiply_adds_are_those_of_the_products)
{
    Architecture a = {.kind = NETWORK_LSTM, .outcomes = 65, .d = 16, .h = 64, .layers = 1};
    CHECK_INT(network_multiply_adds(&a), 256 * (16 + 64) + 65 * 64);
    a.kind = NETWORK_GRU;
    a.layers = 3;
    CHECK_INT(network_multiply_adds(&a), 192 * (16 + 64) + 2 * 192 * 128 + 65 * 64);
    a.kind = NETWORK_RNN;
    CHECK_INT(network_multiply_adds(&a), 64 * (16 + 64) + 2 * 64 * 128 + 65 * 64);
}
