#include "core/model/arithmetic_coder.h"

#include <assert.h>
#include <stdlib.h>

#include "core/base/memory.h"

static const uint32_t HALF = UINT32_C(1) << 31, QUARTER = UINT32_C(1) << 30;

/* --- frequencies --- */

void coder_frequencies(const double *p, size_t count, uint32_t *upto)
{
    const double scale = (double)(UINT32_C(1) << 29) - (double)count;
    uint32_t sum = 0;
    assert(scale > 0);
    for (size_t i = 0; i < count; i++) {
        if (p[i] > 0) sum += 1 + (uint32_t)(p[i] * scale);
        upto[i] = sum;
    }
    assert(sum <= CODER_TOTAL_MAX);
}

Part coder_part(const uint32_t *upto, size_t count, size_t outcome)
{
    return (Part){outcome ? upto[outcome - 1] : 0, upto[outcome], upto[count - 1]};
}

size_t coder_outcome(const uint32_t *upto, size_t count, uint32_t place)
{
    size_t low = 0, high = count - 1;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (upto[middle] > place)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/* --- the interval --- */

static void narrow(uint32_t *low, uint32_t *high, Part part)
{
    uint64_t range = (uint64_t)*high - *low + 1;
    assert(part.from < part.upto && part.upto <= part.total && part.total <= CODER_TOTAL_MAX);
    *high = *low + (uint32_t)(range * part.upto / part.total - 1);
    *low += (uint32_t)(range * part.from / part.total);
}

typedef enum { ZERO, ONE, PENDING, WIDE } Digit;

/* The next bit of all numbers in the interval, if they share it; PENDING when they lie around the half. */
static Digit next_digit(uint32_t low, uint32_t high)
{
    if (high < HALF) return ZERO;
    if (low >= HALF) return ONE;
    return low >= QUARTER && high < HALF + QUARTER ? PENDING : WIDE;
}

/* What has to be taken off before all is doubled. */
static uint32_t offset(Digit digit) { return digit == ONE ? HALF : digit == PENDING ? QUARTER : 0; }

/* --- there --- */

void encoder_init(Encoder *encoder) { *encoder = (Encoder){.high = UINT32_MAX}; }

void encoder_release(Encoder *encoder)
{
    free(encoder->bytes);
    *encoder = (Encoder){.high = UINT32_MAX};
}

static void write_bit(Encoder *e, bool bit)
{
    if (e->bits % 8 == 0) {
        e->bytes = must_extend(e->bytes, e->bits / 8, &e->capacity, 1);
        e->bytes[e->bits / 8] = 0;
    }
    if (bit) e->bytes[e->bits / 8] |= (unsigned char)(0x80 >> e->bits % 8);
    e->bits++;
}

static void write_digit(Encoder *e, bool bit)
{
    write_bit(e, bit);
    for (; e->pending > 0; e->pending--) write_bit(e, !bit);
}

void encoder_put(Encoder *e, Part part)
{
    narrow(&e->low, &e->high, part);
    for (Digit digit; (digit = next_digit(e->low, e->high)) != WIDE;) {
        if (digit == PENDING)
            e->pending++;
        else
            write_digit(e, digit == ONE);
        e->low = (e->low - offset(digit)) << 1;
        e->high = ((e->high - offset(digit)) << 1) | 1;
    }
}

/* The interval holds numbers on both sides of the half, so it is all there is, or holds one of the halves or
 * one of the two quarters in the middle. */
void encoder_end(Encoder *e)
{
    bool lower = e->low == 0, upper = e->high == UINT32_MAX, second = e->low <= QUARTER;
    if (lower && upper && e->pending == 0) return;
    write_digit(e, lower ? false : upper || !second);
    if (!lower && !upper) write_bit(e, second);
}

/* --- and back --- */

static uint32_t read_bit(Decoder *d)
{
    bool bit = d->at < d->bits && (d->bytes[d->at / 8] & (0x80 >> d->at % 8));
    d->at++;
    return bit;
}

void decoder_init(Decoder *d, const unsigned char *bytes, size_t bits)
{
    *d = (Decoder){.high = UINT32_MAX, .bytes = bytes, .bits = bits};
    for (int i = 0; i < 32; i++) d->value = d->value << 1 | read_bit(d);
}

uint32_t decoder_place(const Decoder *d, uint32_t total)
{
    uint64_t range = (uint64_t)d->high - d->low + 1;
    return (uint32_t)((((uint64_t)d->value - d->low + 1) * total - 1) / range);
}

void decoder_take(Decoder *d, Part part)
{
    narrow(&d->low, &d->high, part);
    for (Digit digit; (digit = next_digit(d->low, d->high)) != WIDE;) {
        d->low = (d->low - offset(digit)) << 1;
        d->high = ((d->high - offset(digit)) << 1) | 1;
        d->value = (d->value - offset(digit)) << 1 | read_bit(d);
    }
}
