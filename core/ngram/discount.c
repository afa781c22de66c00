#include "core/ngram/discount.h"

#include <stdio.h>
#include <string.h>

static double n(const Discount *discount, int r) { return (double)discount->counts[r]; }

static void set_all(Discount *discount, const double *d)
{
    for (int j = 1; j <= 3; j++) discount->d[j] = d[j - 1];
}

/* Fill why with the first reason these numbers give no discount; true if there is one. */
static bool cannot_estimate(Discount *discount, int needed)
{
    for (int r = 1; r <= needed; r++) {
        if (discount->counts[r] > 0) continue;
        snprintf(discount->why, sizeof discount->why, "n%d = 0", r);
        return true;
    }
    for (int j = 1; j <= 3; j++) {
        if (discount->d[j] >= 0 && discount->d[j] <= j) continue;
        snprintf(discount->why, sizeof discount->why, "D%d = %.3g", j, discount->d[j]);
        return true;
    }
    return false;
}

static void fall_back(Discount *discount, const double *given, const double *usual)
{
    discount->fell_back = true;
    set_all(discount, given[0] > 0 ? given : usual);
}

static void estimate_one(Discount *discount, const Smoothing *smoothing)
{
    static const double usual[] = {0.75, 0.75, 0.75};
    double d = n(discount, 1) / (n(discount, 1) + 2 * n(discount, 2));
    const double given[] = {smoothing->fallback[0], smoothing->fallback[0], smoothing->fallback[0]};
    set_all(discount, (const double[]){d, d, d});
    if (cannot_estimate(discount, 2)) fall_back(discount, given, usual);
}

static void estimate_three(Discount *discount, const Smoothing *smoothing)
{
    static const double usual[] = {0.5, 1, 1.5};
    double y = n(discount, 1) / (n(discount, 1) + 2 * n(discount, 2));
    for (int j = 1; j <= 3; j++) discount->d[j] = j - (j + 1) * y * n(discount, j + 1) / n(discount, j);
    if (cannot_estimate(discount, 3)) fall_back(discount, smoothing->fallback, usual);
}

static void estimate_katz(Discount *discount)
{
    double all = n(discount, 1) > 0 ? (KATZ_MAX + 1) * n(discount, KATZ_MAX + 1) / n(discount, 1) : 0;
    for (int r = 1; r <= KATZ_MAX; r++) {
        double better = (r + 1) * n(discount, r + 1) / n(discount, r);
        double d = (better / r - all) / (1 - all);
        discount->d[r] = discount->counts[r] > 0 && d > 0 && d <= 1 ? d : 1;
    }
}

void discount_estimate(Discount *discount, const Smoothing *smoothing)
{
    double one = smoothing->discounts[0];
    switch (smoothing->kind) {
    case SMOOTH_AD:
    case SMOOTH_KN:
        if (smoothing->fixed)
            set_all(discount, (const double[]){one, one, one});
        else
            estimate_one(discount, smoothing);
        break;
    case SMOOTH_MKN:
        if (smoothing->fixed)
            set_all(discount, smoothing->discounts);
        else
            estimate_three(discount, smoothing);
        break;
    case SMOOTH_KATZ: estimate_katz(discount); break;
    default: break;
    }
}

double discount_of(const Discount *discount, uint64_t count) { return discount->d[count < 3 ? count : 3]; }
