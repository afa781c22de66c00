/* discount_fact.h - why a discount is what it is: the counts of counts behind it. */
#ifndef CORE_NGRAM_DISCOUNT_FACT_H
#define CORE_NGRAM_DISCOUNT_FACT_H

#include "core/model/fact.h"
#include "core/ngram/discount.h"

/* "D" for ad and kn, "D1", "D2", "D3+" for mkn (count = 1 .. 3), "d1" .. "d7" for katz. */
const char *discount_name(const Smoothing *smoothing, int count, Arena *arena);

/* Its value is discount->d[count]. What the discounts of one order share is left out of the second one told,
 * `again`. */
Fact *discount_fact(const Discount *discount, const Smoothing *smoothing, int count, bool again,
                    Arena *arena);

/* Whether its formula speaks of n1, n2, ... */
bool discount_counted(const Discount *discount, const Smoothing *smoothing);

#endif
