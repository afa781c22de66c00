/* memory.h - memory that is always there: an allocation that fails ends the program with a message. */
#ifndef CORE_BASE_MEMORY_H
#define CORE_BASE_MEMORY_H

#include <stddef.h>

enum { EXIT_NO_MEMORY = 70 };

/* Have the allocator give large blocks back to the system as soon as they are freed: tables that grow leave
 * no holes then. For main to call first. */
void memory_tune(void);

/* Sizes are count * size; a product that overflows is treated as memory that is not there.
 * exit() runs the program's atexit handlers, which is where the front end saves its history. */
void *must_alloc(size_t count, size_t size); /* zeroed */

/* The same for a table that is read all over the place: a large one lies on huge pages where the system has
 * them, so that fewer reads wait for the page table. */
void *must_alloc_table(size_t count, size_t size);

/* Room for `count` elements, of which the first `used` are those of the block, which is freed. */
void *must_grow_table(void *block, size_t used, size_t count, size_t size);

void *must_grow(void *block, size_t count, size_t size);
char *must_copy(const char *text, size_t length); /* NUL-terminated */

/* Make room for one more element in a growing array: returns the (possibly moved) block and doubles
 * *capacity when `count` has reached it. */
void *must_extend(void *block, size_t count, size_t *capacity, size_t size);

#endif
