/* elementary.h - exp, log and tanh of our own, made of plus, times and division only: every machine gets the
 * same bits, and in a loop a compiler can compute several at once.
 *
 * exp(x) = 2^n exp(r), n the whole number nearest to x / log 2, |r| <= log(2) / 2, exp(r) by its Taylor
 * series. log(x) = e log 2 + log(m), m between sqrt(1/2) and sqrt(2), log(m) = 2 artanh((m - 1) / (m + 1)) by
 * its series. tanh(x) = m / (m + 2), m = exp(2 x) - 1, computed without loss near 0. */
#ifndef CORE_NEURAL_ELEMENTARY_H
#define CORE_NEURAL_ELEMENTARY_H

#include <stdint.h>
#include <string.h>

#include "core/neural/real.h"

double exact_exp(double x); /* below -708 it is 0, above 709 as at 709 */
double exact_log(double x); /* x > 0 and finite */

#define SERIES_FLOAT(r)                                                                                      \
    ((r) * (1.0f + (r) * (1.0f / 2 +                                                                         \
                          (r) * (1.0f / 6 +                                                                  \
                                 (r) * (1.0f / 24 +                                                          \
                                        (r) * (1.0f / 120 + (r) * (1.0f / 720 + (r) * (1.0f / 5040))))))))

/* exp(r) - 1 for |r| <= log(2) / 2. */
static inline float float_series(float r) { return SERIES_FLOAT(r); }

static inline double double_series(double r)
{
    return r *
           (1.0 + r * (1.0 / 2 +
                       r * (1.0 / 6 +
                            r * (1.0 / 24 +
                                 r * (1.0 / 120 +
                                      r * (1.0 / 720 +
                                           r * (1.0 / 5040 +
                                                r * (1.0 / 40320 +
                                                     r * (1.0 / 362880 +
                                                          r * (1.0 / 3628800 +
                                                               r * (1.0 / 39916800 +
                                                                    r * (1.0 / 479001600 +
                                                                         r * (1.0 / 6227020800.0)))))))))))));
}

/* x = n log 2 + r. Adding 1.5 * 2^23 rounds to a whole number and leaves it in the lowest bits, so that 2^n
 * is made without a conversion, also of what is no number. */
static inline float float_split(float x, float *power)
{
    float shifted = x * 1.44269504f + 12582912.0f, n = shifted - 12582912.0f;
    uint32_t bits;
    memcpy(&bits, &shifted, sizeof bits);
    bits = (bits - 0x4B400000u + 127u) << 23;
    memcpy(power, &bits, sizeof bits);
    return (x - n * 0.693359375f) + n * 2.12194440e-4f;
}

static inline double double_split(double x, double *power)
{
    double shifted = x * 1.4426950408889634 + 6755399441055744.0, n = shifted - 6755399441055744.0;
    uint64_t bits;
    memcpy(&bits, &shifted, sizeof bits);
    bits = (bits - 0x4338000000000000u + 1023u) << 52;
    memcpy(power, &bits, sizeof bits);
    return (x - n * 0.693147180369123816490) - n * 1.90821492927058770002e-10;
}

static inline float float_exp(float x)
{
    float power, within = x > 88.0f ? 88.0f : x;
    within = within < -87.0f ? -87.0f : within;
    float r = float_split(within, &power);
    float y = power + power * float_series(r);
    return x < -87.0f ? 0 : y;
}

static inline double double_exp(double x)
{
    double power, within = x > 709 ? 709 : x;
    within = within < -708 ? -708 : within;
    double r = double_split(within, &power);
    double y = power + power * double_series(r);
    return x < -708 ? 0 : y;
}

static inline float float_tanh(float x)
{
    float power, within = x > 10.0f ? 10.0f : x;
    within = within < -10.0f ? -10.0f : within;
    float r = float_split(2 * within, &power);
    float m = power * float_series(r) + (power - 1);
    return m / (m + 2);
}

static inline double double_tanh(double x)
{
    double power, within = x > 20 ? 20 : x;
    within = within < -20 ? -20 : within;
    double r = double_split(2 * within, &power);
    double m = power * double_series(r) + (power - 1);
    return m / (m + 2);
}

#ifdef REAL_DOUBLE
static inline Real real_exp(Real x) { return double_exp(x); }
static inline Real real_tanh(Real x) { return double_tanh(x); }
#else
static inline Real real_exp(Real x) { return float_exp(x); }
static inline Real real_tanh(Real x) { return float_tanh(x); }
#endif

static inline Real real_sigmoid(Real x) { return 1 / (1 + real_exp(-x)); }

#endif
