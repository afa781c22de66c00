/* Recurrent networks against PyTorch's figures: logits, hidden states, gradients, and weights after training.
 */

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/neural/network.h"
#include "core/neural/ops/cross_entropy.h"
#include "core/neural/optimizer.h"
#include "tests/support/check.h"
#include "tests/support/engine.h"

TestSuite(recurrent_figures, .timeout = 20);

static const NetworkKind kinds[] = {NETWORK_RNN, NETWORK_GRU, NETWORK_LSTM};
static const char *const names[] = {"rnn", "gru", "lstm"};

static bool in_double(void) { return sizeof(Real) == sizeof(double); }

enum { FIGURE_V = 27, FIGURE_E = 16, FIGURE_H = 32, FIGURE_B = 4, FIGURE_T = 12 };

typedef struct {
    Figures figures;
    Network *network;
    Tape *tape;
    TokenId *ids, *targets;
    Batch batch;
} Oracle;

static void swap_axes(size_t rows, size_t columns, const TokenId *x, TokenId *turned)
{
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < columns; j++) turned[j * rows + i] = x[i * columns + j];
}

/* Ids of the file, sequence by sequence, as they are for us: step by step. */
static TokenId *ids_by_time(const Figures *figures, const char *name)
{
    TokenId *ids = figures_ids(figures, NULL, name), *turned = calloc(FIGURE_B * FIGURE_T, sizeof *turned);
    swap_axes(FIGURE_B, FIGURE_T, ids, turned);
    free(ids);
    return turned;
}

static Oracle oracle_open(size_t kind, bool exact)
{
    Oracle oracle = {.figures = figures_open(names[kind])};
    Architecture architecture = {.kind = kinds[kind],
                                 .outcomes = FIGURE_V,
                                 .d = FIGURE_E,
                                 .h = FIGURE_H,
                                 .layers = 1,
                                 .ctx = FIGURE_T};
    oracle.network = network_new(&architecture, exact);
    oracle.tape = tape_new(exact);
    oracle.ids = ids_by_time(&oracle.figures, "inputs");
    oracle.targets = ids_by_time(&oracle.figures, "targets");
    figures_load(&oracle.figures, &oracle.network->parameters);
    oracle.batch = (Batch){.sequences = FIGURE_B,
                           .steps = FIGURE_T,
                           .rows = FIGURE_B * FIGURE_T,
                           .ids = oracle.ids,
                           .target_count = FIGURE_B * FIGURE_T,
                           .targets = oracle.targets};
    return oracle;
}

static void oracle_close(Oracle *oracle)
{
    figures_close(&oracle->figures);
    network_free(oracle->network);
    tape_free(oracle->tape);
    free(oracle->ids);
    free(oracle->targets);
}

/* The mean loss, with gradients. */
static double oracle_pass(Oracle *oracle)
{
    tape_begin(oracle->tape, PASS_LEARN);
    parameters_clear_gradients(&oracle->network->parameters);
    Tensor *logits = network_forward(oracle->network, oracle->tape, &oracle->batch, NULL);
    double loss = op_cross_entropy(oracle->tape, logits, &oracle->batch, 1.0 / FIGURE_B / FIGURE_T);
    tape_backward(oracle->tape);
    return loss / FIGURE_B / FIGURE_T;
}

/* A tensor of the tape, step by step, against one that is sequence by sequence. */
static void check_by_time(const Oracle *oracle, const char *name, const char *wanted, double tolerance)
{
    const Tensor *tensor = tape_find(oracle->tape, name);
    size_t columns = tensor_columns(tensor);
    Real *turned = calloc(tensor_size(tensor), sizeof *turned);
    for (size_t t = 0; t < FIGURE_T; t++)
        for (size_t b = 0; b < FIGURE_B; b++)
            memcpy(turned + (b * FIGURE_T + t) * columns, tensor->x + (t * FIGURE_B + b) * columns,
                   columns * sizeof *turned);
    Difference found = figures_difference(&oracle->figures, turned, tensor_size(tensor), "%s", wanted);
    CHECK_FOR(found.absolute < tolerance, "%s differs by %g", wanted, found.absolute);
    free(turned);
}

static void check_gradients(const Oracle *oracle)
{
    const Parameters *parameters = &oracle->network->parameters;
    for (size_t i = 0; i < parameters->count; i++) {
        const Tensor *w = &parameters->tensors[i];
        Difference found = figures_difference(&oracle->figures, w->g, tensor_size(w), "grad64.%s", w->name);
        CHECK_FOR(in_double() ? found.absolute < 1e-12 : found.absolute < 1e-6 || found.relative < 1e-5,
                  "gradient of %s differs by %g", w->name, found.absolute);
    }
}

/* Three steps; losses before each and after the last, then the weights. */
static void check_steps(Oracle *oracle, OptimizerKind kind, double lr, double losses, double weights)
{
    Parameters *parameters = &oracle->network->parameters;
    Optimizer optimizer;
    const char *name = optimizer_name(kind);
    double *wanted = figures_doubles(&oracle->figures, NULL, "%s_losses64", name);
    optimizer_init(&optimizer, kind, kind == OPTIMIZER_ADAMW ? 0.01 : 0, parameters->total);
    for (int step = 0; step <= 3; step++) {
        double loss = oracle_pass(oracle);
        CHECK_NEAR(loss, wanted[step], losses);
        if (step < 3) optimizer_step(&optimizer, parameters, lr);
    }
    for (size_t i = 0; i < parameters->count; i++) {
        const Tensor *w = &parameters->tensors[i];
        Difference found =
            figures_difference(&oracle->figures, w->x, tensor_size(w), "%s364.%s", name, w->name);
        CHECK_FOR(found.absolute < weights, "%s after three steps of %s differs by %g", w->name, name,
                  found.absolute);
    }
    optimizer_release(&optimizer);
    free(wanted);
}

static void check_figures(size_t kind, bool exact)
{
    Oracle oracle = oracle_open(kind, exact);
    double *loss = figures_doubles(&oracle.figures, NULL, "loss64");
    CHECK_NEAR(oracle_pass(&oracle), loss[0], in_double() ? 1e-12 : 2e-6);
    check_by_time(&oracle, "logits", "logits64", in_double() ? 1e-12 : 1e-5);
    check_by_time(&oracle, "rnn.0.h", "act64.hidden", in_double() ? 1e-12 : 1e-6);
    check_gradients(&oracle);
    check_steps(&oracle, OPTIMIZER_SGD, 0.1, in_double() ? 1e-12 : 2e-6, in_double() ? 1e-12 : 2e-6);
    figures_load(&oracle.figures, &oracle.network->parameters);
    check_steps(&oracle, OPTIMIZER_ADAMW, 0.01, in_double() ? 1e-10 : 1e-4, in_double() ? 1e-10 : 1e-4);
    free(loss);
    oracle_close(&oracle);
}

Test(recurrent_figures, rnn_agrees_with_pytorch)
{
    for (int exact = 0; exact <= 1; exact++) check_figures(0, exact);
}

Test(recurrent_figures, gru_agrees_with_pytorch)
{
    for (int exact = 0; exact <= 1; exact++) check_figures(1, exact);
}

Test(recurrent_figures, lstm_agrees_with_pytorch)
{
    for (int exact = 0; exact <= 1; exact++) check_figures(2, exact);
}

/* One sequence alone is embedded token by token: the sum of four such passes is the gradient of the batch. */
Test(recurrent_figures, sequences_one_by_one_have_the_gradients_of_the_batch)
{
    for (size_t kind = 0; kind < COUNT_OF(kinds); kind++) {
        Oracle oracle = oracle_open(kind, false);
        TokenId ids[FIGURE_T], targets[FIGURE_T];
        Batch batch = {.sequences = 1, .steps = FIGURE_T, .rows = FIGURE_T, .ids = ids};
        batch.target_count = FIGURE_T;
        batch.targets = targets;
        for (size_t b = 0; b < FIGURE_B; b++) {
            for (size_t t = 0; t < FIGURE_T; t++) {
                ids[t] = oracle.ids[t * FIGURE_B + b];
                targets[t] = oracle.targets[t * FIGURE_B + b];
            }
            tape_begin(oracle.tape, PASS_LEARN);
            Tensor *logits = network_forward(oracle.network, oracle.tape, &batch, NULL);
            op_cross_entropy(oracle.tape, logits, &batch, 1.0 / FIGURE_B / FIGURE_T);
            tape_backward(oracle.tape);
            CHECK(tape_find(oracle.tape, "emb"));
        }
        check_gradients(&oracle);
        oracle_close(&oracle);
    }
}

/* Two layers somebody trained on Shakespeare: logits, and h and c of both layers at the end. */
Test(recurrent_figures, a_real_lstm_of_two_layers_agrees_with_pytorch)
{
    const char *weights = "../shared/data/charlstm/shakespeare.safetensors";
    const char *results = "../shared/oracle/neural/charlstm_shakespeare.oracle.safetensors";
    if (access(weights, R_OK) != 0 || access(results, R_OK) != 0) cr_skip_test("there is no %s", weights);
    Error error;
    Figures figures = {safetensors_read(weights, &error), safetensors_read(results, &error)};
    Architecture architecture = {.kind = NETWORK_LSTM, .outcomes = 65, .d = 128, .h = 128, .layers = 2};
    Network *network = network_new(&architecture, false);
    Tape *tape = tape_new(false);
    figures_load(&figures, &network->parameters);
    size_t steps;
    TokenId *ids = figures_ids(&figures, &steps, "ids");
    Memory memory = {1, calloc(network_memory(network), sizeof(Real))};
    Batch batch = {.sequences = 1, .steps = steps, .rows = steps, .ids = ids};
    tape_begin(tape, PASS_PREDICT);
    Tensor *logits = network_forward(network, tape, &batch, &memory);
    CHECK(figures_difference(&figures, logits->x, tensor_size(logits), "logits").absolute < 2e-5);
    Real ends[2][256];
    for (size_t i = 0; i < 512; i++) ends[i / 128 % 2][i / 256 * 128 + i % 128] = memory.values[i];
    CHECK(figures_difference(&figures, ends[0], 256, "h").absolute < 2e-6);
    CHECK(figures_difference(&figures, ends[1], 256, "c").absolute < 1e-5);
    free(ids);
    figures_close(&figures);
    network_free(network);
    tape_free(tape);
    free(memory.values);
}
