/* synthetic.h - languages made by dice, whose every line is known to be hard in one respect only.
 *
 * Both give the same text for the same seed on every machine (random.h), line after line from one stream of
 * dice, so that a second corpus drawn from where the first one ended is as fresh as any. */
#ifndef CORE_TEXT_SYNTHETIC_H
#define CORE_TEXT_SYNTHETIC_H

#include "core/base/random.h"
#include "core/text/corpus.h"

/* Memory: a key, `distance` fillers, the same key again: "p x y y p". The key is p or q, a filler x or y,
 * each with probability 1/2. Draws one die a key and one a filler. */
Corpus *synthetic_recall(const char *name, size_t distance, size_t lines, Random *random);

/* The least mean surprise, in bits, that an n-gram model of this order can have at the last word of such
 * lines. It cannot see where in the line it is: n - 1 fillers fit at distance + 2 - n places, at one of which
 * the key follows, and then p and q are alike. Hence 1 + log2(distance + 2 - n) for 2 <= n <= distance + 1,
 * and 0 from n = distance + 2 on. With n = 1 the key is one of two words that make up 2 of distance + 3
 * tokens, </s> being one. */
double synthetic_recall_floor(size_t distance, int order);

/* Copying: `pairs` different keys, each with a value drawn for this line alone, and then some of these keys
 * again, each with the value it had: "b 3 a 1 a 1 b 3". A bigram is left at log2(values) bits at the last
 * word; a longer n-gram does better where its window holds the key with its value, and where it has seen just
 * this window. Who finds the key in the line can copy (Olsson et al. 2022, induction heads). */
typedef struct {
    size_t pairs;   /* of a line, 2 .. keys */
    size_t keys;    /* to choose from: a, b, c, ...; at most SYNTHETIC_KEYS */
    size_t values;  /* to choose from: 0, 1, 2, ...; at most SYNTHETIC_VALUES */
    size_t queries; /* keys that come again; >= 1 */
    bool shuffled;  /* the keys of a line in any order; else in that of the alphabet */
} CopyingShape;

enum { SYNTHETIC_KEYS = 26, SYNTHETIC_VALUES = 10 };

Corpus *synthetic_copying(const char *name, const CopyingShape *shape, size_t lines, Random *random);

#endif
