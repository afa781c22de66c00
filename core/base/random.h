/* random.h - dice the caller owns: the same seed gives the same numbers on every machine.
 *
 * xorshift64* (Vigna 2016, "An experimental exploration of Marsaglia's xorshift generators, scrambled")
 * whose state starts as splitmix64(seed), so that neighbouring seeds are unrelated. */
#ifndef CORE_BASE_RANDOM_H
#define CORE_BASE_RANDOM_H

#include <stdint.h>

typedef struct {
    uint64_t state; /* never 0 */
} Random;

Random random_seeded(uint64_t seed);
uint64_t random_next(Random *random);
double random_unit(Random *random); /* uniform in [0, 1), 53 bits */

#endif
