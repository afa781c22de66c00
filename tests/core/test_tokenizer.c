/* Tokenizers: text into tokens and back. */

#include <stdlib.h>
#include <string.h>

#include "core/base/error.h"
#include "core/text/tokenizer.h"
#include "tests/support/check.h"

TestSuite(tokenizer, .timeout = 20);

Test(tokenizer, names_are_found_again)
{
    Tokenizer found = TOKENIZER_WORDS;
    CHECK(tokenizer_find("chars", &found));
    CHECK_INT(found, TOKENIZER_CHARS);
    CHECK(tokenizer_find("words", &found));
    CHECK_INT(found, TOKENIZER_WORDS);
    CHECK(!tokenizer_find("word", &found));
    CHECK(!tokenizer_find("", &found));
    CHECK_STR(tokenizer_name(TOKENIZER_WORDS), "words");
    CHECK_STR(tokenizer_name(TOKENIZER_CHARS), "chars");
}

/* Tokens are compared joined by '|'. */
static const struct {
    Tokenizer tokenizer;
    const char *text;
    size_t length;
    const char *tokens;
} cuts[] = {
    {TOKENIZER_WORDS, "", 0, ""},
    {TOKENIZER_WORDS, " \t\r\n", 4, ""},
    {TOKENIZER_WORDS, "one", 3, "one|"},
    {TOKENIZER_WORDS, " the\tmouse \n ate\r\n", 18, "the|mouse|ate|"},
    {TOKENIZER_WORDS, "a\0b", 3, "a|b|"},
    {TOKENIZER_WORDS, "日本 語", 10, "日本|語|"},
    {TOKENIZER_WORDS, "no\vform\ffeed\xC2\xA0here", 18, "no\vform\ffeed\xC2\xA0here|"},
    {TOKENIZER_WORDS, "trap", 3, "tra|"},
    {TOKENIZER_CHARS, "", 0, ""},
    {TOKENIZER_CHARS, "ab c", 4, "a|b| |c|"},
    {TOKENIZER_CHARS, "a\r\n\t", 4, "a|\r|\n|\t|"},
    {TOKENIZER_CHARS, "né中😀", 10, "n|é|中|😀|"},
    {TOKENIZER_CHARS, "e\xCC\x81", 3, "e|\xCC\x81|"},
    {TOKENIZER_CHARS, "a\xFF\xE4\xB8", 4, "a|\xFF|\xE4|\xB8|"},
};

Test(tokenizer, text_is_cut_into_tokens)
{
    for (size_t i = 0; i < COUNT_OF(cuts); i++) {
        char got[64] = "";
        const char *text = cuts[i].text, *end = text + cuts[i].length, *token;
        size_t length;
        while (tokenizer_next(cuts[i].tokenizer, &text, end, &token, &length)) {
            strncat(got, token, length);
            strcat(got, "|");
        }
        CHECK_FOR(strcmp(got, cuts[i].tokens) == 0, "row %zu gave %s", i, got);
        CHECK_FOR(text == end && !tokenizer_next(cuts[i].tokenizer, &text, end, &token, &length), "row %zu",
                  i);
    }
}

/* The first word of the text, byte by byte. */
static bool is_first_word(const char *text, size_t size, const char *token, size_t length)
{
    size_t begin = 0, end;
    while (begin < size && memchr(" \t\r\n", text[begin], 5)) begin++; /* the NUL is one of the 5 */
    for (end = begin; end < size && !memchr(" \t\r\n", text[end], 5);) end++;
    return token == text + begin && length == end - begin;
}

/* Every byte at every place of texts around the 8 bytes that are looked at together, alone and behind another
 * one that is below '!' as spaces are. */
Test(tokenizer, a_word_ends_at_the_first_space_wherever_it_stands)
{
    char text[20];
    for (size_t size = 1; size <= sizeof text; size++)
        for (size_t place = 0; place < 2 * size; place++)
            for (int byte = 0; byte < 256; byte++) {
                memset(text, 'x', size);
                if (place >= size) text[(place - size) / 2] = '\v';
                text[place % size] = (char)byte;
                const char *next = text, *token;
                size_t length;
                bool found = tokenizer_next(TOKENIZER_WORDS, &next, text + size, &token, &length);
                if (!is_first_word(text, size, token, length) || next != token + length ||
                    found != (length > 0))
                    CHECK_FOR(false, "byte %d at %zu of %zu", byte, place, size);
            }
}

static void check_joined(Tokenizer tokenizer, const TokenId *ids, size_t count, const char *wanted)
{
    Vocab *vocab = vocab_new();
    vocab_add(vocab, "the", 3);
    vocab_add(vocab, "中", 3);
    vocab_add(vocab, TEXT_UNKNOWN, strlen(TEXT_UNKNOWN));
    vocab_add(vocab, TEXT_END, strlen(TEXT_END));
    char *text = tokenizer_join(tokenizer, vocab, ids, count);
    CHECK_STR(text, wanted);
    free(text);
    vocab_free(vocab);
}

Test(tokenizer, tokens_are_joined_without_the_ends_of_the_sentence)
{
    const TokenId all[] = {TOKEN_NONE, 0, 1, 2, 0, 3};
    check_joined(TOKENIZER_WORDS, all, COUNT_OF(all), "the 中 <unk> the");
    check_joined(TOKENIZER_CHARS, all, COUNT_OF(all), "the中<unk>the");
    check_joined(TOKENIZER_WORDS, all, 0, "");
    check_joined(TOKENIZER_WORDS, all + 5, 1, "");
    check_joined(TOKENIZER_WORDS, all, 2, "the");
}

Test(tokenizer, a_vocabulary_without_an_end_joins_as_well)
{
    Vocab *vocab = vocab_new();
    vocab_add(vocab, "a", 1);
    char *text = tokenizer_join(TOKENIZER_WORDS, vocab, (const TokenId[]){TOKEN_NONE, 0, 0}, 3);
    CHECK_STR(text, "a a");
    free(text);
    vocab_free(vocab);
}
