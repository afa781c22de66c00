#include "core/neural/safetensors.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/file.h"
#include "core/base/i18n.h"
#include "core/base/memory.h"

enum { LENGTH_BYTES = 8, FILE_MAX_BITS = 32 };
static const char metadata_key[] = "__metadata__";

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "numbers lie in files as they do in memory");

struct Safetensors {
    char *bytes;    /* of the whole file */
    json_t *header; /* owns names and metadata */
    StoredTensor *tensors;
    size_t count;
};

/* A file on its way in. */
typedef struct {
    const char *path;
    Safetensors *file;
    const char *data; /* what follows the header */
    size_t data_size;
    Error *error;
} Reading;

typedef struct {
    const char *name;
    Dtype dtype;
    size_t size; /* bytes of one number */
} DtypeName;

static const DtypeName dtypes[] = {
    {"F32", DTYPE_F32, 4},   {"F64", DTYPE_F64, 8},       {"F16", DTYPE_F16, 2},
    {"BF16", DTYPE_BF16, 2}, {"I64", DTYPE_I64, 8},       {"I32", DTYPE_I32, 4},
    {"U8", DTYPE_U8, 1},     {"I8", DTYPE_OTHER, 1},      {"BOOL", DTYPE_OTHER, 1},
    {"I16", DTYPE_OTHER, 2}, {"U16", DTYPE_OTHER, 2},     {"U32", DTYPE_OTHER, 4},
    {"U64", DTYPE_OTHER, 8}, {"F8_E4M3", DTYPE_OTHER, 1}, {"F8_E5M2", DTYPE_OTHER, 1},
};

static const DtypeName *row_of(Dtype dtype)
{
    assert(dtype < DTYPE_OTHER);
    const DtypeName *row = dtypes;
    while (row->dtype != dtype) row++;
    return row;
}

const char *dtype_name(Dtype dtype) { return row_of(dtype)->name; }
size_t dtype_size(Dtype dtype) { return row_of(dtype)->size; }

/* --- errors --- */

static bool fail(const Reading *reading, const char *what)
{
    error_set(reading->error, _("%s is no safetensors file, or damaged: %s"), reading->path, what);
    return error_hint(reading->error, _("fetch it again, or save the model again"));
}

static bool fail_tensor(const Reading *reading, const char *name, const char *what)
{
    error_set(reading->error, _("%s is damaged: %s %s"), reading->path, name, what);
    return error_hint(reading->error, _("fetch it again, or save the model again"));
}

/* --- the header --- */

static bool parse_header(Reading *reading, const char *text, size_t length)
{
    json_error_t why;
    if (length == 0 || text[0] != '{') return fail(reading, _("its header does not begin with {"));
    reading->file->header = json_loadb(text, length, JSON_REJECT_DUPLICATES, &why);
    if (reading->file->header) return true;
    bool twice = json_error_code(&why) == json_error_duplicate_key;
    return fail(reading, twice ? _("a name stands twice in its header") : _("its header is not JSON"));
}

static bool find_header(Reading *reading, size_t length)
{
    uint64_t header;
    if (length < LENGTH_BYTES) return fail(reading, _("it is too short"));
    memcpy(&header, reading->file->bytes, sizeof header);
    if (header > SAFETENSORS_HEADER_MAX) return fail(reading, _("its header would be longer than 100 MB"));
    if (header > length - LENGTH_BYTES) return fail(reading, _("it was cut off in its header"));
    reading->data = reading->file->bytes + LENGTH_BYTES + header;
    reading->data_size = length - LENGTH_BYTES - (size_t)header;
    return parse_header(reading, reading->file->bytes + LENGTH_BYTES, (size_t)header);
}

static bool check_metadata(const Reading *reading)
{
    json_t *metadata = json_object_get(reading->file->header, metadata_key), *value;
    const char *key;
    if (metadata && !json_is_object(metadata)) return fail(reading, _("its metadata is no object"));
    json_object_foreach(metadata, key, value)
    {
        if (!json_is_string(value)) return fail(reading, _("its metadata is not all text"));
    }
    return true;
}

/* --- tensors --- */

/* A whole number from 0 up to what a size can hold. */
static bool read_size(const json_t *json, size_t *number)
{
    if (!json_is_integer(json) || json_integer_value(json) < 0) return false;
    *number = (size_t)json_integer_value(json);
    return true;
}

static const DtypeName *find_dtype(const char *name)
{
    for (size_t i = 0; name && i < COUNT_OF(dtypes); i++)
        if (strcmp(dtypes[i].name, name) == 0) return &dtypes[i];
    return NULL;
}

static bool multiply(size_t *product, size_t factor)
{
    if (factor != 0 && *product > SIZE_MAX / factor) return false;
    *product *= factor;
    return true;
}

static bool read_shape(const Reading *reading, const json_t *shape, StoredTensor *tensor)
{
    if (!json_is_array(shape)) return fail_tensor(reading, tensor->name, _("has no shape"));
    if (json_array_size(shape) > SAFETENSORS_DIMS)
        return fail_tensor(reading, tensor->name, _("has more than 8 dimensions"));
    tensor->dims = (int)json_array_size(shape);
    tensor->count = 1;
    for (int i = 0; i < tensor->dims; i++)
        if (!read_size(json_array_get(shape, (size_t)i), &tensor->shape[i]) ||
            !multiply(&tensor->count, tensor->shape[i]))
            return fail_tensor(reading, tensor->name, _("has an impossible shape"));
    return true;
}

static bool read_place(const Reading *reading, const json_t *offsets, StoredTensor *tensor)
{
    size_t begin, end;
    if (json_array_size(offsets) != 2 || !read_size(json_array_get(offsets, 0), &begin) ||
        !read_size(json_array_get(offsets, 1), &end) || begin > end)
        return fail_tensor(reading, tensor->name, _("has no place in the file"));
    if (end > reading->data_size) return fail_tensor(reading, tensor->name, _("is cut off"));
    if (end - begin != tensor->size)
        return fail_tensor(reading, tensor->name, _("has another size than its shape says"));
    tensor->bytes = (const unsigned char *)reading->data + begin;
    return true;
}

/* Names are shown to people: no control characters, U+0080 to U+009F among them. */
static bool is_plain(const char *name)
{
    for (const unsigned char *at = (const unsigned char *)name; *at; at++)
        if (*at < ' ' || *at == 0x7F || (*at == 0xC2 && at[1] < 0xA0)) return false;
    return true;
}

static bool read_tensor(const Reading *reading, const char *name, const json_t *entry, StoredTensor *tensor)
{
    *tensor = (StoredTensor){.name = name};
    if (!is_plain(name)) return fail(reading, _("the name of a tensor is no plain text"));
    const DtypeName *dtype = find_dtype(json_string_value(json_object_get(entry, "dtype")));
    if (!dtype) return fail_tensor(reading, name, _("has no type that we know"));
    if (!read_shape(reading, json_object_get(entry, "shape"), tensor)) return false;
    tensor->dtype = dtype->dtype;
    tensor->size = tensor->count;
    if (!multiply(&tensor->size, dtype->size))
        return fail_tensor(reading, name, _("has an impossible shape"));
    return read_place(reading, json_object_get(entry, "data_offsets"), tensor);
}

/* By their place; those of no size first, in the order of their names. */
static int compare_places(const void *left, const void *right)
{
    const StoredTensor *a = left, *b = right;
    if (a->bytes != b->bytes) return a->bytes < b->bytes ? -1 : 1;
    if (a->size != b->size) return a->size < b->size ? -1 : 1;
    return strcmp(a->name, b->name);
}

static bool check_places(const Reading *reading)
{
    const Safetensors *file = reading->file;
    const unsigned char *at = (const unsigned char *)reading->data, *end = at + reading->data_size;
    for (size_t i = 0; i < file->count; i++) {
        const StoredTensor *tensor = &file->tensors[i];
        if (tensor->bytes < at) return fail_tensor(reading, tensor->name, _("overlaps another tensor"));
        if (tensor->bytes > at) return fail_tensor(reading, tensor->name, _("has a gap before it"));
        at += tensor->size;
    }
    return at == end || fail(reading, _("something follows its last tensor"));
}

static bool read_tensors(const Reading *reading)
{
    Safetensors *file = reading->file;
    const char *name;
    json_t *entry;
    file->tensors = must_alloc(json_object_size(file->header) + 1, sizeof *file->tensors);
    json_object_foreach(file->header, name, entry)
    {
        if (strcmp(name, metadata_key) == 0) continue;
        if (!read_tensor(reading, name, entry, &file->tensors[file->count])) return false;
        file->count++;
    }
    qsort(file->tensors, file->count, sizeof *file->tensors, compare_places);
    return check_places(reading);
}

/* --- files --- */

bool safetensors_is(const char *path)
{
    char start[LENGTH_BYTES + 1];
    uint64_t header;
    FILE *file = file_is_regular(path) ? fopen(path, "rbe") : NULL;
    if (!file) return false;
    size_t got = fread(start, 1, sizeof start, file);
    fclose(file);
    memcpy(&header, start, sizeof header);
    return got == sizeof start && header <= SAFETENSORS_HEADER_MAX && start[LENGTH_BYTES] == '{';
}

Safetensors *safetensors_read(const char *path, Error *error)
{
    size_t length;
    Safetensors *file = must_alloc(1, sizeof *file);
    Reading reading = {.path = path, .file = file, .error = error};
    if (file_read(path, (size_t)1 << FILE_MAX_BITS, &file->bytes, &length, error) &&
        find_header(&reading, length) && check_metadata(&reading) && read_tensors(&reading))
        return file;
    safetensors_free(file);
    return NULL;
}

void safetensors_free(Safetensors *file)
{
    if (!file) return;
    json_decref(file->header);
    free(file->tensors);
    free(file->bytes);
    free(file);
}

size_t safetensors_count(const Safetensors *file) { return file->count; }

const StoredTensor *safetensors_at(const Safetensors *file, size_t index)
{
    assert(index < file->count);
    return &file->tensors[index];
}

const StoredTensor *safetensors_find(const Safetensors *file, const char *name)
{
    for (size_t i = 0; i < file->count; i++)
        if (strcmp(file->tensors[i].name, name) == 0) return &file->tensors[i];
    return NULL;
}

const char *safetensors_metadata(const Safetensors *file, const char *key)
{
    return json_string_value(json_object_get(json_object_get(file->header, metadata_key), key));
}

/* --- numbers --- */

static double half_value(uint16_t bits)
{
    int exponent = bits >> 10 & 31, fraction = bits & 1023;
    double size = exponent == 31  ? (fraction ? (double)NAN : (double)INFINITY)
                  : exponent == 0 ? ldexp(fraction, -24)
                                  : ldexp(1024 + fraction, exponent - 25);
    return bits >> 15 ? -size : size;
}

static float float_value(uint32_t bits)
{
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static double number_at(const StoredTensor *tensor, size_t i)
{
    uint16_t two;
    uint32_t four;
    double eight;
    switch (tensor->dtype) {
    case DTYPE_F16: memcpy(&two, tensor->bytes + 2 * i, sizeof two); return half_value(two);
    case DTYPE_BF16: memcpy(&two, tensor->bytes + 2 * i, sizeof two); return float_value((uint32_t)two << 16);
    case DTYPE_F32: memcpy(&four, tensor->bytes + 4 * i, sizeof four); return float_value(four);
    default: memcpy(&eight, tensor->bytes + 8 * i, sizeof eight); return eight;
    }
}

static bool is_fraction(Dtype dtype)
{
    return dtype == DTYPE_F32 || dtype == DTYPE_F64 || dtype == DTYPE_F16 || dtype == DTYPE_BF16;
}

bool stored_tensor_reals(const StoredTensor *tensor, Real *values)
{
    for (size_t i = 0; is_fraction(tensor->dtype) && i < tensor->count; i++)
        values[i] = (Real)number_at(tensor, i);
    return is_fraction(tensor->dtype);
}

bool stored_tensor_doubles(const StoredTensor *tensor, double *values)
{
    for (size_t i = 0; is_fraction(tensor->dtype) && i < tensor->count; i++) values[i] = number_at(tensor, i);
    return is_fraction(tensor->dtype);
}
