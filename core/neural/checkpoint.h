/* checkpoint.h - a neural model in a safetensors file: weights that PyTorch can load, and beside them what
 * lmsh needs to go on.
 *
 * Tensors: the weights, under the names of their PyTorch modules (network.h); optimizer.first and
 * optimizer.second, the moments in the order of the weights; learning.curve, a row of step, training loss and
 * validation loss (F64) for each point. load_state_dict takes the first lot when those whose names begin with
 * "optimizer." and "learning." are left out, or with strict=False.
 *
 * Metadata, all texts: vocab (a JSON list of the tokens in order), lmsh.tokenizer, lmsh.fingerprint (of the
 * vocabulary), lmsh.kind, n_head (transformer), lmsh.ctx (recurrent: the window), lmsh.dropout, lmsh.seconds;
 * and, where its training is known, lmsh.format and every number of a Learning: lmsh.lr, lmsh.step, lmsh.dice
 * .. Everything else follows from the shapes. Whole numbers are decimal, all 64 bits of them. */
#ifndef CORE_NEURAL_CHECKPOINT_H
#define CORE_NEURAL_CHECKPOINT_H

#include "core/neural/neural.h"

bool checkpoint_write(const Model *model, const char *path, Error *error);

/* `exact`: compute in fixed order. The corpus is not in the file: training goes on when one with the same
 * vocabulary is given (neural_training_continue). Files from elsewhere are understood when tensor names and
 * shapes are those of one of our kinds and the metadata has a vocabulary, for a transformer n_head too: see
 * stored_network.h. Nothing is trusted: what does not fit together, and weights that are not finite, are
 * refused. NULL: error says what is missing or wrong. */
Model *checkpoint_read(const char *path, bool exact, Error *error);

#endif
