/* occurrences.h - where some words stand in a corpus, one right after the other. */
#ifndef CORE_NGRAM_OCCURRENCES_H
#define CORE_NGRAM_OCCURRENCES_H

#include "core/text/corpus.h"

typedef struct {
    size_t sentence, position; /* both from 0: of the first of the words; for </s> the sentence's length */
} Occurrence;

typedef struct {
    Occurrence *places; /* the first ones, in the order of the text; occurrences_release frees them */
    size_t kept, count; /* how many of them; how often the words occur in all */
    size_t words;       /* of a sentence that each takes: without <s> and </s> */
} Occurrences;

/* ids[count], count > 0, are ids of `vocab`; tokens of the corpus that are not in it count as its <unk>. They
 * may begin with TOKEN_NONE, which is <s>, and end with </s>. Remembers `most` places at most. Looks at every
 * token once. */
Occurrences occurrences_find(const Corpus *corpus, const Vocab *vocab, const TokenId *ids, size_t count,
                             size_t most);
void occurrences_release(Occurrences *occurrences);

#endif
