#include "core/neural/probe.h"

/* Momentum that begins at 0 is, after one step, the gradient. */
Model *probe_new(const Model *model)
{
    const Network *network = neural_network(model);
    Learning *learning = learning_clone(neural_learning(model));
    Corpus *corpus = neural_corpus(model);
    optimizer_release(&learning->optimizer);
    learning->options.optimizer = OPTIMIZER_MOMENTUM;
    learning->options.lr = 0; /* the weights stay, however steep the way */
    learning->options.until = 0;
    learning->options.decay = 0;
    learning->options.clip = 0;
    optimizer_init(&learning->optimizer, OPTIMIZER_MOMENTUM, 0, network->parameters.total);
    return neural_new(vocab_share(model->vocab), model->tokenizer, network_clone(network), learning,
                      corpus ? corpus_share(corpus) : NULL);
}

const Real *probe_gradient(const Model *stepped) { return neural_learning(stepped)->optimizer.first; }
