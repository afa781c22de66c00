#include "core/neural/lens.h"

#include <stdio.h>

#include "core/neural/ops/layernorm.h"
#include "core/neural/ops/linear.h"
#include "core/neural/vector.h"

static Tensor *weight(const Network *network, const char *name)
{
    return parameters_find(&network->parameters, name);
}

static Tensor stream_after(const Tape *pass, size_t layer)
{
    char name[32];
    snprintf(name, sizeof name, "h.%zu.resid", layer - 1);
    return *tape_find(pass, layer ? name : "emb");
}

/* The same operations on the same numbers as in the model itself. */
void neural_lens(const Network *network, const Tape *pass, size_t steps, size_t layer, double *p)
{
    size_t v = network->architecture.outcomes;
    const char *head = network->architecture.tied ? "wte.weight" : "lm_head.weight";
    Tape *tape = tape_new(network->exact);
    tape_begin(tape, PASS_PREDICT);
    Tensor stream = stream_after(pass, layer);
    Tensor *normed =
        op_layernorm(tape, "lens", &stream, weight(network, "ln_f.weight"), weight(network, "ln_f.bias"));
    const Tensor *logits = op_linear_transposed(tape, "logits", normed, weight(network, head), NULL);
    for (size_t i = 0; i < steps; i++) softmax_double(v, logits->x + i * v, p + i * v, NULL);
    tape_free(tape);
}
