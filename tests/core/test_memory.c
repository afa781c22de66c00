/* Memory that is always there, and arenas that give it back all at once. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/arena.h"
#include "core/base/memory.h"
#include "tests/support/check.h"

TestSuite(memory, .timeout = 20);

Test(memory, is_zeroed_and_never_missing)
{
    unsigned char *block = must_alloc(100, 3);
    for (size_t i = 0; i < 300; i++) CHECK_FOR(block[i] == 0, "byte %zu", i);
    free(block);
    void *nothing = must_alloc(0, 8);
    CHECK(nothing);
    free(nothing);
}

Test(memory, copies_end_in_a_nul)
{
    char *copy = must_copy("mouse trap", 5), *empty = must_copy("x", 0);
    CHECK_STR(copy, "mouse");
    CHECK_STR(empty, "");
    free(copy);
    free(empty);
}

Test(memory, an_array_can_be_extended_one_by_one)
{
    size_t capacity = 0;
    int *numbers = NULL;
    for (int i = 0; i < 5000; i++) {
        numbers = must_extend(numbers, (size_t)i, &capacity, sizeof *numbers);
        CHECK_FOR(capacity > (size_t)i, "room for %d", i);
        numbers[i] = i;
    }
    for (int i = 0; i < 5000; i++) CHECK_FOR(numbers[i] == i, "number %d", i);
    free(numbers);
}

Test(memory, a_size_that_overflows_ends_the_program, .exit_code = EXIT_NO_MEMORY)
{
    free(must_grow(NULL, SIZE_MAX / 2, 3));
}

Test(memory, an_arena_gives_zeroed_aligned_blocks_that_stay_apart)
{
    Arena arena = {0};
    unsigned char *blocks[400];
    for (size_t i = 0; i < COUNT_OF(blocks); i++) {
        size_t size = i * 97 % 701 + 1;
        blocks[i] = arena_alloc(&arena, size, 1);
        CHECK_FOR((uintptr_t)blocks[i] % _Alignof(max_align_t) == 0, "block %zu", i);
        for (size_t k = 0; k < size; k++) CHECK_FOR(blocks[i][k] == 0, "block %zu, byte %zu", i, k);
        memset(blocks[i], (int)(i % 255 + 1), size);
    }
    for (size_t i = 0; i < COUNT_OF(blocks); i++)
        CHECK_FOR(blocks[i][i * 97 % 701] == i % 255 + 1, "block %zu was written over", i);
    arena_release(&arena);
    CHECK(!arena.newest);
    arena_release(&arena);
}

Test(memory, an_arena_takes_blocks_larger_than_its_own)
{
    Arena arena = {0};
    const size_t size = 1 << 20;
    char *small = arena_copy(&arena, "small", 5), *large = arena_alloc(&arena, size, 1);
    memset(large, 'x', size);
    CHECK_STR(small, "small");
    CHECK_STR(arena_copy(&arena, "later", 5), "later");
    arena_release(&arena);
}

Test(memory, an_arena_formats_text_of_any_length)
{
    Arena arena = {0};
    char *text = arena_format(&arena, "%s has %d legs%60000s", "a mouse", 4, ".");
    CHECK_INT(strlen(text), strlen("a mouse has 4 legs") + 60000);
    CHECK(strncmp(text, "a mouse has 4 legs ", 19) == 0);
    CHECK_STR(arena_format(&arena, "%s", ""), "");
    arena_release(&arena);
}
