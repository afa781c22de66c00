/* Pieces of text in a corpus, and its different sentences, against looking through all of it. */

#include <stdlib.h>
#include <string.h>

#include "core/text/sentence_set.h"
#include "core/text/suffixes.h"
#include "tests/support/models.h"

TestSuite(suffixes, .timeout = 20);

static Suffixes *index_of(const Corpus *corpus)
{
    Error error;
    Job *job = suffixes_new(corpus);
    CHECK(job_run(job, &error));
    Suffixes *suffixes = suffixes_take(job);
    job_free(job);
    return suffixes;
}

/* The longest beginning of the piece inside one sentence, at each place of each. */
static size_t longest_by_hand(const Corpus *corpus, const TokenId *piece, size_t count)
{
    size_t best = 0, length;
    for (size_t s = 0; s < corpus_sentences(corpus); s++) {
        const TokenId *ids = corpus_sentence(corpus, s, &length);
        for (size_t at = 0; at < length; at++) {
            size_t same = 0;
            while (same < count && at + same < length && piece[same] != TOKEN_NONE &&
                   ids[at + same] == piece[same])
                same++;
            best = same > best ? same : best;
        }
    }
    return best;
}

static void check_pieces(const Corpus *corpus, uint64_t seed)
{
    enum { PIECES = 300, LENGTH = 12 };
    Random random = random_seeded(seed);
    Suffixes *suffixes = index_of(corpus);
    for (int i = 0; i < PIECES; i++) {
        TokenId piece[LENGTH];
        size_t sentence = (size_t)(random_unit(&random) * (double)corpus_sentences(corpus)), length;
        const TokenId *ids = corpus_sentence(corpus, sentence, &length);
        for (size_t k = 0; k < LENGTH; k++) { /* mostly copied, now and then another word or none */
            bool copied = k < length && random_unit(&random) < 0.8;
            double any = random_unit(&random) * (double)(vocab_size(corpus_vocab(corpus)) + 1);
            piece[k] = copied ? ids[k] : (TokenId)any - 1;
        }
        size_t got = suffixes_longest(suffixes, piece, LENGTH),
               wanted = longest_by_hand(corpus, piece, LENGTH);
        CHECK_EACH(got == wanted, "piece %d: %zu, not %zu", i, got, wanted);
    }
    suffixes_free(suffixes);
}

Test(suffixes, find_the_longest_piece)
{
    for (uint64_t seed = 1; seed <= 5; seed++) {
        Corpus *corpus = corpus_random(seed, 40);
        check_pieces(corpus, seed);
        corpus_free(corpus);
    }
}

/* One token again and again needs the most rounds. */
Test(suffixes, of_a_text_that_repeats_itself)
{
    Corpus *corpus = corpus_stream("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", TOKENIZER_CHARS);
    Suffixes *suffixes = index_of(corpus);
    TokenId piece[40] = {0};
    CHECK_INT(suffixes_longest(suffixes, piece, 40), 31);
    CHECK_INT(suffixes_longest(suffixes, piece, 5), 5);
    CHECK_INT(suffixes_longest(suffixes, piece, 0), 0);
    piece[3] = 1;
    CHECK_INT(suffixes_longest(suffixes, piece, 40), 4);
    suffixes_free(suffixes);
    check_pieces(corpus, 1);
    corpus_free(corpus);
}

Test(suffixes, of_empty_sentences)
{
    Corpus *corpus = corpus_from("\n\n\n", TOKENIZER_WORDS);
    Suffixes *suffixes = index_of(corpus);
    TokenId piece[2] = {TOKEN_NONE, TOKEN_NONE};
    CHECK_INT(suffixes_longest(suffixes, piece, 2), 0);
    suffixes_free(suffixes);
    corpus_free(corpus);
}

TestSuite(sentence_set, .timeout = 20);

static size_t times_by_hand(const Corpus *corpus, const TokenId *wanted, size_t count)
{
    size_t times = 0, length;
    for (size_t s = 0; s < corpus_sentences(corpus); s++) {
        const TokenId *ids = corpus_sentence(corpus, s, &length);
        times += length == count && (count == 0 || memcmp(ids, wanted, count * sizeof *ids) == 0);
    }
    return times;
}

Test(sentence_set, counts_each_sentence)
{
    for (uint64_t seed = 1; seed <= 4; seed++) {
        Corpus *corpus = corpus_random(seed, 400);
        SentenceSet *set = sentence_set_new(corpus);
        size_t all = 0, once = 0, count;
        for (size_t i = 0; i < sentence_set_size(set); i++) {
            const TokenId *ids = sentence_set_ids(set, i, &count);
            size_t times = sentence_set_times(set, i);
            CHECK_EACH(times == times_by_hand(corpus, ids, count), "sentence %zu: %zu times", i, times);
            CHECK_EACH(times == sentence_set_find(set, ids, count), "sentence %zu is not found", i);
            all += times;
            once += times == 1;
        }
        CHECK_INT(all, corpus_sentences(corpus)); /* so none is there twice */
        CHECK_INT(sentence_set_once(set), once);
        TokenId nothing = TOKEN_NONE;
        CHECK_INT(sentence_set_find(set, &nothing, 1), 0);
        sentence_set_free(set);
        corpus_free(corpus);
    }
}
