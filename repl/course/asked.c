#include "repl/course/asked.h"

#include <string.h>

#include "core/base/memory.h"
#include "core/base/utf8.h"

const char *asked_prose(const Step *step, size_t block)
{
    for (size_t i = block < step->count ? block : step->count; i > 0; i--)
        if (step->blocks[i - 1].kind == BLOCK_PROSE) return step->blocks[i - 1].text;
    return NULL;
}

/* The beginning of the last sentences of a paragraph, so that at most `room` bytes follow. */
static const char *shorten(const char *text, size_t room)
{
    static const char *const ends[] = {". ", "? ", ": ", "。", "？", "："};
    size_t length = strlen(text), start = length;
    if (length <= room) return text;
    for (size_t at = 1; at < length; at += utf8_step(text + at, length - at))
        for (size_t e = 0; e < COUNT_OF(ends); e++) {
            size_t mark = strlen(ends[e]);
            bool after = at >= mark && memcmp(text + at - mark, ends[e], mark) == 0;
            if (after && length - at <= room && at < start) start = at;
        }
    return text + (start < length ? start : 0);
}

const char *asked_text(const Step *step, size_t block, size_t room, Arena *arena)
{
    const char *prose = asked_prose(step, block), *last = prose;
    for (const char *at = prose; at && (at = strstr(at, "\n\n"));)
        if (*(at += strspn(at, "\n")) && *at != ' ') last = at;
    if (!last) return NULL;
    const char *end = strstr(last, "\n\n");
    return shorten(arena_copy(arena, last, end ? (size_t)(end - last) : strlen(last)), room);
}
