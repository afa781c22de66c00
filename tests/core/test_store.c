/* The count store, against counting every n-gram by looking at the whole text again. */

#include "core/ngram/store.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/models.h"

TestSuite(store, .timeout = 20);

enum { WORDS = 6, SENTENCES = 50, LENGTH_MAX = 9, END = WORDS, V = WORDS + 1, BEGIN = V };

/* Random sentences, each with <s> before it and </s> behind. */
typedef struct {
    TokenId words[SENTENCES][LENGTH_MAX + 2];
    size_t lengths[SENTENCES];
} Text;

static Text random_text(uint64_t seed)
{
    Text text;
    Random random = random_seeded(seed);
    for (size_t s = 0; s < SENTENCES; s++) {
        size_t length = random_next(&random) % LENGTH_MAX, at = 0;
        text.words[s][at++] = BEGIN;
        for (size_t i = 0; i < length; i++) text.words[s][at++] = (TokenId)(random_next(&random) % WORDS);
        text.words[s][at++] = END;
        text.lengths[s] = at;
    }
    return text;
}

static void count_sentence(NgramStore *store, const Text *text, size_t s, int64_t times)
{
    NgramCounting counting = store_counting(store, times);
    store_count(store, &counting, text->words[s], text->lengths[s]);
}

static NgramStore *count_text(const Text *text, int order)
{
    NgramStore *store = store_new(order, V);
    for (size_t s = 0; s < SENTENCES; s++) count_sentence(store, text, s, 1);
    return store;
}

/* How often gram[0 .. n) occurs in sentences 0 .. sentences. */
static uint64_t times_in(const Text *text, size_t sentences, const TokenId *gram, size_t n)
{
    uint64_t times = 0;
    for (size_t s = 0; s < sentences; s++)
        for (size_t end = n; end <= text->lengths[s]; end++)
            times += memcmp(&text->words[s][end - n], gram, n * sizeof *gram) == 0;
    return times;
}

static NodeId descend(const NgramStore *store, const TokenId *gram, int n)
{
    NodeId node = 0;
    for (int k = 1; k <= n; k++) node = store_child(store, k, node, gram[k - 1]);
    return node;
}

/* A node has the words its links say it has. */
static void check_links(const NgramStore *store, int level, NodeId node)
{
    TokenId gram[NGRAM_ORDER_MAX];
    const NgramNode *at = &store->levels[level].nodes[node];
    store_words(store, level, node, gram);
    CHECK_EACH(descend(store, gram, level) == node, "level %d: node %u is not found again", level, node);
    CHECK_EACH(at->word == gram[level - 1], "level %d: word of node %u", level, node);
    CHECK_EACH(at->prefix == descend(store, gram, level - 1), "level %d: prefix of node %u", level, node);
    CHECK_EACH(at->suffix == descend(store, gram + 1, level - 1), "level %d: suffix of node %u", level, node);
}

/* Everything that occurs in the first `sentences` is counted, and nothing else: the counts of a level sum to
 * the number of places where so many words stand. */
static void check_counts(const NgramStore *store, const Text *text, size_t sentences)
{
    for (int level = 1; level <= store->order; level++) {
        TokenId gram[NGRAM_ORDER_MAX];
        uint64_t sum = 0, places = 0;
        for (NodeId node = 0; node < store->levels[level].count; node++) {
            uint64_t count = store->levels[level].nodes[node].count;
            check_links(store, level, node);
            store_words(store, level, node, gram);
            CHECK_EACH(count == times_in(text, sentences, gram, (size_t)level), "level %d: node %u has %lu",
                       level, node, (unsigned long)count);
            sum += count;
        }
        for (size_t s = 0; s < sentences; s++)
            places += text->lengths[s] < (size_t)level ? 0 : text->lengths[s] - (size_t)level + 1;
        CHECK_EACH(sum == places, "level %d: %lu of %lu", level, (unsigned long)sum, (unsigned long)places);
    }
}

/* Different n-grams of all orders, <s> alone not among them. */
static size_t different_ngrams(const Text *text, int order)
{
    size_t ngrams = 0;
    for (size_t n = 1; n <= (size_t)order; n++)
        for (size_t s = 0; s < SENTENCES; s++)
            for (size_t at = n == 1; at + n <= text->lengths[s]; at++) {
                const TokenId *gram = &text->words[s][at];
                Text before = *text; /* sentences up to this place, without it */
                before.lengths[s] = at + n - 1;
                ngrams += times_in(&before, s + 1, gram, n) == 0;
            }
    return ngrams;
}

Test(store, counts_what_a_naive_count_counts)
{
    for (int order = 1; order <= NGRAM_ORDER_MAX; order++) {
        Text text = random_text((uint64_t)order);
        NgramStore *store = count_text(&text, order), *clone = store_clone(store);
        size_t ngrams = different_ngrams(&text, order);
        CHECK_INT(store->order, order);
        CHECK_INT(store->words, V);
        CHECK_INT(store_begin_word(store), BEGIN);
        CHECK_INT(store_ngrams(store), ngrams);
        check_counts(store, &text, SENTENCES);
        store_free(store);
        check_counts(clone, &text, SENTENCES);
        CHECK_INT(store_ngrams(clone), ngrams);
        store_free(clone);
    }
    store_free(NULL);
}

/* --- asking --- */

/* found[k] is where (last k words, word) is. */
static void check_found(const NgramStore *store, const TokenId *words, size_t at, const NodeId *found)
{
    for (size_t k = 0; k < (size_t)store->order; k++) {
        NodeId wanted = k > at ? NODE_NONE : descend(store, &words[at - k], (int)k + 1);
        CHECK_EACH(found[k] == wanted, "place %zu: %zu words before", at, k);
    }
}

static void check_context(const NgramStore *store, const TokenId *words, size_t length,
                          const NgramContext *context)
{
    size_t longest = (size_t)store->order - 1;
    CHECK_EACH((size_t)context->length == (length < longest ? length : longest), "after %zu words: length",
               length);
    for (size_t k = 0; k <= longest; k++) {
        NodeId wanted = k > length ? NODE_NONE : descend(store, &words[length - k], (int)k);
        CHECK_EACH(context->nodes[k] == wanted, "after %zu words: history of %zu", length, k);
    }
}

/* A sentence with unseen n-grams and unknown words in it. */
static void random_sentence(Random *random, TokenId *words, size_t length)
{
    words[0] = BEGIN;
    for (size_t i = 1; i < length; i++) {
        words[i] = (TokenId)(random_next(random) % V);
        if (random_unit(random) < 0.1) words[i] = TOKEN_NONE;
    }
}

Test(store, asking_walks_to_the_same_nodes)
{
    enum { LENGTH = 12 };
    Random random = random_seeded(21);
    for (int order = 1; order <= NGRAM_ORDER_MAX; order++) {
        Text text = random_text(21);
        NgramStore *store = count_text(&text, order);
        for (int round = 0; round < 200; round++) {
            TokenId words[LENGTH];
            NodeId found[NGRAM_ORDER_MAX], again[NGRAM_ORDER_MAX];
            NgramContext fed = store_start(store), advanced = fed;
            random_sentence(&random, words, LENGTH);
            for (size_t i = 1; i < LENGTH; i++) {
                check_context(store, words, i, &fed);
                store_find(store, &fed, words[i], found);
                check_found(store, words, i, found);
                store_feed(store, &fed, words[i]);
                store_advance(store, &advanced, words[i], again);
                CHECK_EACH(memcmp(found, again, (size_t)order * sizeof *found) == 0, "round %d: found",
                           round);
                for (int k = 0; k < order; k++)
                    CHECK_EACH(fed.nodes[k] == advanced.nodes[k] && fed.hashes[k] == advanced.hashes[k],
                               "round %d, word %zu: after %d words", round, i, k);
            }
        }
        store_free(store);
    }
}

/* A look ahead at up to STORE_AHEAD words, then each of them in turn. */
static void check_glimpses(const NgramStore *store, const TokenId *words, size_t length, Random *random)
{
    Glimpse glimpses[STORE_AHEAD];
    NodeId found[NGRAM_ORDER_MAX];
    NgramContext context = store_start(store), ahead = context;
    for (size_t i = 1, count; i < length; i += count) {
        count = 1 + random_next(random) % STORE_AHEAD;
        if (count > length - i) count = length - i;
        store_look(store, &ahead, words + i, count, glimpses);
        for (size_t g = 0; g < count; g++) {
            store_check(store, &context, &glimpses[g], found);
            check_found(store, words, i + g, found);
            store_shift(store, &context, found);
            for (int k = 1; k < store->order; k++)
                CHECK_EACH(context.nodes[k] == found[k - 1], "place %zu: history of %d", i + g, k);
        }
    }
}

Test(store, looking_ahead_finds_the_same_nodes)
{
    enum { LENGTH = 60 };
    Random random = random_seeded(22);
    for (int order = 1; order <= NGRAM_ORDER_MAX; order++) {
        Text text = random_text(22);
        NgramStore *store = count_text(&text, order);
        for (int round = 0; round < 200; round++) {
            TokenId words[LENGTH];
            random_sentence(&random, words, LENGTH);
            check_glimpses(store, words, LENGTH, &random);
        }
        store_free(store);
    }
}

Test(store, after_nothing_at_all_only_words_are_found)
{
    Text text = random_text(2);
    NgramStore *store = count_text(&text, 3);
    NgramContext context = store_empty(store);
    NodeId found[NGRAM_ORDER_MAX];
    CHECK(context.length == 0 && context.nodes[0] == 0 && context.nodes[1] == NODE_NONE);
    store_advance(store, &context, 1, found);
    CHECK(found[0] == 1 && found[1] == NODE_NONE && found[2] == NODE_NONE);
    store_advance(store, &context, 2, found);
    CHECK(context.length == 2);
    CHECK_INT(found[1], descend(store, (TokenId[]){1, 2}, 2));
    CHECK_INT(found[2], NODE_NONE);
    store_free(store);
}

Test(store, what_was_never_seen_is_nowhere)
{
    Text text = random_text(2);
    NgramStore *store = count_text(&text, 3);
    CHECK_INT(store_child(store, 1, 0, TOKEN_NONE), NODE_NONE);
    CHECK_INT(store_child(store, 2, NODE_NONE, 0), NODE_NONE);
    CHECK_INT(store_child(store, 2, 0, TOKEN_NONE), NODE_NONE);
    CHECK_INT(store_child(store, 2, END, 0), NODE_NONE);
    CHECK_INT(store_child(store, 2, 0, BEGIN), NODE_NONE);
    store_free(store);
}

Test(store, an_empty_one_can_be_asked)
{
    NgramStore *store = store_new(3, V), *clone = store_clone(store);
    NodeId found[NGRAM_ORDER_MAX];
    NgramContext context = store_start(clone);
    store_advance(clone, &context, 4, found);
    CHECK(found[0] == 4 && found[1] == NODE_NONE && found[2] == NODE_NONE);
    CHECK_INT(store_ngrams(clone), 0);
    CHECK_INT(clone->levels[1].count, V + 1);
    store_free(store);
    store_free(clone);
}

/* --- growing --- */

static int by_words(const void *left, const void *right)
{
    const TokenId *a = left, *b = right;
    for (int i = 0; i < 3; i++)
        if (a[i] != b[i]) return a[i] < b[i] ? -1 : 1;
    return 0;
}

/* 100,000 places, some 90,000 different trigrams: sorted, equal ones stand together. */
Test(store, grows_to_many_thousand_nodes)
{
    enum { PLACES = 100000, MANY = 300 };
    Random random = random_seeded(5);
    TokenId *words = calloc(PLACES + 2, sizeof *words), (*grams)[3] = calloc(PLACES, sizeof *grams);
    NgramStore *store = store_new(3, MANY);
    NgramCounting counting = store_counting(store, 1);
    words[0] = MANY;
    for (size_t i = 1; i < PLACES + 2; i++)
        words[i] = (TokenId)(MANY * random_unit(&random) * random_unit(&random));
    store_count(store, &counting, words, PLACES + 2);
    for (size_t i = 0; i < PLACES; i++) memcpy(grams[i], &words[i], sizeof grams[i]);
    qsort(grams, PLACES, sizeof *grams, by_words);
    size_t different = 0;
    for (size_t i = 0, same; i < PLACES; i += same, different++) {
        for (same = 1; i + same < PLACES && by_words(grams[i], grams[i + same]) == 0;) same++;
        NodeId node = descend(store, grams[i], 3);
        CHECK_EACH(node != NODE_NONE, "trigram %zu is lost", i);
        CHECK_EACH(store->levels[3].nodes[node].count == same, "trigram %zu: %u, not %zu", i,
                   store->levels[3].nodes[node].count, same);
    }
    CHECK_INT(store->levels[3].count, different);
    CHECK(different > 50000);
    for (NodeId node = 0; node < store->levels[3].count; node++) check_links(store, 3, node);
    store_free(store);
    free(words);
    free(grams);
}

/* --- counting in pieces, several times, and less --- */

static void check_same(const NgramStore *store, const NgramStore *other)
{
    for (int k = 1; k <= store->order; k++) {
        CHECK_INT(store->levels[k].count, other->levels[k].count);
        for (NodeId node = 0; node < store->levels[k].count; node++) {
            const NgramNode *a = &store->levels[k].nodes[node], *b = &other->levels[k].nodes[node];
            CHECK_EACH(a->prefix == b->prefix && a->suffix == b->suffix && a->word == b->word &&
                           a->count == b->count,
                       "level %d: node %u", k, node);
        }
    }
}

/* All sentences one after the other. */
static size_t join(const Text *text, TokenId *words)
{
    size_t length = 0;
    for (size_t s = 0; s < SENTENCES; s++) {
        memcpy(words + length, text->words[s], text->lengths[s] * sizeof *words);
        length += text->lengths[s];
    }
    return length;
}

Test(store, pieces_of_any_length_count_as_one)
{
    Random random = random_seeded(8);
    for (int order = 1; order <= NGRAM_ORDER_MAX; order++) {
        Text text = random_text(8);
        TokenId words[SENTENCES * (LENGTH_MAX + 2)];
        size_t length = join(&text, words);
        NgramStore *whole = count_text(&text, order), *pieces = store_new(order, V);
        NgramCounting counting = store_counting(pieces, 1);
        for (size_t i = 0, piece; i < length; i += piece) {
            piece = random_next(&random) % 40;
            if (piece > length - i) piece = length - i;
            store_count(pieces, &counting, words + i, piece);
        }
        check_same(whole, pieces);
        store_free(whole);
        store_free(pieces);
    }
}

Test(store, a_sentence_can_count_several_times)
{
    Text text = random_text(4);
    NgramStore *once = store_new(3, V), *three = store_new(3, V);
    for (size_t s = 0; s < SENTENCES; s++) {
        for (int i = 0; i < 3; i++) count_sentence(once, &text, s, 1);
        count_sentence(three, &text, s, 3);
    }
    check_same(once, three);
    store_free(once);
    store_free(three);
}

/* Taken out again, the later sentences leave nodes that occur 0 times, until the store is compacted. */
Test(store, what_is_taken_out_is_not_counted)
{
    enum { KEPT = 10 };
    for (int order = 1; order <= NGRAM_ORDER_MAX; order++) {
        Text text = random_text(33);
        TokenId same[V];
        for (TokenId word = 0; word < V; word++) same[word] = word;
        NgramStore *store = count_text(&text, order), *fresh = store_new(order, V);
        size_t before = store->levels[order].count;
        for (size_t s = KEPT; s < SENTENCES; s++) count_sentence(store, &text, s, -1);
        for (size_t s = 0; s < KEPT; s++) count_sentence(fresh, &text, s, 1);
        check_counts(store, &text, KEPT);
        CHECK_INT(store->levels[order].count, before);
        NgramStore *compact = store_compact(store, same, V);
        check_counts(compact, &text, KEPT);
        CHECK_INT(store_ngrams(compact), store_ngrams(fresh));
        for (int k = 2; k <= order; k++) CHECK_INT(compact->levels[k].count, fresh->levels[k].count);
        store_free(store);
        store_free(compact);
        store_free(fresh);
    }
}

/* Word w becomes 2w, between words that are new; then word 3 vanishes, which occurs no more. */
Test(store, compacting_renumbers_words)
{
    enum { WIDE = 2 * V };
    Text text = random_text(6);
    TokenId to[WIDE];
    NgramStore *store = count_text(&text, 4), *wide_count = store_new(4, WIDE);
    for (TokenId word = 0; word < V; word++) to[word] = 2 * word;
    NgramStore *wide = store_compact(store, to, WIDE);
    for (size_t s = 0; s < SENTENCES; s++) {
        TokenId words[LENGTH_MAX + 2];
        NgramCounting counting = store_counting(wide_count, 1);
        words[0] = WIDE;
        for (size_t i = 1; i < text.lengths[s]; i++) words[i] = to[text.words[s][i]];
        store_count(wide_count, &counting, words, text.lengths[s]);
    }
    check_same(wide, wide_count);
    for (TokenId word = 0; word < WIDE; word++) to[word] = word % 2 ? TOKEN_NONE : word / 2;
    NgramStore *narrow = store_compact(wide, to, V);
    check_same(narrow, store);
    CHECK_INT(store_begin_word(narrow), BEGIN);
    store_free(store);
    store_free(wide);
    store_free(wide_count);
    store_free(narrow);
}

/* --- adding n-grams themselves --- */

Test(store, an_added_ngram_brings_the_shorter_ones_it_needs)
{
    NgramStore *store = store_new(3, V);
    NodeId pair = store_add(store, 2, 0, 1), triple = store_add(store, 3, pair, 2);
    TokenId words[3];
    store_words(store, 3, triple, words);
    CHECK(words[0] == 0 && words[1] == 1 && words[2] == 2);
    CHECK_INT(store->levels[2].count, 2); /* 0 1, and 1 2 */
    CHECK_INT(store_add(store, 2, 0, 1), pair);
    CHECK_INT(store_add(store, 3, pair, 2), triple);
    CHECK_INT(store_add(store, 1, 0, 4), 4);
    check_links(store, 3, triple);
    check_links(store, 2, pair);
    CHECK_INT(store->levels[3].nodes[triple].count, 0);
    CHECK_INT(store_ngrams(store), 3); /* those of two words and more, whether they occur or not */
    store_free(store);
}

Test(store, adding_and_counting_find_the_same_nodes)
{
    Text text = random_text(12);
    NgramStore *store = count_text(&text, 5), *added = store_new(5, V);
    for (int k = 1; k <= 5; k++)
        for (NodeId node = 0; node < store->levels[k].count; node++) {
            TokenId words[5];
            NodeId at = 0;
            store_words(store, k, node, words);
            for (int i = 1; i <= k; i++) at = store_add(added, i, at, words[i - 1]);
            CHECK_EACH(at == node, "level %d: node %u", k, node);
            added->levels[k].nodes[node].count = store->levels[k].nodes[node].count;
        }
    check_same(store, added);
    for (size_t s = 0; s < SENTENCES; s++) count_sentence(added, &text, s, -1);
    for (size_t s = 0; s < SENTENCES; s++) count_sentence(added, &text, s, 1);
    check_counts(added, &text, SENTENCES);
    store_free(store);
    store_free(added);
}

/* --- memory of others --- */

static NgramStore *borrow(NgramStore *owner)
{
    NgramStore *store = store_new(owner->order, owner->words);
    for (int k = 0; k <= store->order; k++) {
        free(store->levels[k].nodes);
        free(store->levels[k].slots);
        store->levels[k] = owner->levels[k];
    }
    store->borrowed = true;
    return store;
}

Test(store, a_borrowed_one_can_be_asked_and_copied_but_frees_nothing)
{
    Text text = random_text(9);
    NgramStore *owner = count_text(&text, 4), *borrowed = borrow(owner), *clone = store_clone(borrowed);
    check_counts(borrowed, &text, SENTENCES);
    store_free(borrowed);
    CHECK(!clone->borrowed);
    count_sentence(clone, &text, 0, -1);
    count_sentence(clone, &text, 0, 1);
    check_counts(clone, &text, SENTENCES);
    check_counts(owner, &text, SENTENCES);
    store_free(owner);
    store_free(clone);
}

Test(store, nothing_is_counted_into_a_borrowed_one, .signal = SIGABRT)
{
    Text text = random_text(9);
    count_sentence(borrow(count_text(&text, 4)), &text, 0, 1);
}
Test(store, nothing_is_added_to_a_borrowed_one, .signal = SIGABRT)
{
    Text text = random_text(9);
    store_add(borrow(count_text(&text, 4)), 2, 0, 1);
}
