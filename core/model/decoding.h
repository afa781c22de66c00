/* decoding.h - what temperature, top_k, min_p and top_p do to a distribution, in that order.
 *
 * Temperature: p_T is proportional to p^(1/T). T = 0 keeps only the first most probable outcome, T = inf
 * is uniform over the outcomes with p > 0 (0^0 = 0 here). Then top_k keeps the k most probable (ties with
 * the k-th stay), min_p those with p >= min_p * max, top_p the smallest prefix, most probable first, whose
 * mass before the token is < top_p (Holtzman et al. 2020). At least one outcome always stays, and what
 * stays is renormalised. */
#ifndef CORE_MODEL_DECODING_H
#define CORE_MODEL_DECODING_H

#include <stdbool.h>
#include <stddef.h>

typedef struct {
    double temperature; /* 0 to INFINITY */
    size_t top_k;       /* 0 = off */
    double min_p;       /* 0 = off */
    double top_p;       /* 1 = off */
} Decoding;

/* Two probabilities closer than this, relatively, are a tie: sums round in their last bits. */
#define DECODING_TIE 1e-12

Decoding decoding_plain(void); /* T = 1, nothing cut: changes no bit of p */
bool decoding_is_plain(const Decoding *decoding);

/* Apply to p[count] in place. p holds weights >= 0, not all 0, of any sum. */
void decoding_apply(const Decoding *decoding, double *p, size_t count);

/* How many outcomes share the largest p: at T = 0, more than 1 is a tie. */
size_t decoding_ties(const double *p, size_t count);

#endif
