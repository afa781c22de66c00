/* Vocabularies: numbers for tokens, and back. */

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
