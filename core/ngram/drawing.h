/* drawing.h - cumulative probabilities after any history, without building the distribution.
 *
 * p(w|h) = backoff(h) p(w|h') for all but the words seen after h, so the sum of p(w|h)^power over the words
 * up to some w is backoff(h)^power times the same sum after h', plus p(c|h)^power - (backoff(h)
 * p(c|h'))^power for each word c <= w seen after h. The latter are summed once for each history met and
 * remembered, so a sum costs one binary search an order. A mixture adds its orders' sums instead; it has none
 * but for power 1. */
#ifndef CORE_NGRAM_DRAWING_H
#define CORE_NGRAM_DRAWING_H

#include "core/ngram/ngram.h"

Drawing *ngram_drawing(const Model *model, double power);

#endif
