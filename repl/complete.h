/* complete.h - what Tab offers, computed from the tables; knows nothing of Readline. */
#ifndef REPL_COMPLETE_H
#define REPL_COMPLETE_H

#include "repl/session.h"

enum { COMPLETIONS_MAX = 2000 };

/* Completions of the word that starts at line[start] and ends at the end of `line`: verbs, then by position
 * option names ("T="), option values, vocabulary, models, corpora and files. Each is malloc'd for the caller.
 * A completion that ends in "=" or "/" wants no space behind it. */
size_t complete_word(Session *session, const char *line, size_t start, char **out, size_t max);

#endif
