/* embed.h - rows of a table: y[i] = table[ids[i]]; backward adds dy[i] to the row's gradient. */
#ifndef CORE_NEURAL_OPS_EMBED_H
#define CORE_NEURAL_OPS_EMBED_H

#include "core/neural/tape.h"
#include "core/text/vocab.h"

/* table [V, C], ids (count) -> [count, C]. TOKEN_NONE gives zeros. `ids` must live as long as the pass. */
Tensor *op_embed(Tape *tape, const char *name, Tensor *table, const TokenId *ids, size_t count);

#endif
