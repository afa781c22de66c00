/* The data floor, against counts made by hand and by searching the text for every context. */

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/neural/floor.h"
#include "tests/support/models.h"
#include "tests/support/oracle.h"

TestSuite(floor, .timeout = 20);

/* A model's numbering that knows everything. */
static TokenId *all_known(const Corpus *corpus)
{
    size_t size = vocab_size(corpus_vocab(corpus));
    TokenId *ids = must_alloc(size + 1, sizeof *ids);
    for (size_t i = 0; i < size; i++) ids[i] = (TokenId)(size - 1 - i);
    return ids;
}

static double floor_known(const Corpus *corpus, size_t back)
{
    TokenId *ids = all_known(corpus);
    double value = floor_of_corpus(corpus, ids, back);
    free(ids);
    return value;
}

/* --- brute force: every prediction against every other --- */

enum { BEGIN = -2, END = -3 };

typedef struct {
    const Corpus *corpus;
    const TokenId *ids;
    size_t back;
} Question;

static TokenId token_at(const Question *q, size_t sentence, long at)
{
    size_t length;
    const TokenId *words = corpus_sentence(q->corpus, sentence, &length);
    if (at < 0) return BEGIN;
    return (size_t)at < length ? q->ids[words[at]] : END;
}

static bool same_context(const Question *q, size_t s, long i, size_t r, long j)
{
    for (size_t k = 1; k <= q->back && (i >= (long)k || j >= (long)k); k++)
        if (token_at(q, s, i - (long)k) != token_at(q, r, j - (long)k)) return false;
    return true;
}

static double loss_at(const Question *q, size_t s, long i)
{
    size_t context = 0, both = 0;
    for (size_t r = 0; r < corpus_sentences(q->corpus); r++) {
        size_t length;
        corpus_sentence(q->corpus, r, &length);
        for (long j = 0; j <= (long)length; j++) {
            TokenId next = token_at(q, r, j);
            if (next == TOKEN_NONE || !same_context(q, s, i, r, j)) continue;
            context++;
            both += next == token_at(q, s, i);
        }
    }
    return -log((double)both / (double)context);
}

static double brute_floor(const Corpus *corpus, const TokenId *ids, size_t back)
{
    Question q = {corpus, ids, back};
    double sum = 0;
    size_t count = 0;
    for (size_t s = 0; s < corpus_sentences(corpus); s++) {
        size_t length;
        corpus_sentence(corpus, s, &length);
        for (long i = 0; i <= (long)length; i++) {
            if (token_at(&q, s, i) == TOKEN_NONE) continue;
            sum += loss_at(&q, s, i);
            count++;
        }
    }
    return sum / (double)count;
}

static void check_against_search(const Corpus *corpus, const TokenId *ids)
{
    static const size_t backs[] = {0, 1, 2, 3, 4, 5, 7, 8, 100, SIZE_MAX};
    for (size_t i = 0; i < COUNT_OF(backs); i++)
        CHECK_NEAR(floor_of_corpus(corpus, ids, backs[i]), brute_floor(corpus, ids, backs[i]), 1e-12);
}

/* --- tests --- */

Test(floor, by_hand)
{
    Corpus *corpus = corpus_from("a b\na c\n", TOKENIZER_WORDS);
    CHECK_NEAR(floor_known(corpus, 1), 2 * log(2) / 6, 1e-15); /* only after a: b or c */
    CHECK_NEAR(floor_known(corpus, SIZE_MAX), 2 * log(2) / 6, 1e-15);
    double unigrams = (2 * log(3) + 2 * log(6) + 2 * log(3)) / 6; /* a 2/6, b and c 1/6, </s> 2/6 */
    CHECK_NEAR(floor_known(corpus, 0), unigrams, 1e-15);
    corpus_free(corpus);
}

/* The limit that the oracle's softmax bigram on `mouse` approaches is the loss of the counted bigram. */
Test(floor, is_the_loss_of_the_counted_model)
{
    Corpus *corpus = corpus_built_in("mouse", TOKENIZER_WORDS);
    for (int order = 1; order <= 5; order++) {
        Model *model = train_on(corpus, counted(order));
        Evaluation e = evaluate(model, corpus, true);
        CHECK_NEAR(floor_known(corpus, (size_t)order - 1), -e.logp / (double)e.tokens, 1e-12);
        model_free(model);
    }
    corpus_free(corpus);
}

Test(floor, agrees_with_a_search_for_every_context)
{
    for (uint64_t seed = 1; seed <= 5; seed++) {
        Corpus *corpus = corpus_random(seed, 30);
        TokenId *ids = all_known(corpus);
        check_against_search(corpus, ids);
        free(ids);
        corpus_free(corpus);
    }
}

Test(floor, unknown_tokens_look_alike_and_are_not_predicted)
{
    Corpus *corpus = corpus_random(9, 40);
    TokenId *ids = all_known(corpus);
    for (size_t i = 0; i < vocab_size(corpus_vocab(corpus)); i += 3) ids[i] = TOKEN_NONE;
    check_against_search(corpus, ids);
    free(ids);
    corpus_free(corpus);
}

Test(floor, of_a_stream_and_of_repeated_letters)
{
    Corpus *stream = corpus_stream("abracadabra abracadabra aaaaaaaaaaaa abra", TOKENIZER_CHARS);
    TokenId *ids = all_known(stream);
    check_against_search(stream, ids);
    CHECK_NEAR(floor_of_corpus(stream, ids, SIZE_MAX), 0, 0);
    free(ids);
    corpus_free(stream);
}

Test(floor, of_nothing)
{
    Corpus *empty = corpus_new("empty", TOKENIZER_WORDS, true), *blank = corpus_from("\n\n", TOKENIZER_WORDS);
    CHECK(isnan(floor_known(empty, 3)));
    CHECK_NEAR(floor_known(blank, 0), 0, 0);
    CHECK_NEAR(floor_known(blank, SIZE_MAX), 0, 0);
    corpus_free(empty);
    corpus_free(blank);
}

Test(floor, falls_with_the_context)
{
    need_file(SHARED_DATA "names_dev.txt");
    Corpus *corpus = corpus_new("names", TOKENIZER_CHARS, true);
    Error error;
    char *text = file_text(SHARED_DATA "names_dev.txt");
    CHECK(corpus_add(corpus, text, strlen(text), &error));
    double last = INFINITY;
    for (size_t back = 0; back < 20; back++) {
        double now = floor_known(corpus, back);
        CHECK_FOR(now <= last + 1e-12, "%zu back: %.17g after %.17g", back, now, last);
        last = now;
    }
    CHECK_NEAR(last, floor_known(corpus, SIZE_MAX), 1e-12);
    free(text);
    corpus_free(corpus);
}

/* Chosen sentences are a corpus of their own. */
Test(floor, some_sentences_count_as_if_they_were_all)
{
    static const bool chosen[] = {true, false, false, true, false};
    Corpus *all = corpus_from("a b a\nb b\n\na c a\na\n", TOKENIZER_WORDS),
           *some = corpus_from("a b a\na c a\n", TOKENIZER_WORDS);
    TokenId *ids = all_known(all);
    for (size_t back = 0; back < 4; back++)
        CHECK_NEAR(floor_of_sentences(all, chosen, ids, back), floor_known(some, back), 1e-15);
    free(ids);
    corpus_free(all);
    corpus_free(some);
}
