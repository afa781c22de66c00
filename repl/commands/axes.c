#include "repl/commands/axes.h"

#include <string.h>

#include "core/neural/neural.h"

/* Which dimensions run over the vocabulary. */
static bool runs_over_words(const Tensor *tensor, int dim)
{
    static const struct {
        const char *name;
        bool dims[2];
    } rows[] = {{"W", {true, true}},
                {"C", {true, false}},
                {"W2", {false, true}},
                {"b2", {true, false}},
                {"wte.weight", {true, false}},
                {"lm_head.weight", {true, false}},
                {"head.weight", {true, false}},
                {"head.bias", {true, false}}};
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (dim < 2 && strcmp(rows[i].name, tensor->name) == 0) return rows[i].dims[dim];
    return false;
}

const char *axis_name(const Model *model, const Tensor *tensor, int dim, size_t at, Arena *arena)
{
    if (runs_over_words(tensor, dim)) return vocab_text(model->vocab, (TokenId)at);
    return arena_format(arena, "%zu", at + 1);
}

const Tensor *axis_embedding(const Model *model)
{
    const Network *network = neural_network(model);
    const Tensor *table = parameters_find(&network->parameters, "C");
    return table ? table : parameters_find(&network->parameters, "wte.weight");
}

const char *axis_shape(const Tensor *tensor, Arena *arena)
{
    const char *text = "";
    for (int i = 0; i < tensor->dims; i++)
        text = arena_format(arena, "%s%s%zu", text, i ? " x " : "", tensor->shape[i]);
    return text;
}
