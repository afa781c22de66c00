/* The formulas against NLTK 3.8.1: unsmoothed, Lidstone, Laplace, Witten-Bell, absolute discounting, stupid
 * back-off.
 *
 * NLTK puts n - 1 times <s> before a sentence and n - 1 times </s> behind, counts every n-gram of that, and
 * <s> and <UNK> are words like others. So counts are taken here as NLTK takes them, into a store that never
 * hears of its own <s>; what is compared is what the estimates make of them. Its Kneser-Ney is wrong (sums
 * above 1, and a division by 0 for n = 1) and left out: MITLM is our oracle for that. */

#include <stdlib.h>
#include <string.h>

#include "tests/support/models.h"
#include "tests/support/oracle.h"

TestSuite(nltk, .timeout = 20);

#define UNKNOWN "<UNK>"
enum { SENTENCE_MAX = 40 };

/* What a row of the table asks of: NLTK's model of order n, used with a context of so many words. */
typedef struct {
    SmoothingKind kind;
    double parameter;
    int order, cutoff, context;
} Question;

typedef struct {
    Question of;
    Vocab *vocab;
    NgramStore *store; /* of order context + 1 */
    Estimate *estimate;
} Answerer;

/* --- counting as NLTK does --- */

static TokenId id_in(const Vocab *vocab, const char *word)
{
    TokenId id = vocab_find(vocab, word, strlen(word));
    return id == TOKEN_NONE ? vocab_find(vocab, UNKNOWN, strlen(UNKNOWN)) : id;
}

/* A sentence as texts with n - 1 times <s> and </s> around it. */
static size_t pad(const Corpus *corpus, size_t index, int n, const char **words)
{
    size_t count, at = 0;
    const TokenId *ids = corpus_sentence(corpus, index, &count);
    for (int i = 1; i < n; i++) words[at++] = TEXT_BEGIN;
    for (size_t i = 0; i < count; i++) words[at++] = vocab_text(corpus_vocab(corpus), ids[i]);
    for (int i = 1; i < n; i++) words[at++] = TEXT_END;
    CHECK_EACH(at <= SENTENCE_MAX, "sentence %zu is too long", index);
    return at;
}

/* <UNK>, and every word that stands at least `cutoff` times in the padded text. */
static Vocab *find_words(const Corpus *corpus, const Question *q)
{
    const char *words[SENTENCE_MAX];
    Vocab *all = vocab_new(), *vocab = vocab_new();
    int times[SENTENCE_MAX * 16] = {0};
    for (size_t s = 0; s < corpus_sentences(corpus); s++)
        for (size_t i = 0, length = pad(corpus, s, q->order, words); i < length; i++)
            times[vocab_add(all, words[i], strlen(words[i]))]++;
    vocab_add(vocab, UNKNOWN, strlen(UNKNOWN));
    for (size_t id = 0; id < vocab_size(all); id++) {
        const char *text = vocab_text(all, (TokenId)id);
        if (times[id] >= q->cutoff) vocab_add(vocab, text, strlen(text));
    }
    vocab_free(all);
    return vocab;
}

static NgramStore *count_ngrams(const Corpus *corpus, const Vocab *vocab, const Question *q)
{
    const char *words[SENTENCE_MAX];
    NgramStore *store = store_new(q->context + 1, vocab_size(vocab));
    for (size_t s = 0; s < corpus_sentences(corpus); s++) {
        size_t length = pad(corpus, s, q->order, words);
        for (size_t first = 0; first < length; first++) {
            NodeId node = 0;
            for (int k = 1; k <= store->order && first + (size_t)k <= length; k++) {
                node = store_add(store, k, node, id_in(vocab, words[first + (size_t)k - 1]));
                store->levels[k].nodes[node].count++;
            }
        }
    }
    return store;
}

static Answerer make_answerer(const Corpus *corpus, Question q)
{
    Smoothing smoothing = {
        .kind = q.kind, .k = q.parameter, .discounts = {q.parameter}, .fixed = true, .plain_unigrams = true};
    Answerer a = {.of = q, .vocab = find_words(corpus, &q)};
    a.store = count_ngrams(corpus, a.vocab, &q);
    a.estimate = estimate_blank(a.store, &smoothing);
    for (int k = 1; k <= a.store->order; k++) estimate_fill(a.estimate, a.store, k, TOKEN_NONE, NULL);
    return a;
}

static void forget(Answerer *a)
{
    estimate_free(a->estimate);
    store_free(a->store);
    vocab_free(a->vocab);
}

static bool same_question(const Question *a, const Question *b)
{
    return a->kind == b->kind && a->parameter == b->parameter && a->order == b->order &&
           a->cutoff == b->cutoff && a->context == b->context;
}

/* NLTK gives 0 where a context has no distribution. */
static double score(const Answerer *a, const char *given, const char *word)
{
    char *copy = strdup(given), *rest = copy, *next;
    NodeId found[NGRAM_ORDER_MAX];
    NgramContext context = store_empty(a->store);
    while ((next = strsep(&rest, " ")) && *next) store_feed(a->store, &context, id_in(a->vocab, next));
    store_find(a->store, &context, id_in(a->vocab, word), found);
    free(copy);
    return estimate_defined(a->estimate, &context) ? estimate_probability(a->estimate, &context, found) : 0;
}

/* --- the table: model, param, order, unk_cutoff, context, word, score --- */

static const struct {
    const char *name;
    SmoothingKind kind;
} kinds[] = {{"MLE", SMOOTH_MLE},       {"Lidstone", SMOOTH_ADD}, {"Laplace", SMOOTH_ADD},
             {"WittenBell", SMOOTH_WB}, {"AbsDisc", SMOOTH_AD},   {"StupidBackoff", SMOOTH_BACKOFF}};

/* False for Kneser-Ney. */
static bool read_question(const Table *table, Question *q)
{
    const char *context = table->cells[4];
    *q = (Question){.parameter = atof(table->cells[1]),
                    .order = atoi(table->cells[2]),
                    .cutoff = atoi(table->cells[3]),
                    .context = *context != '\0'};
    for (; *context; context++) q->context += *context == ' ';
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        if (strcmp(table->cells[0], kinds[i].name) != 0) continue;
        q->kind = kinds[i].kind;
        return true;
    }
    CHECK_FOR(strcmp(table->cells[0], "KneserNey") == 0, "what is %s?", table->cells[0]);
    return false;
}

static void check_row(const Answerer *a, const Table *table)
{
    char *end;
    double wanted = strtod(table->cells[6], &end), p = score(a, table->cells[4], table->cells[5]);
    CHECK_EACH(*table->cells[6] && *end == '\0', "row %zu: %s is no number", table->rows, table->cells[6]);
    CHECK_EACH(near(p, wanted, 1e-12), "row %zu: %s %s n=%d cutoff=%d p(%s | %s) = %.17g, not %.17g",
               table->rows, table->cells[0], table->cells[1], a->of.order, a->of.cutoff, table->cells[5],
               table->cells[4], p, wanted);
}

/* Returns how many rows were compared; neighbouring rows mostly ask of the same counts. */
static size_t check_scores(const char *path, size_t *left_out)
{
    Corpus *corpus = corpus_file("tests/data/mini.txt");
    Table table = table_open(path);
    Answerer a = {.estimate = NULL};
    size_t compared = 0;
    *left_out = 0;
    for (Question q; table_row(&table);) {
        if (!read_question(&table, &q)) {
            ++*left_out;
            continue;
        }
        if (!a.estimate || !same_question(&q, &a.of)) {
            forget(&a);
            a = make_answerer(corpus, q);
        }
        check_row(&a, &table);
        compared++;
    }
    forget(&a);
    table_close(&table);
    corpus_free(corpus);
    return compared;
}

/* Every 23rd row of NLTK's. */
Test(nltk, some_scores)
{
    size_t left_out;
    CHECK_INT(check_scores("tests/data/nltk/mini_scores.tsv", &left_out), 1011);
    CHECK_INT(left_out, 0);
}

Test(nltk, all_scores)
{
    size_t left_out;
    need_file(SHARED_NGRAM "nltk/mini_scores.tsv");
    CHECK_INT(check_scores(SHARED_NGRAM "nltk/mini_scores.tsv", &left_out), 23247);
    CHECK_INT(left_out, 6642);
}
