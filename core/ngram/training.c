#include "core/ngram/training.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/memory.h"
#include "core/ngram/mixture.h"
#include "core/text/lexicon.h"

enum { PIECE = 4096 /* words between two looks at the clock */ };

typedef struct {
    Job job;
    Corpus *corpus;
    const Corpus *heldout;
    NgramOptions options;
    Lexicon lexicon;
    NgramStore *store;
    NgramCounting counting;
    size_t sentence, position; /* where counting stands; position 0 = before the sentence */
    uint32_t *ranks;
    Estimate *estimate;
    int level; /* estimated so far */
} Training;

/* --- counting --- */

static Lexicon choose_words(const Corpus *corpus, const NgramOptions *options)
{
    return lexicon_new(corpus, &(LexiconOptions){options->unknown, options->cutoff, options->vocabulary});
}

static void prepare(Training *t)
{
    t->lexicon = choose_words(t->corpus, &t->options);
    t->store = store_new(t->options.order, vocab_size(t->lexicon.vocab));
    t->counting = store_counting(t->store, 1);
}

/* The next words of the text, with <s> before and </s> behind each sentence. */
static size_t gather(Training *t, TokenId *words, size_t room)
{
    size_t n = 0, length;
    while (n + 2 < room && t->sentence < corpus_sentences(t->corpus)) {
        const TokenId *ids = corpus_sentence(t->corpus, t->sentence, &length);
        if (t->position == 0) words[n++] = store_begin_word(t->store);
        while (t->position < length && n + 1 < room) words[n++] = t->lexicon.ids[ids[t->position++]];
        if (t->position < length) break;
        words[n++] = vocab_end(t->lexicon.vocab);
        t->sentence++;
        t->position = 0;
    }
    return n;
}

static void count_piece(Training *t)
{
    TokenId words[PIECE];
    size_t count = gather(t, words, PIECE);
    store_count(t->store, &t->counting, words, count);
}

/* The end of the text ends a sentence. */
static void cut_short(Training *t)
{
    TokenId end = vocab_end(t->lexicon.vocab);
    store_count(t->store, &t->counting, &end, 1);
    t->sentence++;
    t->position = 0;
}

/* --- estimating --- */

static void estimate_next_level(Training *t)
{
    if (!t->estimate) {
        t->estimate = estimate_blank(t->store, &t->options.smoothing);
        if (t->options.smoothing.kenlm) t->ranks = lexicon_ranks(&t->lexicon, t->corpus);
    }
    estimate_fill(t->estimate, t->store, ++t->level, vocab_unknown(t->lexicon.vocab), t->ranks);
    if (t->level == t->options.order && t->heldout && t->options.smoothing.kind == SMOOTH_INTERP)
        mixture_tune(t->estimate, t->store, t->lexicon.vocab, t->heldout, t->estimate->smoothing.weights);
}

/* --- the job --- */

static bool check_size(const Training *t, Error *error)
{
    size_t tokens = corpus_tokens(t->corpus) + corpus_sentences(t->corpus);
    if (tokens < UINT32_MAX / 2) return true;
    return error_set(error, _("%zu tokens are more than n-grams can be numbered for"), tokens);
}

static JobStatus training_step(Job *job, double milliseconds, Error *error)
{
    Training *t = (Training *)job;
    double end = job_clock() + milliseconds;
    if (!check_size(t, error)) return JOB_FAILED;
    if (!t->store) prepare(t);
    while (t->sentence < corpus_sentences(t->corpus)) {
        count_piece(t);
        if (job_clock() > end) return JOB_MORE;
    }
    while (t->level < t->options.order) {
        estimate_next_level(t);
        if (t->level < t->options.order && job_clock() > end) return JOB_MORE;
    }
    return JOB_DONE;
}

/* Counting is three quarters of the work. */
static double training_progress(const Job *job)
{
    const Training *t = (const Training *)job;
    size_t all = corpus_sentences(t->corpus);
    double counted = all ? (double)t->sentence / (double)all : 1;
    return 0.75 * counted + 0.25 * t->level / t->options.order;
}

static void training_free(Job *job)
{
    Training *t = (Training *)job;
    lexicon_release(&t->lexicon);
    store_free(t->store);
    estimate_free(t->estimate);
    corpus_free(t->corpus);
    free(t->ranks);
    free(t);
}

Job *ngram_training_new(Corpus *corpus, const NgramOptions *options, const Corpus *heldout)
{
    static const JobKind kind = {training_step, training_progress, training_free};
    Training *t = must_alloc(1, sizeof *t);
    *t = (Training){
        .job.kind = &kind, .corpus = corpus_share(corpus), .heldout = heldout, .options = *options};
    return &t->job;
}

size_t ngram_training_sentences(const Job *job) { return ((const Training *)job)->sentence; }

Model *ngram_training_take(Job *job)
{
    Training *t = (Training *)job;
    if (!t->store) return NULL;
    if (t->position > 0) cut_short(t);
    if (t->sentence == 0) return NULL;
    while (t->level < t->options.order) estimate_next_level(t);
    Model *model = ngram_new(vocab_share(t->lexicon.vocab), corpus_tokenizer(t->corpus), t->store,
                             t->estimate, corpus_share(t->corpus));
    ngram_remember(model, &t->options);
    model->seconds = t->job.spent / 1e3;
    model->joules = t->job.joules;
    t->store = NULL;
    t->estimate = NULL;
    return model;
}

/* --- from one corpus to another --- */

/* Two corpora in one numbering, and where they differ: sentences begin .. end of each, ends from the back. */
typedef struct {
    const Corpus *old, *new;
    TokenId *old_ids, *new_ids; /* [corpus id]: in the joint vocabulary; behind them that of </s> */
    Vocab *joint;               /* the new model's words first, then those that may vanish */
    size_t begin, old_end, new_end;
} Difference;

static TokenId *number_words(const Corpus *corpus, Vocab *joint)
{
    const Vocab *words = corpus_vocab(corpus);
    TokenId *ids = must_alloc(vocab_size(words) + 1, sizeof *ids);
    for (size_t id = 0; id < vocab_size(words); id++) {
        const char *text = vocab_text(words, (TokenId)id);
        ids[id] = vocab_add(joint, text, strlen(text));
    }
    ids[vocab_size(words)] = vocab_end(joint);
    return ids;
}

static bool same_sentence(const Difference *d, size_t old, size_t new)
{
    size_t old_length, new_length;
    const TokenId *a = corpus_sentence(d->old, old, &old_length),
                  *b = corpus_sentence(d->new, new, &new_length);
    if (old_length != new_length) return false;
    for (size_t i = 0; i < old_length; i++)
        if (d->old_ids[a[i]] != d->new_ids[b[i]]) return false;
    return true;
}

static void find_difference(Difference *d)
{
    d->old_end = corpus_sentences(d->old);
    d->new_end = corpus_sentences(d->new);
    while (d->begin < d->old_end && d->begin < d->new_end && same_sentence(d, d->begin, d->begin)) d->begin++;
    while (d->old_end > d->begin && d->new_end > d->begin &&
           same_sentence(d, d->old_end - 1, d->new_end - 1)) {
        d->old_end--;
        d->new_end--;
    }
}

/* The sentences begin .. end of a corpus, whose words have these ids in the store. */
static void count_sentences(NgramStore *store, const Corpus *corpus, const TokenId *ids, size_t begin,
                            size_t end, NgramCounting counting)
{
    const TokenId first = store_begin_word(store);
    for (size_t s = begin; s < end; s++) {
        size_t length;
        const TokenId *sentence = corpus_sentence(corpus, s, &length);
        store_count(store, &counting, &first, 1);
        for (size_t i = 0; i < length; i++) store_count(store, &counting, &ids[sentence[i]], 1);
        store_count(store, &counting, &ids[vocab_size(corpus_vocab(corpus))], 1);
    }
}

/* New sentences first, so that no count is ever below 0. */
static void count_difference(NgramStore *store, const Difference *d)
{
    count_sentences(store, d->new, d->new_ids, d->begin, d->new_end, store_counting(store, 1));
    count_sentences(store, d->old, d->old_ids, d->begin, d->old_end, store_counting(store, -1));
}

static bool keeps_numbers(const TokenId *to, size_t words)
{
    size_t id = 0;
    while (id < words && to[id] == (TokenId)id) id++;
    return id == words;
}

/* The store's counts under the joint numbering, brought up to date, then without the words that vanished. */
static NgramStore *recount(const Model *model, const Difference *d, size_t words)
{
    size_t old_words = model_outcomes(model), joint_words = vocab_size(d->joint);
    TokenId *to = must_alloc((old_words > joint_words ? old_words : joint_words) + 1, sizeof *to);
    for (size_t id = 0; id < old_words; id++) {
        const char *text = vocab_text(model->vocab, (TokenId)id);
        to[id] = vocab_find(d->joint, text, strlen(text));
    }
    NgramStore *joint = old_words == joint_words && keeps_numbers(to, joint_words)
                            ? store_clone(ngram_store(model))
                            : store_compact(ngram_store(model), to, joint_words);
    count_difference(joint, d);
    if (joint_words == words && d->begin == d->old_end) { /* nothing was taken away */
        free(to);
        return joint;
    }
    for (size_t id = 0; id < joint_words; id++) to[id] = id < words ? (TokenId)id : TOKEN_NONE;
    NgramStore *store = store_compact(joint, to, words);
    store_free(joint);
    free(to);
    return store;
}

static Model *update(const Model *model, Corpus *corpus, const NgramOptions *options, Lexicon *lexicon)
{
    Difference d = {.old = ngram_corpus(model), .new = corpus, .joint = vocab_clone(lexicon->vocab)};
    d.new_ids = number_words(corpus, d.joint);
    d.old_ids = number_words(d.old, d.joint);
    find_difference(&d);
    NgramStore *store = recount(model, &d, vocab_size(lexicon->vocab));
    uint32_t *ranks = options->smoothing.kenlm ? lexicon_ranks(lexicon, corpus) : NULL;
    Estimate *estimate = estimate_blank(store, ngram_smoothing(model));
    for (int k = 1; k <= options->order; k++)
        estimate_fill(estimate, store, k, vocab_unknown(lexicon->vocab), ranks);
    free(ranks);
    free(d.old_ids);
    free(d.new_ids);
    vocab_free(d.joint);
    return ngram_new(vocab_share(lexicon->vocab), corpus_tokenizer(corpus), store, estimate,
                     corpus_share(corpus));
}

Model *ngram_training_update(const Model *model, Corpus *corpus)
{
    const NgramOptions *options = ngram_options(model);
    if (options->order == 0 || !ngram_corpus(model) || options->cutoff > 1 || options->vocabulary ||
        corpus_tokenizer(corpus) != model->tokenizer)
        return NULL;
    Lexicon lexicon = choose_words(corpus, options);
    Model *updated = update(model, corpus, options, &lexicon);
    ngram_remember(updated, options);
    lexicon_release(&lexicon);
    return updated;
}
