/* arena.h - memory with one common end: allocate freely, release everything at once. */
#ifndef CORE_BASE_ARENA_H
#define CORE_BASE_ARENA_H

#include <stddef.h>

#include "core/base/error.h"

typedef struct ArenaBlock ArenaBlock;
typedef struct {
    ArenaBlock *newest;
} Arena; /* {0} is an empty arena */

void *arena_alloc(Arena *arena, size_t count, size_t size); /* zeroed, aligned for any type */
char *arena_copy(Arena *arena, const char *text, size_t length);
char *arena_format(Arena *arena, const char *format, ...) PRINTF_LIKE(2, 3);
void arena_release(Arena *arena);

#endif
