/* why.h - a question about an n-gram model's number, and how its parts are named in the answer.
 *
 * Level k asks for the word after its last k - 1 words. */
#ifndef CORE_NGRAM_WHY_H
#define CORE_NGRAM_WHY_H

#include "core/ngram/explain.h"
#include "core/ngram/followers.h"

/* The question, and what every answer starts from. */
typedef struct {
    const NgramQuestion *question;
    const Smoothing *smoothing;
    Arena *arena;
    NodeId found[NGRAM_ORDER_MAX];
    double p[NGRAM_ORDER_MAX + 1];        /* of the word, by level; [0] is 1/V */
    Followers after[NGRAM_ORDER_MAX + 1]; /* by level; of a model read from a file all 0 */
    int discounted;                       /* the level whose discounts were told last; 0: none so far */
    bool counts_of_counts;                /* whether n1, n2, ... were named */
} Why;

int why_top(const Why *why); /* the level of the longest history there is, with the <s> that pad it */
const double *why_discounts(const Why *why, int level);
double why_backoff(const Why *why, int level); /* the back-off weight of that level's history */
double why_step(const Why *why, int level);    /* what wb and backoff make of after[level] and p[level - 1] */
void why_ask(Why *why);                        /* fill in found, p and after */

/* --- names --- */
const char *why_history(const Why *why, int order);      /* "ate the ": each word followed by a space */
const char *why_history_name(const Why *why, int order); /* "ate the" */
const char *why_weight_name(const Why *why, const char *name,
                            int level);                /* "NAME(ate the)"; unigrams "NAME" */
const char *why_count_name(const Why *why, int order); /* "count(ate the cheese)" */
const char *why_total_name(const Why *why, int order); /* "count(ate the ...)" */

/* --- facts --- */
Fact *why_probability(const Why *why, int order, const char *formula,
                      double value); /* "p(cheese | ate the)" */
Fact *why_number(const Why *why, const char *name, const char *formula, double value);
Fact *why_count(const Why *why, const char *name, const char *formula, double value);

#endif
