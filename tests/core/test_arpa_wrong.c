/* ARPA files that are wrong or damaged: each is refused with its line, or does no harm. */

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/file.h"
#include "core/ngram/arpa_writer.h"
#include "tests/support/arpa.h"
#include "tests/support/shell.h"

static char folder[FOLDER_SIZE];
static const char *path;

static void start(void)
{
    folder_make(folder);
    path = path_in(folder, "model.arpa");
}

static void finish(void) { folder_remove(folder); }

TestSuite(arpa_wrong, .init = start, .fini = finish, .timeout = 20);

#define MINI "tests/data/kenlm/"

#define FRAME(counts, unigrams) "\\data\\\n" counts "\n\\1-grams:\n" unigrams "\n\\end\\\n"

/* --- what is wrong is said, with the line --- */

static const struct {
    const char *text, *message;
} wrong[] = {
    {"", "is empty"},
    {"\n", "no line \\data\\"},
    {"the cat sat\non the mat\n", "no line \\data\\"},
    {"\\data\\\n", "cut off"},
    {"\\data\\\nngram 1=1\n\\1-grams:\n-1 a\n", "ends at line 4 without \\end\\"},
    {"\\data\\\n\\1-grams:\n-1 a\n\\end\\\n", "line 2: this should read: ngram 1=COUNT"},
    {"\\data\\\nngram 2=1\n", "line 2: ngram 1= should come here"},
    {"\\data\\\nngram 1=1\nngram 3=1\n", "line 3: ngram 2= should come here"},
    {"\\data\\\nngram 1=one\n", "line 2: this should read: ngram 1=COUNT"},
    {"\\data\\\nngram 1=1\nngram 2=1\nngram 3=1\nngram 4=1\nngram 5=1\nngram 6=1\nngram 7=1\nngram 8=1\n"
     "ngram 9=1\nngram 10=1\nngram 11=1\n",
     "line 12: n-grams of more than 10 words"},
    {FRAME("ngram 1=1", "-1 a\n\\11-grams:\n-1 a a"), "line 5: n-grams of more than 10 words"},
    {FRAME("ngram 1=1", "-1 a\n\\2-grams:\n-1 a a"), "line 5: \\data\\ does not speak of 2-grams"},
    {FRAME("ngram 1=1\nngram 2=1", "-1 a\n\\1-grams:\n-1 b"), "line 6: \\1-grams: cannot stand here"},
    {"\\data\\\nngram 1=1\nngram 2=1\n\\2-grams:\n-1 a a\n\\end\\\n", "line 4: \\2-grams: cannot stand here"},
    {FRAME("ngram 1=1", "-1 a\n\\two-grams:"), "line 5: this should be \\2-grams: or \\end\\"},
    {FRAME("ngram 1=1", "\n"), "there are no words before this"},
    {FRAME("ngram 1=1", "-1 <s>"), "there are no words before this"},
    {FRAME("ngram 1=1", "nan a"), "line 4: the probability is not a number"},
    {FRAME("ngram 1=1", "-1"), "line 4: this is no 1-gram"},
    {FRAME("ngram 1=1", "a"), "line 4: this is no 1-gram"},
    {FRAME("ngram 1=1", "-1a b"), "line 4: this is no 1-gram"},
    {FRAME("ngram 1=1", "0x1p3 b"), "line 4: this is no 1-gram"},
    {FRAME("ngram 1=1", "-1 a b"), "line 4: this is no 1-gram"},
    {FRAME("ngram 1=1", "-1 a -1 -1"), "line 4: this is no 1-gram"},
    {FRAME("ngram 1=1", "-1 a -0.5"), "line 4: an n-gram of the highest order has a back-off weight"},
    {FRAME("ngram 1=1\nngram 2=0", "-1 a nan"), "line 5: the back-off weight is nan"},
    {FRAME("ngram 1=1\nngram 2=0", "-1 a -inf"), "line 5: the back-off weight is -inf"},
    {FRAME("ngram 1=1\nngram 2=0", "-1 a 1e300"), "line 5: the back-off weight is 1e+300"},
    {FRAME("ngram 1=2", "-1 a\n-2 a"), "line 5: this 1-gram was there before"},
    {FRAME("ngram 1=2", "-1 <s>\n-2 <s>"), "line 5: this 1-gram was there before"},
    {FRAME("ngram 1=2", "-1 <unk>\n-2 <UNK>"), "line 5: this 1-gram was there before"},
    {FRAME("ngram 1=1", "-1 \xFF"), "line 4: this is not UTF-8"},
    {FRAME("ngram 1=1\nngram 2=2", "-1 a\n\\2-grams:\n-1 a a\n-1 a b"),
     "line 8: 'b' is not among the 1-grams"},
    {FRAME("ngram 1=1\nngram 2=2", "-1 a\n\\2-grams:\n-1 a a\n-1 a a"),
     "line 8: this 2-gram was there before"},
    {FRAME("ngram 1=1\nngram 2=2", "-1 a\n\\2-grams:\n-1 a"), "line 7: this is no 2-gram"},
    {FRAME("ngram 1=1\nngram 2=2", "-1 a\n\\2-grams:\n-1 a a a"), "line 7: this is no 2-gram"},
};

Test(arpa_wrong, what_is_wrong_is_said)
{
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        Error error;
        file_put(path, wrong[i].text);
        Model *model = arpa_try(path, NULL, 0, &error);
        CHECK_FOR(!model, "row %zu was read: %s", i, wrong[i].text);
        CHECK_FOR(strstr(error.message, wrong[i].message), "row %zu: %s", i, error.message);
        CHECK_FOR(strstr(error.message, path), "row %zu does not name the file: %s", i, error.message);
    }
    Error error;
    CHECK(!arpa_try(path_in(folder, "none"), NULL, 0, &error) && strstr(error.message, "cannot open"));
    CHECK(!arpa_try(folder, NULL, 0, &error) && strstr(error.message, "is a folder"));
}

/* A vertical tab is part of a word, as are characters of any script; a NUL is a blank. */
Test(arpa_wrong, words_are_what_stands_between_blanks)
{
    static const char bytes[] = "\\data\\\nngram 1=4\n\\1-grams:\n-1 a\vb\n-1\0\xE8\x80\x81\xE9\xBC\xA0\n"
                                "-1 \xC2\xA0\n-1 1e5\n\\end\\\n";
    file_put_bytes(path, bytes, sizeof bytes - 1);
    Model *model = arpa_model(path);
    CHECK_INT(model_outcomes(model), 4);
    CHECK_STR(vocab_text(model->vocab, 0), "a\vb");
    CHECK_STR(vocab_text(model->vocab, 1), "\xE8\x80\x81\xE9\xBC\xA0");
    CHECK_STR(vocab_text(model->vocab, 2), "\xC2\xA0");
    CHECK_STR(vocab_text(model->vocab, 3), "1e5");
    model_free(model);
}

/* --- damage --- */

/* Whatever was read can be asked. */
static void ask_around(const Model *model)
{
    Random random = random_seeded(1);
    size_t outcomes = model_outcomes(model);
    double *p = calloc(outcomes, sizeof *p);
    State *state = state_begin(model);
    for (int i = 0; i < 20; i++) {
        TokenId token = (TokenId)(random_next(&random) % outcomes);
        CHECK_EACH(isfinite(state_probability(state, token)), "not a number");
        state_predict(state, p);
        CHECK_EACH(near(p[token], state_probability(state, token), 1e-12), "predict and probability differ");
        state_feed(state, token);
    }
    state_free(state);
    free(p);
}

Test(arpa_wrong, a_file_cut_off_anywhere_is_refused)
{
    char *text = file_text(MINI "mini.o3.arpa");
    size_t whole = (size_t)(strstr(text, "\\end\\") - text) + strlen("\\end\\");
    for (size_t length = 0; length < strlen(text); length++) {
        Error error;
        file_put_bytes(path, text, length);
        Model *model = arpa_try(path, NULL, 0, &error);
        CHECK_EACH((model != NULL) == (length >= whole), "%zu bytes: %s", length,
                   model ? "read" : error.message);
        CHECK_EACH(model || error.message[0], "%zu bytes: nothing said", length);
        model_free(model);
    }
    free(text);
}

/* The model of a file whose byte `at` is another one; NULL where it is refused. */
static Model *read_damaged(char *bytes, size_t length, size_t at, char byte)
{
    Error error;
    char kept = bytes[at];
    bytes[at] = byte;
    file_put_bytes(path, bytes, length);
    bytes[at] = kept;
    return arpa_try(path, NULL, 0, &error);
}

Test(arpa_wrong, a_wrong_byte_anywhere_does_no_harm)
{
    enum { ROUNDS = 3000 };
    char *text = file_text(MINI "mini.o3.arpa");
    size_t length = strlen(text), read = 0;
    Random random = random_seeded(7);
    for (size_t i = 0; i < ROUNDS; i++) {
        size_t at = random_next(&random) % length;
        char byte = i % 4 ? text[random_next(&random) % length] : (char)(random_next(&random) >> 56);
        Model *model = read_damaged(text, length, at, byte);
        if (model) ask_around(model);
        read += model != NULL;
        model_free(model);
    }
    CHECK_FOR(read > 100 && read < ROUNDS, "%zu were read", read);
    free(text);
}

Test(arpa_wrong, packed_files_cut_off_or_damaged_are_refused)
{
    enum { HEADER = 10 }; /* of gzip: the date and other things that do not matter */
    Error error;
    const char *packed = path_in(folder, "packed.arpa.gz");
    char *bytes;
    size_t length;
    Model *model = arpa_model(MINI "mini.o3.arpa");
    CHECK(arpa_write(model, packed, &error));
    model_free(model);
    CHECK(file_read(packed, 1 << 20, &bytes, &length, &error));
    for (size_t at = 0; at < length; at++) {
        file_put_bytes(path, bytes, at);
        CHECK_EACH(!arpa_try(path, NULL, 0, &error), "%zu of %zu bytes were read", at, length);
        model = read_damaged(bytes, length, at, (char)(bytes[at] ^ 1 << at % 8));
        CHECK_EACH(!model || at < HEADER, "byte %zu", at);
        model_free(model);
    }
    free(bytes);
}
