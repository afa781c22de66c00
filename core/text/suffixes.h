/* suffixes.h - every place of a corpus in order of what follows it: finds any piece of text in it at once.
 *
 * A suffix array, made by doubling (Manber & Myers 1990, "Suffix arrays: a new method for on-line string
 * searches"; Karp, Miller & Rosenberg 1972). Pieces lie inside one sentence. Ids are those of the corpus. */
#ifndef CORE_TEXT_SUFFIXES_H
#define CORE_TEXT_SUFFIXES_H

#include "core/text/corpus.h"

enum { SUFFIXES_MAX = 8000000 }; /* tokens and sentences together */

typedef struct Suffixes Suffixes;

bool suffixes_fit(const Corpus *corpus); /* whether there are no more than SUFFIXES_MAX */

/* A job, about a second for a million tokens; suffixes_take hands the result over once it is done. The corpus
 * is read at once and need not stay. */
Job *suffixes_new(const Corpus *corpus);
Suffixes *suffixes_take(Job *job);
void suffixes_free(Suffixes *suffixes); /* NULL is fine */

/* How many of these tokens, from the first one on, stand somewhere in the corpus as they are: the longest
 * such piece. TOKEN_NONE stands nowhere. */
size_t suffixes_longest(const Suffixes *suffixes, const TokenId *ids, size_t count);

#endif
