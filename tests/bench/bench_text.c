/* bench_text.c - texts to measure with, found or drawn, and models of them. */
#include <stdlib.h>
#include <string.h>

#include "core/base/file.h"
#include "core/base/memory.h"
#include "core/model/sampling.h"
#include "core/ngram/training.h"
#include "lessons/embedded.h"
#include "tests/bench/bench.h"

#define TRAIN_PATH "../shared/data/ts_train.txt"
#define HELDOUT_PATH "../shared/data/ts_test.txt"

enum {
    DRAWS_AT_ONCE = 20000,
    SENTENCE_MAX = 200,
    DRAWN_TRAIN_TOKENS = 268000, /* as many as tinyshakespeare has */
    DRAWN_HELDOUT_TOKENS = 28000
};

/* --- models --- */

Corpus *bench_read(const char *path)
{
    Error error;
    Job *job = corpus_reading_new("bench", path, NULL, TOKENIZER_WORDS, true);
    if (!job_run(job, &error)) bench_fail(path, &error);
    Corpus *corpus = corpus_reading_take(job);
    job_free(job);
    return corpus;
}

Model *bench_train(Corpus *corpus, int order)
{
    Error error;
    NgramOptions options = {.order = order, .smoothing = {.kind = SMOOTH_MKN}, .unknown = true};
    Job *job = ngram_training_new(corpus, &options, NULL);
    if (!job_run(job, &error)) bench_fail("training", &error);
    Model *model = ngram_training_take(job);
    job_free(job);
    return model;
}

/* --- drawing --- */

static FILE *open_or_fail(const char *path, const char *mode)
{
    FILE *file = fopen(path, mode);
    if (!file) bench_fail(path, NULL);
    return file;
}

/* Sentences, until there are `tokens` more of these; returns how many there were. */
static size_t write_samples(const Model *model, const Job *job, size_t tokens, FILE *out)
{
    size_t written = 0;
    for (size_t i = 0; i < sampling_kept(job) && written < tokens; i++) {
        const Sample *sample = sampling_sample(job, i);
        char *text = tokenizer_join(model->tokenizer, model->vocab, sample->ids, sample->count);
        fprintf(out, "%s\n", text);
        free(text);
        written += sample->count + 1;
    }
    return written;
}

static void draw_text(const Model *model, const char *path, size_t tokens)
{
    Error error;
    FILE *out = open_or_fail(path, "w");
    SamplingOptions options = {
        .decoding = decoding_plain(), .draws = DRAWS_AT_ONCE, .max = SENTENCE_MAX, .keep = DRAWS_AT_ONCE};
    for (size_t written = 0; written < tokens;) {
        options.seed++;
        Job *job = sampling_new(model, &options);
        if (!job_run(job, &error)) bench_fail("drawing a text", &error);
        written += write_samples(model, job, tokens - written, out);
        job_free(job);
    }
    if (fclose(out) != 0) bench_fail(path, NULL);
}

/* Lines no corpus may hold, with <s> and the like, are left out. */
static Corpus *read_embedded(void)
{
    Error error;
    Corpus *corpus = corpus_new("embedded", TOKENIZER_WORDS, true);
    for (const EmbeddedFile *file = embedded_files; file->path; file++) {
        for (const char *line = file->text, *end; *line; line = end) {
            end = line + strcspn(line, "\n");
            end += *end == '\n';
            corpus_add(corpus, line, (size_t)(end - line), &error);
        }
    }
    return corpus;
}

void text_draw(const Bench *bench, const char *path, size_t tokens)
{
    Corpus *corpus = bench_read(bench->train);
    Model *model = bench_train(corpus, 3);
    draw_text(model, path, tokens);
    model_free(model);
    corpus_free(corpus);
}

static void draw_both(const void *context, double *values)
{
    const Bench *bench = context;
    Corpus *corpus = read_embedded();
    Model *model = bench_train(corpus, 3);
    draw_text(model, bench->train, DRAWN_TRAIN_TOKENS);
    draw_text(model, bench->heldout, DRAWN_HELDOUT_TOKENS);
    values[0] = 0;
    model_free(model);
    corpus_free(corpus);
}

void text_prepare(Bench *bench)
{
    bool found = file_is_regular(TRAIN_PATH) && file_is_regular(HELDOUT_PATH);
    bench->origin = found ? "tinyshakespeare" : "text drawn from a trigram model of the lessons";
    snprintf(bench->train, sizeof bench->train, "%s", TRAIN_PATH);
    snprintf(bench->heldout, sizeof bench->heldout, "%s", HELDOUT_PATH);
    if (found) return;
    snprintf(bench->train, sizeof bench->train, "%s/train.txt", bench->folder);
    snprintf(bench->heldout, sizeof bench->heldout, "%s/heldout.txt", bench->folder);
    apart(draw_both, bench);
}

/* --- cutting --- */

static size_t tokens_in(const char *line, const char *end)
{
    size_t tokens = 1, length; /* </s> */
    for (const char *token; tokenizer_next(TOKENIZER_WORDS, &line, end, &token, &length);) tokens++;
    return tokens;
}

size_t text_cut(const char *from, const char *to, size_t tokens)
{
    char *line = NULL;
    size_t room = 0, written = 0;
    FILE *in = open_or_fail(from, "r"), *out = open_or_fail(to, "w");
    for (ssize_t length; written < tokens && (length = getline(&line, &room, in)) >= 0;) {
        fwrite(line, 1, (size_t)length, out);
        written += tokens_in(line, line + length);
    }
    free(line);
    fclose(in);
    if (fclose(out) != 0) bench_fail(to, NULL);
    return written;
}
