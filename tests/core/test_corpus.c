/* Corpora: from text to sentences of ids, with everything a text file may hold. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/models.h"

TestSuite(corpus, .timeout = 20);

/* All sentences, tokens separated by a blank, each followed by '|'. */
static char *spelled(const Corpus *corpus)
{
    char *text;
    size_t length, count;
    FILE *out = open_memstream(&text, &length);
    for (size_t s = 0; s < corpus_sentences(corpus); s++) {
        const TokenId *ids = corpus_sentence(corpus, s, &count);
        for (size_t i = 0; i < count; i++)
            fprintf(out, "%s%s", i ? " " : "", vocab_text(corpus_vocab(corpus), ids[i]));
        fputc('|', out);
    }
    fclose(out);
    return text;
}

static void check_spelled(const Corpus *corpus, const char *wanted, size_t row)
{
    char *text = spelled(corpus);
    CHECK_FOR(strcmp(text, wanted) == 0, "row %zu gave %s, not %s", row, text, wanted);
    free(text);
}

static const struct {
    const char *text;
    size_t length;
    Tokenizer tokenizer;
    bool lines;
    const char *wanted;
    const char *error; /* part of the message, or NULL */
} texts[] = {
    {"a b\nc\n", 6, TOKENIZER_WORDS, true, "a b|c|", NULL},
    {"a b\nc", 5, TOKENIZER_WORDS, true, "a b|c|", NULL},
    {"a b\r\nc\r\n", 8, TOKENIZER_WORDS, true, "a b|c|", NULL},
    {"a b\r\nc\r\n", 8, TOKENIZER_CHARS, true, "a   b|c|", NULL},
    {"a\n\nb\n", 5, TOKENIZER_WORDS, true, "a||b|", NULL},
    {"a\r\n\r\nb", 6, TOKENIZER_CHARS, true, "a||b|", NULL},
    {"\n", 1, TOKENIZER_WORDS, true, "|", NULL},
    {"\n\n", 2, TOKENIZER_WORDS, true, "||", NULL},
    {"", 0, TOKENIZER_WORDS, true, "|", NULL},
    {"  \t\n", 4, TOKENIZER_WORDS, true, "|", NULL},
    {" \ta\rb  \n", 8, TOKENIZER_WORDS, true, "a b|", NULL},
    {"老鼠\n吃奶酪", 16, TOKENIZER_CHARS, true, "老 鼠|吃 奶 酪|", NULL},
    {"老鼠\n吃 奶酪", 17, TOKENIZER_WORDS, true, "老鼠|吃 奶酪|", NULL},
    {"a b\nc\n", 6, TOKENIZER_WORDS, false, "a b c|", NULL},
    {"ab\nc", 4, TOKENIZER_CHARS, false, "a b \n c|", NULL},
    {"a\nb\0c\nd\n", 8, TOKENIZER_WORDS, true, "a|", "line 2"},
    {"a\nb\0c\nd\n", 8, TOKENIZER_CHARS, true, "a|", "NUL"},
    {"a\nb\n\xFFz\n", 7, TOKENIZER_WORDS, true, "a|b|", "line 3, byte 1 "},
    {"a\nbc\xE4\xB8\n", 7, TOKENIZER_CHARS, true, "a|", "line 2, byte 3 "},
    {"a <s> b\n", 8, TOKENIZER_WORDS, true, "", "line 1 holds the reserved token <s>"},
    {"a\na </s>\n", 9, TOKENIZER_WORDS, true, "a|", "line 2 holds the reserved token </s>"},
    {"a\n\n<unk>", 8, TOKENIZER_WORDS, true, "a||", "line 3 holds the reserved token <unk>"},
    {"x<s>\nb <s>\n", 11, TOKENIZER_WORDS, true, "x<s>|", "line 2 holds the reserved token <s>"},
    {"<s>x <S>\n", 9, TOKENIZER_WORDS, true, "<s>x <S>|", NULL},
    {"<s>\n", 4, TOKENIZER_CHARS, true, "< s >|", NULL},
    {"a <unk>\n", 8, TOKENIZER_WORDS, false, "", "<unk>"},
    {"a\n\xC3(", 4, TOKENIZER_CHARS, false, "", "UTF-8"},
};

Test(corpus, text_of_every_sort_is_read_or_refused)
{
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        Error error = {.message = ""};
        Corpus *corpus = corpus_new("test", texts[i].tokenizer, texts[i].lines);
        bool ok = corpus_add(corpus, texts[i].text, texts[i].length, &error);
        CHECK_FOR(ok == !texts[i].error, "row %zu: %s", i, error.message);
        if (!ok) CHECK_FOR(strstr(error.message, texts[i].error), "row %zu: %s", i, error.message);
        check_spelled(corpus, texts[i].wanted, i);
        corpus_free(corpus);
    }
}

/* CRLF = LF, but a CR alone is no line end: under chars it is a token of the text. */
Test(corpus, only_a_cr_before_lf_belongs_to_the_line_end)
{
    Corpus *corpus = corpus_from("a\rb\r\nc\r\r\n", TOKENIZER_CHARS);
    check_spelled(corpus, "a \r b|c \r|", 0);
    corpus_free(corpus);
}

Test(corpus, counts_sentences_and_tokens_and_numbers_them_as_they_come)
{
    size_t count;
    Corpus *corpus = corpus_built_in("mouse", TOKENIZER_WORDS);
    CHECK_INT(corpus_sentences(corpus), 8);
    CHECK_INT(corpus_tokens(corpus), 36); /* and 8 </s> make the 44 of known_answers.tsv */
    CHECK_INT(vocab_size(corpus_vocab(corpus)), 5);
    CHECK_STR(vocab_text(corpus_vocab(corpus), 0), "the");
    CHECK_INT(corpus_sentence(corpus, 7, &count)[0], 1); /* "mouse" came second */
    CHECK_INT(count, 4);
    CHECK_STR(corpus_name(corpus), "test");
    CHECK(corpus_lines(corpus));
    CHECK_INT(corpus_tokenizer(corpus), TOKENIZER_WORDS);
    corpus_free(corpus);
}

Test(corpus, sentences_are_removed_from_the_front)
{
    static const struct {
        const char *text;
        size_t times, removed;
        const char *left;
    } cases[] = {
        {"a b", 1, 1, "c||a b|b a|a b|"},    {"a b", 2, 2, "c||b a|a b|"},
        {"a b", 99, 3, "c||b a|"},           {"", 1, 1, "a b|c|a b|b a|a b|"},
        {" a\tb ", 1, 1, "c||a b|b a|a b|"}, {"a", 9, 0, "a b|c||a b|b a|a b|"},
        {"z", 9, 0, "a b|c||a b|b a|a b|"},  {"a b", 0, 0, "a b|c||a b|b a|a b|"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        Corpus *corpus = corpus_from("a b\nc\n\na b\nb a\na b\n", TOKENIZER_WORDS);
        size_t removed = corpus_remove(corpus, cases[i].text, cases[i].times);
        CHECK_FOR(removed == cases[i].removed, "row %zu: %zu removed", i, removed);
        check_spelled(corpus, cases[i].left, i);
        corpus_free(corpus);
    }
}

Test(corpus, a_removed_word_leaves_the_models_vocabulary_and_can_come_back)
{
    Error error;
    Corpus *corpus = corpus_from("a b\na c\n", TOKENIZER_WORDS);
    CHECK_INT(corpus_remove(corpus, "a c", 1), 1);
    Model *model = train_on(corpus, counted(2));
    CHECK_INT(model_outcomes(model), 3); /* a, b, </s> */
    CHECK_INT(id_of(model, "c"), TOKEN_NONE);
    model_free(model);
    CHECK(corpus_add(corpus, "c\n", 2, &error));
    check_spelled(corpus, "a b|c|", 0);
    corpus_free(corpus);
}

Test(corpus, a_clone_changes_on_its_own)
{
    Error error;
    Corpus *corpus = corpus_from("a b\nc\n", TOKENIZER_WORDS), *clone = corpus_clone(corpus);
    CHECK(corpus_add(clone, "d\nd\n", 4, &error));
    CHECK_INT(corpus_remove(clone, "a b", 1), 1);
    check_spelled(corpus, "a b|c|", 0);
    check_spelled(clone, "c|d|d|", 1);
    CHECK(corpus_add(corpus, "e", 1, &error));
    check_spelled(corpus, "a b|c|e|", 2);
    CHECK_INT(vocab_find(corpus_vocab(clone), "e", 1), TOKEN_NONE);
    Corpus *share = corpus_share(corpus);
    corpus_free(corpus);
    check_spelled(share, "a b|c|e|", 3);
    corpus_free(share);
    check_spelled(clone, "c|d|d|", 4);
    corpus_free(clone);
    Corpus *empty = corpus_new("empty", TOKENIZER_WORDS, true), *copy = corpus_clone(empty);
    check_spelled(copy, "", 5);
    corpus_free(empty);
    corpus_free(copy);
}

/* `good` lines of 64 bytes, then the bad one, then more: lines are looked at some 2,000 bytes at a time. */
static char *text_with(const char *bad, size_t bad_length, size_t good, size_t *length)
{
    char *text;
    FILE *out = open_memstream(&text, length);
    for (size_t i = 0; i < good; i++) fprintf(out, "%-63zu\n", i);
    fprintf(out, "fresh words ");
    fwrite(bad, 1, bad_length, out);
    fprintf(out, "\nand a line\n");
    fclose(out);
    return text;
}

Test(corpus, a_bad_line_is_refused_wherever_it_stands_and_leaves_nothing)
{
    static const struct {
        const char *text;
        size_t length;
        const char *message;
    } bad[] = {
        {"<s>", 3, " holds the reserved token <s>"},
        {"x<s> </s>", 9, " holds the reserved token </s>"}, /* after what looks like one */
        {"x\t<unk>\r", 8, " holds the reserved token <unk>"},
        {"a\0b", 3, " holds a NUL"},
        {"<s> \xFF", 5, ", byte 17 is not UTF-8"},
        {"\xE4\xB8", 2, ", byte 13 is not UTF-8"},
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        for (size_t good = 0; good < 100; good++) {
            Error error = {.message = ""};
            Corpus *corpus = corpus_new("test", TOKENIZER_WORDS, true);
            size_t length;
            char *text = text_with(bad[i].text, bad[i].length, good, &length), wanted[64];
            CHECK_FOR(!corpus_add(corpus, text, length, &error), "row %zu", i);
            snprintf(wanted, sizeof wanted, "line %zu%s", good + 1, bad[i].message);
            CHECK_FOR(strstr(error.message, wanted), "%s, not %s", error.message, wanted);
            CHECK_INT(corpus_sentences(corpus), good);
            CHECK_INT(vocab_size(corpus_vocab(corpus)), good);
            corpus_free(corpus);
            free(text);
        }
}

Test(corpus, what_only_looks_like_a_reserved_token_is_a_word)
{
    Error error;
    size_t length;
    char *text = text_with("x<s> <s>x <<unk> </s></s> <", 27, 40, &length);
    Corpus *corpus = corpus_new("test", TOKENIZER_WORDS, true);
    CHECK_FOR(corpus_add(corpus, text, length, &error), "%s", error.message);
    CHECK_INT(corpus_sentences(corpus), 42);
    CHECK_INT(vocab_find(corpus_vocab(corpus), "<<unk>", 6), 44);
    corpus_free(corpus);
    corpus = corpus_new("test", TOKENIZER_WORDS, false);
    CHECK_FOR(corpus_add(corpus, text, length, &error), "%s", error.message);
    CHECK_INT(corpus_tokens(corpus), 40 + 7 + 3);
    corpus_free(corpus);
    free(text);
}

/* The vocabulary reads 8 bytes at a time, also beside what ends the line or the text. */
Test(corpus, a_word_is_the_same_wherever_it_stands)
{
    Corpus *corpus = corpus_from("cat dog\ncat\tdogs and cat\r\ncat <s\n<s cat", TOKENIZER_WORDS);
    check_spelled(corpus, "cat dog|cat dogs and cat|cat <s|<s cat|", 0);
    CHECK_INT(vocab_size(corpus_vocab(corpus)), 5);
    corpus_free(corpus);
}

Test(corpus, a_line_may_be_long)
{
    enum { WORDS = 300000 };
    Error error;
    size_t length, count;
    char *text;
    FILE *out = open_memstream(&text, &length);
    for (int i = 0; i < WORDS; i++) fprintf(out, "w%d ", i % 1000);
    fprintf(out, "\nshort");
    fclose(out);
    Corpus *corpus = corpus_new("test", TOKENIZER_WORDS, true);
    CHECK_FOR(corpus_add(corpus, text, length, &error), "%s", error.message);
    CHECK_INT(corpus_sentences(corpus), 2);
    CHECK_INT(corpus_sentence(corpus, 0, &count)[WORDS - 1], 999);
    CHECK_INT(count, WORDS);
    CHECK_INT(vocab_size(corpus_vocab(corpus)), 1001);
    corpus_free(corpus);
    free(text);
}

Test(corpus, text_can_be_added_after_a_refusal)
{
    Error error;
    Corpus *corpus = corpus_from("a\n", TOKENIZER_WORDS);
    CHECK(!corpus_add(corpus, "b\n<s>\nc\n", 8, &error));
    CHECK(corpus_add(corpus, "d\n", 2, &error));
    check_spelled(corpus, "a|b|d|", 0);
    corpus_free(corpus);
}

/* --- reading --- */

static void write_text(const char *path, const char *text, size_t length)
{
    FILE *out = fopen(path, "w");
    fwrite(text, 1, length, out);
    fclose(out);
}

static void check_refused(const char *path, const char *text, const char *message)
{
    Error error = {.message = ""};
    Job *job = corpus_reading_new("test", path, text, TOKENIZER_WORDS, true);
    CHECK_FOR(!job_run(job, &error), "%s is refused", message);
    CHECK_FOR(strstr(error.message, message), "%s does not say %s", error.message, message);
    job_free(job);
}

Test(corpus, a_path_that_is_no_text_is_refused)
{
    char path[] = "/tmp/lmsh-corpus-XXXXXX";
    close(mkstemp(path));
    check_refused("/tmp", NULL, "folder");
    check_refused("/tmp/no/such/corpus", NULL, "/tmp/no/such/corpus");
    check_refused(path, NULL, "empty");
    check_refused(NULL, "", "test is empty");
    write_text(path, "a\nb\0\n", 5);
    check_refused(path, NULL, "line 2 holds a NUL");
    check_refused(path, NULL, path);
    write_text(path, "\xFF\xFE", 2);
    check_refused(path, NULL, "line 1, byte 1 ");
    unlink(path);
}

static void check_read(const char *path, const char *text, bool lines, const char *wanted)
{
    Error error;
    Job *job = corpus_reading_new("named", path, text, TOKENIZER_WORDS, lines);
    CHECK_FOR(job_run(job, &error), "%s", error.message);
    CHECK_NEAR(job_progress(job), 1, lines ? 0 : 1);
    Corpus *corpus = corpus_reading_take(job);
    job_free(job);
    CHECK_STR(corpus_name(corpus), "named");
    check_spelled(corpus, wanted, 0);
    corpus_free(corpus);
}

Test(corpus, files_and_built_in_texts_are_read_alike)
{
    char path[] = "/tmp/lmsh-corpus-XXXXXX";
    close(mkstemp(path));
    write_text(path, "a b\r\n\nc", 7);
    check_read(path, NULL, true, "a b||c|");
    check_read(path, NULL, false, "a b c|");
    check_read(NULL, "a b\n\nc", true, "a b||c|");
    check_read(NULL, "a b\n\nc", false, "a b c|");
    unlink(path);
}

Test(corpus, reading_in_slices_loses_nothing_and_can_be_left_off)
{
    Error error;
    size_t length;
    char *text;
    FILE *out = open_memstream(&text, &length);
    for (int i = 0; i < 3000; i++) fprintf(out, "w%d\n", i);
    fclose(out);
    Job *job = corpus_reading_new("long", NULL, text, TOKENIZER_WORDS, true);
    int steps = 1;
    double before = 0;
    for (; job_step(job, 0, &error) == JOB_MORE; steps++) {
        CHECK_FOR(job_progress(job) > before && job_progress(job) < 1, "step %d", steps);
        before = job_progress(job);
    }
    CHECK(steps > 5);
    Corpus *corpus = corpus_reading_take(job);
    CHECK_INT(corpus_sentences(corpus), 3000);
    CHECK_INT(vocab_size(corpus_vocab(corpus)), 3000);
    corpus_free(corpus);
    job_free(job);
    job = corpus_reading_new("left off", NULL, text, TOKENIZER_WORDS, true);
    CHECK_INT(job_step(job, 0, &error), JOB_MORE);
    job_free(job);
    job_free(corpus_reading_new("never begun", "/tmp", NULL, TOKENIZER_WORDS, true));
    free(text);
}

static void check_part(const char *text, bool lines, size_t tokens, const char *wanted)
{
    Corpus *corpus = lines ? corpus_from(text, TOKENIZER_WORDS) : corpus_stream(text, TOKENIZER_WORDS);
    Corpus *part = corpus_part(corpus, tokens);
    check_spelled(part, wanted, tokens);
    corpus_free(corpus); /* they share nothing */
    check_spelled(part, wanted, tokens);
    CHECK_FOR(corpus_lines(part) == lines && corpus_changed(part), "%zu", tokens);
    corpus_free(part);
}

Test(corpus, parts_have_whole_sentences)
{
    const char *text = "a b\nc\n\na d e\n"; /* 3, 2, 1 and 4 predicted tokens */
    check_part(text, true, 0, "a b|");
    check_part(text, true, 3, "a b|");
    check_part(text, true, 4, "a b|");
    check_part(text, true, 5, "a b|c|");
    check_part(text, true, 6, "a b|c||");
    check_part(text, true, 9, "a b|c||");
    check_part(text, true, 10, "a b|c||a d e|");
    check_part(text, true, 1000, "a b|c||a d e|");
    check_part(text, false, 1, "|");
    check_part(text, false, 4, "a b c|");
    check_part(text, false, 100, "a b c a d e|");
}

Test(corpus, a_part_knows_its_own_words_only)
{
    Error error;
    Corpus *corpus = corpus_from("a b\nc\n", TOKENIZER_WORDS), *part = corpus_part(corpus, 3);
    CHECK_INT(vocab_size(corpus_vocab(part)), 2);
    CHECK(corpus_add(part, "d a\n", 4, &error));
    check_spelled(part, "a b|d a|", 0);
    corpus_free(corpus);
    corpus_free(part);
}
