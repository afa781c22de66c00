#include "core/neural/tape.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/memory.h"

#define BLOCK_SIZE ((size_t)1 << 20)
enum { ALIGNMENT = 64 };

/* A block of the pass's memory; what was used of it counts from its aligned beginning. */
typedef struct {
    char *memory, *begin;
    size_t size;
} Block;

struct Tape {
    Block *blocks;
    size_t block_count, block_capacity;
    size_t block, used; /* the block that is being filled, and how far */
    Node *nodes;
    size_t node_count, node_capacity;
    Tensor **tensors;
    size_t tensor_count, tensor_capacity;
    Random *dice;
    PassKind kind;
    bool exact;
};

Tape *tape_new(bool exact)
{
    Tape *tape = must_alloc(1, sizeof *tape);
    tape->exact = exact;
    return tape;
}

void tape_free(Tape *tape)
{
    if (!tape) return;
    for (size_t i = 0; i < tape->block_count; i++) free(tape->blocks[i].memory);
    free(tape->blocks);
    free(tape->nodes);
    free(tape->tensors);
    free(tape);
}

void tape_begin(Tape *tape, PassKind kind)
{
    tape->block = tape->used = 0;
    tape->node_count = tape->tensor_count = 0;
    tape->dice = NULL;
    tape->kind = kind;
}

void tape_set_dice(Tape *tape, Random *dice) { tape->dice = dice; }

Random *tape_dice(const Tape *tape) { return tape->dice; }

bool tape_learns(const Tape *tape) { return tape->kind == PASS_LEARN; }

bool tape_exact(const Tape *tape) { return tape->exact; }

/* --- memory --- */

static void add_block(Tape *tape, size_t size)
{
    if (size < BLOCK_SIZE) size = BLOCK_SIZE;
    tape->blocks = must_extend(tape->blocks, tape->block_count, &tape->block_capacity, sizeof *tape->blocks);
    Block *block = &tape->blocks[tape->block_count++];
    block->memory = must_alloc(size + ALIGNMENT, 1);
    block->begin = block->memory + (ALIGNMENT - (uintptr_t)block->memory % ALIGNMENT) % ALIGNMENT;
    block->size = size;
}

void *tape_alloc(Tape *tape, size_t count, size_t size)
{
    if (size && count > (SIZE_MAX - 2 * BLOCK_SIZE) / size) count = SIZE_MAX / 2 / size;
    size_t bytes = (count * size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    while (tape->block < tape->block_count && tape->used + bytes > tape->blocks[tape->block].size) {
        tape->block++;
        tape->used = 0;
    }
    if (tape->block == tape->block_count) add_block(tape, bytes);
    void *memory = tape->blocks[tape->block].begin + tape->used;
    tape->used += bytes;
    return memory;
}

const char *tape_name(Tape *tape, const char *format, ...)
{
    char name[64];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(name, sizeof name, format, arguments);
    va_end(arguments);
    assert(length >= 0 && (size_t)length < sizeof name);
    return memcpy(tape_alloc(tape, (size_t)length + 1, 1), name, (size_t)length + 1);
}

/* --- tensors --- */

static Tensor *add_tensor(Tape *tape, const char *name, int dims, const size_t *shape)
{
    assert(dims > 0 && dims <= TENSOR_DIMS);
    Tensor *tensor = tape_alloc(tape, 1, sizeof *tensor);
    *tensor = (Tensor){.name = name, .dims = dims};
    memcpy(tensor->shape, shape, (size_t)dims * sizeof *shape);
    tape->tensors =
        must_extend(tape->tensors, tape->tensor_count, &tape->tensor_capacity, sizeof *tape->tensors);
    tape->tensors[tape->tensor_count++] = tensor;
    return tensor;
}

Tensor *tape_tensor(Tape *tape, const char *name, int dims, const size_t *shape)
{
    Tensor *tensor = add_tensor(tape, name, dims, shape);
    size_t size = tensor_size(tensor);
    tensor->x = tape_alloc(tape, size, sizeof *tensor->x);
    if (tape_learns(tape)) tensor->g = tape_alloc(tape, size, sizeof *tensor->g);
    return tensor;
}

Tensor *tape_matrix(Tape *tape, const char *name, size_t rows, size_t columns)
{
    return tape_tensor(tape, name, 2, (const size_t[]){rows, columns});
}

/* A view has no node of its own: what its reader writes into g is the source's already. */
static void reshape_back(const Node *node) { node->in[0]->written = true; }

Tensor *tape_view(Tape *tape, const char *name, Tensor *source, int dims, const size_t *shape)
{
    Tensor *view = add_tensor(tape, name, dims, shape);
    assert(tensor_size(view) == tensor_size(source));
    view->x = source->x;
    view->g = source->g;
    tape_record(tape, view, reshape_back)->in[0] = source;
    return view;
}

/* --- the walk --- */

Node *tape_record(Tape *tape, Tensor *out, void (*backward)(const Node *node))
{
    if (!tape_learns(tape)) tape->node_count = 0;
    tape->nodes = must_extend(tape->nodes, tape->node_count, &tape->node_capacity, sizeof *tape->nodes);
    Node *node = &tape->nodes[tape->node_count++];
    *node = (Node){.backward = backward, .out = out, .exact = tape->exact};
    return node;
}

void tape_backward(Tape *tape)
{
    assert(tape_learns(tape));
    for (size_t i = tape->node_count; i-- > 0;)
        if (tape->nodes[i].out->written) tape->nodes[i].backward(&tape->nodes[i]);
}

/* --- looking --- */

const Tensor *tape_find(const Tape *tape, const char *name)
{
    for (size_t i = 0; i < tape->tensor_count; i++)
        if (tape->tensors[i]->name && strcmp(tape->tensors[i]->name, name) == 0) return tape->tensors[i];
    return NULL;
}

size_t tape_tensors(const Tape *tape) { return tape->tensor_count; }

const Tensor *tape_at(const Tape *tape, size_t index)
{
    assert(index < tape->tensor_count);
    return tape->tensors[index];
}
