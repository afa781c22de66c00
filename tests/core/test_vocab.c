/* Vocabularies: numbers for tokens, and back. */

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "core/base/error.h"
#include "core/text/vocab.h"
#include "tests/support/check.h"

static Vocab *vocab;
static void start(void) { vocab = vocab_new(); }
static void finish(void) { vocab_free(vocab); }
TestSuite(vocab, .init = start, .fini = finish, .timeout = 20);

static TokenId add(const char *token) { return vocab_add(vocab, token, strlen(token)); }

Test(vocab, numbers_tokens_as_they_come)
{
    CHECK_INT(vocab_size(vocab), 0);
    CHECK_INT(add("cat"), 0);
    CHECK_INT(add("mouse"), 1);
    CHECK_INT(add("cat"), 0);
    CHECK_INT(vocab_size(vocab), 2);
    CHECK_STR(vocab_text(vocab, 1), "mouse");
    CHECK_STR(vocab_text(vocab, TOKEN_NONE), "<s>");
}

Test(vocab, a_prefix_or_a_longer_word_is_another_token)
{
    TokenId cat = vocab_add(vocab, "cats", 3);
    CHECK_STR(vocab_text(vocab, cat), "cat");
    CHECK_INT(vocab_find(vocab, "cats", 3), cat);
    CHECK_INT(vocab_find(vocab, "cats", 4), TOKEN_NONE);
    CHECK_INT(vocab_find(vocab, "cats", 2), TOKEN_NONE);
    CHECK_INT(vocab_find(vocab, "", 0), TOKEN_NONE);
}

Test(vocab, finds_each_of_many)
{
    char token[16];
    for (int i = 0; i < 20000; i++) {
        int length = snprintf(token, sizeof token, "w%d", i * 7919 % 20000);
        if (vocab_add(vocab, token, (size_t)length) != i) CHECK_FOR(false, "adding %s", token);
    }
    for (int i = 0; i < 20000; i++) {
        int length = snprintf(token, sizeof token, "w%d", i * 7919 % 20000);
        bool found =
            vocab_find(vocab, token, (size_t)length) == i && strcmp(vocab_text(vocab, i), token) == 0;
        if (!found) CHECK_FOR(false, "finding %s", token);
    }
    CHECK_INT(vocab_size(vocab), 20000);
}

/* Every length, and every place where two tokens of one length may differ, in text that goes on or ends. */
Test(vocab, tokens_that_differ_in_one_byte_are_different)
{
    enum { LONGEST = 40 };
    TokenId wanted = 0;
    for (size_t length = 1; length <= LONGEST; length++)
        for (size_t place = 0; place <= length; place++, wanted++) {
            char text[LONGEST + 8];
            memset(text, 'a', sizeof text);
            if (place < length) text[place] = 'b';
            bool same = vocab_find(vocab, text, length) == TOKEN_NONE &&
                        vocab_add_from(vocab, text, length, text + length + wanted % 9) == wanted;
            text[length] = '~'; /* what follows a token is no part of it */
            for (size_t more = 0; more <= 8; more++)
                same = same && vocab_add_from(vocab, text, length, text + length + more) == wanted;
            if (!same || vocab_find(vocab, text, length) != wanted)
                CHECK_FOR(false, "length %zu, place %zu", length, place);
        }
    CHECK_INT(vocab_size(vocab), wanted);
}

/* One step of the hash of vocab.c, from which the last 8 of 16 bytes follow so that two tokens share theirs.
 */
static uint64_t after_8_bytes(const char *token)
{
    uint64_t word;
    memcpy(&word, token, 8);
    word = (word ^ 16) * 0x9E3779B97F4A7C15u;
    return word ^ word >> 32;
}

Test(vocab, tokens_that_share_a_hash_are_different)
{
    char tokens[50][16] = {"16 bytes make it"};
    for (int i = 1; i < 50; i++) {
        uint64_t last;
        memset(tokens[i], 'A' + i, 8);
        memcpy(&last, tokens[0] + 8, 8);
        last ^= after_8_bytes(tokens[0]) ^ after_8_bytes(tokens[i]);
        memcpy(tokens[i] + 8, &last, 8);
    }
    for (int i = 0; i < 50; i++) CHECK_INT(vocab_add(vocab, tokens[i], 16), i);
    for (int i = 0; i < 50; i++) CHECK_INT(vocab_find(vocab, tokens[i], 16), i);
    CHECK_INT(add("a"), 50);
    CHECK_INT(vocab_add(vocab, "b\0", 2), 51); /* 'a' ^ 1 is 'b' ^ 2 */
}

Test(vocab, a_clone_of_many_can_grow)
{
    char token[16];
    for (int i = 0; i < 300; i++) vocab_add(vocab, token, (size_t)snprintf(token, sizeof token, "%d", i));
    add(TEXT_UNKNOWN);
    Vocab *original = vocab, *clone = vocab = vocab_clone(vocab);
    vocab_free(original);
    for (int i = 0; i < 3000; i++) {
        TokenId id = vocab_add(clone, token, (size_t)snprintf(token, sizeof token, "%d", i));
        if (id != (i < 300 ? i : i + 1) || strcmp(vocab_text(clone, id), token) != 0)
            CHECK_FOR(false, "adding %d", i);
    }
    CHECK_INT(vocab_unknown(clone), 300);
    CHECK_INT(vocab_size(clone), 3001);
}

Test(vocab, a_clone_of_nothing_can_grow)
{
    Vocab *clone = vocab_clone(vocab);
    CHECK_INT(vocab_add(clone, "cat", 3), 0);
    CHECK_INT(vocab_find(clone, "cat", 3), 0);
    CHECK_INT(vocab_size(vocab), 0);
    vocab_free(clone);
}

Test(vocab, a_clone_is_independent_and_a_share_is_not)
{
    add("cat");
    add(TEXT_END);
    Vocab *clone = vocab_clone(vocab), *share = vocab_share(vocab);
    add("mouse");
    CHECK_INT(vocab_size(clone), 2);
    CHECK_INT(vocab_find(clone, "mouse", 5), TOKEN_NONE);
    CHECK_INT(vocab_find(clone, "cat", 3), 0);
    CHECK_INT(vocab_end(clone), 1);
    CHECK(share == vocab);
    vocab_free(clone);
    vocab_free(share);
    CHECK_INT(vocab_size(vocab), 3);
    vocab_free(NULL);
}

Test(vocab, knows_its_special_tokens)
{
    CHECK_INT(vocab_end(vocab), TOKEN_NONE);
    CHECK_INT(vocab_unknown(vocab), TOKEN_NONE);
    add("cat");
    CHECK_INT(vocab_words(vocab), 1);
    CHECK_INT(add(TEXT_UNKNOWN), vocab_unknown(vocab));
    CHECK_INT(add(TEXT_END), vocab_end(vocab));
    CHECK_INT(vocab_unknown(vocab), 1);
    CHECK_INT(vocab_end(vocab), 2);
    CHECK_INT(vocab_words(vocab), 1);
}

Test(vocab, three_texts_are_reserved)
{
    static const struct {
        const char *text;
        bool special;
    } cases[] = {
        {"<s>", true}, {"</s>", true}, {"<unk>", true}, {"", false},      {"<s", false},
        {"s>", false}, {"<S>", false}, {"<s> ", false}, {"<UNK>", false}, {"</s>x", false},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        CHECK_FOR(vocab_is_special(cases[i].text, strlen(cases[i].text)) == cases[i].special, "%s",
                  cases[i].text);
    CHECK(vocab_is_special("<s>xyz", 3));
}
