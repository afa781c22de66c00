/* bench_networks.c - what a training step and a token drawn cost in a network, beside PyTorch if it is here.
 *
 * Both do the same work on text of random letters, turn and turn about; ours gathers its batches as it goes,
 * theirs has them ready. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/model/sampling.h"
#include "core/neural/training.h"
#include "core/text/lexicon.h"
#include "tests/bench/bench.h"

#define PYTHON "/usr/bin/python3" /* the one python3-torch belongs to */
#define PEER_TORCH "tests/bench/peer_torch.py"

enum { ROUNDS = 5, LETTERS = 26, SIGNS = 65, NAMES = 20000, STREAM = 200000, WINDOW_MS = 300, DRAWS = 2000 };

typedef struct {
    const char *label;
    Architecture architecture; /* outcomes follow from the text */
    OptimizerKind optimizer;
    size_t batch;
    const char *question; /* to the peer */
    const char *bar;
} Workload;

#define MLP(units)                                                                                           \
    {                                                                                                        \
        .kind = NETWORK_MLP, .n = 4, .d = 10, .h = (units)                                                   \
    }
#define RECURRENT(type)                                                                                      \
    {                                                                                                        \
        .kind = (type), .d = 64, .h = 64, .layers = 1, .ctx = 32                                             \
    }
#define GPT(width, window)                                                                                   \
    {                                                                                                        \
        .kind = NETWORK_TRANSFORMER, .d = (width), .layers = 4, .heads = 4, .ctx = (window)                  \
    }

static const Workload steps[] = {
    {"mlp d=10 h=64 batch=32, sgd", MLP(64), OPTIMIZER_SGD, 32, "step mlp 64 sgd", ">= 5"},
    {"mlp d=10 h=200 batch=32, sgd", MLP(200), OPTIMIZER_SGD, 32, "step mlp 200 sgd", ">= 5"},
    {"mlp d=10 h=64 batch=32, adamw", MLP(64), OPTIMIZER_ADAMW, 32, "step mlp 64 adamw", ">= 5"},
    {"mlp d=10 h=200 batch=32, adamw", MLP(200), OPTIMIZER_ADAMW, 32, "step mlp 200 adamw", ">= 5"},
    {"rnn h=64 ctx=32 batch=32", RECURRENT(NETWORK_RNN), OPTIMIZER_ADAMW, 32, "step rnn 64 32", ">= 4"},
    {"gru h=64 ctx=32 batch=32", RECURRENT(NETWORK_GRU), OPTIMIZER_ADAMW, 32, "step gru 64 32", ">= 4"},
    {"lstm h=64 ctx=32 batch=32", RECURRENT(NETWORK_LSTM), OPTIMIZER_ADAMW, 32, "step lstm 64 32", ">= 4"},
    {"transformer 4x64 ctx=16 batch=32", GPT(64, 16), OPTIMIZER_ADAMW, 32, "step gpt 64 16 32", ">= 2.5"},
    {"transformer 4x64 ctx=32 batch=32", GPT(64, 32), OPTIMIZER_ADAMW, 32, "step gpt 64 32 32", ">= 2.5"},
    {"transformer 4x64 ctx=64 batch=32", GPT(64, 64), OPTIMIZER_ADAMW, 32, "step gpt 64 64 32", ">= 2.5"},
    {"transformer 4x128 ctx=64 batch=12", GPT(128, 64), OPTIMIZER_ADAMW, 12, "step gpt 128 64 12", ">= 1.7"},
};

static const Workload draws[] = {
    {"mlp d=10 h=200", MLP(200), OPTIMIZER_SGD, 32, NULL, NULL},
    {"rnn h=64", RECURRENT(NETWORK_RNN), OPTIMIZER_ADAMW, 32, "draw rnn 64", NULL},
    {"gru h=64", RECURRENT(NETWORK_GRU), OPTIMIZER_ADAMW, 32, "draw gru 64", NULL},
    {"lstm h=64", RECURRENT(NETWORK_LSTM), OPTIMIZER_ADAMW, 32, "draw lstm 64", NULL},
    {"transformer 4x64 ctx=32", GPT(64, 32), OPTIMIZER_ADAMW, 32, "draw gpt 64 32", NULL},
    {"transformer 4x128 ctx=64", GPT(128, 64), OPTIMIZER_ADAMW, 12, "draw gpt 128 64", NULL},
};

/* --- ours --- */

/* Names of 3 to 9 letters, or one stream of signs. */
static Corpus *random_text(bool names)
{
    Error error;
    Random random = random_seeded(1);
    size_t count = 0;
    char *text = must_alloc(names ? NAMES * 10 : STREAM, 1);
    for (size_t i = 0; names && i < NAMES; i++) {
        size_t length = 3 + random_next(&random) % 7;
        for (size_t k = 0; k < length; k++) text[count++] = (char)('a' + random_next(&random) % LETTERS);
        text[count++] = '\n';
    }
    while (!names && count < STREAM) text[count++] = (char)('0' + random_next(&random) % SIGNS);
    Corpus *corpus = corpus_new("random", TOKENIZER_CHARS, names);
    if (!corpus_add(corpus, text, count, &error)) bench_fail("random text", &error);
    free(text);
    return corpus;
}

static Job *begin_training(const Workload *workload)
{
    Error error;
    Corpus *corpus = random_text(workload->architecture.kind == NETWORK_MLP);
    Lexicon lexicon = lexicon_new(corpus, &(LexiconOptions){.unknown = false});
    Architecture architecture = workload->architecture;
    LearningOptions options = {.lr = workload->optimizer == OPTIMIZER_SGD ? 0.1 : 1e-3,
                               .batch = workload->batch,
                               .steps = (uint64_t)1 << 40,
                               .optimizer = workload->optimizer,
                               .seed = 1,
                               .threads = 1};
    architecture.outcomes = vocab_size(lexicon.vocab);
    Job *job = neural_training_new(
        &architecture, &options, false,
        (TrainingText){.corpus = corpus, .vocab = vocab_share(lexicon.vocab), .ids = lexicon.ids}, &error);
    if (!job) bench_fail(workload->label, &error);
    lexicon_release(&lexicon);
    corpus_free(corpus);
    return job;
}

/* Steps for a while, after some to warm up: milliseconds and tokens a step. */
static void measure_steps(const void *context, double *values)
{
    Error error;
    Job *job = begin_training(context);
    job_step(job, WINDOW_MS / 4.0, &error);
    TrainingStatus before = neural_training_status(job);
    double start = cpu_ms();
    do job_step(job, WINDOW_MS / 4.0, &error);
    while (cpu_ms() - start < WINDOW_MS);
    TrainingStatus after = neural_training_status(job);
    double count = (double)(after.step - before.step);
    values[0] = (cpu_ms() - start) / count;
    values[1] = (double)(after.tokens - before.tokens) / count;
    job_free(job);
}

/* Milliseconds a token drawn at T = 1. */
static void measure_draws(const void *context, double *values)
{
    Error error;
    Job *training = begin_training(context);
    job_step(training, 1, &error);
    Model *model = neural_training_take(training);
    SamplingOptions options = {.decoding = decoding_plain(), .seed = 1, .draws = 1, .length = DRAWS};
    double start = cpu_ms();
    Job *job = sampling_new(model, &options);
    if (!job_run(job, &error)) bench_fail("drawing", &error);
    values[0] = (cpu_ms() - start) / DRAWS;
    values[1] = 1;
    job_free(job);
    model_free(model);
    job_free(training);
}

/* --- side by side --- */

static bool start_torch(Peer *peer) { return peer_start((const char *[]){PYTHON, PEER_TORCH, NULL}, peer); }

static bool has_torch(void)
{
    Peer peer;
    bool here = start_torch(&peer);
    peer_stop(&peer);
    if (!here) printf("  python3-torch is not installed, or " PEER_TORCH " is not here\n");
    return here;
}

static void compare(const Workload *workload, void (*measure)(const void *, double *), bool torch)
{
    Peer peer;
    Apart ours = {.cpu_ms = 0}, theirs = {.peak_mb = NAN};
    double our_ms[ROUNDS], their_ms[ROUNDS];
    torch = torch && workload->question && start_torch(&peer);
    for (int i = 0; i < ROUNDS; i++) {
        ours = apart(measure, workload);
        our_ms[i] = ours.values[0];
        their_ms[i] = torch ? peer_ask(&peer, workload->question) : NAN;
    }
    if (torch) theirs = peer_stop(&peer);
    double our = timing_of(our_ms, ROUNDS).median, their = timing_of(their_ms, ROUNDS).median;
    row_begin(workload->label);
    narrow_figure(our);
    narrow_figure(their);
    narrow_figure(their / our);
    narrow_figure(ours.values[1] / our);
    narrow_figure(ours.peak_mb);
    narrow_figure(theirs.peak_mb);
    row_end("", workload->bar);
}

void bench_networks(const Bench *bench)
{
    (void)bench;
    printf("\nNetworks beside PyTorch, one thread each, in turns; MB: peak of the whole process\n");
    bool torch = has_torch();
    static const char *const columns[] = {"lmsh", "torch", "ratio", "tokens/ms", "lmsh MB", "torch MB"};
    narrow_columns("a training step, ms", columns, COUNT_OF(columns));
    for (size_t i = 0; i < COUNT_OF(steps); i++) compare(&steps[i], measure_steps, torch);
    narrow_columns("a token drawn, ms", columns, COUNT_OF(columns));
    for (size_t i = 0; i < COUNT_OF(draws); i++) compare(&draws[i], measure_draws, torch);
}
