#include "core/base/memory.h"

#include <malloc.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "core/base/i18n.h"

enum { HUGE_PAGE = 2 << 20 };

void memory_tune(void)
{
#ifdef M_MMAP_THRESHOLD
    mallopt(M_MMAP_THRESHOLD, 1 << 20);
#endif
}

static void *insist(void *block)
{
    if (block) return block;
    fprintf(stderr, "lmsh: %s\n", _("out of memory"));
    exit(EXIT_NO_MEMORY);
}

void *must_alloc(size_t count, size_t size) { return insist(calloc(count ? count : 1, size)); }

/* Blocks of half a huge page and more get whole ones. */
static void *alloc_table(size_t bytes)
{
    if (bytes > SIZE_MAX - HUGE_PAGE) insist(NULL);
    if (bytes < HUGE_PAGE / 2) return insist(malloc(bytes ? bytes : 1));
    size_t whole = (bytes + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
    void *block = insist(aligned_alloc(HUGE_PAGE, whole));
#ifdef MADV_HUGEPAGE
    madvise(block, whole, MADV_HUGEPAGE);
#endif
    return block;
}

void *must_alloc_table(size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size) insist(NULL);
    return memset(alloc_table(count * size), 0, count * size);
}

void *must_grow_table(void *block, size_t used, size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size) insist(NULL);
    void *larger = alloc_table(count * size);
    if (used) memcpy(larger, block, used * size);
    free(block);
    return larger;
}

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
