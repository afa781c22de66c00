/* safetensors_writer.c - writing files of named tensors: a header in JSON, then the numbers as they lie in
 * memory. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/draft.h"
#include "core/base/i18n.h"
#include "core/base/memory.h"
#include "core/neural/safetensors.h"

enum { ALIGNMENT = 8 };

typedef struct {
    char *name;
    Dtype dtype;
    json_t *shape;
    const void *values;
    size_t size; /* in bytes */
} Entry;

struct SafetensorsWriter {
    json_t *metadata;
    Entry *entries;
    size_t count, capacity;
};

SafetensorsWriter *safetensors_writer_new(void)
{
    SafetensorsWriter *writer = must_alloc(1, sizeof *writer);
    writer->metadata = json_object();
    return writer;
}

static void writer_free(SafetensorsWriter *writer)
{
    for (size_t i = 0; i < writer->count; i++) {
        free(writer->entries[i].name);
        json_decref(writer->entries[i].shape);
    }
    json_decref(writer->metadata);
    free(writer->entries);
    free(writer);
}

/* jansson fails on malformed UTF-8, a bug of the caller, and where there is no memory. */
static void set(json_t *object, const char *key, json_t *value)
{
    int failed = json_object_set_new(object, key, value);
    assert(!failed);
    (void)failed;
}

void safetensors_put_metadata(SafetensorsWriter *writer, const char *key, const char *value)
{
    assert(!json_object_get(writer->metadata, key));
    set(writer->metadata, key, json_string(value));
}

void safetensors_put(SafetensorsWriter *writer, const char *name, Dtype dtype, int dims, const size_t *shape,
                     const void *values)
{
    Entry entry = {.name = must_copy(name, strlen(name)),
                   .dtype = dtype,
                   .shape = json_array(),
                   .values = values,
                   .size = dtype_size(dtype)};
    for (int i = 0; i < dims; i++) {
        entry.size *= shape[i];
        json_array_append_new(entry.shape, json_integer((json_int_t)shape[i]));
    }
    writer->entries = must_extend(writer->entries, writer->count, &writer->capacity, sizeof entry);
    writer->entries[writer->count++] = entry;
}

/* Stable by hand: wide types first, each in the order given. */
static void sort_entries(SafetensorsWriter *writer)
{
    Entry *sorted = must_alloc(writer->count, sizeof *sorted);
    size_t used = 0;
    for (size_t size = ALIGNMENT; size > 0; size /= 2)
        for (size_t i = 0; i < writer->count; i++)
            if (dtype_size(writer->entries[i].dtype) == size) sorted[used++] = writer->entries[i];
    free(writer->entries);
    writer->entries = sorted;
}

static json_t *make_header(const SafetensorsWriter *writer)
{
    json_t *header = json_object();
    size_t at = 0;
    if (json_object_size(writer->metadata) > 0) set(header, "__metadata__", json_incref(writer->metadata));
    for (size_t i = 0; i < writer->count; i++) {
        const Entry *entry = &writer->entries[i];
        json_int_t begin = (json_int_t)at, end = (json_int_t)(at += entry->size);
        assert(!json_object_get(header, entry->name));
        set(header, entry->name,
            json_pack("{s:s, s:O, s:[I, I]}", "dtype", dtype_name(entry->dtype), "shape", entry->shape,
                      "data_offsets", begin, end));
    }
    return header;
}

/* The caller frees it. */
static char *header_text(const SafetensorsWriter *writer)
{
    json_t *header = make_header(writer);
    char *text = json_dumps(header, JSON_COMPACT);
    assert(text);
    json_decref(header);
    return text;
}

static void write_header(const char *text, Draft *draft)
{
    static const char spaces[ALIGNMENT] = "       ";
    size_t length = strlen(text), padding = (ALIGNMENT - length % ALIGNMENT) % ALIGNMENT;
    uint64_t total = length + padding;
    draft_write(draft, &total, sizeof total);
    draft_write(draft, text, length);
    draft_write(draft, spaces, padding);
}

static bool write_file(SafetensorsWriter *writer, const char *path, Error *error)
{
    sort_entries(writer);
    char *text = header_text(writer);
    bool fits = strlen(text) <= SAFETENSORS_HEADER_MAX - ALIGNMENT;
    if (!fits) error_set(error, _("names and vocabulary take more than the 100 MB a header may have"));
    Draft *draft = fits ? draft_new(path, false, error) : NULL;
    if (draft) write_header(text, draft);
    free(text);
    for (size_t i = 0; draft && i < writer->count; i++)
        draft_write(draft, writer->entries[i].values, writer->entries[i].size);
    return draft && draft_finish(draft, error);
}

bool safetensors_write(SafetensorsWriter *writer, const char *path, Error *error)
{
    bool ok = write_file(writer, path, error);
    writer_free(writer);
    return ok;
}
