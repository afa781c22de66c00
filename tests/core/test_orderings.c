/* Every order of some words, against picking them out of all sequences. */

#include <stdlib.h>
#include <string.h>

#include "core/model/orderings.h"
#include "tests/support/models.h"

TestSuite(orderings, .timeout = 20);

static int ascending(const void *left, const void *right)
{
    return *(const TokenId *)left - *(const TokenId *)right;
}

static bool same_words(const TokenId *a, const TokenId *b, size_t count)
{
    TokenId left[IDS_MAX], right[IDS_MAX];
    memcpy(left, a, count * sizeof *a);
    memcpy(right, b, count * sizeof *b);
    qsort(left, count, sizeof *left, ascending);
    qsort(right, count, sizeof *right, ascending);
    return memcmp(left, right, count * sizeof *left) == 0;
}

static double score(const Model *model, const TokenId *ids, size_t count, bool end)
{
    double p = 1;
    State *state = state_begin(model);
    for (size_t i = 0; i < count; i++) {
        p *= state_probability(state, ids[i]);
        state_feed(state, ids[i]);
    }
    if (end && model_ends(model)) p *= state_probability(state, vocab_end(model->vocab));
    state_free(state);
    return p;
}

static bool turn(TokenId *ids, size_t length, size_t words)
{
    for (size_t i = length; i-- > 0;) {
        if ((size_t)++ids[i] < words) return true;
        ids[i] = 0;
    }
    return false;
}

typedef struct {
    size_t orders, possible, better, equal;
    double mass, best;
} Found;

static Found search(const Model *model, const TokenId *wanted, size_t count, bool end)
{
    TokenId ids[IDS_MAX] = {0};
    Found found = {0};
    double target = score(model, wanted, count, end);
    do {
        if (!same_words(ids, wanted, count)) continue;
        double p = score(model, ids, count, end);
        bool tie = near(p, target, 1e-10);
        found.orders++;
        found.possible += p > 0;
        found.better += !tie && p > target;
        found.equal += tie;
        found.mass += p;
        found.best = p > found.best ? p : found.best;
    } while (turn(ids, count, vocab_words(model->vocab)));
    return found;
}

static void check_orders(const Model *model, const char *text, bool end)
{
    Error error;
    TokenId ids[IDS_MAX];
    size_t count = ids_of(model, text, ids);
    Found wanted = search(model, ids, count, end);
    Job *job = orderings_new(model, ids, count, end, 4);
    CHECK_FOR(job_run(job, &error), "%s", error.message);
    const Orderings *got = orderings_result(job);
    CHECK_FOR(got->orderings == wanted.orders, "%s: %zu orders, not %zu", text, got->orderings,
              wanted.orders);
    CHECK_FOR(got->possible == wanted.possible, "%s: %zu possible", text, got->possible);
    CHECK_FOR(got->board.better == wanted.better, "%s: %zu better, not %zu", text, got->board.better,
              wanted.better);
    CHECK_FOR(got->board.equal == wanted.equal, "%s: %zu equal, not %zu", text, got->board.equal,
              wanted.equal);
    CHECK_FOR(near(got->board.mass, wanted.mass, 1e-10), "%s: mass %g", text, got->board.mass);
    CHECK_FOR(near(got->board.target, score(model, ids, count, end), 1e-10), "%s: %g", text,
              got->board.target);
    CHECK_FOR(near(got->board.p[0], wanted.best, 1e-10), "%s: best %g, not %g", text, got->board.p[0],
              wanted.best);
    for (size_t i = 0; i < got->board.count; i++) {
        const TokenId *order = got->board.ids + i * count;
        CHECK_FOR(same_words(order, ids, count), "%s: place %zu has other words", text, i);
        CHECK_FOR(near(got->board.p[i], score(model, order, count, end), 1e-10), "%s: place %zu", text, i);
    }
    job_free(job);
}

Test(orderings, agree_with_a_search_of_all_sequences)
{
    static const char *const texts[] = {"mouse",
                                        "the mouse",
                                        "the the",
                                        "the mouse ate the cheese",
                                        "mouse the the cheese ate",
                                        "the ball ate ball the mouse",
                                        "ate ate ate the"};
    Model *models[] = {toy_model(), train_built_in("mouse", counted(2)), train_built_in("mouse", counted(3)),
                       train_built_in("mouse", added(2, 1))};
    for (size_t m = 0; m < COUNT_OF(models); m++) {
        for (size_t t = 0; t < COUNT_OF(texts); t++) {
            check_orders(models[m], texts[t], true);
            check_orders(models[m], texts[t], false);
        }
        model_free(models[m]);
    }
}

Test(orderings, different_words_have_factorially_many)
{
    static const size_t factorials[] = {1, 1, 2, 6, 24, 120, 720, 5040};
    static const char text[] = "I am Sam do not like green";
    Error error;
    TokenId ids[IDS_MAX];
    Model *model = train_built_in("sam", added(2, 1));
    size_t count = ids_of(model, text, ids);
    CHECK_INT(count, 7);
    for (; count > 0; count--) {
        Job *job = orderings_new(model, ids, count, true, 1);
        int steps = 1;
        while (job_step(job, 0, &error) == JOB_MORE) steps++;
        CHECK_FOR(orderings_result(job)->orderings == factorials[count], "%zu words", count);
        CHECK_FOR(count < 7 || steps > 5, "%d steps", steps);
        CHECK_NEAR(job_progress(job), 1, 0);
        job_free(job);
    }
    model_free(model);
}

Test(orderings, a_word_the_model_does_not_know_makes_all_of_them_impossible)
{
    Error error;
    TokenId ids[] = {0, TOKEN_NONE, 1};
    Model *toy = toy_model();
    Job *job = orderings_new(toy, ids, 3, true, 2);
    CHECK(job_run(job, &error));
    CHECK_INT(orderings_result(job)->orderings, 6);
    CHECK_INT(orderings_result(job)->possible, 0);
    CHECK_INT(orderings_result(job)->board.equal, 6);
    job_free(job);
    model_free(toy);
}
