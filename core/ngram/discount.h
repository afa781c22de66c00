/* discount.h - how much each count gives up, so that unseen n-grams get something.
 *
 * n_r is the number of different n-grams of one order with count r.
 *   ad, kn   D = n1/(n1 + 2 n2), for every count                          Ney et al. 1994
 *   mkn      Y = n1/(n1 + 2 n2), D_j = j - (j+1) Y n_{j+1}/n_j, j = 1, 2, 3+   Chen & Goodman 1998, eq. 26
 *   katz     d_r = (s_r/r - A)/(1 - A), s_r = (r+1) n_{r+1}/n_r, A = 8 n_8/n_1, r = 1 .. 7   Katz 1987
 * Where a discount cannot be estimated (n1, n2 or n3 is 0, D_j < 0 or > j) the fallback stands in for this
 * order: 0.75 for ad and kn, 0.5, 1, 1.5 for mkn. A Katz coefficient outside (0, 1] becomes 1. */
#ifndef CORE_NGRAM_DISCOUNT_H
#define CORE_NGRAM_DISCOUNT_H

#include "core/ngram/smoothing.h"

enum { KATZ_MAX = 7, COUNTS_OF_COUNTS = KATZ_MAX + 2 };

typedef struct {
    uint64_t counts[COUNTS_OF_COUNTS]; /* counts[r] = n_r; [0] unused */
    double d[KATZ_MAX + 1]; /* ad, kn: d[1] = d[2] = d[3] = D; mkn: d[1], d[2], d[3]; katz: d[1..7] */
    bool fell_back;
    char why[48]; /* then, the reason: "n3 = 0", "D2 = -0.2" */
} Discount;

/* Fill d[] from counts[], as the smoothing says. */
void discount_estimate(Discount *discount, const Smoothing *smoothing);

double discount_of(const Discount *discount, uint64_t count); /* ad, kn, mkn: taken off this count */

#endif
