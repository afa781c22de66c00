/* mlp.c - a feed-forward network over a fixed context (Bengio et al. 2003): embeddings of the last n - 1
 * tokens side by side, one hidden layer of tanh, logits.
 *
 *   e = C[w1] C[w2] ..;  h = tanh(e W1 + b1);  logits = h W2 + b2 */
#include <math.h>

#include "core/neural/network.h"
#include "core/neural/ops/activation.h"
#include "core/neural/ops/dropout.h"
#include "core/neural/ops/embed.h"
#include "core/neural/ops/linear.h"

enum { EMBEDDING, W1, B1, W2, B2 };

static void declare(Network *network)
{
    const Architecture *a = &network->architecture;
    Parameters *p = &network->parameters;
    parameters_add(p, 2, (const size_t[]){a->outcomes, a->d}, "C");
    parameters_add(p, 2, (const size_t[]){(a->n - 1) * a->d, a->h}, "W1");
    parameters_add(p, 1, (const size_t[]){a->h}, "b1");
    parameters_add(p, 2, (const size_t[]){a->h, a->outcomes}, "W2");
    parameters_add(p, 1, (const size_t[]){a->outcomes}, "b2");
}

/* As nn.Embedding and nn.Linear. */
static void initialise(Network *network, Random *random)
{
    const Architecture *a = &network->architecture;
    Tensor *tensors = network->parameters.tensors;
    double first = 1 / sqrt((double)((a->n - 1) * a->d)), second = 1 / sqrt((double)a->h);
    fill_normal(&tensors[EMBEDDING], 1, random);
    fill_uniform(&tensors[W1], first, random);
    fill_uniform(&tensors[B1], first, random);
    fill_uniform(&tensors[W2], second, random);
    fill_uniform(&tensors[B2], second, random);
}

static Tensor *forward(const Network *network, Tape *tape, const Batch *batch, Memory *memory)
{
    (void)memory;
    const Architecture *a = &network->architecture;
    Tensor *tensors = network->parameters.tensors;
    assert(batch->steps == a->n - 1);
    Tensor *words = op_embed(tape, NULL, &tensors[EMBEDDING], batch->ids, batch->sequences * batch->steps);
    Tensor *context =
        tape_view(tape, "emb", words, 2, (const size_t[]){batch->sequences, batch->steps * a->d});
    Tensor *sums = op_linear(tape, "hpre", context, &tensors[W1], &tensors[B1]);
    Tensor *hidden = op_dropout(tape, "dropped", op_tanh(tape, "h", sums), a->dropout);
    return op_linear(tape, "logits", hidden, &tensors[W2], &tensors[B2]);
}

static uint64_t multiply_adds(const Architecture *a)
{
    return (uint64_t)(a->n - 1) * a->d * a->h + (uint64_t)a->h * a->outcomes;
}

const NetworkType mlp_type = {.name = "mlp",
                              .declare = declare,
                              .initialise = initialise,
                              .forward = forward,
                              .multiply_adds = multiply_adds};
