/* Checkpoints that are damaged, or made to do harm, and a disk that is full. */

#include <jansson.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "core/base/file.h"
#include "core/neural/checkpoint.h"
#include "tests/support/runs.h"
#include "tests/support/shell.h"

static char folder[FOLDER_SIZE];
static const char *path;

static void start(void)
{
    folder_make(folder);
    path = path_in(folder, "m.safetensors");
}

static void finish(void) { folder_remove(folder); }

TestSuite(checkpoint_wrong, .init = start, .fini = finish, .timeout = 20);

typedef struct {
    json_t *header;
    char *data;
    size_t data_size;
} Parts;

static Parts take_apart(void)
{
    Error error;
    char *bytes;
    size_t size;
    uint64_t length;
    CHECK(file_read(path, 1 << 24, &bytes, &size, &error));
    memcpy(&length, bytes, 8);
    Parts parts = {.header = json_loadb(bytes + 8, length, 0, NULL), .data_size = size - 8 - length};
    parts.data = calloc(parts.data_size + 1, 1);
    memcpy(parts.data, bytes + 8 + length, parts.data_size);
    free(bytes);
    return parts;
}

static void put_together(const Parts *parts)
{
    char *text = json_dumps(parts->header, JSON_COMPACT);
    uint64_t length = strlen(text);
    size_t size = 8 + length + parts->data_size;
    char *bytes = calloc(size, 1);
    memcpy(bytes, &length, 8);
    memcpy(bytes + 8, text, length);
    memcpy(bytes + 8 + length, parts->data, parts->data_size);
    file_put_bytes(path, bytes, size);
    free(bytes);
    free(text);
}

static void parts_free(Parts *parts)
{
    json_decref(parts->header);
    free(parts->data);
}

static void write_trained(NetworkKind kind)
{
    Error error;
    Model *model = run_model(kind, 3);
    CHECK_FOR(checkpoint_write(model, path, &error), "%s", error.message);
    model_free(model);
}

/* The file with one entry of the metadata changed, or without it. */
static void change(NetworkKind kind, const char *key, const char *value)
{
    write_trained(kind);
    Parts parts = take_apart();
    json_t *metadata = json_object_get(parts.header, "__metadata__");
    CHECK_FOR(json_object_get(metadata, key), "%s is not in the file", key);
    if (value)
        json_object_set_new(metadata, key, json_string(value));
    else
        json_object_del(metadata, key);
    put_together(&parts);
    parts_free(&parts);
}

static void check_refused(const char *what, const char *reason)
{
    Error error = {.message = ""};
    Model *model = checkpoint_read(path, false, &error);
    CHECK_FOR(!model, "%s was read", what);
    CHECK_FOR(strstr(error.message, reason), "%s: '%s', not '%s'", what, error.message, reason);
}

Test(checkpoint_wrong, metadata_that_makes_no_sense_is_refused)
{
    static const struct {
        const char *key, *value, *reason;
    } rows[] = {
        {"vocab", NULL, "no vocabulary"},
        {"vocab", "[\"a\"]", "not the one it was saved with"},
        {"vocab", "[\"a\",\"a\"]", "twice"},
        {"vocab", "[\"a\",7]", "no text"},
        {"vocab", "[\"a\",\"\"]", "no text"},
        {"vocab", "[\"<s>\"]", "<s>"},
        {"vocab", "{}", "no list"},
        {"vocab", "[", "no list"},
        {"lmsh.fingerprint", "1", "not the one"},
        {"lmsh.fingerprint", "x", "makes no sense"},
        {"lmsh.tokenizer", "runes", "runes"},
        {"lmsh.kind", "softmax", "says it is a softmax"},
        {"lmsh.dropout", "1", "dropout"},
        {"lmsh.dropout", "nan", "dropout"},
        {"lmsh.dropout", NULL, "lmsh.dropout"},
        {"n_head", NULL, "n_head"},
        {"n_head", "0", "n_head"},
        {"n_head", "4", "heads"},
        {"n_head", "3x", "n_head"},
        {"lmsh.format", "2", "lmsh.format"},
        {"lmsh.seconds", "inf", "lmsh.seconds"},
        {"lmsh.seconds", "-1", "lmsh.seconds"},
        {"lmsh.lr", "-1", "lmsh.lr"},
        {"lmsh.lr", "nan", "lmsh.lr"},
        {"lmsh.lr", "1e", "lmsh.lr"},
        {"lmsh.lr", NULL, "lmsh.lr"},
        {"lmsh.epochs", "1e300", "makes no sense"},
        {"lmsh.valid", "1", "makes no sense"},
        {"lmsh.threads", "3", "lmsh.threads"},
        {"lmsh.batch", "1073741825", "lmsh.batch"},
        {"lmsh.step", "-1", "lmsh.step"},
        {"lmsh.goal", "18446744073709551615", "lmsh.goal"},
        {"lmsh.seed", "18446744073709551616", "lmsh.seed"},
        {"lmsh.dice", "0", "lmsh.dice"},
        {"lmsh.dice", "", "lmsh.dice"},
        {"lmsh.diverged", "2", "lmsh.diverged"},
        {"lmsh.opt", "lion", "lmsh.opt"},
        {"lmsh.opt", "adamw", "optimizer.second"},
        {"lmsh.schedule", NULL, "lmsh.schedule"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        bool heads = strcmp(rows[i].key, "n_head") == 0;
        change(heads ? NETWORK_TRANSFORMER : NETWORK_MLP, rows[i].key, rows[i].value);
        check_refused(rows[i].key, rows[i].reason);
    }
}

/* The curve is rows of step, training loss, validation loss, the first tensor of the file. */
Test(checkpoint_wrong, a_curve_that_goes_back_is_refused)
{
    static const double steps[] = {-1, 0.5, NAN, 1e300, 7};
    write_trained(NETWORK_SOFTMAX);
    Parts parts = take_apart();
    CHECK(json_number(json_object_get(parts.header, "learning.curve"), "data_offsets.0") == 0);
    for (size_t i = 0; i < COUNT_OF(steps); i++) {
        memcpy(parts.data, &steps[i], sizeof *steps);
        put_together(&parts);
        check_refused("curve", "learning.curve");
    }
    parts_free(&parts);
}

Test(checkpoint_wrong, tensors_that_do_not_fit_together_are_refused)
{
    static const struct {
        NetworkKind kind;
        const char *tensor, *renamed, *part, *value, *reason;
    } rows[] = {
        {NETWORK_MLP, "b1", "b3", NULL, NULL, "no tensor b3"},
        {NETWORK_MLP, "W1", "W9", NULL, NULL, "no network we know"},
        {NETWORK_MLP, "b1", NULL, "shape", "[5,1]", "b1 has another shape"},
        {NETWORK_MLP, "W1", NULL, "shape", "[5,8]", "another shape"},
        {NETWORK_MLP, "C", NULL, "shape", "[4,13]", "n - 1 must be"},
        {NETWORK_MLP, "b1", NULL, "dtype", "\"I32\"", "no fractions"},
        {NETWORK_MLP, "optimizer.first", "optimizer.other", NULL, NULL, "optimizer.first"},
        {NETWORK_MLP, "learning.curve", "learning.other", NULL, NULL, "learning.curve"},
        {NETWORK_GRU, "rnn.weight_hh_l1", "rnn.weight_hh_l2", NULL, NULL, "no tensor rnn"},
        {NETWORK_GRU, "rnn.weight_hh_l0", NULL, "shape", "[8,6]", "no network we know"},
        {NETWORK_LSTM, "rnn.bias_ih_l1", "rnn.bias_ih_l01", NULL, NULL, "no tensor rnn"},
        {NETWORK_TRANSFORMER, "h.1.ln_1.weight", "h.7.ln_1.weight", NULL, NULL, "no tensor h.7"},
        {NETWORK_TRANSFORMER, "wpe.weight", "wpe", NULL, NULL, "no network we know"},
        {NETWORK_TRANSFORMER, "h.0.attn.c_attn.weight", NULL, "shape", "[18,6]", "another shape"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        write_trained(rows[i].kind);
        Parts parts = take_apart();
        json_t *entry = json_object_get(parts.header, rows[i].tensor);
        CHECK_FOR(entry, "there is no %s", rows[i].tensor);
        if (rows[i].part)
            json_object_set_new(entry, rows[i].part, json_loads(rows[i].value, JSON_DECODE_ANY, NULL));
        if (rows[i].renamed) json_object_set(parts.header, rows[i].renamed, entry);
        if (rows[i].renamed) json_object_del(parts.header, rows[i].tensor);
        put_together(&parts);
        check_refused(rows[i].tensor, rows[i].reason);
        parts_free(&parts);
    }
}

Test(checkpoint_wrong, weights_that_are_not_finite_are_refused)
{
    static const float bad[] = {NAN, INFINITY, -INFINITY};
    write_trained(NETWORK_SOFTMAX);
    Parts parts = take_apart();
    size_t at = (size_t)json_number(json_object_get(parts.header, "W"), "data_offsets.0");
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        memcpy(parts.data + at + 4, &bad[i], sizeof *bad);
        put_together(&parts);
        check_refused("W", "not finite");
    }
    parts_free(&parts);
}

Test(checkpoint_wrong, other_models_and_other_files_are_refused)
{
    Error error;
    Model *toy = toy_model();
    CHECK(!checkpoint_write(toy, path, &error) && strstr(error.hint, "train") && !file_is_regular(path));
    model_free(toy);
    CHECK(!checkpoint_read(path, false, &error) && strstr(error.message, "cannot open"));
    CHECK(!checkpoint_read("tests/data/neural/lstm.safetensors", false, &error));
    CHECK(strstr(error.message, "no vocabulary") && strstr(error.hint, "json.dumps"));
    CHECK(!checkpoint_read("tests/data/neural/lstm.oracle.safetensors", false, &error));
}

/* --- damage --- */

/* Whatever the weights are, there is a distribution, and learning goes on or says why not. */
static void ask_around(const Model *model, Corpus *corpus)
{
    Error error;
    Random random = random_seeded(1);
    size_t outcomes = model_outcomes(model);
    State *state = state_begin(model);
    for (int i = 0; i < 3; i++) {
        TokenId token = (TokenId)(random_next(&random) % outcomes);
        (void)state_probability(state, token);
        state_feed(state, token);
    }
    state_free(state);
    Job *job = neural_training_continue(model, 0, corpus, NULL, &error);
    if (job) job_step(job, 0, &error);
    job_free(job);
}

static const char *const words[] = {
    "0",  "-1", "1",    "9",    "4294967296", "18446744073709551615", "1e308", "nan", "inf",
    "[]", "{}", "null", "\"\"", "[0,0]",      "9007199254740991"};

/* A value of the header, anywhere, replaced by another one. */
static void spoil_header(json_t *header, Random *random)
{
    const char *word = words[random_next(random) % COUNT_OF(words)];
    bool metadata = random_next(random) % 2;
    json_t *object = metadata ? json_object_get(header, "__metadata__") : header;
    void *at = json_object_iter(object);
    for (size_t skip = random_next(random) % json_object_size(object); skip > 0; skip--)
        at = json_object_iter_next(object, at);
    json_t *value = metadata ? json_string(word) : json_loads(word, JSON_DECODE_ANY, NULL),
           *entry = json_object_iter_value(at);
    static const char *const parts[] = {"dtype", "shape", "data_offsets"};
    if (metadata)
        json_object_set_new(object, json_object_iter_key(at), value);
    else if (json_object_get(entry, "shape"))
        json_object_set_new(entry, parts[random_next(random) % 3], value ? value : json_null());
    else
        json_decref(value);
}

static void spoil_numbers(Parts *parts, Random *random)
{
    static const uint32_t nasty[] = {0x7F7FFFFF, 0xFF7FFFFF, 0x00000001, 0x80000000, 0x7FC00000, 0x7F800000};
    for (int i = 0; i < 3; i++) {
        size_t at = random_next(random) % (parts->data_size / 4) * 4;
        memcpy(parts->data + at, &nasty[random_next(random) % COUNT_OF(nasty)], 4);
    }
}

Test(checkpoint_wrong, files_made_to_do_harm_do_none)
{
    Error error;
    Random random = random_seeded(5);
    Corpus *corpus = corpus_random(3, 30);
    size_t read = 0, rounds = 600;
    for (size_t i = 0; i < rounds; i++) {
        if (i % 20 == 0) write_trained((NetworkKind)(i / 20 % NETWORK_KINDS));
        Parts parts = take_apart();
        char *kept = file_text(path);
        size_t size = file_size(path);
        if (i % 2)
            spoil_header(parts.header, &random);
        else
            spoil_numbers(&parts, &random);
        put_together(&parts);
        Model *model = checkpoint_read(path, false, &error);
        CHECK_EACH(model || error.message[0], "round %zu: nothing said", i);
        if (model) ask_around(model, corpus);
        read += model != NULL;
        model_free(model);
        parts_free(&parts);
        file_put_bytes(path, kept, size);
        free(kept);
    }
    CHECK_FOR(read > 30 && read < rounds - 30, "%zu of %zu were read", read, rounds);
    corpus_free(corpus);
}

Test(checkpoint_wrong, a_full_disk_is_an_error_and_keeps_the_old_file)
{
    Error error;
    Model *model = run_model(NETWORK_MLP, 2);
    CHECK(!checkpoint_write(model, "/dev/full", &error) && strstr(error.message, "No space left"));
    file_put(path, "old");
    signal(SIGXFSZ, SIG_IGN);
    struct rlimit limit, small;
    getrlimit(RLIMIT_FSIZE, &limit);
    small = limit;
    small.rlim_cur = 1000;
    setrlimit(RLIMIT_FSIZE, &small);
    bool ok = checkpoint_write(model, path, &error);
    setrlimit(RLIMIT_FSIZE, &limit);
    char *text = file_get(path);
    CHECK(!ok && strstr(error.message, path));
    CHECK_STR(text, "old");
    free(text);
    model_free(model);
}
