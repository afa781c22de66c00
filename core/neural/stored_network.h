/* stored_network.h - a network in a file: tensors of the names and shapes that PyTorch's modules have, from
 * which its architecture follows; only what shapes do not tell is in the metadata. */
#ifndef CORE_NEURAL_STORED_NETWORK_H
#define CORE_NEURAL_STORED_NETWORK_H

#include "core/neural/network.h"
#include "core/neural/stored.h"

/* The weights are borrowed until the file is written. */
void store_network(SafetensorsWriter *writer, const Network *network);

/* Ours, or another one's: names may begin with "transformer.", the masks that GPT-2's files keep beside the
 * weights (attn.bias) are passed over, and a head that is missing is the embedding. "n_head" of the metadata
 * says how many heads there are. NULL: the error says what does not fit. */
Network *stored_network(const Stored *stored, bool exact);

#endif
