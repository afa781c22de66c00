/* Enumeration of every sequence, against an odometer that scores each one on its own. */

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/model/decoding.h"
#include "core/model/enumeration.h"
#include "tests/support/models.h"

enum { LENGTH_MAX = 5, TOP = 12 };

TestSuite(enumeration, .timeout = 20);

static Job *enumerate(const Model *model, size_t length, double temperature, const TokenId *target)
{
    Error error;
    EnumerationOptions options = {.length = length, .top = TOP, .temperature = temperature, .target = target};
    Job *job = enumeration_new(model, &options);
    CHECK_FOR(job_run(job, &error), "%s", error.message);
    return job;
}

/* One conditional annealed: T = 0 gives all to the first largest, T = inf the same to all that is possible.
 */
static double annealed(const double *p, size_t count, size_t token, double T)
{
    double largest = 0, total = 0;
    size_t first = 0;
    for (size_t i = 0; i < count; i++) largest = fmax(largest, p[i]);
    while (p[first] < largest * (1 - DECODING_TIE)) first++;
    if (T == 0) return token == first;
    for (size_t i = 0; i < count; i++) total += p[i] > 0 ? isinf(T) ? 1 : pow(p[i], 1 / T) : 0;
    return p[token] > 0 ? (isinf(T) ? 1 : pow(p[token], 1 / T)) / total : 0;
}

/* p of one sequence, </s> included, with every conditional annealed. */
static double score(const Model *model, const TokenId *ids, size_t length, double T)
{
    double p[64], product = 1;
    State *state = state_begin(model);
    for (size_t i = 0; i < length + model_ends(model) && product > 0; i++) {
        TokenId token = i < length ? ids[i] : vocab_end(model->vocab);
        state_predict(state, p);
        product *= annealed(p, model_outcomes(model), (size_t)token, T);
        state_feed(state, token);
    }
    state_free(state);
    return product;
}

typedef struct {
    size_t sequences, possible, better, equal;
    double mass, entropy, whole, *all; /* all: annealed p of every sequence */
} Brute;

static bool turn(TokenId *ids, size_t length, size_t words)
{
    for (size_t i = length; i-- > 0;) {
        if ((size_t)++ids[i] < words) return true;
        ids[i] = 0;
    }
    return false;
}

static double whole_weight(double p, double best, double T)
{
    if (p <= 0) return 0;
    return T == 0 ? p > best * (1 - 1e-9) : isinf(T) ? 1 : pow(p, 1 / T);
}

static Brute brute_force(const Model *model, size_t length, double T, const TokenId *target)
{
    TokenId ids[LENGTH_MAX] = {0};
    size_t words = vocab_words(model->vocab), size = 1;
    double wanted = score(model, target, length, T), best = 0, sum = 0;
    for (size_t i = 0; i < length; i++) size *= words;
    Brute brute = {.all = calloc(size, sizeof(double))};
    double *plain = calloc(size, sizeof *plain);
    do {
        double p = score(model, ids, length, T);
        plain[brute.sequences] = score(model, ids, length, 1);
        brute.possible += plain[brute.sequences] > 0;
        best = fmax(best, plain[brute.sequences]);
        brute.all[brute.sequences++] = p;
        brute.mass += p;
        bool tie = fabs(p - wanted) <= 1e-10 * wanted;
        brute.better += !tie && p > wanted;
        brute.equal += tie;
    } while (turn(ids, length, words));
    for (size_t i = 0; i < size; i++) {
        double share = brute.all[i] / brute.mass;
        if (share > 0) brute.entropy -= share * log2(share);
        sum += whole_weight(plain[i], best, T);
    }
    brute.whole = sum > 0 ? whole_weight(score(model, target, length, 1), best, T) / sum : 0;
    free(plain);
    return brute;
}

static int largest_first(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return a < b ? 1 : a > b ? -1 : 0;
}

static void check_board(const Model *model, const Leaderboard *board, Brute *brute, double T,
                        const char *name)
{
    qsort(brute->all, brute->sequences, sizeof *brute->all, largest_first);
    CHECK_FOR(board->count == (brute->sequences < TOP ? brute->sequences : TOP), "%s: %zu kept", name,
              board->count);
    for (size_t i = 0; i < board->count; i++) {
        const TokenId *ids = board->ids + i * board->length;
        CHECK_FOR(near(board->p[i], brute->all[i], 1e-10), "%s: place %zu: %g, not %g", name, i, board->p[i],
                  brute->all[i]);
        CHECK_FOR(near(board->p[i], score(model, ids, board->length, T), 1e-10), "%s: sequence %zu", name, i);
        bool tie = i > 0 && near(board->p[i], board->p[i - 1], 1e-10);
        if (tie)
            CHECK_FOR(memcmp(ids - board->length, ids, sizeof *ids) <= 0, "%s: ties keep their order", name);
    }
}

static void check_against_brute_force(const Model *model, size_t length, double T, const char *target)
{
    TokenId ids[IDS_MAX];
    Arena arena = {0};
    const char *name = arena_format(&arena, "%s, length %zu, T=%g", model_describe(model, &arena), length, T);
    CHECK_FOR(ids_of(model, target, ids) == length, "%s", target);
    Job *job = enumerate(model, length, T, ids);
    const Enumeration *got = enumeration_result(job);
    Brute brute = brute_force(model, length, T, ids);
    CHECK_FOR(got->sequences == brute.sequences, "%s: %zu sequences", name, got->sequences);
    CHECK_FOR(got->possible == brute.possible, "%s: %zu possible, not %zu", name, got->possible,
              brute.possible);
    CHECK_FOR(near(got->board.mass, brute.mass, 1e-10), "%s: mass %.15g, not %.15g", name, got->board.mass,
              brute.mass);
    CHECK_FOR(brute.mass == 0 || fabs(got->entropy_bits - brute.entropy) < 1e-9, "%s: %.12g bits, not %.12g",
              name, got->entropy_bits, brute.entropy);
    CHECK_FOR(got->board.better == brute.better, "%s: %zu better, not %zu", name, got->board.better,
              brute.better);
    CHECK_FOR(got->board.equal == brute.equal, "%s: %zu equal, not %zu", name, got->board.equal, brute.equal);
    CHECK_FOR(near(got->target_plain, score(model, ids, length, 1), 1e-12), "%s: %g", name,
              got->target_plain);
    CHECK_FOR(near(got->board.target, score(model, ids, length, T), 1e-12), "%s: %g", name,
              got->board.target);
    CHECK_FOR(near(got->target_whole, brute.whole, 1e-9), "%s: whole %.12g, not %.12g", name,
              got->target_whole, brute.whole);
    check_board(model, &got->board, &brute, T, name);
    free(brute.all);
    job_free(job);
    arena_release(&arena);
}

static const double temperatures[] = {1, 0.5, 2, 0, INFINITY};

Test(enumeration, toy_agrees_with_brute_force)
{
    static const char *const targets[] = {"the",
                                          "mouse the",
                                          "ball ball ball",
                                          "the mouse ate cheese",
                                          "the mouse ate the cheese",
                                          "mouse the the cheese ate"};
    static const size_t lengths[] = {1, 2, 3, 4, 5, 5};
    Model *toy = toy_model();
    for (size_t i = 0; i < COUNT_OF(targets); i++)
        for (size_t t = 0; t < COUNT_OF(temperatures); t++)
            check_against_brute_force(toy, lengths[i], temperatures[t], targets[i]);
    model_free(toy);
}

Test(enumeration, count_models_agree_with_brute_force)
{
    static const char *const targets[] = {"mouse", "the cheese", "mouse ate the", "mouse ate the cheese"};
    NgramOptions open = added(2, 0.5);
    open.unknown = true;
    Model *models[] = {train_built_in("mouse", counted(2)),  train_built_in("mouse", counted(3)),
                       train_built_in("mouse", added(2, 1)), train_built_in("mouse", interpolated(3, true)),
                       train_built_in("mouse", counted(1)),  train_built_in("mouse", open)};
    for (size_t m = 0; m < COUNT_OF(models); m++) {
        for (size_t length = 1; length <= 4; length++)
            for (size_t t = 0; t < COUNT_OF(temperatures); t++)
                check_against_brute_force(models[m], length, temperatures[t], targets[length - 1]);
        model_free(models[m]);
    }
}

/* P(length = L) is also the L-th power of the transition matrix between start and </s>. */
Test(enumeration, the_mass_of_a_bigram_is_the_chance_of_its_length)
{
    double row[6], reach[6] = {0}, next[6], sum = 0;
    Model *model = train_built_in("mouse", counted(2));
    State *state = state_begin(model);
    state_predict(state, reach);
    state_free(state);
    for (size_t length = 1; length <= 8; length++) {
        double ends = 0;
        memset(next, 0, sizeof next);
        for (TokenId from = 0; from < 5; from++) {
            State *after = state_after(model, vocab_text(model->vocab, from));
            state_predict(after, row);
            for (size_t to = 0; to < 5; to++) next[to] += reach[from] * row[to];
            ends += reach[from] * row[5];
            state_free(after);
        }
        memcpy(reach, next, sizeof reach);
        Job *job = enumerate(model, length, 1, NULL);
        double mass = enumeration_result(job)->board.mass;
        CHECK_FOR(near(mass, ends, 1e-12), "length %zu: %g, not %g", length, mass, ends);
        CHECK_FOR(enumeration_result(job)->board.better == 0, "no target, no place");
        sum += mass;
        job_free(job);
    }
    CHECK(sum > 0.8 && sum < 1);
    model_free(model);
}

/* fx.* of known_answers.tsv, and curriculum.md: at T = 0.5, 0.07721 a token at a time, 0.09684 as a whole. */
Test(enumeration, toy_by_the_book)
{
    static const struct {
        const char *text;
        double p;
        size_t place;
    } cases[] = {
        {"the mouse ate the mouse", 0.032, 1},
        {"the mouse ate the cheese", 0.02, 2},
        {"the cheese ate the mouse", 0.01, 5},
        {"mouse the the cheese ate", 0.0001, 1028},
    };
    TokenId ids[IDS_MAX];
    Model *toy = toy_model();
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        ids_of(toy, cases[i].text, ids);
        Job *job = enumerate(toy, 5, 1, ids);
        const Enumeration *got = enumeration_result(job);
        CHECK_FOR(near(got->target_plain, cases[i].p, 1e-12), "%s: %g", cases[i].text, got->target_plain);
        CHECK_FOR(near(got->target_whole, cases[i].p, 1e-12), "%s: %g", cases[i].text, got->target_whole);
        CHECK_FOR(got->board.better + 1 == cases[i].place, "%s is number %zu", cases[i].text,
                  got->board.better + 1);
        CHECK_NEAR(got->board.mass, 1, 1e-12);
        CHECK_NEAR(got->entropy_bits, 9.31856874685, 1e-9);
        job_free(job);
    }
    ids_of(toy, "the mouse ate the cheese", ids);
    Job *job = enumerate(toy, 5, 0.5, ids);
    CHECK_NEAR(enumeration_result(job)->board.target, 0.07721, 5e-6);
    CHECK_NEAR(enumeration_result(job)->target_whole, 0.09684, 5e-6);
    CHECK_NEAR(enumeration_result(job)->target_plain, 0.02, 1e-12);
    job_free(job);
    model_free(toy);
}

Test(enumeration, sizes_are_v_to_the_length_or_too_many)
{
    Model *toy = toy_model(), *mouse = train_built_in("mouse", counted(2));
    static const size_t sizes[] = {1, 5, 25, 125, 625, 3125, 15625, 78125, 390625, 1953125, 9765625, 0, 0};
    for (size_t length = 1; length < COUNT_OF(sizes); length++) {
        CHECK_FOR(enumeration_size(toy, length) == sizes[length], "length %zu", length);
        CHECK_FOR(enumeration_size(mouse, length) == sizes[length], "length %zu: </s> is no word", length);
    }
    CHECK_INT(enumeration_size(toy, 100), 0);
    model_free(toy);
    model_free(mouse);
}

Test(enumeration, slices_give_the_same_and_can_be_left_off)
{
    Error error;
    Model *toy = toy_model();
    EnumerationOptions options = {.length = 6, .top = 3, .temperature = 1};
    Job *job = enumeration_new(toy, &options), *left_off = enumeration_new(toy, &options);
    int steps = 1;
    double before = 0;
    for (; job_step(job, 0, &error) == JOB_MORE; steps++) {
        CHECK_FOR(job_progress(job) >= before && job_progress(job) < 1, "step %d", steps);
        before = job_progress(job);
    }
    CHECK(steps > 5);
    CHECK_NEAR(enumeration_result(job)->board.mass, 1, 1e-12);
    CHECK_NEAR(job_progress(job), 1, 0);
    CHECK_INT(job_step(left_off, 0, &error), JOB_MORE);
    job_free(job);
    job_free(left_off);
    job_free(enumeration_new(toy, &options));
    model_free(toy);
}
