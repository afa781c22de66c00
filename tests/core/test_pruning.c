/* Pruning: against KenLM, against counting anew, and against the divergence itself. */

#include "core/ngram/pruning.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/models.h"

TestSuite(pruning, .timeout = 20);

static const SmoothingKind kinds[] = {SMOOTH_ADD, SMOOTH_WB, SMOOTH_AD, SMOOTH_KN, SMOOTH_MKN, SMOOTH_KATZ};

static NgramOptions smoothed(SmoothingKind kind, int order)
{
    return (NgramOptions){.order = order, .smoothing = {.kind = kind, .k = 0.5}};
}

static Pruning by_count(uint64_t from_bigrams, uint64_t above)
{
    Pruning pruning = {.thresholds = {0, 0, from_bigrams}};
    for (int level = 3; level <= NGRAM_ORDER_MAX; level++) pruning.thresholds[level] = above;
    return pruning;
}

static Model *prune(const Model *model, Pruning pruning)
{
    size_t removed;
    Model *small = pruning_apply(model, &pruning, &removed);
    CHECK_INT(removed, store_ngrams(ngram_store(model)) - store_ngrams(ngram_store(small)));
    return small;
}

/* The same n-gram in another store, or NODE_NONE. */
static NodeId find_words(const NgramStore *store, const TokenId *words, int count)
{
    NodeId node = 0;
    for (int k = 1; k <= count; k++) node = store_child(store, k, node, words[k - 1]);
    return node;
}

/* --- every context still sums to 1 --- */

static void check_sums(const State *state, int depth, const char *name)
{
    double p[64], sum = 0;
    size_t V = model_outcomes(state->model);
    state_predict(state, p);
    for (size_t i = 0; i < V; i++) {
        CHECK_EACH(p[i] >= 0, "%s: p = %g", name, p[i]);
        sum += p[i];
    }
    CHECK_EACH(near(sum, 1, 1e-12), "%s: the sum is %.17g", name, sum);
    for (TokenId word = TOKEN_NONE; depth > 0 && word < (TokenId)V; word++) {
        State *after = state_copy(state);
        state_feed(after, word);
        check_sums(after, depth - 1, name);
        state_free(after);
    }
}

static void check_pruned_sums(const Corpus *corpus, SmoothingKind kind, int order, Pruning pruning)
{
    char name[64];
    snprintf(name, sizeof name, "%s n=%d %s", smoothing_name(kind), order,
             pruning.entropy ? "entropy" : "count");
    Model *model = train_on(corpus, smoothed(kind, order)), *small = prune(model, pruning);
    State *state = state_begin(small);
    check_sums(state, order - 1, name);
    state_free(state);
    model_free(small);
    model_free(model);
}

Test(pruning, every_context_still_sums_to_1)
{
    Corpus *corpora[] = {corpus_built_in("mouse", TOKENIZER_WORDS), corpus_built_in("sam", TOKENIZER_WORDS),
                         corpus_random(5, 150)};
    for (size_t c = 0; c < COUNT_OF(corpora); c++) {
        for (size_t i = 0; i < COUNT_OF(kinds); i++)
            for (int order = 1; order <= 3; order++) {
                check_pruned_sums(corpora[c], kinds[i], order, by_count(0, 1));
                check_pruned_sums(corpora[c], kinds[i], order, by_count(1, 2));
                check_pruned_sums(corpora[c], kinds[i], order, by_count(1000, 1000));
                check_pruned_sums(corpora[c], kinds[i], order, (Pruning){.entropy = true, .threshold = 1e-3});
                check_pruned_sums(corpora[c], kinds[i], order, (Pruning){.entropy = true, .threshold = 9});
            }
        corpus_free(corpora[c]);
    }
}

/* --- by count --- */

/* "a b" twice, "a c" once: c(<s> a) = 3, c(a b) = c(b </s>) = 2, c(a c) = c(c </s>) = 1; p(a) = p(</s>) =
 * 3/9, p(b) = 2/9, p(c) = 1/9. With D = 1/2, "b" keeps (2 - D)/3 = 1/2 after "a", and the rest goes down. */
Test(pruning, three_sentences_by_hand)
{
    static const struct {
        const char *given, *token;
        double wanted;
    } cases[] = {
        {"", "a", 2.5 / 3 + 0.5 / 3 * 3 / 9},
        {"", "b", 0.5 / 3 * 2 / 9},
        {"a", "b", 0.5 + 0.5 * 2 / 9},
        {"a", "c", 0.5 * 1 / 9},
        {"a b", "</s>", 0.75 + 0.25 * 3 / 9},
        {"a c", "</s>", 3.0 / 9},
        {"a c", "c", 1.0 / 9},
    };
    Corpus *corpus = corpus_from("a b\na b\na c\n", TOKENIZER_WORDS);
    NgramOptions options = {
        .order = 2,
        .smoothing = {
            .kind = SMOOTH_AD, .discounts = {0.5, 0.5, 0.5}, .fixed = true, .plain_unigrams = true}};
    Model *model = train_on(corpus, options), *small = prune(model, by_count(1, 1));
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        double p = next_probability(small, cases[i].given, cases[i].token);
        CHECK_FOR(near(p, cases[i].wanted, 1e-12), "row %zu: %.17g, not %.17g", i, p, cases[i].wanted);
    }
    CHECK_INT(store_ngrams(ngram_store(model)), 4 + 5);
    CHECK_INT(store_ngrams(ngram_store(small)), 4 + 3);
    model_free(small);
    model_free(model);
    corpus_free(corpus);
}

/* 1 + b + b^2 ..., one term for each <s> that pads the history: Witten-Bell takes its step for each. */
static double steps(const NgramStore *store, const NgramContext *context, int k, double b)
{
    TokenId words[NGRAM_ORDER_MAX] = {0};
    double sum = 1;
    store_words(store, k, context->nodes[k], words);
    for (int i = k + 1; words[0] == store_begin_word(store) && i < store->order; i++) sum = 1 + b * sum;
    return sum;
}

/* p of an interpolated wb or ad model without its rare n-grams, straight from the counts of the whole one. */
static double recount(const Model *model, const NgramContext *context, int k, TokenId word,
                      const uint64_t *thresholds)
{
    const NgramStore *store = ngram_store(model);
    const Estimate *estimate = ngram_estimate(model);
    if (k == 0) return estimate->p[1][word];
    double total = 0, types = 0, rest = 1, own = 0, lower = recount(model, context, k - 1, word, thresholds);
    uint64_t counts[64] = {0};
    for (TokenId v = 0; v < (TokenId)store->words; v++) {
        NodeId node = store_child(store, k + 1, context->nodes[k], v);
        counts[v] = node == NODE_NONE ? 0 : store->levels[k + 1].nodes[node].count;
        total += (double)counts[v];
        types += counts[v] > 0;
    }
    for (TokenId v = 0; v < (TokenId)store->words; v++) {
        if (counts[v] <= thresholds[k + 1]) continue;
        double mass =
            estimate->smoothing.kind == SMOOTH_WB
                ? (double)counts[v] / (total + types) * steps(store, context, k, types / (total + types))
                : ((double)counts[v] - estimate->discounts[k + 1].d[1]) / total;
        rest -= mass;
        if (v == word) own = mass;
    }
    return own + rest * lower;
}

static void check_recounted(const Model *model, const State *state, NgramContext context,
                            const uint64_t *thresholds, int depth)
{
    for (TokenId word = 0; word < (TokenId)model_outcomes(model); word++) {
        double p = state_probability(state, word),
               wanted = recount(model, &context, ngram_store(model)->order - 1, word, thresholds);
        CHECK_EACH(near(p, wanted, 1e-12), "depth %d, word %d: %.17g, not %.17g", depth, word, p, wanted);
        if (depth == 0) continue;
        State *after = state_copy(state);
        NgramContext longer = context;
        state_feed(after, word);
        store_feed(ngram_store(model), &longer, word);
        check_recounted(model, after, longer, thresholds, depth - 1);
        state_free(after);
    }
}

Test(pruning, by_count_is_a_recount_without_the_rare_ones)
{
    static const SmoothingKind counted_plainly[] = {SMOOTH_WB, SMOOTH_AD};
    Corpus *corpus = corpus_random(11, 120);
    for (size_t i = 0; i < COUNT_OF(counted_plainly); i++)
        for (uint64_t threshold = 0; threshold < 4; threshold++) {
            Pruning pruning = by_count(threshold / 2, threshold);
            Model *model = train_on(corpus, smoothed(counted_plainly[i], 3)), *small = prune(model, pruning);
            State *state = state_begin(small);
            check_recounted(model, state, store_start(ngram_store(model)), pruning.thresholds, 2);
            state_free(state);
            model_free(small);
            model_free(model);
        }
    corpus_free(corpus);
}

/* Thresholds that fall with the level: what a longer n-gram needs stays. */
Test(pruning, beginnings_and_endings_of_what_stays_stay)
{
    Corpus *corpus = corpus_from("a b c\n", TOKENIZER_WORDS);
    Model *model = train_on(corpus, smoothed(SMOOTH_WB, 3)), *small = prune(model, by_count(9, 0));
    CHECK_INT(store_ngrams(ngram_store(small)), store_ngrams(ngram_store(model)));
    model_free(small);
    model_free(model);
    corpus_free(corpus);
}

/* --- KenLM: lmplz --prune 0 1 1 on tinyshakespeare --- */

#define ORACLE "../shared/oracle/ngram/kenlm/"

typedef struct {
    size_t sentence, position;
    int matched;
    double logp; /* base 10 */
} Scored;

/* The next word of the table; its rows of sums are passed over. */
static bool read_scored(char **text, Scored *scored)
{
    for (char *line; (line = strsep(text, "\n")) && *line;)
        if (sscanf(line, "%zu\t%zu\t%*s\t%*d\t%d\t%lf", &scored->sentence, &scored->position,
                   &scored->matched, &scored->logp) == 4)
            return true;
    return false;
}

static void check_tokens(const Model *model, const Corpus *corpus)
{
    char *text = file_text(ORACLE "ts_prune011.o3.tokens.tsv"), *rest = text;
    State *state = NULL;
    size_t rows = 0;
    Scored row;
    for (strsep(&rest, "\n"); read_scored(&rest, &row); rows++) {
        size_t count;
        const TokenId *ids = corpus_sentence(corpus, row.sentence - 1, &count);
        const char *word =
            row.position > count ? TEXT_END : vocab_text(corpus_vocab(corpus), ids[row.position - 1]);
        TokenId known = id_of(model, word), token = known == TOKEN_NONE ? vocab_unknown(model->vocab) : known;
        if (row.position == 1) {
            state_free(state);
            state = state_begin(model);
        }
        double logp = log10(state_probability(state, token));
        CHECK_EACH(fabs(logp - row.logp) < 2e-6, "sentence %zu, word %zu, %s: %.9f, not %.9f", row.sentence,
                   row.position, word, logp, row.logp);
        CHECK_EACH(state_matched(state, token) == row.matched || known == TOKEN_NONE,
                   "sentence %zu, word %zu, %s: %d words matched, not %d", row.sentence, row.position, word,
                   state_matched(state, token), row.matched);
        state_feed(state, token);
    }
    CHECK_INT(rows, 4455);
    state_free(state);
    free(text);
}

static Corpus *read_corpus(const char *path)
{
    char *text = file_text(path);
    Corpus *corpus = corpus_from(text, TOKENIZER_WORDS);
    free(text);
    return corpus;
}

Test(pruning, agrees_with_kenlm)
{
    if (access(ORACLE "ts_prune011.o3.tokens.tsv", R_OK) != 0) cr_skip_test("../shared is not here");
    Corpus *text = read_corpus("../shared/data/ts_train.txt"),
           *test = read_corpus("../shared/data/ts_test.txt");
    NgramOptions options = smoothed(SMOOTH_MKN, 3);
    options.unknown = options.smoothing.kenlm = true;
    Model *model = train_on(text, options), *small = prune(model, by_count(1, 1));
    CHECK_INT(ngram_store(model)->levels[2].count, 91393);
    CHECK_INT(ngram_store(model)->levels[3].count, 168397);
    CHECK_INT(ngram_store(small)->levels[2].count, 24094);
    CHECK_INT(ngram_store(small)->levels[3].count, 19784);
    check_tokens(small, test);
    Evaluation all = evaluate(small, test, true);
    CHECK_INT(all.tokens, 28080);
    CHECK_INT(all.unknown, 1158);
    CHECK(near(exp(-all.logp / (double)all.tokens), 165.58732077696064, 1e-6));
    CHECK(near(exp(-all.logp_known / (double)(all.tokens - all.unknown)), 118.40731722601308, 1e-6));
    model_free(small);
    model_free(model);
    corpus_free(text);
    corpus_free(test);
}

/* --- by entropy --- */

/* p(last word | those before it) at the level of their number. */
static double p_of(const Model *model, const TokenId *words, int count)
{
    const NgramStore *store = ngram_store(model);
    NgramContext context = store_empty(store);
    NodeId found[NGRAM_ORDER_MAX];
    for (int i = 0; i < count - 1; i++) store_feed(store, &context, words[i]);
    store_find(store, &context, words[count - 1], found);
    return estimate_probability(ngram_estimate(model), &context, found);
}

static double chain_rule(const Model *model, const TokenId *words, int count)
{
    TokenId first = words[0] == store_begin_word(ngram_store(model)) ? vocab_end(model->vocab) : words[0];
    double p = p_of(model, &first, 1);
    for (int k = 2; k <= count; k++) p *= p_of(model, words, k);
    return p;
}

/* exp(D) - 1, D summed over the words: only what follows this one history changes when (history, last word)
 * is left out, and it changes so that it still sums to 1. */
static double perplexity_rise(const Model *model, const TokenId *words, int count)
{
    const NgramStore *store = ngram_store(model);
    TokenId V = (TokenId)store->words, sequence[NGRAM_ORDER_MAX];
    NodeId history = find_words(store, words, count - 1);
    double p[64], without[64], seen = 0, unseen = 0, divergence = 0;
    memcpy(sequence, words, (size_t)count * sizeof *words);
    for (TokenId v = 0; v < V; v++) {
        sequence[count - 1] = v;
        bool stays = v != words[count - 1] && store_child(store, count, history, v) != NODE_NONE;
        p[v] = p_of(model, sequence, count);
        without[v] = stays ? p[v] : -p_of(model, sequence + 1, count - 1);
        *(stays ? &seen : &unseen) += fabs(without[v]);
    }
    for (TokenId v = 0; v < V; v++) {
        if (without[v] <= 0) without[v] *= -(1 - seen) / unseen;
        if (p[v] > 0) divergence += p[v] * log(p[v] / without[v]);
    }
    return expm1(chain_rule(model, words, count - 1) * divergence);
}

/* Whether the smaller store has a longer n-gram that begins or ends with these words. */
static bool is_needed(const NgramStore *small, int level, NodeId node)
{
    if (level == small->order) return false;
    const Level *longer = &small->levels[level + 1];
    for (uint32_t i = 0; i < longer->count; i++)
        if (longer->nodes[i].prefix == node || longer->nodes[i].suffix == node) return true;
    return false;
}

static size_t check_entropy(const Model *model, double threshold)
{
    Model *small = prune(model, (Pruning){.entropy = true, .threshold = threshold});
    const NgramStore *store = ngram_store(model), *rest = ngram_store(small);
    size_t spared = 0;
    for (int level = 2; level <= store->order; level++)
        for (NodeId node = 0; node < store->levels[level].count; node++) {
            TokenId words[NGRAM_ORDER_MAX];
            store_words(store, level, node, words);
            double rise = perplexity_rise(model, words, level), p = ngram_estimate(model)->p[level][node];
            NodeId stays = find_words(rest, words, level);
            bool needed = stays != NODE_NONE && is_needed(rest, level, stays);
            CHECK_EACH((stays != NODE_NONE) == (rise >= threshold || needed) ||
                           fabs(rise - threshold) < 1e-9 * threshold,
                       "%s, threshold %g, level %d, node %u: a rise of %.17g, %s",
                       smoothing_name(ngram_smoothing(model)->kind), threshold, level, node, rise,
                       stays == NODE_NONE ? "gone" : "still there");
            CHECK_EACH(stays == NODE_NONE || ngram_estimate(small)->p[level][stays] == p, "p of what stays");
            spared += stays != NODE_NONE && rise < threshold;
        }
    model_free(small);
    return spared;
}

/* Many thresholds, so that each n-gram is between two of them. */
Test(pruning, by_entropy_takes_what_diverges_less)
{
    size_t spared = 0;
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        Corpus *corpus = corpus_random(40 + i, 60);
        for (int order = 2; order <= 3; order++) {
            Model *model = train_on(corpus, smoothed(kinds[i], order));
            for (double threshold = 1e-5; threshold < 0.2; threshold *= 1.7)
                spared += check_entropy(model, threshold);
            model_free(model);
        }
        corpus_free(corpus);
    }
    CHECK_FOR(spared > 10, "%zu n-grams stayed because longer ones need them", spared);
}

Test(pruning, nothing_is_below_a_threshold_of_0)
{
    Corpus *corpus = corpus_random(9, 200);
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        Model *model = train_on(corpus, smoothed(kinds[i], 4)),
              *same = prune(model, (Pruning){.entropy = true});
        CHECK_INT(store_ngrams(ngram_store(same)), store_ngrams(ngram_store(model)));
        CHECK(evaluate(same, corpus, true).logp == evaluate(model, corpus, true).logp);
        model_free(same);
        model_free(model);
    }
    corpus_free(corpus);
}

/* --- models from files --- */

/* Words "a", "b" and </s>, with p = numbers[0 .. 2]; all three after "a", with p = numbers[3 .. 5], whose
 * back-off weight is numbers[6]. */
static Model *model_of_numbers(const double *numbers)
{
    Vocab *vocab = vocab_new();
    static const char *const words[] = {"a", "b", TEXT_END};
    for (size_t i = 0; i < COUNT_OF(words); i++) vocab_add(vocab, words[i], strlen(words[i]));
    NgramStore *store = store_new(2, COUNT_OF(words));
    for (TokenId word = 0; word < 3; word++) store_add(store, 2, 0, word);
    Estimate *estimate = estimate_blank(store, &(Smoothing){.kind = SMOOTH_GIVEN});
    memcpy(estimate->p[1], numbers, 3 * sizeof *numbers);
    memcpy(estimate->p[2], numbers + 3, 3 * sizeof *numbers);
    estimate->backoff[1][0] = numbers[6];
    return ngram_new(vocab, TOKENIZER_WORDS, store, estimate, NULL);
}

/* Whatever a file says: what is left out gets a p in 0 .. 1, and stays where the lower order has nothing for
 * it; and who loses nothing keeps the weight. */
static void check_numbers(const double *numbers, double threshold)
{
    Model *model = model_of_numbers(numbers),
          *small = prune(model, (Pruning){.entropy = true, .threshold = threshold});
    const NgramStore *store = ngram_store(small);
    for (TokenId word = 0; word < 3; word++) {
        double p = p_of(small, (TokenId[]){0, word}, 2);
        bool gone = store_child(store, 2, 0, word) == NODE_NONE;
        CHECK_EACH(!gone || (p >= 0 && p <= 1 + 1e-12), "p(%d | a) = %g", word, p);
        CHECK_EACH(!gone || numbers[word] > 0, "nothing stands in for p(%d | a) = %g", word, p);
    }
    if (store->levels[2].count == 3) CHECK_EACH(ngram_estimate(small)->backoff[1][0] == numbers[6], "weight");
    model_free(small);
    model_free(model);
}

Test(pruning, numbers_that_do_not_sum_to_1_stay_probabilities)
{
    static const double choices[] = {0, 1e-300, 1e-3, 0.4, 0.5, 0.9, 1},
                        weights[] = {0, 1e-300, 0.5, 1, 1000};
    Random random = random_seeded(3);
    for (int round = 0; round < 20000; round++) {
        double numbers[7];
        for (int i = 0; i < 6; i++) numbers[i] = choices[random_next(&random) % COUNT_OF(choices)];
        numbers[6] = weights[random_next(&random) % COUNT_OF(weights)];
        for (double threshold = 1e-9; threshold < 10; threshold *= 100) check_numbers(numbers, threshold);
    }
}
