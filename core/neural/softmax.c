/* softmax.c - the smallest network there is: one row of logits for each token, logits = W[last token].
 *
 * Trained to the end it is the counted bigram: the gradient of a row is p - relative frequency. */
#include "core/neural/network.h"
#include "core/neural/ops/embed.h"

static void declare(Network *network)
{
    size_t v = network->architecture.outcomes;
    parameters_add(&network->parameters, 2, (const size_t[]){v, v}, "W");
}

/* From zero logits: the uniform distribution, without dice. */
static void initialise(Network *network, Random *random)
{
    (void)random;
    fill_constant(&network->parameters.tensors[0], 0);
}

static Tensor *forward(const Network *network, Tape *tape, const Batch *batch, Memory *memory)
{
    (void)memory;
    assert(batch->steps == 1);
    return op_embed(tape, "logits", &network->parameters.tensors[0], batch->ids, batch->sequences);
}

static uint64_t multiply_adds(const Architecture *architecture)
{
    (void)architecture;
    return 0; /* a row is looked up */
}

const NetworkType softmax_type = {.name = "softmax",
                                  .declare = declare,
                                  .initialise = initialise,
                                  .forward = forward,
                                  .multiply_adds = multiply_adds};
