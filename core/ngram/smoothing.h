/* smoothing.h - which formula turns counts into probabilities, and with which parameters.
 *
 * c(h w) is how often word w followed history h, c(h) = sum over w of c(h w), T(h) how many different words
 * followed h, h' = h without its first word, V the outcomes. Every order falls back on the next lower one;
 * below the unigrams stands the uniform distribution 1/V. The first words of a sentence follow n - 1 times
 * <s>, with a step to the lower order for each of them; in ad, kn, mkn and katz, whose discounts depend on
 * which n-grams there are, one <s>, as in KenLM, MITLM and SRILM.
 *   mle      c(h w) / c(h)                                     no distribution where c(h) = 0
 *   add      (c(h w) + k) / (c(h) + k V)                       Lidstone; k = 1 is Laplace; no lower order
 *   interp   sum over orders j of w_j c_j / c(h_j)             Jelinek-Mercer; an order whose history was
 *                                                              never seen passes its weight to the next lower
 *   wb       (c(h w) + T(h) p(w|h')) / (c(h) + T(h))           Witten-Bell 1991
 *   ad       (c(h w) - D)/c(h) + D T(h)/c(h) p(w|h')           absolute discounting, Ney et al. 1994
 *   kn       ad on adjusted counts: in lower orders the number of different words to the left instead of c;
 *            one D = n1/(n1 + 2 n2) an order                   Kneser & Ney 1995, interpolated
 *   mkn      kn with three D, for counts 1, 2 and 3+           Chen & Goodman 1998; KenLM's model
 *   katz     d_c c(h w)/c(h) if c(h w) > 0, else alpha(h) p(w|h')   Good-Turing discounts d_1..d_7, Katz 1987
 *   backoff  c(h w)/c(h) if c(h w) > 0, else 0.4 S(w|h')       stupid back-off, Brants et al. 2007: scores
 */
#ifndef CORE_NGRAM_SMOOTHING_H
#define CORE_NGRAM_SMOOTHING_H

#include <stdbool.h>
#include <stdint.h>

enum { NGRAM_ORDER_MAX = 10 }; /* characters of Shakespeare are compared up to there */

typedef enum {
    SMOOTH_MLE,
    SMOOTH_ADD,
    SMOOTH_INTERP,
    SMOOTH_WB,
    SMOOTH_AD,
    SMOOTH_KN,
    SMOOTH_MKN,
    SMOOTH_KATZ,
    SMOOTH_BACKOFF,
    SMOOTH_GIVEN, /* nothing to compute: a file told p and back-off weights, or pruning left them */
} SmoothingKind;

#define BACKOFF_FACTOR 0.4 /* of stupid back-off */

typedef struct {
    SmoothingKind kind;
    double k;                        /* for add, > 0 */
    double weights[NGRAM_ORDER_MAX]; /* for interp: highest order first, summing to 1 */
    double discounts[3];             /* for kn, ad (the first) and mkn: of every order ... */
    bool fixed;                      /* ... if this is set, else estimated from the counts */
    double fallback[3];              /* of an order whose discounts cannot be estimated; 0 = the usual ones */
    bool plain_unigrams; /* wb, ad: unigrams are relative frequencies; kn, mkn: what their discounts save goes
                            to <unk> alone. Not set: it is spread evenly over V */
    bool kenlm;          /* count counts as lmplz does, with its quirk at the end of each order */
} Smoothing;

/* What a learner types: "mle", "add", ... False for anything else ("given" is not a choice). */
const char *smoothing_name(SmoothingKind kind);
bool smoothing_find(const char *name, SmoothingKind *kind);

bool smoothing_adjusts(SmoothingKind kind); /* lower orders count left neighbours: kn, mkn */

#endif
