/* excerpt.h - a piece of a corpus as text that people can read in one line. */
#ifndef REPL_COMMANDS_EXCERPT_H
#define REPL_COMMANDS_EXCERPT_H

#include "core/base/arena.h"
#include "core/text/corpus.h"
#include "repl/call.h"

/* Columns of the answer: width=, else 80. */
int excerpt_width(const Call *call);

/* As many of these tokens as fit into so many columns, with "..." where some do not: the first ones, or the
 * last ones. Control characters become blanks. */
const char *excerpt_head(const Corpus *corpus, const TokenId *ids, size_t count, int columns, Arena *arena);
const char *excerpt_tail(const Corpus *corpus, const TokenId *ids, size_t count, int columns, Arena *arena);

/* All of them, as they stand in the text. */
const char *excerpt_whole(const Corpus *corpus, const TokenId *ids, size_t count, Arena *arena);

#endif
