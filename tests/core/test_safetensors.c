/* Files of named tensors: what is written is read again, and no file, whatever is in it, does harm. */

#include <jansson.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "core/base/file.h"
#include "core/base/random.h"
#include "core/neural/safetensors.h"
#include "tests/support/models.h"
#include "tests/support/shell.h"

static char folder[FOLDER_SIZE];
static const char *path;

static void start(void)
{
    folder_make(folder);
    path = path_in(folder, "t.safetensors");
}

static void finish(void) { folder_remove(folder); }

TestSuite(safetensors, .init = start, .fini = finish, .timeout = 20);

/* --- files made by hand --- */

enum { HAND_MAX = 4096 };

static void put_file(const char *header, const void *data, size_t size)
{
    char bytes[HAND_MAX];
    uint64_t length = strlen(header);
    CHECK_EACH(8 + length + size <= HAND_MAX, "too long");
    memcpy(bytes, &length, 8);
    memcpy(bytes + 8, header, length);
    if (size) memcpy(bytes + 8 + length, data, size);
    file_put_bytes(path, bytes, 8 + length + size);
}

static const char zeros[64];

/* A file of this header, followed by so many zeros, is refused with a word of the reason. */
static void check_refused(const char *header, size_t data, const char *reason)
{
    Error error = {.message = ""};
    put_file(header, zeros, data);
    Safetensors *file = safetensors_read(path, &error);
    CHECK_FOR(!file, "%s was read", header);
    CHECK_FOR(strstr(error.message, reason), "%s: '%s', not '%s'", header, error.message, reason);
    CHECK(error.hint[0]);
}

static Safetensors *must_read(const char *header, const void *data, size_t size)
{
    Error error;
    put_file(header, data, size);
    Safetensors *file = safetensors_read(path, &error);
    CHECK_FOR(file, "%s", error.message);
    return file;
}

Test(safetensors, every_type_is_read_as_its_bytes_say)
{
    /* 1.5, -2 and 2^-24, the smallest half; 1.5 and -inf as bfloat16; -1 as I64; 0.1 as F64 */
    static const unsigned char data[] = {0x00, 0x3E, 0x00, 0xC0, 0x01, 0x00, 0xC0, 0x3F, 0x80, 0xFF,
                                         0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x9A, 0x99,
                                         0x99, 0x99, 0x99, 0x99, 0xB9, 0x3F, 0x00, 0x00, 0x20, 0xC1};
    Safetensors *file = must_read("{\"h\":{\"dtype\":\"F16\",\"shape\":[3],\"data_offsets\":[0,6]},"
                                  "\"b\":{\"dtype\":\"BF16\",\"shape\":[1,2],\"data_offsets\":[6,10]},"
                                  "\"i\":{\"dtype\":\"I64\",\"shape\":[],\"data_offsets\":[10,18]},"
                                  "\"f\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[26,30]},"
                                  "\"d\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[18,26]}}  ",
                                  data, sizeof data);
    double doubles[3];
    Real floats[3];
    CHECK(stored_tensor_doubles(safetensors_find(file, "h"), doubles));
    CHECK(doubles[0] == 1.5 && doubles[1] == -2 && doubles[2] == 0x1p-24);
    CHECK(stored_tensor_reals(safetensors_find(file, "b"), floats));
    CHECK(floats[0] == 1.5F && isinf(floats[1]) && floats[1] < 0);
    CHECK(stored_tensor_doubles(safetensors_find(file, "d"), doubles) && doubles[0] == 0.1);
    CHECK(stored_tensor_reals(safetensors_find(file, "d"), floats) && floats[0] == 0.1F);
    CHECK(stored_tensor_reals(safetensors_find(file, "f"), floats) && floats[0] == -10);
    const StoredTensor *whole = safetensors_find(file, "i");
    CHECK(whole->dtype == DTYPE_I64 && whole->dims == 0 && whole->count == 1 && whole->size == 8);
    CHECK(!stored_tensor_doubles(whole, doubles) && !stored_tensor_reals(whole, floats));
    CHECK_STR(safetensors_at(file, 4)->name, "f");
    CHECK(safetensors_count(file) == 5 && !safetensors_find(file, "__metadata__"));
    safetensors_free(file);
}

Test(safetensors, halves_are_right_at_their_edges)
{
    /* inf, the largest 65504, the smallest normal 2^-14, the largest subnormal, -0, not a number */
    static const uint16_t data[] = {0x7C00, 0x7BFF, 0x0400, 0x03FF, 0x8000, 0x7E00};
    Safetensors *file =
        must_read("{\"h\":{\"dtype\":\"F16\",\"shape\":[6],\"data_offsets\":[0,12]}}", data, sizeof data);
    double x[6];
    stored_tensor_doubles(safetensors_at(file, 0), x);
    CHECK(isinf(x[0]) && x[1] == 65504 && x[2] == 0x1p-14 && x[3] == 1023 * 0x1p-24);
    CHECK(x[4] == 0 && signbit(x[4]) && isnan(x[5]));
    safetensors_free(file);
}

Test(safetensors, nothing_at_all_is_a_file_too)
{
    Safetensors *file = must_read("{}", NULL, 0);
    CHECK(safetensors_count(file) == 0 && !safetensors_metadata(file, "a"));
    safetensors_free(file);
    file = must_read("{\"__metadata__\":{\"a\":\"b\"},\"x\":{\"dtype\":\"F32\",\"shape\":[3,0],"
                     "\"data_offsets\":[0,0]}}",
                     NULL, 0);
    CHECK(safetensors_at(file, 0)->count == 0);
    CHECK_STR(safetensors_metadata(file, "a"), "b");
    safetensors_free(file);
}

#define TENSOR(name, dtype, shape, offsets)                                                                  \
    "\"" name "\":{\"dtype\":\"" dtype "\",\"shape\":" shape ",\"data_offsets\":" offsets "}"
#define ONE(dtype, shape, offsets) "{" TENSOR("x", dtype, shape, offsets) "}"

Test(safetensors, headers_that_are_wrong_are_refused)
{
    check_refused("[]", 0, "begin with {");
    check_refused("", 0, "begin with {");
    check_refused(" {}", 0, "begin with {");
    check_refused("{", 0, "not JSON");
    check_refused("{} x", 0, "not JSON");
    check_refused("{\"\xFF\":1}", 0, "not JSON");
    check_refused("{" TENSOR("x", "U8", "[1]", "[0,1]") "," TENSOR("x", "U8", "[1]", "[0,1]") "}", 1,
                  "twice");
    check_refused("{\"__metadata__\":[]}", 0, "no object");
    check_refused("{\"__metadata__\":{\"a\":1}}", 0, "not all text");
    check_refused("{\"__metadata__\":{\"a\":\"1\",\"a\":\"2\"}}", 0, "twice");
    check_refused("{" TENSOR("a\\u001b[2J", "U8", "[1]", "[0,1]") "}", 1, "plain text");
    check_refused("{" TENSOR("a\\u009b2J", "U8", "[1]", "[0,1]") "}", 1, "plain text");
    check_refused("{\"x\":7}", 0, "type");
    check_refused("{\"x\":{\"shape\":[],\"data_offsets\":[0,4]}}", 4, "type");
    check_refused("{\"x\":{\"dtype\":\"F32\",\"data_offsets\":[0,4]}}", 4, "shape");
    check_refused("{\"x\":{\"dtype\":\"F32\",\"shape\":[]}}", 4, "place");
}

Test(safetensors, types_and_shapes_that_cannot_be_are_refused)
{
    check_refused(ONE("F31", "[1]", "[0,4]"), 4, "type");
    check_refused(ONE("f32", "[1]", "[0,4]"), 4, "type");
    check_refused(ONE("F32", "4", "[0,4]"), 4, "shape");
    check_refused(ONE("F32", "[-1]", "[0,4]"), 4, "impossible shape");
    check_refused(ONE("F32", "[1.0]", "[0,4]"), 4, "impossible shape");
    check_refused(ONE("F32", "[\"1\"]", "[0,4]"), 4, "impossible shape");
    check_refused(ONE("F32", "[1,1,1,1,1,1,1,1,1]", "[0,4]"), 4, "8 dimensions");
    check_refused(ONE("F32", "[9223372036854775807,2,2]", "[0,4]"), 4, "impossible shape");
    check_refused(ONE("F32", "[4294967296,4294967296]", "[0,4]"), 4, "impossible shape");
    check_refused(ONE("F32", "[4611686018427387905]", "[0,4]"), 4, "impossible shape");
    check_refused(ONE("F32", "[99999999999999999999]", "[0,4]"), 4, "not JSON");
}

Test(safetensors, places_that_lie_are_refused)
{
    check_refused(ONE("F32", "[2]", "[0,4]"), 4, "another size");
    check_refused(ONE("F32", "[1]", "[0,8]"), 8, "another size");
    check_refused(ONE("F32", "[2]", "[0,8]"), 4, "cut off");
    check_refused(ONE("F32", "[1]", "[4,0]"), 4, "place");
    check_refused(ONE("F32", "[1]", "[-4,0]"), 4, "place");
    check_refused(ONE("F32", "[1]", "[0]"), 4, "place");
    check_refused(ONE("F32", "[1]", "[0,4,4]"), 4, "place");
    check_refused(ONE("F32", "[1]", "[9223372036854775800,9223372036854775804]"), 4, "cut off");
    check_refused(ONE("F32", "[1]", "[0,4]"), 5, "follows");
    check_refused(ONE("F32", "[1]", "[4,8]"), 8, "gap");
    check_refused("{" TENSOR("a", "F32", "[1]", "[0,4]") "," TENSOR("b", "F32", "[1]", "[0,4]") "}", 4,
                  "overlaps");
    check_refused("{" TENSOR("a", "F32", "[2]", "[0,8]") "," TENSOR("b", "F32", "[2]", "[4,12]") "}", 12,
                  "overlaps");
    check_refused("{" TENSOR("a", "F32", "[1]", "[0,4]") "," TENSOR("b", "F32", "[1]", "[8,12]") "}", 12,
                  "gap");
    check_refused("{" TENSOR("a", "F32", "[2]", "[0,8]") "," TENSOR("b", "F32", "[0]", "[4,4]") "}", 8,
                  "overlaps");
}

static void check_length_refused(uint64_t length, const char *reason)
{
    char bytes[16] = "........{}";
    Error error = {.message = ""};
    memcpy(bytes, &length, 8);
    file_put_bytes(path, bytes, sizeof bytes);
    CHECK(!safetensors_read(path, &error));
    CHECK_FOR(strstr(error.message, reason), "%s", error.message);
}

Test(safetensors, lengths_that_lie_are_refused)
{
    check_length_refused(UINT64_MAX, "100 MB");
    check_length_refused(100000001, "100 MB");
    check_length_refused(100000000, "cut off");
    check_length_refused(9, "cut off");
    check_length_refused(0, "begin with {");
}

Test(safetensors, other_files_are_refused)
{
    Error error;
    CHECK(!safetensors_is(path) && !safetensors_is(folder) && !safetensors_is("/dev/null"));
    CHECK(!safetensors_read(path, &error) && strstr(error.message, "cannot open"));
    CHECK(!safetensors_read(folder, &error) && !safetensors_read("/dev/null", &error));
    file_put(path, "\\data\\\nngram 1=1\n");
    CHECK(!safetensors_is(path) && !safetensors_read(path, &error));
    put_file("{}", NULL, 0);
    CHECK(safetensors_is(path));
}

/* --- writing --- */

static const double doubles[] = {0.1, NAN, -INFINITY, 5e-324};
static const float numbers[] = {1, -2.5F, 3e-45F, 4, 5, 6};

static bool write_sample(const char *to, Error *error)
{
    SafetensorsWriter *writer = safetensors_writer_new();
    safetensors_put_metadata(writer, "vocab", "[\"\\n\",\"é\",\"\\\"\"]");
    safetensors_put(writer, "w", DTYPE_F32, 2, (size_t[]){2, 3}, numbers);
    safetensors_put(writer, "b", DTYPE_U8, 1, (size_t[]){3}, "abc");
    safetensors_put(writer, "none", DTYPE_F32, 2, (size_t[]){0, 7}, NULL);
    safetensors_put(writer, "d", DTYPE_F64, 1, (size_t[]){4}, doubles);
    return safetensors_write(writer, to, error);
}

Test(safetensors, what_is_written_is_read_again)
{
    Error error;
    double read[4];
    CHECK(write_sample(path, &error));
    CHECK(safetensors_is(path));
    Safetensors *file = safetensors_read(path, &error);
    CHECK_FOR(file, "%s", error.message);
    const StoredTensor *w = safetensors_find(file, "w");
    CHECK(w->dims == 2 && w->shape[0] == 2 && w->shape[1] == 3 && memcmp(w->bytes, numbers, 24) == 0);
    CHECK(stored_tensor_doubles(safetensors_find(file, "d"), read));
    CHECK(memcmp(read, doubles, sizeof doubles) == 0);
    CHECK(memcmp(safetensors_find(file, "b")->bytes, "abc", 3) == 0);
    CHECK(safetensors_find(file, "none")->count == 0);
    CHECK_STR(safetensors_metadata(file, "vocab"), "[\"\\n\",\"é\",\"\\\"\"]");
    safetensors_free(file);
}

/* The same by other means than our reader, byte by byte. */
Test(safetensors, the_form_is_that_of_hugging_face)
{
    Error error;
    char *bytes;
    size_t size;
    uint64_t length;
    CHECK(write_sample(path, &error) && file_read(path, 4096, &bytes, &size, &error));
    memcpy(&length, bytes, 8);
    CHECK_INT(length % 8, 0);
    CHECK_INT(size, 8 + length + 32 + 24 + 3);
    json_t *header = json_loadb(bytes + 8, length, JSON_REJECT_DUPLICATES, NULL);
    CHECK(json_number(header, "d.data_offsets.0") == 0 && json_number(header, "d.data_offsets.1") == 32);
    CHECK(json_number(header, "w.data_offsets.0") == 32 && json_number(header, "w.data_offsets.1") == 56);
    CHECK(json_number(header, "none.data_offsets.1") == 56 && json_number(header, "none.shape.1") == 7);
    CHECK(json_number(header, "b.data_offsets.1") == 59);
    CHECK_STR(json_string_value(json_path(header, "w.dtype")), "F32");
    CHECK_STR(json_string_value(json_path(header, "__metadata__.vocab")), "[\"\\n\",\"é\",\"\\\"\"]");
    CHECK(memcmp(bytes + 8 + length + 32, numbers, 24) == 0);
    json_decref(header);
    free(bytes);
}

Test(safetensors, cut_off_anywhere_a_file_is_refused)
{
    Error error;
    char *bytes;
    size_t size;
    CHECK(write_sample(path, &error) && file_read(path, 4096, &bytes, &size, &error));
    for (size_t length = 0; length < size; length++) {
        file_put_bytes(path, bytes, length);
        error_set(&error, "%s", "");
        CHECK_EACH(!safetensors_read(path, &error) && error.message[0], "%zu of %zu bytes were read", length,
                   size);
    }
    free(bytes);
}

/* Random damage is refused or read; what is read can be looked at everywhere. */
Test(safetensors, damaged_files_do_no_harm)
{
    Error error;
    Random random = random_seeded(4);
    char *bytes;
    size_t size, read = 0, rounds = 4000;
    double sum = 0;
    CHECK(write_sample(path, &error) && file_read(path, 4096, &bytes, &size, &error));
    for (size_t i = 0; i < rounds; i++) {
        size_t at = random_next(&random) % (i % 2 ? 16 : size);
        char kept = bytes[at];
        bytes[at] = i % 4 ? "0129[]{},:\"-eF"[random_next(&random) % 14] : (char)random_next(&random);
        file_put_bytes(path, bytes, size);
        Safetensors *file = safetensors_read(path, &error);
        for (size_t t = 0; file && t < safetensors_count(file); t++)
            for (size_t b = 0; b < safetensors_at(file, t)->size; b++)
                sum += safetensors_at(file, t)->bytes[b];
        read += file != NULL;
        safetensors_free(file);
        bytes[at] = kept;
    }
    CHECK(read > 0 && read < rounds && sum > 0);
    free(bytes);
}

Test(safetensors, a_full_disk_is_an_error_and_keeps_the_old_file)
{
    Error error;
    CHECK(!write_sample("/dev/full", &error) && strstr(error.message, "No space left"));
    CHECK(!write_sample(folder, &error));
    file_put(path, "old");
    signal(SIGXFSZ, SIG_IGN);
    struct rlimit limit, small;
    getrlimit(RLIMIT_FSIZE, &limit);
    small = limit;
    small.rlim_cur = 100;
    setrlimit(RLIMIT_FSIZE, &small);
    bool ok = write_sample(path, &error);
    setrlimit(RLIMIT_FSIZE, &limit);
    char *text = file_get(path);
    CHECK(!ok && strstr(error.message, path));
    CHECK_STR(text, "old");
    free(text);
}
