/* The transformer against PyTorch's GPT-2 in double, and what must hold for any. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/neural/network.h"
#include "core/neural/ops/cross_entropy.h"
#include "core/neural/optimizer.h"
#include "tests/support/check.h"
#include "tests/support/engine.h"

TestSuite(transformer, .timeout = 20);

static const bool precise = sizeof(Real) == sizeof(double);

/* --- figures of PyTorch --- */

/* A model of the oracle, with its batch. Files for tests: of the oracle's results those in double, sgd364
 * rounded to float, and act64 of the untied model only. */
typedef struct {
    Figures figures;
    Network *network;
    TokenId *inputs, *targets;
    Batch batch;
    Tape *tape;
} Subject;

static Subject subject_of(const char *name, Architecture architecture, size_t sequences, size_t steps)
{
    Subject s = {.figures = figures_open(name)};
    architecture.kind = NETWORK_TRANSFORMER;
    s.network = network_new(&architecture, false);
    figures_load(&s.figures, &s.network->parameters);
    s.inputs = figures_ids(&s.figures, NULL, "inputs");
    s.targets = figures_ids(&s.figures, NULL, "targets");
    s.batch = (Batch){.sequences = sequences, .steps = steps, .rows = sequences * steps};
    s.batch.ids = s.inputs;
    s.batch.target_count = s.batch.rows;
    s.batch.targets = s.targets;
    s.tape = tape_new(false);
    return s;
}

static Subject gpt(bool tied)
{
    Architecture a = {.outcomes = 65, .d = 32, .layers = 2, .heads = 4, .ctx = 16, .tied = tied};
    return subject_of(tied ? "gpt_tied" : "gpt_untied", a, 3, 16);
}

static void release(Subject *s)
{
    tape_free(s->tape);
    network_free(s->network);
    free(s->inputs);
    free(s->targets);
    figures_close(&s->figures);
}

/* The mean loss of the batch, and its gradients. */
static double learn(Subject *s)
{
    tape_begin(s->tape, PASS_LEARN);
    parameters_clear_gradients(&s->network->parameters);
    Tensor *logits = network_forward(s->network, s->tape, &s->batch, NULL);
    double share = 1 / (double)s->batch.rows,
           loss = share * op_cross_entropy(s->tape, logits, &s->batch, share);
    tape_backward(s->tape);
    return loss;
}

static void check_pass(bool tied)
{
    Subject s = gpt(tied);
    double loss = learn(&s), *wanted = figures_doubles(&s.figures, NULL, "loss64");
    CHECK_NEAR(loss, wanted[0], precise ? 1e-12 : 2e-6);
    free(wanted);
    const Tensor *logits = tape_find(s.tape, "logits");
    Difference d = figures_difference(&s.figures, logits->x, tensor_size(logits), "logits64");
    CHECK_FOR(d.absolute < (precise ? 1e-12 : 1e-5), "logits: %g", d.absolute);
    const Parameters *p = &s.network->parameters;
    for (size_t i = 0; i < p->count; i++) {
        const Tensor *t = &p->tensors[i];
        d = figures_difference(&s.figures, t->g, tensor_size(t), "grad64.%s", t->name);
        CHECK_FOR(precise ? d.absolute < 1e-13 : d.absolute < 1e-6 || d.relative < 1e-5,
                  "gradient of %s: %g, relative %g", t->name, d.absolute, d.relative);
    }
    release(&s);
}

Test(transformer, loss_and_gradients_are_pytorchs) { check_pass(false); }

Test(transformer, loss_and_gradients_are_pytorchs_when_the_head_is_tied) { check_pass(true); }

Test(transformer, every_tensor_of_a_pass_is_pytorchs)
{
    static const char *const names[] = {"ln_1", "qkv",    "attn_probs", "attn_concat", "attn_out",
                                        "ln_2", "mlp_fc", "mlp_out",    "resid"};
    Subject s = gpt(false);
    learn(&s);
    char name[64] = "ln_f";
    for (size_t i = 0; i <= 2 * COUNT_OF(names); i++) {
        const Tensor *t = tape_find(s.tape, name);
        CHECK_FOR(t, "there is no %s", name);
        Difference d = figures_difference(&s.figures, t->x, tensor_size(t), "act64.%s", name);
        CHECK_FOR(d.absolute < (precise ? 1e-12 : 1e-5), "%s: %g", name, d.absolute);
        snprintf(name, sizeof name, "h.%zu.%s", i / COUNT_OF(names), names[i % COUNT_OF(names)]);
    }
    release(&s);
}

static void check_descent(bool tied)
{
    Subject s = gpt(tied);
    Parameters *p = &s.network->parameters;
    double *losses = figures_doubles(&s.figures, NULL, "sgd_losses64");
    Optimizer optimizer;
    optimizer_init(&optimizer, OPTIMIZER_SGD, 0, p->total);
    for (int i = 0; i < 3; i++) {
        CHECK_NEAR(learn(&s), losses[i], precise ? 1e-12 : 2e-6);
        optimizer_step(&optimizer, p, 0.1);
    }
    CHECK_NEAR(learn(&s), losses[3], precise ? 1e-12 : 2e-6);
    for (size_t i = 0; i < p->count; i++) {
        const Tensor *t = &p->tensors[i];
        Difference d = figures_difference(&s.figures, t->x, tensor_size(t), "sgd364.%s", t->name);
        CHECK_FOR(d.absolute < (precise ? 2e-7 : 2e-6), "%s: %g", t->name, d.absolute);
    }
    free(losses);
    optimizer_release(&optimizer);
    release(&s);
}

Test(transformer, three_steps_of_sgd_lead_where_pytorchs_do)
{
    check_descent(false);
    check_descent(true);
}

/* The weights themselves cannot be compared: the true gradient of the keys' biases is 0, and AdamW divides
 * its rounding error by its rounding error. */
static void check_adamw(bool tied)
{
    Subject s = gpt(tied);
    double *losses = figures_doubles(&s.figures, NULL, "adamw_losses64");
    Optimizer optimizer;
    optimizer_init(&optimizer, OPTIMIZER_ADAMW, 0.01, s.network->parameters.total);
    for (int i = 0; i < 4; i++) {
        double loss = learn(&s);
        CHECK_FOR(fabs(loss - losses[i]) < (precise ? 1e-8 : 5e-5), "step %d: %.9f", i, loss);
        optimizer_step(&optimizer, &s.network->parameters, 0.01);
    }
    free(losses);
    optimizer_release(&optimizer);
    release(&s);
}

Test(transformer, losses_under_adamw_are_pytorchs)
{
    check_adamw(false);
    check_adamw(true);
}

/* --- a model that people know --- */

/* minGPT's model that sorts letters: 3 layers, 3 heads, 48 channels; its weights and what it was seen to
 * compute. */
Test(transformer, a_real_mingpt_computes_what_it_was_seen_to)
{
    Architecture a = {.outcomes = 3, .d = 48, .layers = 3, .heads = 3, .ctx = 11};
    Error error;
    Safetensors *weights = safetensors_read("../shared/data/gpt-nano-sort/gpt-nano-sort.safetensors", &error);
    Safetensors *results =
        safetensors_read("../shared/oracle/neural/gpt_nano_sort.oracle.safetensors", &error);
    if (!weights || !results) cr_skip_test("there is no ../shared here");
    Figures figures = {.weights = weights, .results = results};
    a.kind = NETWORK_TRANSFORMER;
    Network *network = network_new(&a, false);
    figures_load(&figures, &network->parameters);
    TokenId *ids = figures_ids(&figures, NULL, "inputs");
    Batch batch = {.sequences = 3, .steps = 11, .rows = 33, .ids = ids};
    Tape *tape = tape_new(false);
    tape_begin(tape, PASS_PREDICT);
    const Tensor *logits = network_forward(network, tape, &batch, NULL);
    Difference d = figures_difference(&figures, logits->x, tensor_size(logits), "partial.lm_head");
    CHECK_FOR(d.absolute < 2e-5, "logits: %g", d.absolute);
    static const char *const pairs[][2] = {{"emb", "x"},
                                           {"h.0.ln_1", "ln1"},
                                           {"h.0.qkv", "qkv"},
                                           {"h.0.attn_probs", "attSm"},
                                           {"h.0.attn_concat", "y"},
                                           {"h.0.attn_out", "yProj"},
                                           {"h.0.resid_mid", "attnResid"},
                                           {"h.0.ln_2", "ln2"},
                                           {"h.0.mlp_fc", "fc"},
                                           {"h.0.mlp_act", "gelu"},
                                           {"h.0.mlp_out", "mlp"},
                                           {"h.2.resid", "block2"},
                                           {"ln_f", "ln_f"}};
    for (size_t i = 0; i < COUNT_OF(pairs); i++) {
        const Tensor *t = tape_find(tape, pairs[i][0]);
        d = figures_difference(&figures, t->x, tensor_size(t), "partial.%s", pairs[i][1]);
        CHECK_FOR(d.absolute < 2e-5, "%s: %g", pairs[i][0], d.absolute);
    }
    tape_free(tape);
    free(ids);
    network_free(network);
    figures_close(&figures);
}

/* --- any transformer --- */

static Network *small_network(bool exact)
{
    Architecture a = {
        .kind = NETWORK_TRANSFORMER, .outcomes = 11, .d = 12, .layers = 2, .heads = 3, .ctx = 20};
    Network *network = network_new(&a, exact);
    Random random = random_seeded(5);
    network_initialise(network, &random);
    for (size_t i = 0; i < network->parameters.total; i++) network->parameters.x[i] *= 10;
    return network;
}

Test(transformer, what_comes_later_does_not_change_what_was_said)
{
    TokenId ids[20], other[20];
    for (int i = 0; i < 20; i++) other[i] = ids[i] = (TokenId)(i * 7 % 11);
    other[13] = 4;
    for (int exact = 0; exact < 2; exact++) {
        Network *network = small_network(exact);
        Tape *first = tape_new(exact), *second = tape_new(exact);
        tape_begin(first, PASS_PREDICT);
        tape_begin(second, PASS_PREDICT);
        const Tensor *x = network_forward(network, first, &(Batch){1, 20, 20, .ids = ids}, NULL);
        const Tensor *y = network_forward(network, second, &(Batch){1, 20, 20, .ids = other}, NULL);
        CHECK(memcmp(x->x, y->x, 13 * 11 * sizeof(Real)) == 0);
        CHECK(memcmp(x->x + 13 * 11, y->x + 13 * 11, 11 * sizeof(Real)) != 0);
        tape_free(first);
        tape_free(second);
        network_free(network);
    }
}

/* Each sequence on its own. */
Test(transformer, sequences_of_a_batch_do_not_see_each_other)
{
    TokenId ids[40];
    for (int i = 0; i < 40; i++) ids[i] = (TokenId)(i * i % 11);
    ids[3] = TOKEN_NONE;
    Network *network = small_network(true);
    Tape *both = tape_new(true), *alone = tape_new(true);
    tape_begin(both, PASS_PREDICT);
    const Tensor *x = network_forward(network, both, &(Batch){2, 20, 40, .ids = ids}, NULL);
    for (size_t b = 0; b < 2; b++) {
        tape_begin(alone, PASS_PREDICT);
        const Tensor *y = network_forward(network, alone, &(Batch){1, 20, 20, .ids = ids + 20 * b}, NULL);
        CHECK(memcmp(x->x + b * 20 * 11, y->x, 20 * 11 * sizeof(Real)) == 0);
    }
    tape_free(both);
    tape_free(alone);
    network_free(network);
}

static double deviation(const Tensor *tensor)
{
    double squares = 0;
    for (size_t i = 0; i < tensor_size(tensor); i++) squares += (double)tensor->x[i] * (double)tensor->x[i];
    return sqrt(squares / (double)tensor_size(tensor));
}

/* 0.02, and 0.02 / sqrt(2 layers) for what adds to the stream; within four standard errors. */
Test(transformer, begins_as_gpt2)
{
    Architecture a = {
        .kind = NETWORK_TRANSFORMER, .outcomes = 50, .d = 64, .layers = 8, .heads = 4, .ctx = 32};
    Network *network = network_new(&a, false);
    Random random = random_seeded(1);
    network_initialise(network, &random);
    for (size_t i = 0; i < network->parameters.count; i++) {
        const Tensor *t = &network->parameters.tensors[i];
        double wanted = strstr(t->name, "c_proj") ? 0.005 : 0.02,
               close = 4 / sqrt(2.0 * (double)tensor_size(t));
        if (strstr(t->name, ".bias"))
            CHECK_FOR(deviation(t) == 0, "%s", t->name);
        else if (strstr(t->name, "ln_"))
            CHECK_FOR(t->x[0] == 1 && deviation(t) == 1, "%s", t->name);
        else
            CHECK_FOR(fabs(deviation(t) / wanted - 1) < close, "%s: %g", t->name, deviation(t));
    }
    network_free(network);
}

/* With dropout every pass is another one, and the gradients are those of the pass that was: a step against
 * them lowers its loss when the same dice are thrown again. */
static double loss_with_dice(const Network *network, Tape *tape, const Batch *batch, uint64_t seed)
{
    Random dice = random_seeded(seed);
    tape_begin(tape, PASS_LEARN);
    tape_set_dice(tape, &dice);
    return op_cross_entropy(tape, network_forward(network, tape, batch, NULL), batch, 1);
}

Test(transformer, dropout_is_part_of_the_pass)
{
    TokenId ids[20], targets[20];
    for (int i = 0; i < 20; i++) targets[i] = ids[i] = (TokenId)(i * 7 % 11);
    Batch batch = {1, 20, 20, .ids = ids, .target_count = 20, .targets = targets};
    Network *network = small_network(true);
    network->architecture.dropout = 0.3;
    Tape *tape = tape_new(true);
    double before = loss_with_dice(network, tape, &batch, 1);
    tape_backward(tape);
    CHECK(loss_with_dice(network, tape, &batch, 1) == before);
    CHECK(loss_with_dice(network, tape, &batch, 2) != before);
    Parameters *p = &network->parameters;
    double slope = 0, step = precise ? 1e-8 : 1e-4;
    for (size_t i = 0; i < p->total; i++) slope += (double)p->g[i] * (double)p->g[i];
    step /= sqrt(slope);
    for (size_t i = 0; i < p->total; i++) p->x[i] -= (Real)step * p->g[i];
    double after = loss_with_dice(network, tape, &batch, 1);
    CHECK_NEAR((before - after) / (step * slope), 1, precise ? 1e-5 : 0.05);
    tape_free(tape);
    network_free(network);
}

/* By hand, with 2 layers, 4 channels, 3 positions, 5 outcomes: 2 (12 16 + 2 4 3) + 4 5. */
Test(transformer, multiply_adds_by_hand)
{
    Architecture a = {.kind = NETWORK_TRANSFORMER, .outcomes = 5, .d = 4, .layers = 2, .heads = 2, .ctx = 3};
    CHECK_INT(network_multiply_adds(&a), 452);
}
