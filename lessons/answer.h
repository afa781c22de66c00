/* answer.h - judges what a learner typed as an answer: numbers in any honest form, choices, texts. */
#ifndef LESSONS_ANSWER_H
#define LESSONS_ANSWER_H

#include "lessons/lesson.h"

/* Digits as people type and programs print them, without a sign: 13, 0.0991, .0991, 1e-3.  Moves *text past
 * them; *step is what one more in the last digit would add (1, 0.0001, 0.0001, 0.001). */
bool answer_digits(const char **text, double *value, double *step);

/* A number at *text: digits with or without a sign, a fraction 7/13, a percentage 5% or inf.  Moves *text
 * past it. */
bool answer_scan(const char **text, double *value);

/* All of `text` as one number, in `unit` (NULL, "prob", "bits", "nats" or "count").  "p =" or "=" may come
 * before it, "bits" or "nats" after it: for a prob they become 2^-x or e^-x, for each other they are
 * converted, for a count they are refused.  A decimal comma is not understood. */
bool answer_number(const char *text, const char *unit, double *value);

/* The option meant by its number (1), its letter (a) or its full text, in this order; index from 0. */
bool answer_choice(const Question *question, const char *typed, size_t *index);

/* Fills in type, tolerance and relative from `type:` and `tol:` as written (NULL: not given), and checks the
 * unit. */
bool answer_read_rule(Question *question, const char *type, const char *tolerance, Error *error);

/* Can the question, otherwise complete, be judged?  A prediction only comments, so it may have several right
 * options, but it is never a text.  On failure *line becomes that of the wrong answer to blame, if any. */
bool answer_check(const Question *question, bool prediction, size_t *line, Error *error);

/* A number is right within the tolerance, or when it is the answer rounded to the digits typed, at least two
 * significant ones; but never when it is closer to one of the wrong values.  A text is right whatever its
 * case, quotes around it and width of its blanks; a distribution, when every outcome is to a percent point.
 */
bool answer_matches(const Question *question, const char *typed);

/* The message of the anticipated wrong answer that was typed, or NULL. */
const char *answer_wrong(const Question *question, const char *typed);

#endif
