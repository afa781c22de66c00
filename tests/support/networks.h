/* networks.h - small networks for tests, trained in a moment. */
#ifndef TESTS_SUPPORT_NETWORKS_H
#define TESTS_SUPPORT_NETWORKS_H

#include "core/neural/training.h"

/* Of every kind the smallest that has all its parts: context or ctx 4, d 6, h 5, two layers, two heads. */
Architecture small_architecture(NetworkKind kind);

/* softmax: SGD, lr 5, all at once; the others: AdamW, lr 0.01, batch 8. No validation, seed 1, one thread. */
LearningOptions small_options(NetworkKind kind, uint64_t steps);

Model *train_network(Corpus *corpus, NetworkKind kind, uint64_t steps);
Model *train_network_exactly(Corpus *corpus, NetworkKind kind, uint64_t steps, bool exact);
Model *train_network_with(Corpus *corpus, Architecture architecture, LearningOptions options);
Model *train_on_from(const Model *model, Corpus *corpus, uint64_t steps); /* a model further on */

#endif
