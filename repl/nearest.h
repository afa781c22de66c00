/* nearest.h - "did you mean": the names closest to what was typed. */
#ifndef REPL_NEAREST_H
#define REPL_NEAREST_H

#include <stddef.h>

/* Edits between two words; swapping two neighbours is one edit (Damerau-Levenshtein, optimal string
 * alignment). Letters of either case are the same. */
size_t nearest_distance(const char *a, const char *b);

/* Offer names one by one; the best three that are near enough stay, nearest first. */
enum { NEAREST_MAX = 3 };
typedef struct {
    const char *typed;
    const char *names[NEAREST_MAX]; /* borrowed */
    size_t distances[NEAREST_MAX];
    size_t count;
} Nearest;

void nearest_init(Nearest *nearest, const char *typed);
void nearest_offer(Nearest *nearest, const char *name);

/* "did you mean mouse, or house?" into `text`; "" when nothing was near. */
void nearest_sentence(const Nearest *nearest, char *text, size_t size);

#endif
