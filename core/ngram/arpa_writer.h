/* arpa_writer.h - an n-gram model as an ARPA file, in the form KenLM writes (see arpa_reader.h): eight
 * significant digits, 0 as -99, <s> with a log p of 0, n-grams of each level in order of creation. */
#ifndef CORE_NGRAM_ARPA_WRITER_H
#define CORE_NGRAM_ARPA_WRITER_H

#include "core/ngram/ngram.h"

/* Packed by gzip if the name ends in .gz; an old file is replaced only by a whole new one. Refuses what the
 * format cannot say: mle and interp, which have no back-off weights, backoff, which has one even for
 * histories never seen, and any model that is no n-grams. n-grams of count 0 are left out unless a longer one
 * needs them. */
bool arpa_write(const Model *model, const char *path, Error *error);

#endif
