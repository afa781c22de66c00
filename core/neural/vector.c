#include "core/neural/vector.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "core/neural/elementary.h"
#include "core/neural/lanes.h"

/* --- element by element --- */

LANES void vector_exp(size_t n, const Real *x, Real *y)
{
    for (size_t i = 0; i < n; i++) y[i] = real_exp(x[i]);
}

LANES void vector_tanh(size_t n, const Real *x, Real *y)
{
    for (size_t i = 0; i < n; i++) y[i] = real_tanh(x[i]);
}

LANES void vector_sigmoid(size_t n, const Real *x, Real *y)
{
    for (size_t i = 0; i < n; i++) y[i] = real_sigmoid(x[i]);
}

LANES void vector_relu(size_t n, const Real *x, Real *y)
{
    for (size_t i = 0; i < n; i++) y[i] = x[i] > 0 ? x[i] : 0;
}

/* 0.5 (1 + tanh(u)) = sigmoid(2 u), u = sqrt(2/pi) (x + 0.044715 x^3). */
#define GELU_SLOPE ((Real)1.5957691216057308)
#define GELU_CUBIC ((Real)0.044715)

static inline Real gelu_gate(Real x) { return real_sigmoid(GELU_SLOPE * (x + GELU_CUBIC * x * x * x)); }

LANES void vector_gelu(size_t n, const Real *x, Real *y)
{
    for (size_t i = 0; i < n; i++) y[i] = x[i] * gelu_gate(x[i]);
}

/* dx = beta dx + step, where rubbish in dx must not count when beta is 0. */
#define GIVE(dx, beta, step) ((dx) = (beta) == 0 ? (step) : (dx) + (step))

LANES void vector_gelu_back(size_t n, const Real *x, const Real *dy, Real beta, Real *dx)
{
    for (size_t i = 0; i < n; i++) {
        Real gate = gelu_gate(x[i]);
        Real slope = GELU_SLOPE * (1 + 3 * GELU_CUBIC * x[i] * x[i]);
        GIVE(dx[i], beta, dy[i] * (gate + x[i] * gate * (1 - gate) * slope));
    }
}

LANES void vector_tanh_back(size_t n, const Real *y, const Real *dy, Real beta, Real *dx)
{
    for (size_t i = 0; i < n; i++) GIVE(dx[i], beta, dy[i] * (1 - y[i] * y[i]));
}

LANES void vector_relu_back(size_t n, const Real *x, const Real *dy, Real beta, Real *dx)
{
    for (size_t i = 0; i < n; i++) GIVE(dx[i], beta, x[i] > 0 ? dy[i] : 0);
}

LANES void vector_add(size_t n, const Real *x, Real *y)
{
    for (size_t i = 0; i < n; i++) y[i] += x[i];
}

LANES void vector_sum_of(size_t n, const Real *a, const Real *b, Real *y)
{
    for (size_t i = 0; i < n; i++) y[i] = a[i] + b[i];
}

LANES void vector_scale_add(size_t n, Real a, const Real *x, Real beta, Real *y)
{
    for (size_t i = 0; i < n; i++) GIVE(y[i], beta, a * x[i]);
}

/* --- sums --- */

static Real add_lanes(Real *lane)
{
    for (size_t half = VECTOR_LANES / 2; half > 0; half /= 2)
        for (size_t j = 0; j < half; j++) lane[j] += lane[j + half];
    return lane[0];
}

LANES Real vector_sum(size_t n, const Real *x)
{
    Real lane[VECTOR_LANES] = {0};
    size_t i = 0;
    for (; i + VECTOR_LANES <= n; i += VECTOR_LANES)
        for (size_t j = 0; j < VECTOR_LANES; j++) lane[j] += x[i + j];
    for (size_t j = 0; i + j < n; j++) lane[j] += x[i + j];
    return add_lanes(lane);
}

LANES Real vector_dot(size_t n, const Real *x, const Real *y)
{
    Real lane[VECTOR_LANES] = {0};
    size_t i = 0;
    for (; i + VECTOR_LANES <= n; i += VECTOR_LANES)
        for (size_t j = 0; j < VECTOR_LANES; j++) lane[j] += x[i + j] * y[i + j];
    for (size_t j = 0; i + j < n; j++) lane[j] += x[i + j] * y[i + j];
    return add_lanes(lane);
}

LANES Real vector_max(size_t n, const Real *x)
{
    Real lane[VECTOR_LANES];
    for (size_t j = 0; j < VECTOR_LANES; j++) lane[j] = x[0];
    size_t i = 0;
    for (; i + VECTOR_LANES <= n; i += VECTOR_LANES)
        for (size_t j = 0; j < VECTOR_LANES; j++) lane[j] = x[i + j] > lane[j] ? x[i + j] : lane[j];
    for (; i < n; i++) lane[0] = x[i] > lane[0] ? x[i] : lane[0];
    for (size_t j = 1; j < VECTOR_LANES; j++) lane[0] = lane[j] > lane[0] ? lane[j] : lane[0];
    return lane[0];
}

LANES double vector_squares(size_t n, const Real *x)
{
    double lane[VECTOR_LANES] = {0};
    size_t i = 0;
    for (; i + VECTOR_LANES <= n; i += VECTOR_LANES)
        for (size_t j = 0; j < VECTOR_LANES; j++) lane[j] += (double)x[i + j] * (double)x[i + j];
    for (size_t j = 0; i + j < n; j++) lane[j] += (double)x[i + j] * (double)x[i + j];
    for (size_t j = 1; j < VECTOR_LANES; j++) lane[0] += lane[j];
    return lane[0];
}

/* --- softmax --- */

/* The last few, as many lanes wide as the others: those that are not there are too small to count. */
static inline void exp_rest(size_t n, const Real *x, Real shift, Real *y, Real *lane)
{
    Real padded[VECTOR_LANES];
    for (size_t j = 0; j < VECTOR_LANES; j++) padded[j] = shift - 2000;
    memcpy(padded, x, n * sizeof *x);
    for (size_t j = 0; j < VECTOR_LANES; j++) lane[j] += padded[j] = real_exp(padded[j] - shift);
    memcpy(y, padded, n * sizeof *y);
}

/* y = exp(x - shift), and its sum. */
LANES static Real exp_sum(size_t n, const Real *x, Real shift, Real *y)
{
    Real lane[VECTOR_LANES] = {0};
    size_t i = 0;
    for (; i + VECTOR_LANES <= n; i += VECTOR_LANES)
        for (size_t j = 0; j < VECTOR_LANES; j++) lane[j] += y[i + j] = real_exp(x[i + j] - shift);
    if (i < n) exp_rest(n - i, x + i, shift, y + i, lane);
    return add_lanes(lane);
}

LANES static void scale(size_t n, Real factor, Real *y)
{
    for (size_t i = 0; i < n; i++) y[i] *= factor;
}

double vector_softmax(size_t n, const Real *x, Real *p)
{
    Real largest = vector_max(n, x), sum = exp_sum(n, x, largest, p);
    scale(n, 1 / sum, p);
    return (double)largest + exact_log((double)sum);
}

void softmax_double(size_t n, const Real *logits, double *p, double *log_sum)
{
    double largest = (double)vector_max(n, logits), sum = 0;
    for (size_t i = 0; i < n; i++) sum += p[i] = exact_exp((double)logits[i] - largest);
    bool numbers = isfinite(sum) && sum > 0;
    for (size_t i = 0; i < n; i++) p[i] = numbers ? p[i] / sum : 1 / (double)n;
    if (log_sum) *log_sum = numbers ? largest + exact_log(sum) : exact_log((double)n);
}
