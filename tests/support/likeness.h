/* likeness.h - a network with PyTorch's weights, held against what PyTorch computed with them in double.
 *
 * Recurrent networks are given the figures' batch with time as the slow index; their rows are put in the
 * figures' order before they are compared. */
#ifndef TESTS_SUPPORT_LIKENESS_H
#define TESTS_SUPPORT_LIKENESS_H

#include "core/neural/network.h"
#include "tests/support/engine.h"

typedef struct {
    Figures figures;
    Network *network;
    Tape *tape;
    Batch batch;
    TokenId *ids, *targets; /* of the batch */
} Likeness;

/* The batch has been through: tensors and gradients are there. Skips where the figures are not. */
Likeness likeness_open(const char *name, Architecture architecture);
void likeness_close(Likeness *likeness);

/* Logits 1e-5, loss 2e-6, every gradient 1e-6 or 1e-5 of its length, weights after three steps of SGD 2e-6,
 * the losses of three steps of AdamW 1e-4; in double all of them 1e-10. */
void likeness_check(Likeness *likeness);

/* A tensor of the pass against act64.`figure`. */
void likeness_check_tensor(const Likeness *likeness, const char *tensor, const char *figure);

#endif
