/* memory.h - memory that is always there: an allocation that fails ends the program with a message. */
#ifndef CORE_BASE_MEMORY_H
#define CORE_BASE_MEMORY_H

#include <stddef.h>

enum { EXIT_NO_MEMORY = 70 };

/* Sizes are count * size; a product that overflows is treated as memory that is not there.
 * exit() runs the program's atexit handlers, which is where the front end saves its history. */
void *must_alloc(size_t count, size_t size); /* zeroed */
void *must_grow(void *block, size_t count, size_t size);
char *must_copy(const char *text, size_t length); /* NUL-terminated */

/* Make room for one more element in a growing array: returns the (possibly moved) block and doubles
 * *capacity when `count` has reached it. */
void *must_extend(void *block, size_t count, size_t *capacity, size_t size);

#endif
