/* lexicon.h - which words of a corpus an n-gram model knows, and their numbers in it. */
#ifndef CORE_NGRAM_LEXICON_H
#define CORE_NGRAM_LEXICON_H

#include "core/ngram/ngram.h"

typedef struct {
    Vocab *vocab; /* the model's: words in byte order, <unk> where it has one, </s> */
    TokenId *ids; /* [corpus id]: the model's id, TOKEN_NONE for a word it does not know */
} Lexicon;

Lexicon lexicon_new(const Corpus *corpus, const NgramOptions *options);
void lexicon_release(Lexicon *lexicon);

/* rank[id]: when the corpus first had the word, counted from 3; 0 for <unk>, 1 for <s> (id V), 2 for </s>:
 * the numbers KenLM gives. The caller frees it. */
uint32_t *lexicon_ranks(const Lexicon *lexicon, const Corpus *corpus);

#endif
