/* From counts to probabilities: hand-computed fractions, and every formula worked out from the text itself.
 */

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/models.h"

TestSuite(smoothing, .timeout = 20);

Test(smoothing, names_are_found_again)
{
    static const char *const names[] = {"mle", "add", "interp", "wb", "ad", "kn", "mkn", "katz", "backoff"};
    SmoothingKind kind;
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        CHECK_FOR(smoothing_find(names[i], &kind) && kind == (SmoothingKind)i, "%s", names[i]);
        CHECK_STR(smoothing_name((SmoothingKind)i), names[i]);
    }
    CHECK(!smoothing_find("laplace", &kind) && !smoothing_find("", &kind) && !smoothing_find("given", &kind));
}

/* --- by hand ---
 *
 * mouse.txt: 44 tokens with </s>: the 13, mouse 8, ate 8, </s> 8, cheese 6, ball 1; V = 6.
 * the: mouse 7, cheese 5, ball 1. mouse: ate 7, </s> 1. ate: the 6, cheese 1, </s> 1. cheese: </s> 5, ate 1.
 * ball: </s> 1. <s>: the 7, mouse 1. Different words before: </s> 4, ball 1, the others 2; 13 in all.
 * Of the bigrams, n1 = 7, n2 = n3 = n4 = n8 = 0, n5 = 2, n6 = 1, n7 = 3. Of the unigrams, n1 = 1, n2 = 0; of
 * their left neighbours n1 = 1, n2 = 4, n3 = 0. */

static const struct {
    int order;
    Smoothing smoothing;
    const char *given, *token;
    double wanted;
} by_hand[] = {
    {2, {.kind = SMOOTH_MLE}, "the", "mouse", 7.0 / 13},
    {2, {.kind = SMOOTH_MLE}, "the", "the", 0},
    {2, {.kind = SMOOTH_ADD, .k = 1}, "the", "mouse", 8.0 / 19},
    {2, {.kind = SMOOTH_ADD, .k = 0.5}, "the", "the", 0.5 / 16},
    {3, {.kind = SMOOTH_ADD, .k = 1}, "cheese mouse", "ate", 1.0 / 6},
    {1, {.kind = SMOOTH_INTERP, .weights = {1}}, "the", "the", 13.0 / 44},
    {2, {.kind = SMOOTH_INTERP, .weights = {0.5, 0.5}}, "the", "mouse", 0.5 * 7 / 13 + 0.5 * 8 / 44},
    {2, {.kind = SMOOTH_INTERP, .weights = {0.75, 0.25}}, "the", "the", 0.25 * 13 / 44},
    {3,
     {.kind = SMOOTH_INTERP, .weights = {0.5, 0.3, 0.2}},
     "the mouse",
     "ate",
     3.0 / 7 + 0.3 * 7 / 8 + 0.2 * 8 / 44},
    /* "ball the" was never seen: its weight goes to "the"; after an unknown word all goes to no word */
    {3,
     {.kind = SMOOTH_INTERP, .weights = {0.5, 0.3, 0.2}},
     "ball the",
     "mouse",
     0.8 * 7 / 13 + 0.2 * 8 / 44},
    {3,
     {.kind = SMOOTH_INTERP, .weights = {0.5, 0.3, 0.2}},
     "zebra the",
     "mouse",
     0.8 * 7 / 13 + 0.2 * 8 / 44},
    {3, {.kind = SMOOTH_INTERP, .weights = {0.5, 0.3, 0.2}}, "the zebra", "the", 13.0 / 44},
    /* p(mouse) = (8 + 6/6)/(44 + 6) */
    {1, {.kind = SMOOTH_WB}, "", "mouse", 9.0 / 50},
    {2, {.kind = SMOOTH_WB}, "the", "mouse", (7 + 3 * 9.0 / 50) / 16},
    {2, {.kind = SMOOTH_WB}, "the", "the", 3 * 14.0 / 50 / 16},
    {2, {.kind = SMOOTH_WB, .plain_unigrams = true}, "the", "mouse", (7 + 3 * 8.0 / 44) / 16},
    /* the sentence's start has n - 1 times <s>: a step for each, from p(the) = (13 + 6/6)/(44 + 6) */
    {2, {.kind = SMOOTH_WB}, "", "the", (7 + 2 * 14.0 / 50) / 10},
    {3, {.kind = SMOOTH_WB}, "", "the", (7 + 2 * (7 + 2 * 14.0 / 50) / 10) / 10},
    {4, {.kind = SMOOTH_WB}, "", "ball", 0.2 * 0.2 * 0.2 * 2.0 / 50},
    {3, {.kind = SMOOTH_WB}, "mouse", "ate", (1 + (7 + 2 * 9.0 / 50) / 10) / 2},
    {4, {.kind = SMOOTH_WB}, "mouse", "ate", (1 + (1 + (7 + 2 * 9.0 / 50) / 10) / 2) / 2},
    {4, {.kind = SMOOTH_WB}, "zebra", "ate", 9.0 / 50},
    {3, {.kind = SMOOTH_WB}, "ball the", "mouse", (7 + 3 * 9.0 / 50) / 16},
    /* D = 3/4 stands in at both orders: p(mouse) = (8 - 3/4)/44 + 3/4 6/44 1/6 = 8/44 */
    {1, {.kind = SMOOTH_AD}, "", "mouse", 8.0 / 44},
    {1, {.kind = SMOOTH_AD}, "", "the", 13.0 / 44},
    {2, {.kind = SMOOTH_AD}, "the", "mouse", 6.25 / 13 + 2.25 / 13 * 8 / 44},
    {2, {.kind = SMOOTH_AD, .discounts = {0.5}, .fixed = true}, "the", "the", 1.5 / 13 * 13 / 44},
    {2, {.kind = SMOOTH_AD, .fallback = {0.25}}, "the", "the", 0.75 / 13 * 13 / 44},
    /* one <s>, whatever the order */
    {2, {.kind = SMOOTH_AD, .discounts = {0.5}, .fixed = true}, "", "the", 6.5 / 8 + 1.0 / 8 * 13 / 44},
    {4, {.kind = SMOOTH_AD, .discounts = {0.5}, .fixed = true}, "", "the", 6.5 / 8 + 1.0 / 8 * 13 / 44},
    /* D = 1/9 at the unigrams: p(mouse) = (2 - 1/9)/13 + 6/9/13 1/6 = 2/13; 3/4 stands in above */
    {2, {.kind = SMOOTH_KN}, "zebra", "mouse", 2.0 / 13},
    {2, {.kind = SMOOTH_KN}, "the", "mouse", 6.25 / 13 + 2.25 / 13 * 2 / 13},
    {2, {.kind = SMOOTH_KN}, "", "the", 6.25 / 8 + 1.5 / 8 * 2 / 13},
    {4, {.kind = SMOOTH_KN, .discounts = {0.5}, .fixed = true}, "", "the", 6.5 / 8 + 1.0 / 8 * 2 / 13},
    {2, {.kind = SMOOTH_KN, .plain_unigrams = true}, "zebra", "mouse", (2 - 1.0 / 9) / 13 + 1.0 / 9 / 13},
    /* 1/2, 1, 3/2 stand in: p(mouse) = (2 - 1)/13 + (1/2 1 + 1 4 + 3/2 1)/13 1/6 = 2/13 */
    {2, {.kind = SMOOTH_MKN}, "zebra", "mouse", 2.0 / 13},
    {2, {.kind = SMOOTH_MKN}, "zebra", "</s>", 2.5 / 13 + 1.0 / 13},
    {2, {.kind = SMOOTH_MKN}, "the", "mouse", 5.5 / 13 + 3.5 / 13 * 2 / 13},
    {2, {.kind = SMOOTH_MKN}, "the", "ball", 0.5 / 13 + 3.5 / 13 * 1.5 / 13},
    {2,
     {.kind = SMOOTH_MKN, .discounts = {1, 1, 2}, .fixed = true},
     "the",
     "the",
     5.0 / 13 * (1 + 7.0 / 6) / 13},
    {4,
     {.kind = SMOOTH_MKN, .discounts = {0.5, 1, 1.5}, .fixed = true},
     "",
     "the",
     5.5 / 8 + 2.0 / 8 * 2 / 13},
    /* A = 0; d5 = 6 n6/n5/5 = 3/5, d6 = 7 n7/n6/6 > 1 and d1, d7 = 0 become 1 */
    {1, {.kind = SMOOTH_KATZ}, "", "mouse", 8.0 / 44},
    {2, {.kind = SMOOTH_KATZ}, "the", "mouse", 7.0 / 13},
    {2, {.kind = SMOOTH_KATZ}, "the", "cheese", 3.0 / 13},
    {2, {.kind = SMOOTH_KATZ}, "the", "the", 2.0 / 13 / (1 - (8 + 6 + 1) / 44.0) * 13 / 44},
    {2, {.kind = SMOOTH_KATZ}, "mouse", "the", 0},
    {2, {.kind = SMOOTH_BACKOFF}, "the", "mouse", 7.0 / 13},
    {2, {.kind = SMOOTH_BACKOFF}, "the", "the", 0.4 * 13 / 44},
    {3, {.kind = SMOOTH_BACKOFF}, "the mouse", "ball", 0.4 * 0.4 * 1 / 44},
    {3, {.kind = SMOOTH_BACKOFF}, "ball the", "mouse", 0.4 * 7 / 13},
    {3, {.kind = SMOOTH_BACKOFF}, "the zebra", "mouse", 0.4 * 0.4 * 8 / 44},
    {3, {.kind = SMOOTH_BACKOFF}, "", "the", 7.0 / 8},
    {2, {.kind = SMOOTH_BACKOFF}, "", "ball", 0.4 * 1 / 44},
    {4, {.kind = SMOOTH_BACKOFF}, "", "ball", 0.4 * 0.4 * 0.4 * 1 / 44},
    {4, {.kind = SMOOTH_BACKOFF}, "mouse", "the", 0.4 * 0.4 * 0.4 * 13 / 44},
    {4, {.kind = SMOOTH_BACKOFF}, "ball", "mouse", 0.4 * 0.4 * 0.4 * 8 / 44},
    {4, {.kind = SMOOTH_BACKOFF}, "ate", "the", 0.4 * 0.4 * 6 / 8},
    {4, {.kind = SMOOTH_BACKOFF}, "zebra the", "mouse", 0.4 * 0.4 * 7 / 13},
};

Test(smoothing, mouse_by_hand)
{
    for (size_t i = 0; i < COUNT_OF(by_hand); i++) {
        NgramOptions options = {.order = by_hand[i].order, .smoothing = by_hand[i].smoothing};
        Model *model = train_built_in("mouse", options);
        double p = next_probability(model, by_hand[i].given, by_hand[i].token);
        CHECK_FOR(near(p, by_hand[i].wanted, 1e-12), "row %zu, %s: %.17g, not %.17g", i,
                  smoothing_name(options.smoothing.kind), p, by_hand[i].wanted);
        model_free(model);
    }
}

/* a a b / a b b / c: of 10 tokens a 3, b 3, c 1, </s> 3. Different words before a 2 (<s> a), b 2, c 1,
 * </s> 2. Bigrams: <s> a 2, <s> c 1, a a 1, a b 2, b b 1, b </s> 2, c </s> 1: n1 = 4, n2 = 3, n3 = 0. */
Test(smoothing, discounts_are_estimated_by_hand)
{
    static const struct {
        SmoothingKind kind;
        const char *given, *token;
        double wanted;
    } cases[] = {
        {SMOOTH_AD, "a", "a", (1 - 4.0 / 10) / 3 + 0.8 / 3 * ((3 - 0.75) / 10 + 0.75 * 4 / 10 / 4)},
        {SMOOTH_KN, "a", "a", (1 - 4.0 / 10) / 3 + 0.8 / 3 * ((2 - 1.0 / 7) / 7 + 4.0 / 7 / 7 / 4)},
        {SMOOTH_KN, "c", "b", 0.4 * ((2 - 1.0 / 7) / 7 + 4.0 / 7 / 7 / 4)},
        /* d1 = 2 n2/n1 > 1 becomes 1, as does d2 = 0: nothing is left to back off to */
        {SMOOTH_KATZ, "a", "b", 2.0 / 3},
    };
    Corpus *corpus = corpus_from("a a b\na b b\nc\n", TOKENIZER_WORDS);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        Model *model = train_on(corpus, (NgramOptions){.order = 2, .smoothing = {.kind = cases[i].kind}});
        double p = next_probability(model, cases[i].given, cases[i].token);
        CHECK_FOR(near(p, cases[i].wanted, 1e-12), "row %zu: %.17g, not %.17g", i, p, cases[i].wanted);
        model_free(model);
    }
    corpus_free(corpus);
}

/* What the discounts save at the unigrams is <unk>'s share of 1/V, or all of it: 6 of 13 are saved, see
 * above. */
Test(smoothing, unknown_words_get_what_unigrams_save)
{
    for (int plain = 0; plain < 2; plain++) {
        NgramOptions options = {
            .order = 2, .unknown = true, .smoothing = {.kind = SMOOTH_MKN, .plain_unigrams = plain}};
        Model *model = train_built_in("mouse", options);
        CHECK_NEAR(next_probability(model, "zebra", "<unk>"), plain ? 6.0 / 13 : 6.0 / 13 / 7, 1e-15);
        CHECK_NEAR(next_probability(model, "zebra", "mouse"), plain ? 1.0 / 13 : 1.0 / 13 + 6.0 / 13 / 7,
                   1e-15);
        model_free(model);
    }
}

Test(smoothing, only_mle_has_contexts_without_a_distribution)
{
    static const char *const contexts[] = {"", "the", "cheese mouse", "zebra", "the zebra", "zebra the"};
    static const bool defined[] = {true, true, false, false, false, false};
    for (SmoothingKind kind = SMOOTH_MLE; kind < SMOOTH_GIVEN; kind++) {
        Model *model = train_built_in("mouse", usual(kind, 3));
        for (size_t i = 0; i < COUNT_OF(contexts); i++) {
            State *state = state_after(model, contexts[i]);
            CHECK_FOR(state_defined(state) == (kind != SMOOTH_MLE || defined[i]), "%s after \"%s\"",
                      smoothing_name(kind), contexts[i]);
            state_free(state);
        }
        model_free(model);
    }
}

/* --- from the text: a table of all its n-grams, and the formulas of smoothing.h written down once more ---
 */

enum { ORDERS = 4, GRAMS = 2048, BEGIN = 1000 };

typedef struct {
    int words[ORDERS], count, left; /* left: different words before it */
} Gram;

typedef struct {
    NgramOptions options;
    size_t V;
    int grams_count[ORDERS + 1];
    Gram grams[ORDERS + 1][GRAMS];
    double d[ORDERS + 1][9], n[ORDERS + 1][10]; /* discounts and counts of counts by order; d[8] = 1 */
} Naive;

static Gram *find_gram(Naive *naive, int order, const int *words)
{
    Gram *gram = naive->grams[order], *end = gram + naive->grams_count[order];
    while (gram < end && memcmp(gram->words, words, (size_t)order * sizeof *words) != 0) gram++;
    return gram;
}

/* How often <s> stands before a sentence: n - 1 times, or as in KenLM and SRILM once. */
static int begins(NgramOptions options)
{
    SmoothingKind kind = options.smoothing.kind;
    return kind == SMOOTH_WB || kind == SMOOTH_BACKOFF ? options.order - 1 : 1;
}

/* Every n-gram that ends in words[last], from the <s> in words[0] on. */
static void add_grams(Naive *naive, const int *words, int last)
{
    for (int order = 1; order <= naive->options.order && order <= last + 1; order++) {
        const int *first = words + last + 1 - order;
        Gram *gram = find_gram(naive, order, first);
        if (gram == naive->grams[order] + naive->grams_count[order]) {
            CHECK_EACH(naive->grams_count[order]++ < GRAMS, "too many n-grams");
            *gram = (Gram){.count = 0};
            memcpy(gram->words, first, (size_t)order * sizeof *first);
            if (order > 1) find_gram(naive, order - 1, first + 1)->left++;
        }
        gram->count++;
    }
}

static double count_of(const Naive *naive, int order, const Gram *gram)
{
    SmoothingKind kind = naive->options.smoothing.kind;
    bool left = (kind == SMOOTH_KN || kind == SMOOTH_MKN) && order < naive->options.order;
    return left && gram->words[0] != BEGIN ? gram->left : gram->count;
}

static void estimate_discounts(double *d, const double *n, SmoothingKind kind)
{
    double y = n[1] / (n[1] + 2 * n[2]), tail = n[1] > 0 ? 8 * n[8] / n[1] : 0;
    bool three = kind == SMOOTH_MKN, usable = n[1] > 0 && n[2] > 0 && (!three || n[3] > 0);
    for (int j = 1; j <= 8; j++) {
        if (kind == SMOOTH_KATZ) d[j] = ((j + 1) * n[j + 1] / n[j] / j - tail) / (1 - tail);
        if (kind == SMOOTH_KATZ && (n[j] <= 0 || !(d[j] > 0) || d[j] > 1 || j == 8)) d[j] = 1;
        if (kind == SMOOTH_AD || kind == SMOOTH_KN) d[j] = usable ? y : 0.75;
        if (three && j <= 3) d[j] = j - (j + 1) * y * n[j + 1] / n[j];
        if (three && j <= 3 && (d[j] < 0 || d[j] > j)) usable = false;
        if (three && j > 3) d[j] = d[3];
    }
    for (int j = 1; three && !usable && j <= 8; j++) d[j] = j < 3 ? j * 0.5 : 1.5;
}

static Naive *naive_new(const Corpus *corpus, const Model *model, NgramOptions options)
{
    Naive *naive = calloc(1, sizeof *naive);
    naive->options = options;
    naive->V = model_outcomes(model);
    for (size_t s = 0; s < corpus_sentences(corpus); s++) {
        size_t count;
        const TokenId *ids = corpus_sentence(corpus, s, &count);
        int words[IDS_MAX] = {BEGIN, BEGIN, BEGIN}, length = begins(options);
        for (size_t i = 0; i <= count; i++) {
            words[length] =
                i < count ? id_of(model, vocab_text(corpus_vocab(corpus), ids[i])) : vocab_end(model->vocab);
            add_grams(naive, words, length++);
        }
    }
    for (int order = 1; order <= options.order; order++) {
        for (int i = 0; i < naive->grams_count[order]; i++) {
            double count = count_of(naive, order, &naive->grams[order][i]);
            if (count <= 9) naive->n[order][(int)count]++;
        }
        estimate_discounts(naive->d[order], naive->n[order], options.smoothing.kind);
    }
    return naive;
}

/* p(word | history), `order` - 1 words of it. */
static double naive_p(const Naive *naive, int order, const int *history, int word)
{
    SmoothingKind kind = naive->options.smoothing.kind;
    double lower = order == 1 ? 1 / (double)naive->V : naive_p(naive, order - 1, history + 1, word);
    double c = 0, total = 0, types = 0, taken = 0, seen = 0, below = 0;
    for (int i = 0; i < naive->grams_count[order]; i++) {
        const Gram *gram = &naive->grams[order][i];
        if (memcmp(gram->words, history, (size_t)(order - 1) * sizeof *history) != 0) continue;
        int last = gram->words[order - 1];
        double count = count_of(naive, order, gram), d = naive->d[order][count < 8 ? (int)count : 8];
        if (last == word) c = count;
        total += count;
        types++;
        taken += d;
        seen += d * count;
        if (kind == SMOOTH_KATZ && order > 1) below += naive_p(naive, order - 1, history + 1, last);
    }
    double d = naive->d[order][c < 8 ? (int)c : 8];
    if (kind == SMOOTH_BACKOFF) return c > 0 ? c / total : order == 1 ? 0 : 0.4 * lower;
    if (total <= 0) return lower;
    if (kind == SMOOTH_WB) return (c + types * lower) / (total + types);
    if (kind != SMOOTH_KATZ) return (c > 0 ? c - d : 0) / total + taken / total * lower;
    if (order == 1) return c / total;
    bool room = 1 - below > 1e-12; /* else no other word is possible, and the seen ones share it all */
    if (c > 0) return d * c / (room ? total : seen);
    return room && 1 - seen / total > 1e-15 ? (1 - seen / total) / (1 - below) * lower : 0;
}

/* A walk through the text that strays from it now and then. */
static void check_against_naive(const Corpus *corpus, NgramOptions options)
{
    Model *model = train_on(corpus, options);
    Naive *naive = naive_new(corpus, model, options);
    Random random = random_seeded((uint64_t)options.order);
    const char *name = smoothing_name(options.smoothing.kind);
    int words[64] = {BEGIN, BEGIN, BEGIN};
    State *state = state_begin(model);
    for (int length = begins(options); length < 40; length++) {
        int order = length < options.order ? length + 1 : options.order;
        double p[64], sum = 0;
        state_predict(state, p);
        for (int w = 0; w < (int)naive->V; sum += p[w++]) {
            double wanted = naive_p(naive, order, words + length - order + 1, w);
            CHECK_EACH(near(p[w], wanted, 1e-11), "%s n=%d, step %d, word %d: %.17g, not %.17g", name,
                       options.order, length, w, p[w], wanted);
        }
        CHECK_EACH(fabs(sum - 1) < 1e-12 || options.smoothing.kind == SMOOTH_BACKOFF,
                   "%s n=%d, step %d: sum %.17g", name, options.order, length, sum);
        const Gram *gram =
            &naive->grams[options.order][length / options.order % naive->grams_count[options.order]];
        words[length] = gram->words[length % options.order];
        double u = random_unit(&random);
        if (u < 0.3 || words[length] == BEGIN) words[length] = (int)(random_next(&random) % naive->V);
        if (u < 0.05) words[length] = TOKEN_NONE;
        state_feed(state, words[length]);
    }
    state_free(state);
    free(naive);
    model_free(model);
}

static void check_all(SmoothingKind kind)
{
    static const char *const names[] = {"mouse", "sam", "jobs", "facts"};
    for (size_t i = 0; i < 6; i++)
        for (int order = 1; order <= ORDERS; order++)
            for (int unknown = 0; unknown < 2; unknown++) {
                NgramOptions options = {.order = order, .unknown = unknown, .smoothing = {.kind = kind}};
                Corpus *corpus = i < 4 ? corpus_built_in(names[i], TOKENIZER_WORDS)
                                       : corpus_random(17 + i, i == 4 ? 20 : 120);
                check_against_naive(corpus, options);
                corpus_free(corpus);
            }
}

Test(smoothing, witten_bell_is_its_formula) { check_all(SMOOTH_WB); }
Test(smoothing, absolute_discounting_is_its_formula) { check_all(SMOOTH_AD); }
Test(smoothing, kneser_ney_is_its_formula) { check_all(SMOOTH_KN); }
Test(smoothing, modified_kneser_ney_is_its_formula) { check_all(SMOOTH_MKN); }
Test(smoothing, katz_is_its_formula) { check_all(SMOOTH_KATZ); }
Test(smoothing, stupid_backoff_is_its_formula) { check_all(SMOOTH_BACKOFF); }
