#include "core/base/memory.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/i18n.h"

static void *insist(void *block)
{
    if (block) return block;
    fprintf(stderr, "lmsh: %s\n", _("out of memory"));
    exit(EXIT_NO_MEMORY);
}

void *must_alloc(size_t count, size_t size) { return insist(calloc(count ? count : 1, size)); }

void *must_grow(void *block, size_t count, size_t size)
{
    size_t bytes = size && count > SIZE_MAX / size ? 0 : count * size;
    if (bytes == 0 && count && size) insist(NULL); /* the product does not fit */
    return insist(realloc(block, bytes ? bytes : 1));
}

char *must_copy(const char *text, size_t length)
{
    char *copy = insist(malloc(length + 1));
    memcpy(copy, text, length);
    copy[length] = '\0';
    return copy;
}

void *must_extend(void *block, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity) return block;
    *capacity = *capacity ? *capacity * 2 : 16; /* cannot wrap: must_grow has had half of it */
    return must_grow(block, *capacity, size);
}
