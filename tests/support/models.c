#include "tests/support/models.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/file.h"
#include "core/model/table.h"
#include "lessons/embedded.h"

bool near(double actual, double wanted, double relative)
{
    return actual == wanted || fabs(actual - wanted) <= relative * fabs(wanted);
}

char *file_text(const char *path)
{
    Error error;
    char *text;
    size_t length;
    CHECK_FOR(file_read(path, 1 << 24, &text, &length, &error), "%s", error.message);
    return text;
}

Corpus *corpus_from(const char *text, Tokenizer tokenizer)
{
    Error error;
    Corpus *corpus = corpus_new("test", tokenizer, true);
    CHECK_FOR(corpus_add(corpus, text, strlen(text), &error), "%s", error.message);
    return corpus;
}

Corpus *corpus_stream(const char *text, Tokenizer tokenizer)
{
    Error error;
    Corpus *corpus = corpus_new("stream", tokenizer, false);
    CHECK_FOR(corpus_add(corpus, text, strlen(text), &error), "%s", error.message);
    return corpus;
}

Corpus *corpus_file(const char *path)
{
    Error error;
    Job *job = corpus_reading_new(path, path, NULL, TOKENIZER_WORDS, true);
    CHECK_FOR(job_run(job, &error), "%s", error.message);
    Corpus *corpus = corpus_reading_take(job);
    job_free(job);
    return corpus;
}

Corpus *corpus_built_in(const char *name, Tokenizer tokenizer)
{
    char path[64];
    snprintf(path, sizeof path, "corpora/%s.txt", name);
    return corpus_from(embedded_text(path), tokenizer);
}

Corpus *corpus_random(uint64_t seed, size_t sentences)
{
    char *text;
    size_t length;
    Random random = random_seeded(seed);
    FILE *out = open_memstream(&text, &length);
    for (size_t s = 0; s < sentences; s++) {
        size_t words = random_next(&random) % 9;
        for (size_t w = 0; w < words; w++) {
            double u = random_unit(&random);
            fprintf(out, "%s%c", w ? " " : "", 'a' + (int)(12 * u * u));
        }
        fputc('\n', out);
    }
    fclose(out);
    Corpus *corpus = corpus_from(text, TOKENIZER_WORDS);
    free(text);
    return corpus;
}

Corpus *corpus_numbered(size_t sentences)
{
    char *text;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    for (size_t s = 0; s < sentences; s++) fprintf(out, "a%zu b%zu c%zu d%zu\n", s, s, s, s);
    fclose(out);
    Corpus *corpus = corpus_from(text, TOKENIZER_WORDS);
    free(text);
    return corpus;
}

char *corpus_line(const Corpus *corpus, size_t index)
{
    size_t count;
    const TokenId *ids = corpus_sentence(corpus, index, &count);
    return tokenizer_join(corpus_tokenizer(corpus), corpus_vocab(corpus), ids, count);
}

NgramOptions counted(int order) { return (NgramOptions){.order = order, .smoothing = {.kind = SMOOTH_MLE}}; }

NgramOptions added(int order, double k)
{
    return (NgramOptions){.order = order, .smoothing = {.kind = SMOOTH_ADD, .k = k}};
}

NgramOptions interpolated(int order, bool even)
{
    NgramOptions options = {.order = order, .smoothing = {.kind = SMOOTH_INTERP}};
    for (int i = 0; i < order; i++)
        options.smoothing.weights[i] = even ? 1.0 / order : 2.0 * (order - i) / (order * (order + 1));
    return options;
}

NgramOptions usual(SmoothingKind kind, int order)
{
    NgramOptions options = interpolated(order, true);
    options.smoothing.kind = kind;
    options.smoothing.k = 1;
    return options;
}

/* The model keeps a share of the corpus, but changes nothing else about it. */
Model *train_on(const Corpus *corpus, NgramOptions options)
{
    Error error;
    Job *job = ngram_training_new((Corpus *)corpus, &options, NULL);
    CHECK_FOR(job_run(job, &error), "%s", error.message);
    Model *model = ngram_training_take(job);
    job_free(job);
    return model;
}

Model *train_built_in(const char *name, NgramOptions options)
{
    Corpus *corpus = corpus_built_in(name, TOKENIZER_WORDS);
    Model *model = train_on(corpus, options);
    corpus_free(corpus);
    return model;
}

Model *toy_model(void)
{
    Error error;
    Model *model = table_read(embedded_text("corpora/cs324-bigram.tsv"), &error);
    CHECK_FOR(model, "%s", error.message);
    return model;
}

TokenId id_of(const Model *model, const char *token)
{
    return vocab_find(model->vocab, token, strlen(token));
}

size_t ids_of(const Model *model, const char *text, TokenId *ids)
{
    const char *end = text + strlen(text), *token;
    size_t count = 0, length;
    while (tokenizer_next(model->tokenizer, &text, end, &token, &length)) {
        CHECK_EACH(count < IDS_MAX, "the test's text is too long");
        ids[count++] = vocab_find(model->vocab, token, length);
    }
    return count;
}

State *state_after(const Model *model, const char *text)
{
    TokenId ids[IDS_MAX];
    size_t count = ids_of(model, text, ids);
    State *state = state_begin(model);
    for (size_t i = 0; i < count; i++) state_feed(state, ids[i]);
    return state;
}

double next_probability(const Model *model, const char *given, const char *token)
{
    State *state = state_after(model, given);
    double p = state_probability(state, id_of(model, token));
    state_free(state);
    return p;
}

double text_probability(const Model *model, const char *text)
{
    TokenId ids[IDS_MAX];
    size_t count = ids_of(model, text, ids);
    double p = 1;
    State *state = state_begin(model);
    for (size_t i = 0; i < count; i++) {
        p *= state_probability(state, ids[i]);
        state_feed(state, ids[i]);
    }
    if (model_ends(model)) p *= state_probability(state, id_of(model, TEXT_END));
    state_free(state);
    return p;
}

Evaluation evaluate(const Model *model, const Corpus *corpus, bool end)
{
    Error error;
    Job *job = evaluation_new(model, corpus, end);
    CHECK_FOR(job_run(job, &error), "%s", error.message);
    Evaluation result = *evaluation_result(job);
    job_free(job);
    return result;
}
