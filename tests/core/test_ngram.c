/* The n-gram model against the formulas of smoothing.h, with every count taken anew by reading the whole
 * text. */

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/models.h"

enum { SENTENCES_MAX = 256, SENTENCE_MAX = 50, OUTCOMES_MAX = 64, HISTORY_MAX = NGRAM_ORDER_MAX - 1 };

TestSuite(ngram, .timeout = 20);

/* --- the text: ids of the model's vocabulary, <s> before each sentence and </s> behind --- */

typedef struct {
    int begins; /* how many <s> */
    size_t sentences, length[SENTENCES_MAX];
    TokenId words[SENTENCES_MAX][SENTENCE_MAX];
    TokenId V; /* which stands for <s> */
    const NgramOptions *options;
    Discount discounts[NGRAM_ORDER_MAX + 1];
} Text;

/* n - 1; one for the smoothings whose peers, KenLM and SRILM, have one. */
static int begins(const NgramOptions *options)
{
    SmoothingKind kind = options->smoothing.kind;
    bool one = kind == SMOOTH_AD || kind == SMOOTH_KN || kind == SMOOTH_MKN || kind == SMOOTH_KATZ;
    return one && options->order > 1 ? 1 : options->order - 1;
}

static void read_sentence(Text *text, const Corpus *corpus, size_t s, const Model *model)
{
    size_t count, at = 0;
    const TokenId *ids = corpus_sentence(corpus, s, &count);
    CHECK_FOR(count + NGRAM_ORDER_MAX <= SENTENCE_MAX, "sentence %zu is too long", s);
    while (at < (size_t)text->begins) text->words[s][at++] = text->V;
    for (size_t i = 0; i < count; i++) {
        TokenId id = id_of(model, vocab_text(corpus_vocab(corpus), ids[i]));
        text->words[s][at++] = id == TOKEN_NONE ? vocab_unknown(model->vocab) : id;
    }
    text->words[s][at++] = vocab_end(model->vocab);
    text->length[s] = at;
}

/* How often the n words occur; or, for the smoothings that count so, after how many different words. */
static uint64_t count_of(const Text *text, const TokenId *gram, int n)
{
    bool left[OUTCOMES_MAX + 1] = {false};
    uint64_t times = 0, different = 0;
    for (size_t s = 0; s < text->sentences; s++)
        for (size_t end = (size_t)n; end <= text->length[s]; end++) {
            const TokenId *at = &text->words[s][end - (size_t)n];
            if (memcmp(at, gram, (size_t)n * sizeof *gram) != 0) continue;
            times++;
            if (end == (size_t)n) continue;
            different += !left[at[-1]];
            left[at[-1]] = true;
        }
    bool adjusts = text->options->smoothing.kind == SMOOTH_KN || text->options->smoothing.kind == SMOOTH_MKN;
    return adjusts && n < text->options->order && gram[0] != text->V ? different : times;
}

/* Whether the n words stand somewhere before the place that ends at `end` of sentence s. */
static bool came_before(const Text *text, size_t s, size_t end, size_t n)
{
    const TokenId *gram = &text->words[s][end - n];
    for (size_t t = 0; t <= s; t++)
        for (size_t other = n; other <= text->length[t]; other++) {
            if (t == s && other == end) break;
            if (memcmp(&text->words[t][other - n], gram, n * sizeof *gram) == 0) return true;
        }
    return false;
}

/* n_1, n_2, ... of n-grams of each length, then the discounts that test_discount.c checks. */
static void estimate_discounts(Text *text)
{
    for (size_t n = 1; n <= (size_t)text->options->order; n++) {
        for (size_t s = 0; s < text->sentences; s++)
            for (size_t end = (size_t)text->begins + 1; end <= text->length[s]; end++) {
                if (end < n) continue;
                if (came_before(text, s, end, n)) continue;
                uint64_t count = count_of(text, &text->words[s][end - n], (int)n);
                if (count < COUNTS_OF_COUNTS) text->discounts[n].counts[count]++;
            }
        discount_estimate(&text->discounts[n], &text->options->smoothing);
    }
}

static Text *read_text(const Corpus *corpus, const Model *model, const NgramOptions *options)
{
    Text *text = calloc(1, sizeof *text);
    CHECK_FOR(corpus_sentences(corpus) <= SENTENCES_MAX, "%zu sentences", corpus_sentences(corpus));
    CHECK_FOR(model_outcomes(model) <= OUTCOMES_MAX, "%zu outcomes", model_outcomes(model));
    text->options = options;
    text->begins = begins(options);
    text->V = (TokenId)model_outcomes(model);
    for (size_t s = 0; s < corpus_sentences(corpus); s++) read_sentence(text, corpus, s, model);
    text->sentences = corpus_sentences(corpus);
    estimate_discounts(text);
    return text;
}

/* --- the formulas; history[length] is all that a model of this order looks at --- */

/* What followed the history: c(h w), c(h), T(h). */
typedef struct {
    double c[OUTCOMES_MAX], total, types;
} After;

static After look_after(const Text *text, const TokenId *history, int length)
{
    After after = {.total = 0};
    TokenId gram[NGRAM_ORDER_MAX];
    memcpy(gram, history, (size_t)length * sizeof *gram);
    for (gram[length] = 0; gram[length] < text->V; gram[length]++) {
        double c = (double)count_of(text, gram, length + 1);
        after.c[gram[length]] = c;
        after.total += c;
        after.types += c > 0;
    }
    return after;
}

static void distribution(const Text *text, const TokenId *history, int length, double *p);

static void uniform(const Text *text, double *p)
{
    for (TokenId w = 0; w < text->V; w++) p[w] = 1.0 / text->V;
}

/* (c - D)/c(h) + what was taken away x p(w|h'); wb in the same form, T(h)/(c(h) + T(h)) being passed down */
static void interpolate(const Text *text, const After *after, int level, const double *lower, double *p)
{
    const Smoothing *smoothing = &text->options->smoothing;
    bool wb = smoothing->kind == SMOOTH_WB, plain = level == 1 && smoothing->plain_unigrams;
    double taken = wb ? after->types : 0;
    for (TokenId w = 0; w < text->V; w++) {
        double c = after->c[w], d = wb || c == 0 ? 0 : text->discounts[level].d[c < 3 ? (int)c : 3];
        p[w] = (c - d) / (after->total + (wb ? after->types : 0));
        taken += d;
        if (plain && (wb || smoothing->kind == SMOOTH_AD)) p[w] = c / after->total;
    }
    if (plain && (wb || smoothing->kind == SMOOTH_AD)) return;
    taken /= after->total + (wb ? after->types : 0);
    for (TokenId w = 0; w < text->V; w++)
        p[w] += !plain ? taken * lower[w] : w == text->V - 2 /* <unk> */ ? taken : 0;
}

/* Where nothing but the words seen is possible they share all of it. */
static void back_off(const Text *text, const After *after, int level, const double *lower, double *p)
{
    double seen = 0, below = 0, alpha;
    for (TokenId w = 0; w < text->V; w++) {
        double c = after->c[w];
        p[w] = c / after->total * (c > 0 && c <= KATZ_MAX ? text->discounts[level].d[(int)c] : 1);
        seen += p[w];
        below += c > 0 ? lower[w] : 0;
    }
    alpha = below < 1 - 1e-12 ? (1 - seen) / (1 - below) : 0;
    for (TokenId w = 0; w < text->V; w++) {
        if (below >= 1 - 1e-12) p[w] /= seen;
        if (after->c[w] == 0) p[w] = alpha * lower[w];
    }
}

static void mix(const Text *text, const TokenId *history, int length, double *p)
{
    double passed = 0;
    for (TokenId w = 0; w < text->V; w++) p[w] = 0;
    for (int n = text->options->order; n >= 1; n--) {
        double weight = text->options->smoothing.weights[text->options->order - n] + passed;
        After after = {.total = 0};
        if (n - 1 <= length) after = look_after(text, history + length - (n - 1), n - 1);
        passed = after.total > 0 ? 0 : weight;
        for (TokenId w = 0; w < text->V && after.total > 0; w++) p[w] += weight * after.c[w] / after.total;
    }
}

static void recurse(const Text *text, const TokenId *history, int length, double *p)
{
    SmoothingKind kind = text->options->smoothing.kind;
    double lower[OUTCOMES_MAX];
    After after = look_after(text, history, length);
    uniform(text, lower);
    if (length > 0) distribution(text, history + 1, length - 1, lower);
    for (TokenId w = 0; w < text->V; w++) p[w] = lower[w];
    if (kind == SMOOTH_BACKOFF) {
        for (TokenId w = 0; w < text->V; w++)
            p[w] = after.c[w] > 0 || length == 0 ? after.c[w] / after.total : 0.4 * lower[w];
    } else if (kind == SMOOTH_KATZ && after.total > 0) {
        if (length > 0)
            back_off(text, &after, length + 1, lower, p);
        else
            for (TokenId w = 0; w < text->V; w++) p[w] = after.c[w] / after.total;
    } else if (after.total > 0) {
        interpolate(text, &after, length + 1, lower, p);
    }
}

static void distribution(const Text *text, const TokenId *history, int length, double *p)
{
    const Smoothing *smoothing = &text->options->smoothing;
    if (smoothing->kind == SMOOTH_INTERP) {
        mix(text, history, length, p);
    } else if (smoothing->kind == SMOOTH_MLE || smoothing->kind == SMOOTH_ADD) {
        double k = smoothing->kind == SMOOTH_ADD ? smoothing->k : 0;
        After after = look_after(text, history, length);
        for (TokenId w = 0; w < text->V; w++)
            p[w] = after.total + k > 0 ? (after.c[w] + k) / (after.total + k * text->V) : 0;
    } else {
        recurse(text, history, length, p);
    }
}

/* --- walks through texts, seen and unseen --- */

static TokenId choose(const Text *text, Random *random, int step)
{
    size_t s = (size_t)step % 3, first = (size_t)text->begins,
           i = first + (size_t)step / 3 % (text->length[s] - first);
    if (random_unit(random) < 0.05) return TOKEN_NONE;
    if (random_unit(random) < 0.3) return (TokenId)(random_next(random) % (uint64_t)text->V);
    return text->words[s][i]; /* the words of one sentence after the other */
}

static void check_step(const Text *text, const State *state, const TokenId *history, int length,
                       const char *name)
{
    double p[OUTCOMES_MAX], wanted[OUTCOMES_MAX];
    state_predict(state, p);
    distribution(text, history, length, wanted);
    for (TokenId w = 0; w < text->V; w++)
        CHECK_EACH(near(p[w], wanted[w], 1e-10) || fabs(p[w] - wanted[w]) < 1e-14,
                   "%s, after %d words: p of word %d is %.17g, not %.17g", name, length, w, p[w], wanted[w]);
}

static void check_against_naive(const Corpus *corpus, NgramOptions options)
{
    Arena arena = {0};
    Model *model = train_on(corpus, options);
    Text *text = read_text(corpus, model, &options);
    TokenId history[HISTORY_MAX + 1];
    int length = 0;
    while (length < text->begins) history[length++] = text->V;
    const char *name = model_describe(model, &arena);
    Random random = random_seeded((uint64_t)options.order);
    State *state = state_begin(model);
    for (int step = 0; step < 15; step++) {
        check_step(text, state, history, length, name);
        TokenId next = choose(text, &random, step);
        state_feed(state, next);
        history[length++] = next == TOKEN_NONE ? -99 : next;
        if (length < options.order) continue;
        memmove(history, history + 1, HISTORY_MAX * sizeof *history);
        length--;
    }
    state_free(state);
    free(text);
    model_free(model);
    arena_release(&arena);
}

static void check_all(NgramOptions options)
{
    static const char *const names[] = {"mouse", "sam", "jobs", "facts"};
    for (size_t i = 0; i < 5; i++)
        for (int open = 0; open < 3; open++) {
            Corpus *corpus = i < 4 ? corpus_built_in(names[i], TOKENIZER_WORDS) : corpus_random(17, 80);
            options.unknown = open == 1 || options.smoothing.plain_unigrams;
            options.cutoff = open == 2 ? 2 : 0;
            check_against_naive(corpus, options);
            corpus_free(corpus);
        }
}

static void check_all_orders(SmoothingKind kind)
{
    for (int n = 1; n <= NGRAM_ORDER_MAX; n++) check_all(usual(kind, n));
}

Test(ngram, mle_is_its_formula) { check_all_orders(SMOOTH_MLE); }
Test(ngram, wb_is_its_formula) { check_all_orders(SMOOTH_WB); }
Test(ngram, ad_is_its_formula) { check_all_orders(SMOOTH_AD); }
Test(ngram, kn_is_its_formula) { check_all_orders(SMOOTH_KN); }
Test(ngram, mkn_is_its_formula) { check_all_orders(SMOOTH_MKN); }
Test(ngram, katz_is_its_formula) { check_all_orders(SMOOTH_KATZ); }
Test(ngram, backoff_is_its_formula) { check_all_orders(SMOOTH_BACKOFF); }

Test(ngram, add_is_its_formula)
{
    for (int n = 1; n <= NGRAM_ORDER_MAX; n++) check_all(added(n, 0.25));
}
Test(ngram, interp_is_its_formula)
{
    for (int n = 1; n <= NGRAM_ORDER_MAX; n++) check_all(interpolated(n, n % 2));
}

Test(ngram, plain_unigrams_are_relative_frequencies)
{
    static const SmoothingKind kinds[] = {SMOOTH_WB, SMOOTH_AD, SMOOTH_KN, SMOOTH_MKN};
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        for (int n = 1; n <= 4; n++) {
            NgramOptions options = usual(kinds[i], n);
            options.smoothing.plain_unigrams = true;
            check_all(options);
        }
}

Test(ngram, chosen_discounts_are_taken)
{
    static const SmoothingKind kinds[] = {SMOOTH_AD, SMOOTH_KN, SMOOTH_MKN};
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        for (int n = 1; n <= 4; n++) {
            NgramOptions options = usual(kinds[i], n);
            options.smoothing.fixed = true;
            memcpy(options.smoothing.discounts, (double[]){0.3, 0.7, 1.1},
                   sizeof options.smoothing.discounts);
            check_all(options);
        }
}

Test(ngram, characters_are_counted_like_words)
{
    for (int n = 1; n <= NGRAM_ORDER_MAX; n++)
        for (int kind = 0; kind < SMOOTH_GIVEN; kind++) {
            Corpus *corpus = corpus_from("老鼠吃奶酪\n老鼠吃\n\n猫吃老鼠\nthe 老鼠\n", TOKENIZER_CHARS);
            check_against_naive(corpus, usual((SmoothingKind)kind, n));
            corpus_free(corpus);
        }
}

/* --- vocabulary, sizes, names --- */

static void check_vocabulary(const char *text, NgramOptions options, const char *wanted)
{
    char got[256] = "";
    Corpus *corpus = corpus_from(text, TOKENIZER_WORDS);
    Model *model = train_on(corpus, options);
    for (size_t i = 0; i < model_outcomes(model); i++)
        strcat(strcat(got, vocab_text(model->vocab, (TokenId)i)), " ");
    CHECK_STR(got, wanted);
    model_free(model);
    corpus_free(corpus);
}

Test(ngram, the_vocabulary_is_in_byte_order_then_unk_then_the_end)
{
    NgramOptions plain = counted(2), open = counted(2), cut = counted(2);
    open.unknown = true;
    cut.cutoff = 2;
    static const char text[] = "the ~ Cat éa cat\nthe cat z\n";
    check_vocabulary(text, plain, "Cat cat the z ~ éa </s> ");
    check_vocabulary(text, open, "Cat cat the z ~ éa <unk> </s> ");
    check_vocabulary(text, cut, "cat the <unk> </s> ");
    check_vocabulary("\n\n", plain, "</s> ");
}

/* Different n-grams of all orders, with one <s>: for "a b" three words, three pairs, <s> a b and a b </s>. */
Test(ngram, parameters_are_different_ngrams)
{
    static const struct {
        const char *text;
        int order;
        uint64_t ngrams;
    } cases[] = {
        {"a b\n", 1, 3},      {"a b\n", 2, 6},      {"a b\n", 3, 8},
        {"a b\na b\n", 3, 8}, {"a b\na c\n", 2, 9}, {"\n", 3, 2},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        Corpus *corpus = corpus_from(cases[i].text, TOKENIZER_WORDS);
        Model *model = train_on(corpus, counted(cases[i].order));
        CHECK_FOR(model_parameters(model) == cases[i].ngrams, "row %zu: %lu", i,
                  (unsigned long)model_parameters(model));
        CHECK_INT(model->context, cases[i].order - 1);
        CHECK_INT(ngram_store(model)->order, cases[i].order);
        CHECK_INT(ngram_smoothing(model)->kind, SMOOTH_MLE);
        model_free(model);
        corpus_free(corpus);
    }
}

Test(ngram, describes_itself)
{
    NgramOptions uneven = {.order = 2, .smoothing = {.kind = SMOOTH_INTERP, .weights = {0.75, 0.25}}};
    Model *models[] = {train_built_in("mouse", counted(3)), train_built_in("mouse", added(2, 0.5)),
                       train_built_in("mouse", uneven)};
    static const char *const parts[][3] = {{"n=3", "smooth=mle", "V=6"},
                                           {"n=2", "smooth=add", "k=0.5"},
                                           {"n=2", "smooth=interp", "weights=0.75,0.25"}};
    for (size_t i = 0; i < COUNT_OF(models); i++) {
        Arena arena = {0};
        const char *text = model_describe(models[i], &arena);
        for (size_t k = 0; k < 3; k++) CHECK_FOR(strstr(text, parts[i][k]), "%s lacks %s", text, parts[i][k]);
        model_free(models[i]);
        arena_release(&arena);
    }
}
