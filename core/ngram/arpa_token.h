/* arpa_token.h - how the characters of a character model are spelled in an ARPA file, where white space
 * separates words: a space is <space>, a tab <tab>. Such a file begins with ARPA_CHARS. */
#ifndef CORE_NGRAM_ARPA_TOKEN_H
#define CORE_NGRAM_ARPA_TOKEN_H

#include <stddef.h>

#define ARPA_CHARS "# lmsh tokens=chars"

const char *arpa_spelling(const char *token); /* the token itself where it needs no other */

/* What is spelled so: the same bytes, or the character, in which case *length is 1. */
const char *arpa_spelled(const char *spelling, size_t *length);

#endif
