#include "tests/support/runs.h"

#include "core/text/lexicon.h"

const Architecture run_shapes[NETWORK_KINDS] = {
    {.kind = NETWORK_SOFTMAX, .n = 2},
    {.kind = NETWORK_MLP, .n = 3, .d = 4, .h = 5, .dropout = 0.1},
    {.kind = NETWORK_RNN, .d = 3, .h = 4, .layers = 1, .ctx = 8},
    {.kind = NETWORK_GRU, .d = 3, .h = 4, .layers = 2, .ctx = 8, .dropout = 0.25},
    {.kind = NETWORK_LSTM, .d = 4, .h = 3, .layers = 2, .ctx = 8},
    {.kind = NETWORK_TRANSFORMER, .d = 6, .layers = 2, .heads = 3, .ctx = 8, .dropout = 0.1},
};

LearningOptions run_options(NetworkKind kind)
{
    return (LearningOptions){.lr = 0.01,
                             .schedule = kind % 2 ? SCHEDULE_COSINE : SCHEDULE_CONSTANT,
                             .warmup = 3,
                             .batch = kind == NETWORK_SOFTMAX ? 0 : 2,
                             .steps = 20,
                             .optimizer = (OptimizerKind)(kind % 4),
                             .decay = 0.01,
                             .clip = 1,
                             .seed = 0xFEDCBA9876543210,
                             .valid = kind % 3 ? 0.2 : 0,
                             .threads = 1};
}

Job *run_new(Corpus *corpus, Architecture shape, LearningOptions options)
{
    Error error;
    Lexicon lexicon = lexicon_new(corpus, &(LexiconOptions){0});
    shape.outcomes = vocab_size(lexicon.vocab);
    CHECK_FOR(architecture_check(&shape, &error), "%s", error.message);
    Job *job = neural_training_new(
        &shape, &options, false,
        (TrainingText){.corpus = corpus, .vocab = vocab_share(lexicon.vocab), .ids = lexicon.ids}, &error);
    CHECK_FOR(job, "%s", error.message);
    lexicon_release(&lexicon);
    return job;
}

/* Whatever time a step takes, it is one. */
void run_steps(Job *job, int steps)
{
    Error error;
    for (int i = 0; i < steps; i++) CHECK(job_step(job, 0, &error) != JOB_FAILED);
}

Model *run_end(Job *job)
{
    Model *model = neural_training_take(job);
    job_free(job);
    return model;
}

Model *run_model(NetworkKind kind, int steps)
{
    Corpus *corpus = corpus_random(3, 30);
    Job *job = run_new(corpus, run_shapes[kind], run_options(kind));
    run_steps(job, steps);
    corpus_free(corpus);
    return run_end(job);
}
