/* tokenizer.h - cuts text into tokens and puts tokens back together.
 *
 * words: runs of anything but space, tab, CR, LF and NUL (KenLM's rule).
 * chars: Unicode code points, white space included. */
#ifndef CORE_TEXT_TOKENIZER_H
#define CORE_TEXT_TOKENIZER_H

#include <stdbool.h>
#include <stddef.h>

#include "core/text/vocab.h"

typedef enum { TOKENIZER_WORDS, TOKENIZER_CHARS } Tokenizer;

const char *tokenizer_name(Tokenizer tokenizer); /* what a learner types: "words", "chars" */
bool tokenizer_find(const char *name, Tokenizer *tokenizer);

/* The next token of [*text, end): its first byte and its length, and *text moves behind it.
 * False when there is none. */
bool tokenizer_next(Tokenizer tokenizer, const char **text, const char *end, const char **token,
                    size_t *length);

/* What stands between two neighbouring tokens when text is put together again: " " or "". */
const char *tokenizer_joint(Tokenizer tokenizer);

/* Tokens as readable text, without <s> and </s>.  The caller frees it. */
char *tokenizer_join(Tokenizer tokenizer, const Vocab *vocab, const TokenId *ids, size_t count);

#endif
