#include "core/ngram/ngram.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/memory.h"

typedef struct {
    Model base;
    Smoothing smoothing;
    NgramStore *store;
} Ngram;

typedef struct {
    State base;
    NgramContext context;
    TokenId history[NGRAM_ORDER_MAX]; /* the last order - 1 words, oldest first, to name them */
} NgramState;

static const Ngram *as_ngram(const Model *model) { return (const Ngram *)model; }

static SmoothedContext smoothed(const State *state)
{
    const Ngram *ngram = as_ngram(state->model);
    return (SmoothedContext){&ngram->smoothing, ngram->store, &((const NgramState *)state)->context,
                             model_outcomes(state->model)};
}

static State *ngram_begin(const Model *model)
{
    NgramState *state = must_alloc(1, sizeof *state);
    state->base.model = model;
    state->context = store_start(as_ngram(model)->store);
    for (int i = 0; i < model->context; i++) state->history[i] = WORD_BEGIN;
    return &state->base;
}

static State *ngram_copy(const State *state)
{
    NgramState *copy = must_alloc(1, sizeof *copy);
    *copy = *(const NgramState *)state;
    return &copy->base;
}

static void ngram_release(State *state) { free(state); }

static void ngram_feed(State *state, TokenId token)
{
    NgramState *ngram = (NgramState *)state;
    int remembered = state->model->context;
    store_feed(as_ngram(state->model)->store, &ngram->context, token);
    if (remembered == 0) return;
    memmove(ngram->history, ngram->history + 1, (size_t)(remembered - 1) * sizeof *ngram->history);
    ngram->history[remembered - 1] = token;
}

static bool ngram_defined(const State *state)
{
    SmoothedContext context = smoothed(state);
    return smoothing_defined(&context);
}

static void ngram_predict(const State *state, double *p)
{
    SmoothedContext context = smoothed(state);
    smoothing_predict(&context, p);
}

static double ngram_probability(const State *state, TokenId token)
{
    SmoothedContext context = smoothed(state);
    return smoothing_probability(&context, token);
}

static bool ngram_counts(const State *state, TokenId token, Counts *counts)
{
    const NgramStore *store = as_ngram(state->model)->store;
    NodeId node = ((const NgramState *)state)->context.contexts[state->model->context];
    *counts = (Counts){store_times(store, store_child(store, node, token)), store_total(store, node)};
    return true;
}

static bool ngram_fraction(const State *state, TokenId token, Fraction *p)
{
    Counts counts;
    ngram_counts(state, token, &counts);
    *p = (Fraction){counts.count, counts.total};
    return as_ngram(state->model)->smoothing.kind == SMOOTH_MLE && counts.total > 0;
}

static Fact *ngram_explain(const State *state, TokenId token, Arena *arena)
{
    const char *history[NGRAM_ORDER_MAX];
    const Vocab *vocab = state->model->vocab;
    for (int i = 0; i < state->model->context; i++) {
        TokenId word = ((const NgramState *)state)->history[i];
        history[i] = word == WORD_BEGIN ? TEXT_BEGIN : word == WORD_UNKNOWN ? "(?)" : vocab_text(vocab, word);
    }
    SmoothedContext context = smoothed(state);
    return smoothing_explain(&context, token, vocab_text(vocab, token), history, arena);
}

static uint64_t ngram_parameters(const Model *model) { return store_ngrams(as_ngram(model)->store); }

static const char *ngram_describe(const Model *model, Arena *arena)
{
    const Ngram *ngram = as_ngram(model);
    const char *smooth = smoothing_name(ngram->smoothing.kind), *details = "";
    if (ngram->smoothing.kind == SMOOTH_ADD) details = arena_format(arena, " k=%g", ngram->smoothing.k);
    for (int i = 0; ngram->smoothing.kind == SMOOTH_INTERP && i <= model->context; i++)
        details = arena_format(arena, "%s%s%g", details, i ? "," : " weights=", ngram->smoothing.weights[i]);
    return arena_format(arena, _("counted n-grams, n=%d smooth=%s%s, V=%zu"), model->context + 1, smooth,
                        details, model_outcomes(model));
}

static Model *ngram_clone(const Model *model);

static void ngram_free(Model *model)
{
    store_free(((Ngram *)model)->store);
    free(model);
}

static const ModelKind ngram_kind = {
    .name = "ngram",
    .begin = ngram_begin,
    .copy = ngram_copy,
    .release = ngram_release,
    .feed = ngram_feed,
    .defined = ngram_defined,
    .predict = ngram_predict,
    .probability = ngram_probability,
    .counts = ngram_counts,
    .fraction = ngram_fraction,
    .explain = ngram_explain,
    .parameters = ngram_parameters,
    .describe = ngram_describe,
    .clone = ngram_clone,
    .free = ngram_free,
};

static Model *ngram_new(Vocab *vocab, Tokenizer tokenizer, const Smoothing *smoothing, NgramStore *store)
{
    Ngram *ngram = must_alloc(1, sizeof *ngram);
    *ngram = (Ngram){.base = {&ngram_kind, 1, vocab, tokenizer, store_order(store) - 1},
                     .smoothing = *smoothing,
                     .store = store};
    return &ngram->base;
}

static Model *ngram_clone(const Model *model)
{
    const Ngram *ngram = as_ngram(model);
    return ngram_new(vocab_share(model->vocab), model->tokenizer, &ngram->smoothing,
                     store_clone(ngram->store));
}

const NgramStore *ngram_store(const Model *model)
{
    return model->kind == &ngram_kind ? as_ngram(model)->store : NULL;
}

const Smoothing *ngram_smoothing(const Model *model)
{
    return model->kind == &ngram_kind ? &as_ngram(model)->smoothing : NULL;
}

/* --- training, a job --- */

enum { TOKENS_BETWEEN_CLOCKS = 4096 };

typedef struct {
    Job job;
    const Corpus *corpus;
    NgramOptions options;
    Vocab *vocab;
    TokenId *translation; /* corpus id -> model id */
    NgramStore *store;
    size_t sentence, position; /* where counting stands */
    NgramContext context;
} Training;

/* Whether the word stays in the vocabulary: [corpus id]. */
static bool *choose_words(const Corpus *corpus, uint64_t cutoff)
{
    size_t size = vocab_size(corpus_vocab(corpus)), length;
    uint64_t *times = must_alloc(size, sizeof *times);
    bool *chosen = must_alloc(size, sizeof *chosen);
    for (size_t s = 0; s < corpus_sentences(corpus); s++) {
        const TokenId *ids = corpus_sentence(corpus, s, &length);
        for (size_t i = 0; i < length; i++) times[ids[i]]++;
    }
    for (size_t id = 0; id < size; id++) chosen[id] = times[id] > 0 && times[id] >= cutoff;
    free(times);
    return chosen;
}

static int by_bytes(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* The model's vocabulary: the chosen words in byte order, then <unk>, then </s>. */
static Vocab *make_vocab(const Vocab *words, const bool *chosen, bool unknown)
{
    const char **texts = must_alloc(vocab_size(words), sizeof *texts);
    size_t count = 0;
    for (size_t id = 0; id < vocab_size(words); id++)
        if (chosen[id]) texts[count++] = vocab_text(words, (TokenId)id);
    qsort(texts, count, sizeof *texts, by_bytes);
    Vocab *vocab = vocab_new();
    for (size_t i = 0; i < count; i++) vocab_add(vocab, texts[i], strlen(texts[i]));
    if (unknown) vocab_add(vocab, TEXT_UNKNOWN, strlen(TEXT_UNKNOWN));
    vocab_add(vocab, TEXT_END, strlen(TEXT_END));
    free(texts);
    return vocab;
}

static void prepare(Training *t)
{
    const Vocab *words = corpus_vocab(t->corpus);
    bool *chosen = choose_words(t->corpus, t->options.cutoff);
    t->vocab = make_vocab(words, chosen, t->options.unknown || t->options.cutoff > 1);
    t->translation = must_alloc(vocab_size(words), sizeof *t->translation);
    for (size_t id = 0; id < vocab_size(words); id++) {
        const char *text = vocab_text(words, (TokenId)id);
        t->translation[id] = chosen[id] ? vocab_find(t->vocab, text, strlen(text)) : vocab_unknown(t->vocab);
    }
    free(chosen);
    t->store = store_new(t->options.order);
}

static void count_token(Training *t)
{
    size_t length;
    const TokenId *ids = corpus_sentence(t->corpus, t->sentence, &length);
    if (t->position == 0) store_begin(t->store, &t->context);
    bool end = t->position == length;
    store_count(t->store, &t->context, end ? vocab_end(t->vocab) : t->translation[ids[t->position]]);
    t->position = end ? 0 : t->position + 1;
    t->sentence += end;
}

static JobStatus training_step(Job *job, double milliseconds, Error *error)
{
    Training *t = (Training *)job;
    double end = job_clock() + milliseconds;
    size_t tokens = corpus_tokens(t->corpus) + corpus_sentences(t->corpus);
    if (tokens > (NODE_NONE - 1) / NGRAM_ORDER_MAX)
        return error_set(error, _("%zu tokens are more than n-grams can be numbered for"), tokens),
               JOB_FAILED;
    if (!t->store) prepare(t);
    for (unsigned n = 1; t->sentence < corpus_sentences(t->corpus); n++) {
        count_token(t);
        if (n % TOKENS_BETWEEN_CLOCKS == 0 && job_clock() > end) return JOB_MORE;
    }
    return JOB_DONE;
}

static double training_progress(const Job *job)
{
    const Training *t = (const Training *)job;
    size_t all = corpus_sentences(t->corpus);
    return all ? (double)t->sentence / (double)all : 1;
}

static void training_free(Job *job)
{
    Training *t = (Training *)job;
    vocab_free(t->vocab);
    store_free(t->store);
    free(t->translation);
    free(t);
}

Job *ngram_training_new(const Corpus *corpus, const NgramOptions *options)
{
    static const JobKind kind = {training_step, training_progress, training_free};
    Training *t = must_alloc(1, sizeof *t);
    *t = (Training){.job = {&kind}, .corpus = corpus, .options = *options};
    return &t->job;
}

size_t ngram_training_sentences(const Job *job) { return ((const Training *)job)->sentence; }

Model *ngram_training_take(Job *job)
{
    Training *t = (Training *)job;
    if (!t->store || t->sentence == 0) return NULL;
    while (t->position > 0) count_token(t); /* no half sentence: every word seen has something after it */
    store_finish(t->store);
    Model *model =
        ngram_new(vocab_share(t->vocab), corpus_tokenizer(t->corpus), &t->options.smoothing, t->store);
    t->store = NULL;
    return model;
}
