#include "core/neural/stored_network.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/file.h"
#include "core/base/i18n.h"

enum { NAME_SIZE = 80, USUAL_WINDOW = 64, LAYERS_MAX = 64 };
static const char prefix[] = "transformer.";
static const char kind_key[] = "lmsh.kind", heads_key[] = "n_head", window_key[] = "lmsh.ctx",
                  dropout_key[] = "lmsh.dropout";

/* --- writing --- */

void store_network(SafetensorsWriter *writer, const Network *network)
{
    const Architecture *a = &network->architecture;
    safetensors_put_metadata(writer, kind_key, network_kind_name(a->kind));
    if (a->kind == NETWORK_TRANSFORMER) store_whole(writer, heads_key, a->heads);
    if (network_recurrent(network)) store_whole(writer, window_key, a->ctx);
    store_number(writer, dropout_key, a->dropout);
    for (size_t i = 0; i < network->parameters.count; i++) {
        const Tensor *tensor = &network->parameters.tensors[i];
        safetensors_put(writer, tensor->name, DTYPE_REAL, tensor->dims, tensor->shape, tensor->x);
    }
}

/* --- what the shapes say --- */

static const StoredTensor *find(const Stored *stored, const char *name)
{
    char longer[sizeof prefix + NAME_SIZE];
    const StoredTensor *tensor = safetensors_find(stored->file, name);
    snprintf(longer, sizeof longer, "%s%s", prefix, name);
    return tensor ? tensor : safetensors_find(stored->file, longer);
}

/* A matrix of at least one number; NULL where there is none. */
static const StoredTensor *find_matrix(const Stored *stored, const char *name)
{
    const StoredTensor *tensor = find(stored, name);
    return tensor && tensor->dims == 2 && tensor->count > 0 ? tensor : NULL;
}

static size_t count_layers(const Stored *stored, const char *before, const char *after)
{
    char name[NAME_SIZE];
    size_t layers = 0;
    for (; layers <= LAYERS_MAX; layers++) {
        snprintf(name, sizeof name, "%s%zu%s", before, layers, after);
        if (!find(stored, name)) break;
    }
    return layers;
}

static bool recognise_softmax(const Stored *stored, Architecture *a)
{
    const StoredTensor *table = find_matrix(stored, "W");
    if (!table) return false;
    *a = (Architecture){.kind = NETWORK_SOFTMAX, .outcomes = table->shape[0], .n = 2};
    return true;
}

static bool recognise_mlp(const Stored *stored, Architecture *a)
{
    const StoredTensor *table = find_matrix(stored, "C"), *first = find_matrix(stored, "W1");
    if (!table || !first) return false;
    *a = (Architecture){.kind = NETWORK_MLP,
                        .outcomes = table->shape[0],
                        .n = first->shape[0] / table->shape[1] + 1,
                        .d = table->shape[1],
                        .h = first->shape[1]};
    return true;
}

/* By how many gates there are for each unit. */
static bool recognise_recurrent(const Stored *stored, Architecture *a)
{
    static const NetworkKind by_gates[] = {[1] = NETWORK_RNN, [3] = NETWORK_GRU, [4] = NETWORK_LSTM};
    const StoredTensor *table = find_matrix(stored, "wte.weight"),
                       *loop = find_matrix(stored, "rnn.weight_hh_l0");
    if (!table || !loop) return false;
    size_t h = loop->shape[1], gates = loop->shape[0] / h;
    if (gates * h != loop->shape[0] || gates > 4 || gates == 0 || gates == 2) return false;
    *a = (Architecture){.kind = by_gates[gates],
                        .outcomes = table->shape[0],
                        .d = table->shape[1],
                        .h = h,
                        .layers = count_layers(stored, "rnn.weight_hh_l", ""),
                        .ctx = USUAL_WINDOW};
    return true;
}

static bool recognise_transformer(const Stored *stored, Architecture *a)
{
    const StoredTensor *table = find_matrix(stored, "wte.weight"),
                       *places = find_matrix(stored, "wpe.weight");
    if (!table || !places) return false;
    *a = (Architecture){.kind = NETWORK_TRANSFORMER,
                        .outcomes = table->shape[0],
                        .d = table->shape[1],
                        .layers = count_layers(stored, "h.", ".ln_1.weight"),
                        .ctx = places->shape[0],
                        .tied = !find(stored, "lm_head.weight")};
    return true;
}

static bool fail_unknown(const Stored *stored)
{
    stored_fail(stored, _("its tensors are those of no network we know"));
    return error_hint(stored->error,
                      _("names are as in GPT-2 (wte.weight, wpe.weight, h.0.attn.c_attn.weight), "
                        "nn.LSTM (wte.weight, rnn.weight_ih_l0, head.weight) or an MLP (C, W1, "
                        "b1, W2, b2)"));
}

/* --- what the metadata adds --- */

static bool read_heads(const Stored *stored, Architecture *a)
{
    uint64_t heads;
    if (a->kind != NETWORK_TRANSFORMER) return true;
    if (!stored_whole(stored, heads_key, 1, a->d, &heads))
        return error_hint(stored->error,
                          _("the shapes do not tell how many heads there are: put \"%s\" into "
                            "the metadata"),
                          heads_key);
    a->heads = (size_t)heads;
    return true;
}

static bool read_rest(const Stored *stored, Architecture *a)
{
    uint64_t window = a->ctx;
    const char *kind = safetensors_metadata(stored->file, kind_key);
    if (!kind) return true; /* not ours */
    if (strcmp(kind, network_kind_name(a->kind)) != 0)
        return stored_fail(stored, _("it says it is a %.20s, but its tensors are those of a %s"), kind,
                           network_kind_name(a->kind));
    bool recurrent = a->kind == NETWORK_RNN || a->kind == NETWORK_GRU || a->kind == NETWORK_LSTM;
    if (recurrent && !stored_whole(stored, window_key, 1, SIZE_MAX, &window)) return false;
    a->ctx = (size_t)window;
    return stored_number(stored, dropout_key, &a->dropout);
}

static bool read_architecture(const Stored *stored, Architecture *a)
{
    Error why;
    bool known = recognise_softmax(stored, a) || recognise_mlp(stored, a) || recognise_recurrent(stored, a) ||
                 recognise_transformer(stored, a);
    if (!known) return fail_unknown(stored);
    if (!read_heads(stored, a) || !read_rest(stored, a)) return false;
    if (architecture_check(a, &why)) return true;
    return stored_fail(stored, "%s", why.message);
}

/* --- weights --- */

static bool is_finite(const Tensor *tensor)
{
    size_t size = tensor_size(tensor);
    for (size_t i = 0; i < size; i++)
        if (!isfinite(tensor->x[i])) return false;
    return true;
}

static bool same_shape(const StoredTensor *stored, const Tensor *tensor)
{
    bool same = stored->dims == tensor->dims;
    for (int i = 0; same && i < tensor->dims; i++) same = stored->shape[i] == tensor->shape[i];
    return same;
}

static bool read_weights(const Stored *stored, Tensor *tensor)
{
    const StoredTensor *from = find(stored, tensor->name);
    if (!from) return stored_fail(stored, _("the tensor %s is missing"), tensor->name);
    if (!same_shape(from, tensor))
        return stored_fail(stored, _("%s has another shape than the rest of the network asks for"),
                           tensor->name);
    if (!stored_tensor_reals(from, tensor->x))
        return stored_fail(stored, _("%s is of a type that holds no fractions"), tensor->name);
    return is_finite(tensor) || stored_fail(stored, _("%s has numbers that are not finite"), tensor->name);
}

/* What may stand beside the weights: what save adds, and the masks of attention, which are no weights. */
static bool is_passed_over(const char *name)
{
    return strncmp(name, "optimizer.", strlen("optimizer.")) == 0 ||
           strncmp(name, "learning.", strlen("learning.")) == 0 || file_ends_in(name, ".attn.bias") ||
           file_ends_in(name, ".attn.masked_bias");
}

static bool check_strangers(const Stored *stored, const Network *network)
{
    for (size_t i = 0; i < safetensors_count(stored->file); i++) {
        const char *name = safetensors_at(stored->file, i)->name;
        const char *plain = strncmp(name, prefix, strlen(prefix)) == 0 ? name + strlen(prefix) : name;
        if (!is_passed_over(plain) && !parameters_find(&network->parameters, plain))
            return stored_fail(stored, _("a %s has no tensor %s"), network->type->name, name);
    }
    return true;
}

Network *stored_network(const Stored *stored, bool exact)
{
    Architecture architecture;
    if (!read_architecture(stored, &architecture)) return NULL;
    Network *network = network_new(&architecture, exact);
    bool ok = check_strangers(stored, network);
    for (size_t i = 0; ok && i < network->parameters.count; i++)
        ok = read_weights(stored, &network->parameters.tensors[i]);
    if (ok) return network;
    network_free(network);
    return NULL;
}
