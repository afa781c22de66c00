/* embed.h - what embed and plot share: the vectors of words as points on a plane. */
#ifndef REPL_COMMANDS_EMBED_H
#define REPL_COMMANDS_EMBED_H

#include "repl/command.h"

/* The picture of `count` words from words[first] on, or of all: rows token, x, y, and a scatter. Fails, with
 * a way out, where the model has no vectors or does not know a word. */
bool embed_plot(const Call *call, size_t first, Result *result, Error *error);

#endif
