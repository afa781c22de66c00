#include "core/neural/parameters.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/memory.h"

size_t parameters_add(Parameters *parameters, int dims, const size_t *shape, const char *name, ...)
{
    char text[64];
    va_list arguments;
    va_start(arguments, name);
    int length = vsnprintf(text, sizeof text, name, arguments);
    va_end(arguments);
    assert(!parameters->x && dims > 0 && dims <= TENSOR_DIMS && length >= 0 && (size_t)length < sizeof text);
    parameters->tensors = must_extend(parameters->tensors, parameters->count, &parameters->capacity,
                                      sizeof *parameters->tensors);
    Tensor *tensor = &parameters->tensors[parameters->count];
    *tensor = (Tensor){.name = arena_copy(&parameters->names, text, (size_t)length), .dims = dims};
    memcpy(tensor->shape, shape, (size_t)dims * sizeof *shape);
    tensor->written = true;
    parameters->total += tensor_size(tensor);
    return parameters->count++;
}

/* Every tensor gets its part of the two blocks. */
static void place(Parameters *parameters)
{
    size_t at = 0;
    for (size_t i = 0; i < parameters->count; i++) {
        Tensor *tensor = &parameters->tensors[i];
        tensor->x = parameters->x + at;
        tensor->g = parameters->g + at;
        at += tensor_size(tensor);
    }
}

void parameters_allocate(Parameters *parameters)
{
    parameters->x = must_alloc(parameters->total, sizeof *parameters->x);
    parameters->g = must_alloc(parameters->total, sizeof *parameters->g);
    place(parameters);
}

void parameters_release(Parameters *parameters)
{
    arena_release(&parameters->names);
    free(parameters->tensors);
    if (!parameters->borrowed) free(parameters->x);
    free(parameters->g);
    *parameters = (Parameters){0};
}

static void copy_shapes(Parameters *copy, const Parameters *parameters)
{
    *copy = (Parameters){0};
    for (size_t i = 0; i < parameters->count; i++) {
        const Tensor *tensor = &parameters->tensors[i];
        parameters_add(copy, tensor->dims, tensor->shape, "%s", tensor->name);
    }
}

void parameters_copy(Parameters *copy, const Parameters *parameters)
{
    copy_shapes(copy, parameters);
    parameters_allocate(copy);
    memcpy(copy->x, parameters->x, parameters->total * sizeof *copy->x);
}

void parameters_twin(Parameters *twin, const Parameters *parameters)
{
    copy_shapes(twin, parameters);
    twin->borrowed = true;
    twin->x = parameters->x;
    twin->g = must_alloc(twin->total, sizeof *twin->g);
    place(twin);
}

Tensor *parameters_find(const Parameters *parameters, const char *name)
{
    for (size_t i = 0; i < parameters->count; i++)
        if (strcmp(parameters->tensors[i].name, name) == 0) return &parameters->tensors[i];
    return NULL;
}

void parameters_clear_gradients(Parameters *parameters)
{
    memset(parameters->g, 0, parameters->total * sizeof *parameters->g);
}
