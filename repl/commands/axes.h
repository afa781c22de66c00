/* axes.h - what the rows and columns of a network's weights stand for: words of the vocabulary, or numbers.
 */
#ifndef REPL_COMMANDS_AXES_H
#define REPL_COMMANDS_AXES_H

#include "core/model/model.h"
#include "core/neural/tensor.h"

/* The name of index `at` along dimension `dim` of a tensor of the model: a word where there is one a word,
 * else its number from 1. */
const char *axis_name(const Model *model, const Tensor *tensor, int dim, size_t at, Arena *arena);

/* The tensor that has a vector for each word, row by row; NULL for a softmax, which has none. */
const Tensor *axis_embedding(const Model *model);

/* "27 x 30". */
const char *axis_shape(const Tensor *tensor, Arena *arena);

#endif
