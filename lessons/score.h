/* score.h - what a prediction cost its maker, in bits: the learner is measured as the models are.
 *
 * A guess is read as a distribution q over what can happen and pays the cross-entropy with the truth p,
 * H(p, q) = -sum p log2 q.  The least possible is the entropy H(p); even odds pay the most an indifferent
 * guesser does.  (Shannon 1948; as a scoring rule Good 1952.)
 *
 *   choice        q is the confidence for the option named, the rest evenly for the others; one option is
 *                 true, so the bits are -log2 q(right) and the least possible is 0
 *   unit prob     a yes/no event of probability p: -p log2 q - (1-p) log2 (1-q)
 *   distribution  the sum over all outcomes
 *   other numbers have no q: |log2(guess / truth)|, so that a factor of 2 is one bit */
#ifndef LESSONS_SCORE_H
#define LESSONS_SCORE_H

#include "lessons/distribution.h"
#include "lessons/lesson.h"

#define SCORE_PLAIN_CONFIDENCE 0.7 /* what a choice without a confidence says */
#define SCORE_CERTAIN 0.999 /* what a certainty that does not come true is counted as: 10 bits, not inf */

/* A prediction as typed, understood. */
typedef struct {
    size_t choice;     /* index of the option */
    double confidence; /* in it */
    bool plain;        /* none was given: it is SCORE_PLAIN_CONFIDENCE */
    double number;
    Distribution distribution; /* adds up to 1, and has every outcome of the answer */
    bool scaled;               /* what was typed did not add up to 1 */
} Guess;

typedef struct {
    double bits, least;
    double even;  /* what even odds would have paid; NaN for a number without unit prob */
    bool certain; /* SCORE_CERTAIN stood in for a certainty */
} Score;

/* "2", "b 80%" (a choice with a confidence), "0.4", "mouse 0.5 cheese 0.5".  Fails, with what is wanted, on
 * what cannot be a guess at this question. */
bool guess_read(const Question *question, const char *typed, Arena *arena, Guess *guess, Error *error);

/* False where there is nothing to measure by: a guess of 0 at a number that is not. */
bool score_guess(const Question *question, const Guess *guess, Arena *arena, Score *score);

/* -p log2 q - ... over `count` outcomes; 0 log 0 is 0. */
double score_cross_entropy(const double *p, const double *q, size_t count);

#endif
