/* vocab.h - the tokens a model or a corpus knows, numbered from 0.
 *
 * A corpus numbers its tokens as they first appear.  A model built from it has its own vocabulary: the
 * tokens in byte order, then <unk>, then </s>, which is the order of outcomes everywhere (sampling, ties,
 * listings).  <s> is never in a vocabulary, because it is never predicted. */
#ifndef CORE_TEXT_VOCAB_H
#define CORE_TEXT_VOCAB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef int32_t TokenId;
enum { TOKEN_NONE = -1 };

#define TEXT_BEGIN "<s>"
#define TEXT_END "</s>"
#define TEXT_UNKNOWN "<unk>"

typedef struct Vocab Vocab; /* counted references: share freely, free each share */

Vocab *vocab_new(void);
Vocab *vocab_share(Vocab *vocab); /* returns its argument, which lives until every share is freed */
Vocab *vocab_clone(const Vocab *vocab);
void vocab_free(Vocab *vocab); /* NULL is fine */

/* The id of the token, added if it was not known.  A vocabulary holds at most VOCAB_MAX tokens; adding
 * another one is a bug of the caller, who checks vocab_size first. */
enum { VOCAB_MAX = 1 << 28 };
TokenId vocab_add(Vocab *vocab, const char *token, size_t length);
TokenId vocab_find(const Vocab *vocab, const char *token, size_t length); /* TOKEN_NONE if unknown */

/* vocab_add for a token of a longer text, which may be read as far as `end`: faster. */
TokenId vocab_add_from(Vocab *vocab, const char *token, size_t length, const char *end);

size_t vocab_size(const Vocab *vocab);
const char *vocab_text(const Vocab *vocab, TokenId id); /* NUL-terminated; "<s>" for TOKEN_NONE */

/* The ids of <unk> and </s>, or TOKEN_NONE where this vocabulary has none. */
TokenId vocab_unknown(const Vocab *vocab);
TokenId vocab_end(const Vocab *vocab);
size_t vocab_words(const Vocab *vocab); /* how many tokens are neither <unk> nor </s> */

/* map[id of `from`] is the id of the same text in `to`, TOKEN_NONE where it has none; the caller frees it. */
TokenId *vocab_map(const Vocab *from, const Vocab *to);

/* True for the three texts that no corpus may contain: <s>, </s>, <unk>. */
bool vocab_is_special(const char *token, size_t length);

#endif
