#include "core/neural/elementary.h"

#include <stdbool.h>

double exact_exp(double x) { return double_exp(x); }

/* x = m 2^e with sqrt(1/2) <= m < sqrt(2). */
static double split_power(double x, double *e)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    int exponent = (int)(bits >> 52) - 1022;
    bits = (bits & 0x000FFFFFFFFFFFFFu) | 0x3FE0000000000000u;
    double m;
    memcpy(&m, &bits, sizeof m);
    bool low = m < 0.70710678118654752;
    *e = low ? exponent - 1 : exponent;
    return low ? 2 * m : m;
}

/* artanh(s) / s - 1 for z = s^2: z/3 + z^2/5 + ..., odd and even powers of z apart, so that neither waits for
 * the other. */
static double artanh_series(double z)
{
    double w = z * z;
    double odd = 1.0 / 3 + w * (1.0 / 7 + w * (1.0 / 11 + w * (1.0 / 15 + w * (1.0 / 19 + w * (1.0 / 23)))));
    double even = 1.0 / 5 + w * (1.0 / 9 + w * (1.0 / 13 + w * (1.0 / 17 + w * (1.0 / 21))));
    return z * (odd + z * even);
}

double exact_log(double x)
{
    double e, scaled = x < 2.2250738585072014e-308 ? x * 18014398509481984.0 : x; /* 2^54, for subnormals */
    double m = split_power(scaled, &e);
    if (scaled != x) e -= 54;
    double s = (m - 1) / (m + 1);
    return e * 0.693147180369123816490 +
           (e * 1.90821492927058770002e-10 + 2 * (s + s * artanh_series(s * s)));
}
