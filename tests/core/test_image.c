/* Our own binary form: the same numbers to the last bit, and no harm from any file. */

#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "core/base/file.h"
#include "core/ngram/arpa_reader.h"
#include "core/ngram/image.h"
#include "tests/support/models.h"
#include "tests/support/oracle.h"
#include "tests/support/shell.h"

static char folder[FOLDER_SIZE];
static const char *path;

static void start(void)
{
    folder_make(folder);
    path = path_in(folder, "model.lm");
}

static void finish(void) { folder_remove(folder); }

TestSuite(image, .init = start, .fini = finish, .timeout = 20);

static Model *write_and_read(const Model *model)
{
    Error error;
    CHECK_FOR(image_write(model, path, &error), "%s", error.message);
    CHECK(image_is(path));
    Model *again = image_read(path, &error);
    CHECK_FOR(again, "%s", error.message);
    return again;
}

static void check_reasons(const Fact *a, const Fact *b)
{
    for (; a && b; a = a->next, b = b->next) {
        CHECK_EACH(a->kind == b->kind && (a->value == b->value || (isnan(a->value) && isnan(b->value))),
                   "reasons differ");
        CHECK_EACH(!a->name == !b->name && (!a->name || strcmp(a->name, b->name) == 0), "names differ");
        check_reasons(a->reasons, b->reasons);
    }
    CHECK_EACH(!a && !b, "one has more reasons");
}

static void check_state(const State *a, const State *b, TokenId token)
{
    Counts left = {0, 0}, right = {0, 0};
    Arena arena = {0};
    CHECK_EACH(state_probability(a, token) == state_probability(b, token), "p of %d", token);
    CHECK_EACH(state_counts(a, token, &left) == state_counts(b, token, &right), "counts of %d", token);
    CHECK_EACH(left.count == right.count && left.total == right.total, "counts of %d", token);
    CHECK_EACH(state_matched(a, token) == state_matched(b, token), "matched of %d", token);
    check_reasons(state_explain(a, token, &arena), state_explain(b, token, &arena));
    arena_release(&arena);
}

/* Every word after every history of a walk: bit for bit, with counts and reasons. */
static void check_identical(const Model *a, const Model *b)
{
    Arena arena = {0};
    Random random = random_seeded(2);
    size_t outcomes = model_outcomes(a);
    CHECK_STR(model_describe(a, &arena), model_describe(b, &arena));
    CHECK(model_outcomes(b) == outcomes && model_parameters(a) == model_parameters(b));
    CHECK(a->scores == b->scores && a->tokenizer == b->tokenizer && a->context == b->context);
    for (size_t w = 0; w < outcomes; w++)
        CHECK_STR(vocab_text(a->vocab, (TokenId)w), vocab_text(b->vocab, (TokenId)w));
    State *one = state_begin(a), *other = state_begin(b);
    for (int i = 0; i < 40; i++) {
        for (size_t w = 0; w < outcomes; w++) check_state(one, other, (TokenId)w);
        TokenId next = (TokenId)(random_next(&random) % (outcomes + 1)) - 1; /* TOKEN_NONE too */
        state_feed(one, next);
        state_feed(other, next);
    }
    state_free(one);
    state_free(other);
    arena_release(&arena);
}

Test(image, every_smoothing_comes_back_bit_for_bit)
{
    Corpus *corpus = corpus_random(9, 200);
    for (SmoothingKind kind = SMOOTH_MLE; kind < SMOOTH_GIVEN; kind++)
        for (int order = 1; order <= 4; order++) {
            NgramOptions options = usual(kind, order);
            options.unknown = kind % 2;
            Model *model = train_on(corpus, options), *again = write_and_read(model);
            CHECK(!ngram_corpus(again));
            check_identical(model, again);
            Model *clone = model_clone(again); /* of its own memory: the file may go */
            model_free(again);
            file_put(path, "gone");
            check_identical(model, clone);
            model_free(clone);
            model_free(model);
        }
    corpus_free(corpus);
}

Test(image, models_from_arpa_and_of_characters_too)
{
    Error error;
    Job *job = arpa_reading_new("tests/data/kenlm/mini.o4.arpa");
    CHECK(job_run(job, &error));
    Corpus *corpus = corpus_stream("ab a\tb\nb  a\n", TOKENIZER_CHARS);
    Model *models[] = {arpa_reading_take(job), train_on(corpus, usual(SMOOTH_MKN, 3))};
    for (size_t i = 0; i < COUNT_OF(models); i++) {
        Model *again = write_and_read(models[i]);
        check_identical(models[i], again);
        CHECK(!again->scores);
        model_free(again);
        model_free(models[i]);
    }
    job_free(job);
    corpus_free(corpus);
}

/* A model read from a file lives on when the file is replaced, even by what it says itself. */
Test(image, a_file_can_be_written_over_by_its_own_model)
{
    Error error;
    Model *model = train_built_in("mouse", usual(SMOOTH_KN, 3)), *again = write_and_read(model);
    CHECK(image_write(again, path, &error));
    check_identical(model, again);
    Model *third = image_read(path, &error);
    check_identical(model, third);
    model_free(third);
    model_free(again);
    model_free(model);
}

Test(image, a_table_is_refused)
{
    Error error;
    Model *toy = toy_model();
    CHECK(!image_write(toy, path, &error) && error.hint[0]);
    CHECK(!file_is_regular(path));
    model_free(toy);
}

/* --- damage --- */

typedef struct {
    char *bytes;
    size_t length;
} Bytes;

static Bytes small_image(void)
{
    Error error;
    Bytes image;
    Model *model = train_built_in("sam", usual(SMOOTH_MKN, 3));
    CHECK(image_write(model, path, &error));
    CHECK(file_read(path, 1 << 24, &image.bytes, &image.length, &error));
    model_free(model);
    return image;
}

static Model *read_bytes(const char *bytes, size_t length, Error *error)
{
    error_set(error, "%s", "");
    file_put_bytes(path, bytes, length);
    return image_read(path, error);
}

Test(image, cut_off_anywhere_it_is_refused)
{
    Error error;
    Bytes image = small_image();
    for (size_t length = 0; length < image.length; length++) {
        Model *model = read_bytes(image.bytes, length, &error);
        CHECK_EACH(!model && error.message[0], "%zu of %zu bytes were read", length, image.length);
    }
    image.bytes = realloc(image.bytes, image.length + 8);
    memset(image.bytes + image.length, 0, 8);
    CHECK(!read_bytes(image.bytes, image.length + 8, &error));
    free(image.bytes);
}

Test(image, a_wrong_bit_anywhere_is_noticed)
{
    Error error;
    Bytes image = small_image();
    for (size_t at = 0; at < image.length; at++) {
        char kept = image.bytes[at];
        image.bytes[at] = (char)(kept ^ 1 << at % 8);
        Model *model = read_bytes(image.bytes, image.length, &error);
        CHECK_EACH(!model && error.message[0], "byte %zu", at);
        image.bytes[at] = kept;
    }
    free(image.bytes);
}

/* --- files made to do harm: their checksum is right --- */

enum { HEADER_CHECKSUM = 24, HEADER_CHECKED = 32, LANES = 4 };

static void mix(uint64_t *lane, uint64_t word)
{
    *lane = (*lane ^ word) * 0x9E3779B97F4A7C15;
    *lane ^= *lane >> 32;
}

static void add(uint64_t *lanes, const char *bytes, size_t length)
{
    for (size_t i = 0; i < length / 8; i++) {
        uint64_t word;
        memcpy(&word, bytes + i * 8, 8);
        mix(&lanes[i % LANES], word);
    }
}

/* The arrays of the file in order, as their sizes say: small_image's, which stay as they are. */
static void repair(Bytes image, const Model *model, size_t header)
{
    const NgramStore *store = ngram_store(model);
    uint64_t lanes[LANES] = {0}, all = 0;
    size_t texts = 0, at = header;
    for (size_t w = 0; w < store->words; w++) texts += strlen(vocab_text(model->vocab, (TokenId)w)) + 1;
    texts = (texts + 7) / 8 * 8;
    add(lanes, image.bytes + HEADER_CHECKED, header - HEADER_CHECKED);
    add(lanes, image.bytes + at, texts);
    at += texts;
    for (int k = 0; k <= store->order; k++) {
        size_t count = store->levels[k].count;
        size_t sizes[] = {count * 16, k >= 2 ? (size_t)8 << store->levels[k].bits : 0, k >= 1 ? count * 8 : 0,
                          k >= 1 && k < store->order ? count * 8 : 0};
        for (size_t i = 0; i < COUNT_OF(sizes); at += sizes[i++]) add(lanes, image.bytes + at, sizes[i]);
    }
    CHECK_EACH(at == image.length, "the layout of the file changed: %zu, not %zu", at, image.length);
    for (size_t lane = 0; lane < LANES; lane++) mix(&all, lanes[lane]);
    memcpy(image.bytes + HEADER_CHECKSUM, &all, 8);
}

static size_t header_size(Bytes image, const Model *model)
{
    const char *first = vocab_text(model->vocab, 0), *second = vocab_text(model->vocab, 1);
    for (size_t at = 0; at + 64 < image.length; at += 8)
        if (strcmp(image.bytes + at, first) == 0 && strcmp(image.bytes + at + strlen(first) + 1, second) == 0)
            return at;
    CHECK(false);
    return 0;
}

static void ask_around(const Model *model)
{
    Arena arena = {0};
    Random random = random_seeded(1);
    size_t outcomes = model_outcomes(model);
    double *p = calloc(outcomes, sizeof *p);
    State *state = state_begin(model);
    for (int i = 0; i < 12; i++) {
        TokenId token = (TokenId)(random_next(&random) % outcomes);
        Counts counts;
        CHECK_EACH(isfinite(state_probability(state, token)), "not a number");
        state_predict(state, p);
        state_counts(state, token, &counts);
        state_matched(state, token);
        state_explain(state, token, &arena);
        state_feed(state, token);
    }
    state_free(state);
    free(p);
    arena_release(&arena);
}

static const uint64_t nasty[] = {
    0,          1,          0xFFFFFFFF, 0xFFFFFFFFFFFFFFFF, 0x7FF0000000000000, 0x7FF8000000000000,
    0x80000000, 0xBFF00000, 0x4000000,  0x7FFFFFFFFFFFFFFF, 0xFFFFFFFF00000000, 0x0101010101010101};

Test(image, files_made_to_do_harm_do_none)
{
    Error error;
    Bytes image = small_image();
    Model *model = image_read(path, &error);
    size_t header = header_size(image, model), read = 0;
    Random random = random_seeded(11);
    repair(image, model, header);
    Model *same = read_bytes(image.bytes, image.length, &error);
    CHECK_FOR(same, "the checksum of this test is another one: %s", error.message);
    model_free(same);
    for (int i = 0; i < 2000; i++) {
        size_t at = HEADER_CHECKED + random_next(&random) % (image.length - HEADER_CHECKED - 8);
        char kept[8];
        uint64_t value = i % 2 ? nasty[random_next(&random) % COUNT_OF(nasty)] : random_next(&random);
        size_t bytes = (size_t)1 << random_next(&random) % 4;
        if (i % 3 == 0) at = HEADER_CHECKED + at % (header - HEADER_CHECKED);
        at &= ~(bytes - 1);
        memcpy(kept, image.bytes + at, bytes);
        memcpy(image.bytes + at, &value, bytes);
        repair(image, model, header);
        Model *changed = read_bytes(image.bytes, image.length, &error);
        CHECK_EACH(changed || error.message[0], "round %d: nothing said", i);
        read += changed != NULL;
        if (changed) ask_around(changed);
        model_free(changed);
        memcpy(image.bytes + at, kept, bytes);
    }
    CHECK_FOR(read > 30 && read < 1700, "%zu of 2000 were read", read);
    model_free(model);
    free(image.bytes);
}

Test(image, other_files_are_refused)
{
    Error error;
    CHECK(!image_is(path) && !image_is(folder) && !image_is("/dev/null"));
    CHECK(!image_read(path, &error) && strstr(error.message, "cannot open"));
    CHECK(!image_read("/dev/null", &error) && !image_read(folder, &error));
    file_put(path, "\\data\\\nngram 1=1\n");
    CHECK(!image_is(path) && !image_read(path, &error) && strstr(error.message, "no file that save wrote"));
    file_put(path, "LMS");
    CHECK(!image_is(path) && !image_read(path, &error));
    file_put(path, "LMSH");
    CHECK(image_is(path) && !image_read(path, &error) && strstr(error.message, "cut off"));
    Bytes image = small_image();
    image.bytes[4]++;
    CHECK(!read_bytes(image.bytes, image.length, &error) && strstr(error.message, "another version"));
    free(image.bytes);
}

Test(image, a_full_disk_is_an_error_and_keeps_the_old_file)
{
    Error error;
    Model *model = train_built_in("mouse", usual(SMOOTH_KN, 3));
    CHECK(!image_write(model, "/dev/full", &error) && strstr(error.message, "No space left"));
    file_put(path, "old");
    signal(SIGXFSZ, SIG_IGN);
    struct rlimit limit, small;
    getrlimit(RLIMIT_FSIZE, &limit);
    small = limit;
    small.rlim_cur = 3000;
    setrlimit(RLIMIT_FSIZE, &small);
    bool ok = image_write(model, path, &error);
    setrlimit(RLIMIT_FSIZE, &limit);
    char *text = file_get(path);
    CHECK(!ok && strstr(error.message, path));
    CHECK_STR(text, "old");
    free(text);
    model_free(model);
}
