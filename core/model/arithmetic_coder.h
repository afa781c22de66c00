/* arithmetic_coder.h - a sequence of choices as one short string of bits, and back.
 *
 * Each choice narrows an interval to the part that its frequency has of it; the bits that all numbers of the
 * interval share are written (Witten, Neal & Cleary 1987, "Arithmetic coding for data compression"). All in
 * integers: low and high are 32 bits wide and at least a quarter of that apart, frequencies sum to at most
 * CODER_TOTAL_MAX, so that every choice with a frequency keeps a part of its own.
 *
 * The end is the shortest one that any bits may follow, so a code of probability p takes at most
 * ceil(-log2 p) + 1 bits (Shannon-Fano-Elias), p being the product of the parts that were really taken. */
#ifndef CORE_MODEL_ARITHMETIC_CODER_H
#define CORE_MODEL_ARITHMETIC_CODER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CODER_TOTAL_MAX (UINT32_C(1) << 30)

/* One choice: [from, upto) of `total`, 0 <= from < upto <= total. */
typedef struct {
    uint32_t from, upto, total;
} Part;

/* --- frequencies ---
 *
 * upto[i] = the sum of the frequencies of outcomes 0 .. i: 1 + floor(p (2^29 - count)) for p > 0, so that
 * none is lost, and 0 for p = 0, which has no code. What that changes: an outcome rarer than one in 2^29 gets
 * a code of 29 bits, shorter than its -log2 p; all others together pay count / 2^29 of their part for it,
 * which is far below a thousandth of a bit. count is at most 2^28; p sums to 1. */
void coder_frequencies(const double *p, size_t count, uint32_t *upto);
Part coder_part(const uint32_t *upto, size_t count, size_t outcome);      /* from == upto: it has no code */
size_t coder_outcome(const uint32_t *upto, size_t count, uint32_t place); /* whose part `place` lies in */

/* --- there --- */
typedef struct {
    uint32_t low, high;   /* both belong to the interval */
    uint64_t pending;     /* bits that will be the opposite of the next one */
    unsigned char *bytes; /* bit 0 is the highest of byte 0; owned */
    size_t bits, capacity;
} Encoder;

void encoder_init(Encoder *encoder);
void encoder_release(Encoder *encoder);
void encoder_put(Encoder *encoder, Part part);
void encoder_end(Encoder *encoder); /* the last bits; the rest of the last byte is 0 */

/* --- and back --- */
typedef struct {
    uint32_t low, high, value;
    const unsigned char *bytes; /* borrowed; behind the last bit zeros are read */
    size_t bits, at;
} Decoder;

void decoder_init(Decoder *decoder, const unsigned char *bytes, size_t bits);
uint32_t decoder_place(const Decoder *decoder, uint32_t total); /* lies in the part that was put, < total */
void decoder_take(Decoder *decoder, Part part);

#endif
