/* transformer.c - GPT-2 (Radford et al. 2019): embeddings of tokens and of positions, then blocks of causal
 * attention and a two-layer network, each reading the normalised stream and adding to it.
 *
 *   x = wte[token] + wpe[position]
 *   x += attention(ln_1(x)) c_proj;  x += gelu(ln_2(x) c_fc) c_proj      a block
 *   logits = ln_f(x) lm_head^T                                           tied: lm_head is wte
 *
 * Tensors are called, and lie, as in Hugging Face's GPT2LMHeadModel; the beginning is that of GPT-2. */
#include <math.h>

#include "core/neural/network.h"
#include "core/neural/ops/activation.h"
#include "core/neural/ops/add.h"
#include "core/neural/ops/attention.h"
#include "core/neural/ops/dropout.h"
#include "core/neural/ops/embed.h"
#include "core/neural/ops/layernorm.h"
#include "core/neural/ops/linear.h"

/* Places in Parameters.tensors: block i begins at BLOCKS + i * BLOCK_TENSORS, and after the last one come
 * LN_F_WEIGHT .. LM_HEAD. */
enum { WTE, WPE, BLOCKS };
enum {
    LN_1_WEIGHT,
    LN_1_BIAS,
    C_ATTN_WEIGHT,
    C_ATTN_BIAS,
    ATTN_PROJ_WEIGHT,
    ATTN_PROJ_BIAS,
    LN_2_WEIGHT,
    LN_2_BIAS,
    C_FC_WEIGHT,
    C_FC_BIAS,
    MLP_PROJ_WEIGHT,
    MLP_PROJ_BIAS,
    BLOCK_TENSORS
};
enum { LN_F_WEIGHT, LN_F_BIAS, LM_HEAD };

static Tensor *block_at(const Network *network, size_t block)
{
    return &network->parameters.tensors[BLOCKS + block * BLOCK_TENSORS];
}

static Tensor *end_of(const Network *network) { return block_at(network, network->architecture.layers); }

/* --- weights --- */

static void declare_layer(Parameters *p, size_t block, const char *name, size_t inputs, size_t outputs)
{
    parameters_add(p, 2, (const size_t[]){inputs, outputs}, "h.%zu.%s.weight", block, name);
    parameters_add(p, 1, (const size_t[]){outputs}, "h.%zu.%s.bias", block, name);
}

static void declare_norm(Parameters *p, size_t block, const char *name, size_t d)
{
    parameters_add(p, 1, (const size_t[]){d}, "h.%zu.%s.weight", block, name);
    parameters_add(p, 1, (const size_t[]){d}, "h.%zu.%s.bias", block, name);
}

static void declare_block(Parameters *p, size_t block, size_t d)
{
    declare_norm(p, block, "ln_1", d);
    declare_layer(p, block, "attn.c_attn", d, 3 * d);
    declare_layer(p, block, "attn.c_proj", d, d);
    declare_norm(p, block, "ln_2", d);
    declare_layer(p, block, "mlp.c_fc", d, 4 * d);
    declare_layer(p, block, "mlp.c_proj", 4 * d, d);
}

static void declare(Network *network)
{
    const Architecture *a = &network->architecture;
    Parameters *p = &network->parameters;
    parameters_add(p, 2, (const size_t[]){a->outcomes, a->d}, "wte.weight");
    parameters_add(p, 2, (const size_t[]){a->ctx, a->d}, "wpe.weight");
    for (size_t i = 0; i < a->layers; i++) declare_block(p, i, a->d);
    parameters_add(p, 1, (const size_t[]){a->d}, "ln_f.weight");
    parameters_add(p, 1, (const size_t[]){a->d}, "ln_f.bias");
    if (!a->tied) parameters_add(p, 2, (const size_t[]){a->outcomes, a->d}, "lm_head.weight");
}

#define DEVIATION 0.02

/* What adds to the stream begins smaller, so that the stream of a deep network is no wider. */
static void initialise_block(Tensor *block, size_t layers, Random *random)
{
    double residual = DEVIATION / sqrt(2 * (double)layers);
    fill_constant(&block[LN_1_WEIGHT], 1);
    fill_constant(&block[LN_2_WEIGHT], 1);
    fill_normal(&block[C_ATTN_WEIGHT], DEVIATION, random);
    fill_normal(&block[ATTN_PROJ_WEIGHT], residual, random);
    fill_normal(&block[C_FC_WEIGHT], DEVIATION, random);
    fill_normal(&block[MLP_PROJ_WEIGHT], residual, random);
}

static void initialise(Network *network, Random *random)
{
    const Architecture *a = &network->architecture;
    Tensor *tensors = network->parameters.tensors, *end = end_of(network);
    for (size_t i = 0; i < network->parameters.count; i++) fill_constant(&tensors[i], 0);
    fill_normal(&tensors[WTE], DEVIATION, random);
    fill_normal(&tensors[WPE], DEVIATION, random);
    for (size_t i = 0; i < a->layers; i++) initialise_block(block_at(network, i), a->layers, random);
    fill_constant(&end[LN_F_WEIGHT], 1);
    if (!a->tied) fill_normal(&end[LM_HEAD], DEVIATION, random);
}

/* --- forward --- */

/* 0 1 2 .. for every sequence. */
static const TokenId *positions(Tape *tape, const Batch *batch)
{
    TokenId *ids = tape_alloc(tape, batch->sequences * batch->steps, sizeof *ids);
    for (size_t i = 0; i < batch->sequences * batch->steps; i++) ids[i] = (TokenId)(i % batch->steps);
    return ids;
}

static Tensor *embed(const Network *network, Tape *tape, const Batch *batch)
{
    Tensor *tensors = network->parameters.tensors;
    size_t count = batch->sequences * batch->steps;
    Tensor *tokens = op_embed(tape, "tokens", &tensors[WTE], batch->ids, count);
    Tensor *places = op_embed(tape, "positions", &tensors[WPE], positions(tape, batch), count);
    return op_dropout(tape, "dropped", op_add(tape, "emb", tokens, places), network->architecture.dropout);
}

/* One block under way: its weights, and how its tensors are called. */
typedef struct {
    const Architecture *architecture;
    Tape *tape;
    size_t number;
    Tensor *weights;
} Block;

static const char *name_of(const Block *block, const char *tensor)
{
    return tape_name(block->tape, "h.%zu.%s", block->number, tensor);
}

static Tensor *layer(const Block *block, const char *name, Tensor *x, int weight)
{
    return op_linear(block->tape, name_of(block, name), x, &block->weights[weight],
                     &block->weights[weight + 1]);
}

static Tensor *norm(const Block *block, const char *name, Tensor *x, int weight)
{
    return op_layernorm(block->tape, name_of(block, name), x, &block->weights[weight],
                        &block->weights[weight + 1]);
}

static Tensor *dropped(const Block *block, const char *name, Tensor *x)
{
    return op_dropout(block->tape, name_of(block, name), x, block->architecture->dropout);
}

static Tensor *add_attention(const Block *block, const Batch *batch, Tensor *x)
{
    AttentionShape shape = {batch->sequences, batch->steps, block->architecture->heads};
    Tensor *qkv = layer(block, "qkv", norm(block, "ln_1", x, LN_1_WEIGHT), C_ATTN_WEIGHT);
    Tensor *mixed =
        op_attention(block->tape, name_of(block, "attn_concat"), name_of(block, "attn_probs"), qkv, shape);
    Tensor *out = layer(block, "attn_out", mixed, ATTN_PROJ_WEIGHT);
    return op_add(block->tape, name_of(block, "resid_mid"), x, dropped(block, "attn_dropped", out));
}

static Tensor *add_mlp(const Block *block, Tensor *x)
{
    Tensor *sums = layer(block, "mlp_fc", norm(block, "ln_2", x, LN_2_WEIGHT), C_FC_WEIGHT);
    Tensor *active = op_gelu(block->tape, name_of(block, "mlp_act"), sums);
    Tensor *out = layer(block, "mlp_out", active, MLP_PROJ_WEIGHT);
    return op_add(block->tape, name_of(block, "resid"), x, dropped(block, "mlp_dropped", out));
}

static Tensor *forward(const Network *network, Tape *tape, const Batch *batch, Memory *memory)
{
    (void)memory;
    const Architecture *a = &network->architecture;
    Tensor *end = end_of(network), *x = embed(network, tape, batch);
    for (size_t i = 0; i < a->layers; i++) {
        Block block = {.architecture = a, .tape = tape, .number = i, .weights = block_at(network, i)};
        x = add_mlp(&block, add_attention(&block, batch, x));
    }
    Tensor *last = op_layernorm(tape, "ln_f", x, &end[LN_F_WEIGHT], &end[LN_F_BIAS]);
    Tensor *head = a->tied ? &network->parameters.tensors[WTE] : &end[LM_HEAD];
    return op_linear_transposed(tape, "logits", last, head, NULL);
}

/* A block: 12 d^2 for its layers, and in each head a product with every key and every value of the context.
 */
static uint64_t multiply_adds(const Architecture *a)
{
    uint64_t d = a->d, block = 12 * d * d + 2 * d * a->ctx;
    return a->layers * block + d * a->outcomes;
}

const NetworkType transformer_type = {.name = "transformer",
                                      .declare = declare,
                                      .initialise = initialise,
                                      .forward = forward,
                                      .multiply_adds = multiply_adds};
