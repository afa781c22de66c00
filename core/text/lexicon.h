/* lexicon.h - which words of a corpus a model knows, and their numbers in it. */
#ifndef CORE_TEXT_LEXICON_H
#define CORE_TEXT_LEXICON_H

#include "core/text/corpus.h"

typedef struct {
    bool unknown;            /* have <unk> in any case */
    uint64_t cutoff;         /* words seen fewer times than this become <unk>; 0 and 1 = none */
    const Vocab *vocabulary; /* NULL, or the only words to know, others become <unk> */
} LexiconOptions;

typedef struct {
    Vocab *vocab; /* the model's: words in byte order, <unk> where it has one, </s> */
    TokenId *ids; /* [corpus id]: the model's id, TOKEN_NONE for a word it does not know */
} Lexicon;

Lexicon lexicon_new(const Corpus *corpus, const LexiconOptions *options);
void lexicon_release(Lexicon *lexicon);

/* rank[id]: when the corpus first had the word, counted from 3; 0 for <unk>, 1 for <s> (id V), 2 for </s>:
 * the numbers KenLM gives. The caller frees it. */
uint32_t *lexicon_ranks(const Lexicon *lexicon, const Corpus *corpus);

#endif
