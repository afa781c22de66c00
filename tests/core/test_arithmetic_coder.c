/* The arithmetic coder: whatever was put comes back, in no more bits than the theory allows. */

#include <math.h>
#include <stdlib.h>

#include "core/base/random.h"
#include "core/model/arithmetic_coder.h"
#include "tests/support/check.h"

TestSuite(arithmetic_coder, .timeout = 20);

enum { CHOICES = 400, OUTCOMES_MAX = 50 };

typedef struct {
    uint32_t upto[OUTCOMES_MAX];
    size_t count, outcome;
} Choice;

/* Frequencies of all sizes, from 1 to hundreds of millions; some are 0. */
static Choice random_choice(Random *random)
{
    Choice c = {.count = 1 + random_next(random) % OUTCOMES_MAX};
    uint32_t sum = 0;
    for (size_t i = 0; i < c.count; i++) {
        uint32_t most = UINT32_C(1) << (random_next(random) % 25);
        sum += (uint32_t)(random_next(random) % most);
        c.upto[i] = sum;
    }
    c.upto[c.count - 1] += 1;
    c.outcome = coder_outcome(c.upto, c.count, (uint32_t)(random_next(random) % c.upto[c.count - 1]));
    return c;
}

static double put_all(Encoder *encoder, const Choice *choices, size_t count)
{
    double bits = 0;
    encoder_init(encoder);
    for (size_t i = 0; i < count; i++) {
        Part part = coder_part(choices[i].upto, choices[i].count, choices[i].outcome);
        encoder_put(encoder, part);
        bits += log2((double)part.total) - log2((double)(part.upto - part.from));
    }
    encoder_end(encoder);
    return bits;
}

static bool comes_back(const unsigned char *bytes, size_t bits, const Choice *choices, size_t count)
{
    Decoder decoder;
    decoder_init(&decoder, bytes, bits);
    for (size_t i = 0; i < count; i++) {
        const Choice *c = &choices[i];
        uint32_t place = decoder_place(&decoder, c->upto[c->count - 1]);
        if (coder_outcome(c->upto, c->count, place) != c->outcome) return false;
        decoder_take(&decoder, coder_part(c->upto, c->count, c->outcome));
    }
    return true;
}

Test(arithmetic_coder, there_and_back)
{
    static Choice choices[CHOICES];
    for (uint64_t seed = 1; seed <= 300; seed++) {
        Encoder encoder;
        Random random = random_seeded(seed);
        size_t count = random_next(&random) % CHOICES;
        for (size_t i = 0; i < count; i++) choices[i] = random_choice(&random);
        double ideal = put_all(&encoder, choices, count);
        CHECK_FOR(comes_back(encoder.bytes, encoder.bits, choices, count), "seed %d", (int)seed);
        CHECK_FOR((double)encoder.bits <= ceil(ideal + 1e-3) + 1, "seed %d: %zu bits for %g", (int)seed,
                  encoder.bits, ideal);
        CHECK_FOR((double)encoder.bits > ideal - 1e-3 - 1, "seed %d: %zu bits for %g", (int)seed,
                  encoder.bits, ideal);
        encoder_release(&encoder);
    }
}

/* The code stands for itself: whatever follows, the same is read. */
Test(arithmetic_coder, whatever_follows)
{
    static Choice choices[40];
    for (uint64_t seed = 1; seed <= 200; seed++) {
        Encoder encoder;
        unsigned char bytes[4096] = {0};
        Random random = random_seeded(seed);
        for (size_t i = 0; i < 40; i++) choices[i] = random_choice(&random);
        put_all(&encoder, choices, 40);
        for (size_t i = 0; i < sizeof bytes * 8; i++) {
            bool bit = i < encoder.bits ? encoder.bytes[i / 8] & (0x80 >> i % 8) : random_next(&random) >> 63;
            if (bit) bytes[i / 8] |= (unsigned char)(0x80 >> i % 8);
        }
        CHECK_FOR(comes_back(bytes, sizeof bytes * 8, choices, 40), "seed %d", (int)seed);
        encoder_release(&encoder);
    }
}

/* 1/2, 1/4, 1/8, 1/8: the code of Huffman, whose end takes no more bits. */
Test(arithmetic_coder, of_halves)
{
    static const unsigned bits[] = {1, 2, 3, 3};
    for (size_t i = 0; i < 4; i++) {
        Encoder encoder;
        Choice c = {.upto = {4, 6, 7, 8}, .count = 4, .outcome = i};
        put_all(&encoder, &c, 1);
        CHECK_INT(encoder.bits, bits[i]);
        encoder_release(&encoder);
    }
}

Test(arithmetic_coder, of_what_is_certain)
{
    Encoder encoder;
    Choice certain[100];
    for (size_t i = 0; i < 100; i++) certain[i] = (Choice){.upto = {0, 5, 5}, .count = 3, .outcome = 1};
    put_all(&encoder, certain, 100);
    CHECK_INT(encoder.bits, 0);
    CHECK(comes_back(encoder.bytes, 0, certain, 100));
    encoder_release(&encoder);
}

Test(arithmetic_coder, frequencies_keep_what_is_possible)
{
    const double p[] = {0.5, 0, 1e-300, 0.25, 0.25};
    uint32_t upto[5];
    coder_frequencies(p, 5, upto);
    CHECK_INT(upto[1], upto[0]); /* p = 0 */
    CHECK_INT(upto[2], upto[1] + 1);
    CHECK_NEAR((double)upto[0] / upto[4], 0.5, 1e-7);
    CHECK(upto[4] <= CODER_TOTAL_MAX);
}
