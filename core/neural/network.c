#include "core/neural/network.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/memory.h"
#include "core/neural/elementary.h"

static const NetworkType *const types[NETWORK_KINDS] = {
    [NETWORK_SOFTMAX] = &softmax_type, [NETWORK_MLP] = &mlp_type,   [NETWORK_RNN] = &rnn_type,
    [NETWORK_GRU] = &gru_type,         [NETWORK_LSTM] = &lstm_type, [NETWORK_TRANSFORMER] = &transformer_type,
};

const char *network_kind_name(NetworkKind kind) { return types[kind]->name; }

bool network_kind_find(const char *name, NetworkKind *kind)
{
    for (int i = 0; i < NETWORK_KINDS; i++)
        if (strcmp(types[i]->name, name) == 0) {
            *kind = (NetworkKind)i;
            return true;
        }
    return false;
}

/* --- is it one? --- */

static bool is_recurrent(NetworkKind kind)
{
    return kind == NETWORK_RNN || kind == NETWORK_GRU || kind == NETWORK_LSTM;
}

/* A number within bounds, where this kind has one. */
static bool check_number(bool used, size_t number, size_t most, const char *what, Error *error)
{
    if (!used || (number >= 1 && number <= most)) return true;
    return error_set(error, _("%s must be between 1 and %zu"), what, most);
}

static bool check_numbers(const Architecture *a, Error *error)
{
    bool recurrent = is_recurrent(a->kind), transformer = a->kind == NETWORK_TRANSFORMER;
    bool windowed = !recurrent && !transformer;
    return check_number(true, a->outcomes, VOCAB_MAX, "V", error) &&
           check_number(windowed, a->n - 1, a->kind == NETWORK_SOFTMAX ? 1 : 1023, "n - 1", error) &&
           check_number(a->kind != NETWORK_SOFTMAX, a->d, 1 << 16, "d", error) &&
           check_number(a->kind == NETWORK_MLP || recurrent, a->h, 1 << 16, "h", error) &&
           check_number(!windowed, a->layers, 64, "layers", error) &&
           check_number(transformer, a->heads, 1 << 10, "heads", error) &&
           check_number(!windowed, a->ctx, 1 << 16, "ctx", error);
}

/* An upper bound of the weights, in double so that it cannot overflow. */
static double weights_bound(const Architecture *a)
{
    double v = (double)a->outcomes, d = (double)a->d, h = (double)a->h, layers = (double)a->layers;
    switch (a->kind) {
    case NETWORK_SOFTMAX: return v * v;
    case NETWORK_MLP: return v * d + (double)(a->n - 1) * d * h + h * (v + 1) + v;
    case NETWORK_TRANSFORMER: return 2 * v * d + (double)a->ctx * d + layers * (12 * d * d + 13 * d) + 2 * d;
    default: return v * d + layers * 4 * h * (fmax(d, h) + h + 2) + v * (h + 1);
    }
}

bool architecture_check(const Architecture *a, Error *error)
{
    if (!check_numbers(a, error)) return false;
    if (a->kind == NETWORK_TRANSFORMER && a->d % a->heads != 0) {
        error_set(error, _("d=%zu cannot be split into %zu heads of one size"), a->d, a->heads);
        return error_hint(error, _("take a d that is a multiple of heads, such as d=%zu"),
                          (a->d / a->heads + 1) * a->heads);
    }
    if (!(a->dropout >= 0 && a->dropout < 1))
        return error_set(error, _("dropout must be at least 0 and less than 1"));
    double weights = weights_bound(a);
    if (weights <= (double)NETWORK_MAX) return true;
    error_set(error, _("that would be about %.3g million weights, and %zu million is the limit"),
              weights / 1e6, NETWORK_MAX >> 20);
    return error_hint(error, _("a smaller vocabulary (cutoff=) or smaller layers make a smaller network"));
}

const char *architecture_describe(const Architecture *a, Arena *arena)
{
    const char *name = network_kind_name(a->kind), *tied = a->tied ? " tied=on" : "";
    switch (a->kind) {
    case NETWORK_SOFTMAX: return name;
    case NETWORK_MLP: return arena_format(arena, "%s, n=%zu d=%zu h=%zu", name, a->n, a->d, a->h);
    case NETWORK_TRANSFORMER:
        return arena_format(arena, "%s, layers=%zu heads=%zu d=%zu ctx=%zu%s", name, a->layers, a->heads,
                            a->d, a->ctx, tied);
    default: return arena_format(arena, "%s, layers=%zu d=%zu h=%zu", name, a->layers, a->d, a->h);
    }
}

/* --- life --- */

Network *network_new(const Architecture *architecture, bool exact)
{
    Network *network = must_alloc(1, sizeof *network);
    network->architecture = *architecture;
    network->type = types[architecture->kind];
    network->exact = exact;
    network->type->declare(network);
    parameters_allocate(&network->parameters);
    return network;
}

void network_initialise(Network *network, Random *random) { network->type->initialise(network, random); }

static Network *copy_frame(const Network *network)
{
    Network *copy = must_alloc(1, sizeof *copy);
    *copy = *network;
    return copy;
}

Network *network_clone(const Network *network)
{
    Network *clone = copy_frame(network);
    parameters_copy(&clone->parameters, &network->parameters);
    return clone;
}

Network *network_twin(const Network *network)
{
    Network *twin = copy_frame(network);
    parameters_twin(&twin->parameters, &network->parameters);
    return twin;
}

void network_free(Network *network)
{
    if (!network) return;
    parameters_release(&network->parameters);
    free(network);
}

/* --- what it looks at --- */

bool network_recurrent(const Network *network) { return is_recurrent(network->architecture.kind); }

bool network_windowed(const Network *network)
{
    NetworkKind kind = network->architecture.kind;
    return kind == NETWORK_SOFTMAX || kind == NETWORK_MLP;
}

size_t network_context(const Network *network)
{
    if (network_recurrent(network)) return 0;
    return network_windowed(network) ? network->architecture.n - 1 : network->architecture.ctx;
}

size_t network_memory(const Network *network)
{
    const Architecture *a = &network->architecture;
    if (!network_recurrent(network)) return 0;
    return a->layers * a->h * (a->kind == NETWORK_LSTM ? 2 : 1);
}

Tensor *network_forward(const Network *network, Tape *tape, const Batch *batch, Memory *memory)
{
    assert(network_context(network) == 0 || batch->steps <= network_context(network));
    return network->type->forward(network, tape, batch, memory);
}

uint64_t network_multiply_adds(const Architecture *architecture)
{
    return types[architecture->kind]->multiply_adds(architecture);
}

/* --- beginnings --- */

void fill_uniform(Tensor *tensor, double bound, Random *random)
{
    size_t size = tensor_size(tensor);
    for (size_t i = 0; i < size; i++) tensor->x[i] = (Real)(bound * (2 * random_unit(random) - 1));
}

/* Two independent normal numbers by the polar method (Marsaglia & Bray 1964). */
static void normal_pair(Random *random, double *a, double *b)
{
    double x, y, s;
    do {
        x = 2 * random_unit(random) - 1;
        y = 2 * random_unit(random) - 1;
        s = x * x + y * y;
    } while (s >= 1 || s == 0);
    double factor = sqrt(-2 * exact_log(s) / s);
    *a = x * factor;
    *b = y * factor;
}

void fill_normal(Tensor *tensor, double deviation, Random *random)
{
    size_t size = tensor_size(tensor);
    for (size_t i = 0; i < size; i += 2) {
        double a, b;
        normal_pair(random, &a, &b);
        tensor->x[i] = (Real)(deviation * a);
        if (i + 1 < size) tensor->x[i + 1] = (Real)(deviation * b);
    }
}

void fill_constant(Tensor *tensor, double value)
{
    size_t size = tensor_size(tensor);
    for (size_t i = 0; i < size; i++) tensor->x[i] = (Real)value;
}
