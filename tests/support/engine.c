#include "tests/support/engine.h"

#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/check.h"

enum { NAME_SIZE = 128 };

/* --- files --- */

static Safetensors *open_part(const char *name, const char *ending)
{
    static const char *const folders[] = {"tests/data/neural", "../shared/oracle/neural"};
    char path[256];
    Error error;
    for (size_t i = 0; i < COUNT_OF(folders); i++) {
        snprintf(path, sizeof path, "%s/%s%s", folders[i], name, ending);
        if (access(path, R_OK) != 0) continue;
        Safetensors *file = safetensors_read(path, &error);
        CHECK_FOR(file, "%s", error.message);
        return file;
    }
    cr_skip_test("there is no %s here", path);
    return NULL;
}

Figures figures_open(const char *name)
{
    Figures figures = {.weights = open_part(name, ".safetensors")};
    figures.results = open_part(name, ".oracle.safetensors");
    return figures;
}

void figures_close(Figures *figures)
{
    safetensors_free(figures->weights);
    safetensors_free(figures->results);
}

static const StoredTensor *find(const Safetensors *file, const char *name)
{
    const StoredTensor *stored = safetensors_find(file, name);
    CHECK_FOR(stored, "there is no %s in the file", name);
    return stored;
}

static double *doubles_of(const StoredTensor *stored)
{
    double *numbers = calloc(stored->count + 1, sizeof *numbers);
    CHECK_FOR(stored_tensor_doubles(stored, numbers), "%s has no fractions", stored->name);
    return numbers;
}

static void load_tensor(const Safetensors *file, Tensor *tensor)
{
    const StoredTensor *stored = find(file, tensor->name);
    CHECK_FOR(stored->dims == tensor->dims, "%s has %d dimensions in the file", tensor->name, stored->dims);
    for (int i = 0; i < tensor->dims; i++)
        CHECK_FOR(stored->shape[i] == tensor->shape[i], "dimension %d of %s is %zu in the file, not %zu", i,
                  tensor->name, stored->shape[i], tensor->shape[i]);
    double *numbers = doubles_of(stored);
    for (size_t i = 0; i < stored->count; i++) tensor->x[i] = (Real)numbers[i];
    free(numbers);
}

void figures_load(const Figures *figures, Parameters *parameters)
{
    for (size_t i = 0; i < parameters->count; i++) load_tensor(figures->weights, &parameters->tensors[i]);
}

/* --- results --- */

PRINTF_LIKE(3, 0)
static double *doubles(const Figures *figures, size_t *count, const char *format, va_list args)
{
    char name[NAME_SIZE];
    vsnprintf(name, sizeof name, format, args);
    const StoredTensor *stored = find(figures->results, name);
    if (count) *count = stored->count;
    return doubles_of(stored);
}

double *figures_doubles(const Figures *figures, size_t *count, const char *name, ...)
{
    va_list args;
    va_start(args, name);
    double *numbers = doubles(figures, count, name, args);
    va_end(args);
    return numbers;
}

TokenId *figures_ids(const Figures *figures, size_t *count, const char *name)
{
    const StoredTensor *stored = find(figures->results, name);
    TokenId *ids = calloc(stored->count + 1, sizeof *ids);
    CHECK_FOR(stored->dtype == DTYPE_I64, "%s has no whole numbers", name);
    for (size_t i = 0; i < stored->count; i++) {
        int64_t id;
        memcpy(&id, stored->bytes + i * sizeof id, sizeof id);
        ids[i] = (TokenId)id;
    }
    if (count) *count = stored->count;
    return ids;
}

/* --- comparisons --- */

Difference difference(const Real *x, const double *wanted, size_t count)
{
    double largest = 0, apart = 0, size = 0;
    for (size_t i = 0; i < count; i++) {
        double d = fabs((double)x[i] - wanted[i]);
        if (!isfinite(d)) return (Difference){INFINITY, INFINITY};
        largest = fmax(largest, d);
        apart += d * d;
        size += wanted[i] * wanted[i];
    }
    return (Difference){largest, apart > 0 ? sqrt(apart / size) : 0};
}

Difference figures_difference(const Figures *figures, const Real *x, size_t count, const char *name, ...)
{
    size_t there;
    va_list args;
    va_start(args, name);
    double *wanted = doubles(figures, &there, name, args);
    va_end(args);
    CHECK_FOR(there == count, "%s has %zu numbers, not %zu", name, there, count);
    Difference found = difference(x, wanted, count);
    free(wanted);
    return found;
}

/* --- finite differences --- */

/* Between -1 and 1, different for neighbours. */
static double factor_of(size_t i) { return sin(1 + 2.3 * (double)i); }

static double loss_of(Operation operation, Parameters *inputs, const void *options)
{
    Tape *tape = tape_new(true);
    tape_begin(tape, PASS_PREDICT);
    const Tensor *y = operation(tape, inputs->tensors, options);
    double loss = 0;
    for (size_t i = 0; i < tensor_size(y); i++) loss += factor_of(i) * (double)y->x[i];
    tape_free(tape);
    return loss;
}

static void walk_back(Operation operation, Parameters *inputs, const void *options)
{
    Tape *tape = tape_new(true);
    tape_begin(tape, PASS_LEARN);
    Tensor *y = operation(tape, inputs->tensors, options);
    for (size_t i = 0; i < tensor_size(y); i++) y->g[i] = (Real)factor_of(i);
    y->written = true;
    parameters_clear_gradients(inputs);
    tape_backward(tape);
    tape_free(tape);
}

double gradient_error(Operation operation, Parameters *inputs, const void *options)
{
    Real step = (Real)(sizeof(Real) == sizeof(double) ? 1e-5 : 1.0 / 128);
    double largest = 0;
    walk_back(operation, inputs, options);
    for (size_t i = 0; i < inputs->total; i++) {
        Real x = inputs->x[i];
        inputs->x[i] = x + step;
        double above = loss_of(operation, inputs, options);
        inputs->x[i] = x - step;
        double slope = (above - loss_of(operation, inputs, options)) / (2 * (double)step);
        inputs->x[i] = x;
        largest = fmax(largest, fabs(slope - (double)inputs->g[i]));
    }
    return largest;
}
