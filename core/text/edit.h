/* edit.h - a corpus written anew from another one, by a rule. */
#ifndef CORE_TEXT_EDIT_H
#define CORE_TEXT_EDIT_H

#include "core/text/corpus.h"

typedef struct {
    const char *a, *b;
} WordPair;

/* The corpus with the two words of each pair exchanged wherever they stand; no word is in two pairs. With
 * `both`, its own sentences first and behind them those that the exchange changes (counterfactual data
 * augmentation: Lu et al. 2018, "Gender Bias in Neural Natural Language Processing"); else each sentence as
 * the exchange leaves it. *changed is how many have one of the words. */
Corpus *edit_swap(const Corpus *corpus, const char *name, const WordPair *pairs, size_t count, bool both,
                  size_t *changed);

#endif
