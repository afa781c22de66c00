#include "core/base/utf8.h"

#include <string.h>
#include <unistr.h>

/* Whether the 8 bytes at `text` are ASCII, as most are: u8_check takes five times as long to say so. */
static bool is_ascii(const char *text)
{
    uint64_t bytes;
    memcpy(&bytes, text, 8);
    return (bytes & 0x8080808080808080u) == 0;
}

size_t utf8_valid_prefix(const char *text, size_t length)
{
    size_t at = 0;
    while (length - at >= 8 && is_ascii(text + at)) at += 8;
    const uint8_t *bad = u8_check((const uint8_t *)text + at, length - at);
    return bad ? (size_t)(bad - (const uint8_t *)text) : length;
}

size_t utf8_step(const char *text, size_t length)
{
    size_t step;
    utf8_decode(text, length, &step);
    return step;
}

uint32_t utf8_decode(const char *text, size_t length, size_t *step)
{
    if (length && (unsigned char)*text < 0x80) return *step = 1, (uint32_t)*text;
    ucs4_t character = 0xFFFD;
    int bytes = length ? u8_mbtoucr(&character, (const uint8_t *)text, length) : 0;
    *step = bytes > 0 ? (size_t)bytes : length ? 1 : 0;
    return bytes > 0 ? character : 0xFFFD;
}

const char *utf8_skip_mark(const char *text)
{
    return strncmp(text, "\xEF\xBB\xBF", 3) == 0 ? text + 3 : text;
}

void utf8_drop_malformed(char *text)
{
    size_t length = strlen(text), kept = 0;
    for (size_t at = 0, step; at < length; at += step) {
        step = utf8_step(text + at, length - at);
        bool good = utf8_valid_prefix(text + at, step) == step;
        if (good) memmove(text + kept, text + at, step);
        kept += good ? step : 0;
    }
    text[kept] = '\0';
}
