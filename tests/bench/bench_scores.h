/* bench_scores.h - a text scored by a model: from ids, and from the file. */
#ifndef TESTS_BENCH_BENCH_SCORES_H
#define TESTS_BENCH_BENCH_SCORES_H

#include "tests/bench/bench.h"

typedef struct {
    const Model *model;
    const char *path;           /* of the text */
    TokenId *ids;               /* in the model's numbers, <unk> where it knows none */
    size_t *lengths, sentences; /* of its sentences, without </s> */
    size_t tokens;              /* with </s> */
    double *logp;               /* room for one sentence's */
} Scores;

/* Model and path are borrowed. */
Scores scores_prepare(const Model *model, const char *path);
void scores_release(Scores *scores);

/* Works to measure, of a Scores: nanoseconds a token. */
double scores_from_ids(void *scores);
double scores_from_text(void *scores); /* read, cut into words, looked up, scored */

#endif
