#include "tests/support/networks.h"

#include "core/text/lexicon.h"
#include "tests/support/check.h"

Architecture small_architecture(NetworkKind kind)
{
    bool windowed = kind == NETWORK_SOFTMAX || kind == NETWORK_MLP, transformer = kind == NETWORK_TRANSFORMER;
    return (Architecture){.kind = kind,
                          .n = kind == NETWORK_SOFTMAX ? 2
                               : windowed              ? 5
                                                       : 0,
                          .d = kind == NETWORK_SOFTMAX ? 0 : 6,
                          .h = kind == NETWORK_SOFTMAX || transformer ? 0 : 5,
                          .layers = windowed ? 0 : 2,
                          .heads = transformer ? 2 : 0,
                          .ctx = windowed ? 0 : 4};
}

LearningOptions small_options(NetworkKind kind, uint64_t steps)
{
    bool all = kind == NETWORK_SOFTMAX;
    return (LearningOptions){.lr = all ? 5 : 0.01,
                             .batch = all ? 0 : 8,
                             .steps = steps,
                             .optimizer = all ? OPTIMIZER_SGD : OPTIMIZER_ADAMW,
                             .seed = 1,
                             .threads = 1};
}

static Model *finish(Job *job, const Error *error)
{
    Error failed;
    CHECK_FOR(job, "%s", error->message);
    CHECK_FOR(job_run(job, &failed), "%s", failed.message);
    Model *model = neural_training_take(job);
    job_free(job);
    return model;
}

static Model *train(Corpus *corpus, Architecture architecture, LearningOptions options, bool exact)
{
    Error error;
    Lexicon lexicon = lexicon_new(corpus, &(LexiconOptions){0});
    architecture.outcomes = vocab_size(lexicon.vocab);
    CHECK_FOR(architecture_check(&architecture, &error), "%s", error.message);
    Job *job = neural_training_new(
        &architecture, &options, exact,
        (TrainingText){.corpus = corpus, .vocab = vocab_share(lexicon.vocab), .ids = lexicon.ids}, &error);
    lexicon_release(&lexicon);
    return finish(job, &error);
}

Model *train_network(Corpus *corpus, NetworkKind kind, uint64_t steps)
{
    return train(corpus, small_architecture(kind), small_options(kind, steps), false);
}

Model *train_network_exactly(Corpus *corpus, NetworkKind kind, uint64_t steps, bool exact)
{
    return train(corpus, small_architecture(kind), small_options(kind, steps), exact);
}

Model *train_network_with(Corpus *corpus, Architecture architecture, LearningOptions options)
{
    return train(corpus, architecture, options, false);
}

Model *train_on_from(const Model *model, Corpus *corpus, uint64_t steps)
{
    Error error;
    return finish(neural_training_continue(model, steps, corpus, NULL, &error), &error);
}
