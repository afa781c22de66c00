/* stored_vocab.h - a vocabulary in the metadata of a file: "vocab", a JSON list of its tokens in order, and
 * "lmsh.tokenizer", how text is cut into them. */
#ifndef CORE_NEURAL_STORED_VOCAB_H
#define CORE_NEURAL_STORED_VOCAB_H

#include "core/neural/stored.h"
#include "core/text/tokenizer.h"

void store_vocab(SafetensorsWriter *writer, const Vocab *vocab, Tokenizer tokenizer);

/* NULL when there is none, or when it has a token twice, an empty one or <s>. Where no tokenizer is named, a
 * vocabulary of single characters is one of characters. */
Vocab *stored_vocab(const Stored *stored, Tokenizer *tokenizer);

#endif
