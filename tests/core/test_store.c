/* The count store, against counting every n-gram by looking at the whole text again. */

#include <string.h>

#include "core/ngram/store.h"
#include "tests/support/models.h"

TestSuite(store, .timeout = 20);

enum { WORDS = 6, SENTENCES = 50, LENGTH_MAX = 9, END = WORDS };

/* Random sentences, each padded with <s> so that any context can be read off to the left. */
typedef struct {
    TokenId words[SENTENCES][NGRAM_ORDER_MAX + LENGTH_MAX];
    size_t lengths[SENTENCES]; /* with padding and </s> */
    size_t tokens;
} Text;

static Text random_text(uint64_t seed)
{
    Text text = {.tokens = 0};
    Random random = random_seeded(seed);
    for (size_t s = 0; s < SENTENCES; s++) {
        size_t length = random_next(&random) % LENGTH_MAX, at = 0;
        while (at < NGRAM_ORDER_MAX - 1) text.words[s][at++] = WORD_BEGIN;
        for (size_t i = 0; i < length; i++) text.words[s][at++] = (TokenId)(random_next(&random) % WORDS);
        text.words[s][at++] = END;
        text.lengths[s] = at;
        text.tokens += length + 1;
    }
    return text;
}

static NgramStore *count_text(const Text *text, int order)
{
    NgramStore *store = store_new(order);
    for (size_t s = 0; s < SENTENCES; s++) {
        NgramContext context;
        store_begin(store, &context);
        for (size_t i = NGRAM_ORDER_MAX - 1; i < text->lengths[s]; i++)
            store_count(store, &context, text->words[s][i]);
    }
    store_finish(store);
    return store;
}

/* How often gram[0 .. n) ends at a predicted word; with n words before it when `context`. */
static uint64_t times_in(const Text *text, const TokenId *gram, size_t n, bool context)
{
    uint64_t times = 0;
    for (size_t s = 0; s < SENTENCES; s++)
        for (size_t i = NGRAM_ORDER_MAX - 1; i < text->lengths[s]; i++) {
            size_t end = context ? i : i + 1;
            times += memcmp(&text->words[s][end - n], gram, n * sizeof *gram) == 0;
        }
    return times;
}

/* Every node below `node`, whose n-gram is gram[0 .. depth). Returns how many n-grams were predicted. */
static size_t check_below(const NgramStore *store, const Text *text, NodeId node, TokenId *gram, size_t depth)
{
    size_t count, ngrams = 0;
    uint64_t sum = 0;
    if (depth == (size_t)store_order(store)) return 0;
    const NodeId *children = store_children(store, node, &count);
    CHECK_EACH(store_total(store, node) == times_in(text, gram, depth, true), "total at depth %zu", depth);
    for (size_t i = 0; i < count; i++) {
        gram[depth] = store_word(store, children[i]);
        CHECK_EACH(i == 0 || store_word(store, children[i - 1]) < gram[depth], "children are not sorted");
        CHECK_EACH(store_child(store, node, gram[depth]) == children[i], "child %d", gram[depth]);
        uint64_t times = store_times(store, children[i]);
        CHECK_EACH(times == times_in(text, gram, depth + 1, false), "%lu times at depth %zu",
                   (unsigned long)times, depth);
        sum += times;
        ngrams += (times > 0) + check_below(store, text, children[i], gram, depth + 1);
    }
    CHECK_EACH(sum == store_total(store, node), "children at depth %zu sum to %lu", depth,
               (unsigned long)sum);
    return ngrams;
}

Test(store, counts_what_a_naive_count_counts)
{
    for (int order = 1; order <= NGRAM_ORDER_MAX; order++) {
        TokenId gram[NGRAM_ORDER_MAX];
        Text text = random_text((uint64_t)order);
        NgramStore *store = count_text(&text, order), *clone = store_clone(store);
        size_t ngrams = check_below(store, &text, NODE_ROOT, gram, 0);
        CHECK_INT(store_ngrams(store), ngrams);
        CHECK_INT(store_order(store), order);
        CHECK_INT(store_total(store, NODE_ROOT), text.tokens);
        store_free(store);
        CHECK_INT(check_below(clone, &text, NODE_ROOT, gram, 0), ngrams);
        store_free(clone);
    }
    store_free(NULL);
}

Test(store, asking_walks_to_the_same_counts)
{
    Text text = random_text(21);
    NgramStore *store = count_text(&text, 4);
    for (size_t s = 0; s < SENTENCES; s++) {
        NgramContext context = store_start(store);
        for (size_t i = NGRAM_ORDER_MAX - 1; i < text.lengths[s]; i++) {
            for (size_t k = 0; k < 4; k++) {
                uint64_t total = times_in(&text, &text.words[s][i - k], k, true);
                CHECK_EACH(store_total(store, context.contexts[k]) == total,
                           "sentence %zu, word %zu, order %zu", s, i, k);
            }
            store_feed(store, &context, text.words[s][i]);
        }
    }
    store_free(store);
}

Test(store, what_was_never_seen_is_nowhere)
{
    size_t count = 9;
    Text text = random_text(2);
    NgramStore *store = count_text(&text, 3);
    CHECK_INT(store_times(store, NODE_NONE), 0);
    CHECK_INT(store_total(store, NODE_NONE), 0);
    CHECK(!store_children(store, NODE_NONE, &count));
    CHECK_INT(count, 0);
    CHECK(store_child(store, NODE_ROOT, WORD_UNKNOWN) == NODE_NONE);
    CHECK(store_child(store, NODE_ROOT, WORDS + 1) == NODE_NONE);
    CHECK(store_child(store, NODE_NONE, 0) == NODE_NONE);
    NgramContext context = store_start(store);
    store_feed(store, &context, WORD_UNKNOWN);
    CHECK(context.contexts[0] == NODE_ROOT && context.contexts[1] == NODE_NONE &&
          context.contexts[2] == NODE_NONE);
    store_feed(store, &context, 0);
    CHECK(context.contexts[1] == store_child(store, NODE_ROOT, 0) && context.contexts[2] == NODE_NONE);
    store_free(store);
}

Test(store, an_empty_one_can_be_asked)
{
    size_t count = 9;
    NgramStore *store = store_new(3);
    store_finish(store);
    NgramContext context = store_start(store);
    CHECK_INT(store_total(store, context.contexts[0]), 0);
    CHECK_INT(store_ngrams(store), 0);
    CHECK(!store_children(store, NODE_ROOT, &count) && count == 0);
    store_free(store);
}
