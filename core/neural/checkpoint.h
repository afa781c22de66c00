/* checkpoint.h - a neural model in a safetensors file: weights that PyTorch can load, and in the metadata
 * what lmsh needs to go on: architecture, vocabulary, options, generator, curve; optimiser moments as
 * tensors. */
#ifndef CORE_NEURAL_CHECKPOINT_H
#define CORE_NEURAL_CHECKPOINT_H

#include "core/neural/neural.h"

bool checkpoint_write(const Model *model, const char *path, Error *error);

/* `exact`: compute in fixed order. The corpus is not in the file: training goes on when one with the same
 * vocabulary is given (neural_training_continue). Foreign files are understood when tensor names and shapes
 * are those of one of our kinds and metadata has a vocabulary. NULL: error says what is missing or wrong. */
Model *checkpoint_read(const char *path, bool exact, Error *error);

#endif
