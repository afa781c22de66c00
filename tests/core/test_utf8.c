/* UTF-8, well-formed and not. */

#include <string.h>

#include "core/base/error.h"
#include "core/base/utf8.h"
#include "tests/support/check.h"

TestSuite(utf8, .timeout = 20);

/* The Unicode standard, table 3-7. */
Test(utf8, the_first_malformed_byte_is_found)
{
    static const struct {
        const char *text;
        size_t length, valid;
    } cases[] = {
        {"", 0, 0},
        {"abc", 3, 3},
        {"a\0b", 3, 3},
        {"né", 3, 3},
        {"中文", 6, 6},
        {"😀", 4, 4},
        {"\xF4\x8F\xBF\xBF", 4, 4},
        {"\xED\x9F\xBF\xEE\x80\x80", 6, 6},
        {"a\xFF", 2, 1},
        {"a\x80", 2, 1},
        {"\xC0\x80", 2, 0},
        {"\xC1\xBF", 2, 0},
        {"\xE0\x9F\xBF", 3, 0},
        {"ab\xED\xA0\x80", 5, 2},
        {"\xF0\x8F\xBF\xBF", 4, 0},
        {"\xF4\x90\x80\x80", 4, 0},
        {"\xF5\x80\x80\x80", 4, 0},
        {"中\xE4\xB8", 5, 3},
        {"x\xF0\x9F\x98", 4, 1},
        {"\xC3(", 2, 0},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        size_t valid = utf8_valid_prefix(cases[i].text, cases[i].length);
        CHECK_FOR(valid == cases[i].valid, "row %zu: %zu, not %zu", i, valid, cases[i].valid);
    }
}

/* Behind any number of ASCII bytes, 8 of which are looked at together, and before others. */
Test(utf8, a_malformed_byte_is_found_wherever_it_stands)
{
    static const struct {
        const char *text;
        size_t length, valid; /* as long as the text: well-formed */
    } cases[] = {
        {"\x80", 1, 0},         {"\xFF", 1, 0},
        {"\xC3(", 2, 0},        {"\xE4\xB8", 2, 0},
        {"\xED\xA0\x80", 3, 0}, {"\xF0\x9F\x98", 3, 0},
        {"\xC3\xA9\xBF", 3, 2}, {"\xC3\xA9", 2, 2},
        {"\xE4\xB8\xAD", 3, 3}, {"\xF0\x9F\x98\x80", 4, 4},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        for (size_t before = 0; before <= 20; before++)
            for (size_t after = 0; after <= 20; after++) {
                char text[48];
                size_t length = before + cases[i].length + after;
                memset(text, 'a', sizeof text);
                memcpy(text + before, cases[i].text, cases[i].length);
                bool whole = cases[i].valid == cases[i].length;
                if (utf8_valid_prefix(text, length) != (whole ? length : before + cases[i].valid))
                    CHECK_FOR(false, "row %zu behind %zu bytes and before %zu", i, before, after);
            }
}

Test(utf8, characters_decode_one_by_one)
{
    static const struct {
        const char *text;
        size_t length;
        uint32_t character;
        size_t step;
    } cases[] = {
        {"a", 1, 'a', 1},
        {"\0", 1, 0, 1},
        {"éa", 3, 0xE9, 2},
        {"中a", 4, 0x4E2D, 3},
        {"😀a", 5, 0x1F600, 4},
        {"\xF4\x8F\xBF\xBF", 4, 0x10FFFF, 4},
        {"", 0, 0xFFFD, 0},
        {"\xFFz", 2, 0xFFFD, 1},
        {"\x80", 1, 0xFFFD, 1},
        {"\xE4\xB8", 2, 0xFFFD, 1},
        {"\xED\xA0\x80", 3, 0xFFFD, 1},
        {"\xC0\x80", 2, 0xFFFD, 1},
        {"中", 2, 0xFFFD, 1},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        size_t step = 99;
        uint32_t character = utf8_decode(cases[i].text, cases[i].length, &step);
        CHECK_FOR(character == cases[i].character, "row %zu: U+%04X", i, (unsigned)character);
        CHECK_FOR(step == cases[i].step, "row %zu: %zu bytes", i, step);
        CHECK_FOR(utf8_step(cases[i].text, cases[i].length) == step, "row %zu", i);
    }
}

/* Every code point, encoded here by hand. */
Test(utf8, every_character_decodes_to_itself)
{
    for (uint32_t c = 0; c <= 0x10FFFF; c++) {
        char text[4];
        size_t length = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4, step;
        static const unsigned char leads[] = {0, 0, 0xC0, 0xE0, 0xF0};
        for (size_t i = 1; i < length; i++) text[i] = (char)(0x80 | (c >> 6 * (length - 1 - i) & 0x3F));
        text[0] = (char)(leads[length] | c >> 6 * (length - 1));
        bool surrogate = c >= 0xD800 && c < 0xE000;
        uint32_t decoded = utf8_decode(text, length, &step);
        if (decoded != (surrogate ? 0xFFFD : c) || step != (surrogate ? 1 : length))
            CHECK_FOR(false, "U+%04X", c);
    }
}

Test(utf8, skips_a_byte_order_mark_only_at_the_beginning)
{
    CHECK_STR(utf8_skip_mark("\xEF\xBB\xBFthe"), "the");
    CHECK_STR(utf8_skip_mark("the\xEF\xBB\xBF"), "the\xEF\xBB\xBF");
    CHECK_STR(utf8_skip_mark(""), "");
}
