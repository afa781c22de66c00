#include "core/neural/checkpoint.h"

#include <math.h>
#include <stdlib.h>

#include "core/base/i18n.h"
#include "core/base/memory.h"
#include "core/neural/stored_learning.h"
#include "core/neural/stored_network.h"
#include "core/neural/stored_vocab.h"

static const char seconds_key[] = "lmsh.seconds";

/* --- writing --- */

bool checkpoint_write(const Model *model, const char *path, Error *error)
{
    const Network *network = neural_network(model);
    const Learning *learning = neural_learning(model);
    if (!network) {
        error_set(error, _("a safetensors file holds a network, and this model is a %s"), model->kind->name);
        return error_hint(error,
                          _("train mlp makes a model that can be written; n-grams go into .arpa or .lm"));
    }
    SafetensorsWriter *writer = safetensors_writer_new();
    double *curve = must_alloc(learning ? learning->curve.count * CURVE_COLUMNS : 0, sizeof *curve);
    safetensors_put_metadata(writer, "format", "pt"); /* what transformers asks for */
    store_vocab(writer, model->vocab, model->tokenizer);
    store_network(writer, network);
    store_number(writer, seconds_key, model->seconds);
    if (learning) store_learning(writer, learning, curve);
    bool ok = safetensors_write(writer, path, error);
    free(curve);
    return ok;
}

/* --- reading --- */

static Learning *read_learning(const Stored *stored, const Network *network, bool *ok)
{
    if (!stored_learning_is(stored->file)) return NULL;
    Learning *learning = stored_learning(stored, network->parameters.total);
    *ok = learning != NULL;
    return learning;
}

/* How long its training took, where the file says so. */
static bool read_seconds(const Stored *stored, double *seconds)
{
    *seconds = 0;
    if (!safetensors_metadata(stored->file, seconds_key)) return true;
    if (!stored_number(stored, seconds_key, seconds)) return false;
    return (isfinite(*seconds) && *seconds >= 0) ||
           stored_fail(stored, _("its metadata says %s=%g, which makes no sense"), seconds_key, *seconds);
}

static bool check_sizes(const Stored *stored, const Vocab *vocab, const Network *network)
{
    size_t rows = network->architecture.outcomes, tokens = vocab_size(vocab);
    return rows == tokens ||
           stored_fail(stored, _("its vocabulary has %zu tokens, its network %zu"), tokens, rows);
}

static Model *read_model(const Stored *stored, bool exact)
{
    Tokenizer tokenizer;
    double seconds;
    Network *network = stored_network(stored, exact);
    Vocab *vocab = network ? stored_vocab(stored, &tokenizer) : NULL;
    bool ok = vocab && check_sizes(stored, vocab, network) && read_seconds(stored, &seconds);
    Learning *learning = ok ? read_learning(stored, network, &ok) : NULL;
    if (ok) {
        Model *model = neural_new(vocab, tokenizer, network, learning, NULL);
        model->seconds = seconds;
        return model;
    }
    network_free(network);
    vocab_free(vocab);
    return NULL;
}

Model *checkpoint_read(const char *path, bool exact, Error *error)
{
    Safetensors *file = safetensors_read(path, error);
    Stored stored = {.file = file, .path = path, .error = error};
    Model *model = file ? read_model(&stored, exact) : NULL;
    safetensors_free(file);
    return model;
}
