/* stored_learning.h - how a network was trained and how far it has come, in a file: numbers under "lmsh." in
 * the metadata, moments of the optimiser and learning curve as tensors. */
#ifndef CORE_NEURAL_STORED_LEARNING_H
#define CORE_NEURAL_STORED_LEARNING_H

#include "core/neural/learning.h"
#include "core/neural/stored.h"

/* The learning is borrowed until the file is written, `curve` too: room for CURVE_COLUMNS numbers a point. */
enum { CURVE_COLUMNS = 3 };
void store_learning(SafetensorsWriter *writer, const Learning *learning, double *curve);

bool stored_learning_is(const Safetensors *file); /* whether there is anything of the kind */

/* For a network of so many weights. NULL: the error says what makes no sense. */
Learning *stored_learning(const Stored *stored, size_t weights);

#endif
