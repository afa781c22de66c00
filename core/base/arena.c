#include "core/base/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/memory.h"

#ifdef __SANITIZE_ADDRESS__
enum { BLOCK_BYTES = 1 }; /* each piece a block of its own, so that reaching beyond one is seen */
#else
enum { BLOCK_BYTES = 16 * 1024 };
#endif

struct ArenaBlock {
    ArenaBlock *older;
    size_t used, size;
    max_align_t memory[];
};

static ArenaBlock *add_block(Arena *arena, size_t size)
{
    ArenaBlock *block = must_alloc(1, sizeof *block + size);
    block->older = arena->newest;
    block->size = size;
    arena->newest = block;
    return block;
}

void *arena_alloc(Arena *arena, size_t count, size_t size)
{
    const size_t align = sizeof(max_align_t);
    assert(size > 0 && count <= (SIZE_MAX / 2) / size);
    size_t bytes = (count * size + align - 1) / align * align;
    ArenaBlock *block = arena->newest;
    if (!block || block->size - block->used < bytes)
        block = add_block(arena, bytes > BLOCK_BYTES ? bytes : BLOCK_BYTES);
    void *memory = (char *)block->memory + block->used;
    block->used += bytes;
    return memory;
}

char *arena_copy(Arena *arena, const char *text, size_t length)
{
    char *copy = arena_alloc(arena, length + 1, 1);
    memcpy(copy, text, length);
    return copy;
}

char *arena_format(Arena *arena, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    assert(length >= 0);
    char *text = arena_alloc(arena, (size_t)length + 1, 1);
    vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    return text;
}

void arena_release(Arena *arena)
{
    while (arena->newest) {
        ArenaBlock *older = arena->newest->older;
        free(arena->newest);
        arena->newest = older;
    }
}
