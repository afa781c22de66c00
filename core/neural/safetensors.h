/* safetensors.h - files of named tensors, as Hugging Face defined them: 8 bytes of header length (little
 * endian), a JSON header, the numbers.
 *
 * Read strictly: the header at most 100 MB and beginning with '{', no key twice, sizes equal to shape times
 * type without overflow, the tensors side by side without gap or overlap, nothing behind them. F32, F64, F16
 * and BF16 are read as Real, I64 and the rest can be listed only. */
#ifndef CORE_NEURAL_SAFETENSORS_H
#define CORE_NEURAL_SAFETENSORS_H

#include <stdint.h>

#include "core/base/error.h"
#include "core/neural/real.h"

typedef enum {
    DTYPE_F32,
    DTYPE_F64,
    DTYPE_F16,
    DTYPE_BF16,
    DTYPE_I64,
    DTYPE_I32,
    DTYPE_U8,
    DTYPE_OTHER
} Dtype;

const char *dtype_name(Dtype dtype); /* as in files: "F32"; not of DTYPE_OTHER */
size_t dtype_size(Dtype dtype);      /* bytes of one number */
#define DTYPE_REAL (sizeof(Real) == 4 ? DTYPE_F32 : DTYPE_F64)

enum { SAFETENSORS_DIMS = 8, SAFETENSORS_HEADER_MAX = 100000000 };

typedef struct {
    const char *name;
    Dtype dtype;
    int dims;
    size_t shape[SAFETENSORS_DIMS];
    const unsigned char *bytes; /* (size), little endian, perhaps not aligned */
    size_t size, count;         /* in bytes, and how many numbers */
} StoredTensor;

typedef struct Safetensors Safetensors;

bool safetensors_is(const char *path); /* whether the file begins like one */

/* The whole file is read, at most 4 GiB. NULL: error says what is wrong with it, naming the tensor. */
Safetensors *safetensors_read(const char *path, Error *error);
void safetensors_free(Safetensors *file); /* NULL is fine */

size_t safetensors_count(const Safetensors *file);
const StoredTensor *safetensors_at(const Safetensors *file, size_t index); /* in the order of their bytes */
const StoredTensor *safetensors_find(const Safetensors *file, const char *name);
const char *safetensors_metadata(const Safetensors *file, const char *key); /* NULL if there is none */

/* The numbers of a tensor; false for types that are no fractions. */
bool stored_tensor_reals(const StoredTensor *tensor, Real *values);
bool stored_tensor_doubles(const StoredTensor *tensor, double *values);

/* --- writing --- */
typedef struct SafetensorsWriter SafetensorsWriter;

SafetensorsWriter *safetensors_writer_new(void);

/* Well-formed UTF-8 without NUL; copied. Each key and each name once. */
void safetensors_put_metadata(SafetensorsWriter *writer, const char *key, const char *value);

/* `values`, of `dtype`, are borrowed until the file is written; the rest is copied. */
void safetensors_put(SafetensorsWriter *writer, const char *name, Dtype dtype, int dims, const size_t *shape,
                     const void *values);

/* Written aside and put in its place when it is whole (draft.h), wide types first, so that every tensor is
 * aligned; frees the writer. */
bool safetensors_write(SafetensorsWriter *writer, const char *path, Error *error);

#endif
