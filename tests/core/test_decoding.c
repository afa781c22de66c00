/* Decoding: temperature, top_k, min_p, top_p, against PyTorch's float64 and against hand computation. */

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/model/decoding.h"
#include "tests/support/models.h"

enum { LOGITS_MAX = 512 };

TestSuite(decoding, .timeout = 20);

/* p = softmax(logits); "-inf" is written as a string. */
static size_t softmax(const json_t *logits, double *p)
{
    size_t count = json_array_size(logits);
    double largest = -INFINITY, total = 0;
    CHECK(count <= LOGITS_MAX);
    for (size_t i = 0; i < count; i++) {
        const json_t *logit = json_array_get(logits, i);
        p[i] = json_is_number(logit) ? json_number_value(logit) : -INFINITY;
        largest = fmax(largest, p[i]);
    }
    for (size_t i = 0; i < count; i++) total += p[i] = exp(p[i] - largest);
    for (size_t i = 0; i < count; i++) p[i] /= total;
    return count;
}

static double number(const json_t *object, const char *key, double otherwise)
{
    const json_t *value = json_object_get(object, key);
    return value ? json_number_value(value) : otherwise;
}

static void check_kept(const json_t *sample, const double *p, size_t count, size_t row)
{
    size_t kept = 0, index;
    const json_t *ids = json_object_get(sample, "idx"), *ps = json_object_get(sample, "p");
    const json_t *head = json_object_get(sample, "p_head"), *value;
    for (size_t i = 0; i < count; i++) kept += p[i] > 0;
    CHECK_FOR((double)kept == number(sample, "kept", -1), "case %zu keeps %zu", row, kept);
    json_array_foreach((json_t *)ids, index, value)
    {
        double got = p[json_integer_value(value)], wanted = json_number_value(json_array_get(ps, index));
        CHECK_EACH(fabs(got - wanted) < 1e-11, "case %zu, number %zu: %.12g, not %.12g", row, index, got,
                   wanted);
    }
    json_array_foreach((json_t *)head, index, value)
        CHECK_EACH(fabs(p[index] - json_number_value(value)) < 1e-11, "case %zu, head %zu", row, index);
}

static void check_entropy(const json_t *sample, const double *p, size_t count, size_t row)
{
    double nats = 0;
    for (size_t i = 0; i < count; i++) nats -= p[i] > 0 ? p[i] * log(p[i]) : 0;
    if (json_object_get(sample, "entropy_nats"))
        CHECK_FOR(fabs(nats - number(sample, "entropy_nats", 0)) < 1e-9, "case %zu: %.12g nats", row, nats);
}

Test(decoding, agrees_with_pytorch_in_784_cases)
{
    json_error_t error;
    json_t *file = json_load_file("tests/data/samplers.json", 0, &error), *sample;
    CHECK_FOR(file, "%s", error.text);
    json_t *cases = json_object_get(file, "cases");
    size_t row;
    CHECK_INT(json_array_size(cases), 784);
    json_array_foreach(cases, row, sample)
    {
        double p[LOGITS_MAX];
        const char *logits = json_string_value(json_object_get(sample, "logits"));
        size_t count = softmax(json_object_get(json_object_get(file, "logits"), logits), p);
        Decoding decoding = {.temperature = number(sample, "T", 1),
                             .top_k = (size_t)number(sample, "top_k", 0),
                             .min_p = number(sample, "min_p", 0),
                             .top_p = number(sample, "top_p", 1)};
        decoding_apply(&decoding, p, count);
        check_kept(sample, p, count, row);
        check_entropy(sample, p, count, row);
    }
    json_decref(file);
}

#define PLAIN .temperature = 1, .top_p = 1
static const double half[4] = {0.4, 0.3, 0.2, 0.1}, tied[4] = {0.1, 0.4, 0.4, 0.1};

static const struct {
    const double *p;
    Decoding decoding;
    double wanted[4];
} by_hand[] = {
    {half, {PLAIN}, {0.4, 0.3, 0.2, 0.1}},
    {half, {.temperature = 0.5, .top_p = 1}, {16 / 30.0, 9 / 30.0, 4 / 30.0, 1 / 30.0}},
    {half, {.temperature = 0, .top_p = 1}, {1, 0, 0, 0}},
    {half, {.temperature = INFINITY, .top_p = 1}, {0.25, 0.25, 0.25, 0.25}},
    {half, {.temperature = 1e-4, .top_p = 1}, {1, 0, 0, 0}},
    {half, {PLAIN, .top_k = 1}, {1, 0, 0, 0}},
    {half, {PLAIN, .top_k = 3}, {4 / 9.0, 3 / 9.0, 2 / 9.0, 0}},
    {half, {PLAIN, .top_k = 4}, {0.4, 0.3, 0.2, 0.1}},
    {half, {PLAIN, .top_k = 99}, {0.4, 0.3, 0.2, 0.1}},
    {half, {.temperature = 1, .top_p = 0.6}, {4 / 7.0, 3 / 7.0, 0, 0}},
    {half, {.temperature = 1, .top_p = 0.75}, {4 / 9.0, 3 / 9.0, 2 / 9.0, 0}},
    {half, {.temperature = 1, .top_p = 0.4}, {1, 0, 0, 0}}, /* before the second: 0.4, not < 0.4 */
    {half, {.temperature = 1, .top_p = 0}, {1, 0, 0, 0}},
    {half, {PLAIN, .min_p = 0.5}, {4 / 9.0, 3 / 9.0, 2 / 9.0, 0}}, /* 0.2 >= 0.5 x 0.4 */
    {half, {PLAIN, .min_p = 0.51}, {4 / 7.0, 3 / 7.0, 0, 0}},
    {half, {PLAIN, .min_p = 1}, {1, 0, 0, 0}},
    {half, {.temperature = 0.5, .top_k = 2, .top_p = 0.7}, {16 / 25.0, 9 / 25.0, 0, 0}},
    {half, {.temperature = 0.5, .top_k = 2, .top_p = 0.64}, {1, 0, 0, 0}}, /* top_p sees what top_k left */
    {half, {.temperature = INFINITY, .top_k = 1, .top_p = 1}, {0.25, 0.25, 0.25, 0.25}}, /* all tie */
    {tied, {.temperature = 0, .top_p = 1}, {0, 1, 0, 0}},
    {tied, {PLAIN, .top_k = 1}, {0, 0.5, 0.5, 0}},
    {tied, {PLAIN, .top_k = 3}, {0.1, 0.4, 0.4, 0.1}},
    {tied, {.temperature = 1, .top_p = 0.3}, {0, 1, 0, 0}},
    {tied, {PLAIN, .min_p = 1}, {0, 0.5, 0.5, 0}},
};

/* Weights count by their ratios: scaled ones give the same. */
Test(decoding, agrees_with_hand_computation_whatever_the_weights_add_up_to)
{
    for (size_t row = 0; row < COUNT_OF(by_hand); row++)
        for (double scale = 1; scale < 1e9; scale *= 7) {
            double p[4];
            if (scale > 1 && decoding_is_plain(&by_hand[row].decoding)) continue;
            for (size_t i = 0; i < 4; i++) p[i] = by_hand[row].p[i] * scale;
            if (scale > 1 && by_hand[row].decoding.top_p == 0.4) continue; /* on the edge: rounding decides */
            decoding_apply(&by_hand[row].decoding, p, 4);
            for (size_t i = 0; i < 4; i++)
                CHECK_FOR(fabs(p[i] - by_hand[row].wanted[i]) < 1e-12, "row %zu x %g: p[%zu] = %g", row,
                          scale, i, p[i]);
        }
}

Test(decoding, a_plain_one_changes_no_bit)
{
    double p[3] = {0.1 + 0.2, 0.3, 0.4}, kept[3];
    memcpy(kept, p, sizeof p);
    Decoding plain = decoding_plain();
    CHECK(decoding_is_plain(&plain));
    decoding_apply(&plain, p, 3);
    CHECK(memcmp(p, kept, sizeof p) == 0);
    static const Decoding others[] = {{.temperature = 0.9, .top_p = 1},
                                      {PLAIN, .top_k = 1},
                                      {PLAIN, .min_p = 0.1},
                                      {.temperature = 1, .top_p = 0.9}};
    for (size_t i = 0; i < COUNT_OF(others); i++) CHECK_FOR(!decoding_is_plain(&others[i]), "row %zu", i);
}

Test(decoding, what_is_impossible_stays_so)
{
    static const double temperatures[] = {0, 0.1, 1, 2, INFINITY};
    for (size_t i = 0; i < COUNT_OF(temperatures); i++)
        for (size_t k = 0; k < 4; k++) {
            double p[4] = {0, 0.5, 0, 0.5}, total = 0;
            Decoding decoding = {.temperature = temperatures[i], .top_k = k, .top_p = 1};
            decoding_apply(&decoding, p, 4);
            for (size_t o = 0; o < 4; o++) total += p[o];
            CHECK_FOR(p[0] == 0 && p[2] == 0, "T=%g", temperatures[i]);
            CHECK_FOR(fabs(total - 1) < 1e-12, "T=%g: %g", temperatures[i], total);
        }
}

/* 0.1 + 0.2 and 0.3 differ in the last bit; a learner sees a tie. */
Test(decoding, sums_that_round_differently_are_ties)
{
    double p[4] = {0.3, 0.1 + 0.2, 0.2, 0.2}, cold[4];
    CHECK(p[1] > p[0]);
    CHECK_INT(decoding_ties(p, 4), 2);
    memcpy(cold, p, sizeof p);
    decoding_apply(&(Decoding){.temperature = 0, .top_p = 1}, cold, 4);
    CHECK_NEAR(cold[0], 1, 0);
    decoding_apply(&(Decoding){PLAIN, .top_k = 1}, p, 4);
    CHECK_NEAR(p[0], 0.5, 1e-12);
    CHECK_INT(decoding_ties((double[]){0, 0, 1}, 3), 1);
    CHECK_INT(decoding_ties((double[]){0.25, 0.25, 0.25, 0.25}, 4), 4);
}
