/* Training: which words it knows, what stopping leaves, and updating a model against training it afresh. */

#include "core/ngram/training.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/ngram/mixture.h"
#include "tests/support/models.h"

TestSuite(training, .timeout = 20);

enum { OUTCOMES_MAX = 64 };

/* --- two models compared by the texts of their words --- */

static NodeId find_same(const Model *model, const Model *other, const TokenId *words, int level)
{
    NodeId node = 0;
    for (int k = 1; k <= level; k++) {
        TokenId word = words[k - 1] == store_begin_word(ngram_store(other))
                           ? store_begin_word(ngram_store(model))
                           : id_of(model, vocab_text(other->vocab, words[k - 1]));
        node = store_child(ngram_store(model), k, node, word);
    }
    return node;
}

/* Both count the same n-grams equally often. */
static void check_same_counts(const Model *model, const Model *wanted)
{
    const NgramStore *store = ngram_store(model), *other = ngram_store(wanted);
    CHECK_INT(store_ngrams(store), store_ngrams(other));
    for (int k = 1; k <= store->order; k++)
        for (NodeId node = 0; node < other->levels[k].count; node++) {
            TokenId words[NGRAM_ORDER_MAX];
            if (other->levels[k].nodes[node].count == 0) continue;
            store_words(other, k, node, words);
            NodeId same = find_same(model, wanted, words, k);
            CHECK_EACH(same != NODE_NONE, "level %d: an n-gram ending in %s is missing", k,
                       vocab_text(wanted->vocab, words[k - 1]));
            CHECK_EACH(store->levels[k].nodes[same].count == other->levels[k].nodes[node].count,
                       "level %d: %u times, not %u", k, store->levels[k].nodes[same].count,
                       other->levels[k].nodes[node].count);
        }
}

static void check_same_vocabulary(const Model *model, const Model *wanted)
{
    CHECK_INT(model_outcomes(model), model_outcomes(wanted));
    for (TokenId id = 0; id < (TokenId)model_outcomes(wanted); id++)
        CHECK_STR(vocab_text(model->vocab, id), vocab_text(wanted->vocab, id));
}

static void check_same_distribution(const State *state, const State *wanted, const char *name)
{
    double p[OUTCOMES_MAX], q[OUTCOMES_MAX];
    state_predict(state, p);
    state_predict(wanted, q);
    CHECK_EACH(state_defined(state) == state_defined(wanted), "%s: defined", name);
    for (size_t i = 0; i < model_outcomes(wanted->model); i++)
        CHECK_EACH(near(p[i], q[i], 1e-12), "%s: p of %s is %.17g, not %.17g", name,
                   vocab_text(wanted->model->vocab, (TokenId)i), p[i], q[i]);
}

/* After words at random, some of them unknown; the vocabularies are the same. */
static void check_same_probabilities(const Model *model, const Model *wanted, const char *name)
{
    Random random = random_seeded(1);
    CHECK_FOR(model_outcomes(wanted) <= OUTCOMES_MAX, "%zu outcomes", model_outcomes(wanted));
    for (int walk = 0; walk < 6; walk++) {
        State *a = state_begin(model), *b = state_begin(wanted);
        for (int step = 0; step < 12; step++) {
            check_same_distribution(a, b, name);
            double u = random_unit(&random);
            TokenId next = (TokenId)(u * u * (double)model_outcomes(wanted));
            if (random_unit(&random) < 0.05) next = TOKEN_NONE;
            state_feed(a, next);
            state_feed(b, next);
        }
        state_free(a);
        state_free(b);
    }
}

/* --- updating: texts edited at random --- */

enum { LINES_MAX = 200, LINE_MAX = 64 };

typedef struct {
    char lines[LINES_MAX][LINE_MAX];
    size_t count;
} Draft;

/* 0 to 7 words, "a" the most frequent, those from `first` on. */
static void write_line(char *line, Random *random, char first)
{
    size_t words = random_next(random) % 8;
    *line = '\0';
    for (size_t i = 0; i < words; i++) {
        double u = random_unit(random);
        sprintf(line + strlen(line), "%s%c", i ? " " : "", first + (int)(9 * u * u));
    }
}

static Draft first_draft(Random *random)
{
    Draft draft = {.count = 40};
    for (size_t i = 0; i < draft.count; i++) write_line(draft.lines[i], random, 'a');
    return draft;
}

static void insert_line(Draft *draft, size_t at, Random *random, char first)
{
    memmove(draft->lines + at + 1, draft->lines + at, (draft->count++ - at) * LINE_MAX);
    write_line(draft->lines[at], random, first);
}

static void remove_line(Draft *draft, size_t at)
{
    memmove(draft->lines + at, draft->lines + at + 1, (--draft->count - at) * LINE_MAX);
}

/* Every kind of change: to the end, in the middle, words that are new, words that vanish, everything. */
static void edit(Draft *draft, Random *random, int how)
{
    size_t times = 1 + random_next(random) % 5;
    switch (how) {
    case 0:
        while (times-- > 0) insert_line(draft, draft->count, random, 'a');
        break;
    case 1:
        while (times-- > 0) remove_line(draft, random_next(random) % draft->count);
        break;
    case 2:
        while (times-- > 0) insert_line(draft, random_next(random) % draft->count, random, 'p');
        break;
    case 3:
        for (size_t i = draft->count; i-- > 0;)
            if (strpbrk(draft->lines[i], "defgh")) remove_line(draft, i);
        break;
    case 4: *draft = first_draft(random); break;
    default: break;
    }
    if (draft->count == 0) insert_line(draft, 0, random, 'a');
}

static Corpus *publish(const Draft *draft)
{
    char *text = calloc(draft->count + 1, LINE_MAX + 1);
    for (size_t i = 0; i < draft->count; i++) strcat(strcat(text, draft->lines[i]), "\n");
    Corpus *corpus = corpus_from(text, TOKENIZER_WORDS);
    free(text);
    return corpus;
}

/* The next model, which took the place of `model`. */
static Model *check_update(Model *model, Corpus *corpus, const NgramOptions *options, const char *name)
{
    Model *fresh = train_on(corpus, *options), *updated = ngram_training_update(model, corpus);
    CHECK_FOR(updated, "%s: no update", name);
    CHECK(ngram_corpus(updated) == corpus);
    CHECK_INT(ngram_options(updated)->order, options->order);
    check_same_vocabulary(updated, fresh);
    check_same_counts(updated, fresh);
    for (int k = 1; k <= options->order; k++)
        CHECK_INT(ngram_store(updated)->levels[k].count, ngram_store(fresh)->levels[k].count);
    check_same_probabilities(updated, fresh, name);
    model_free(fresh);
    model_free(model);
    return updated;
}

static void check_updates(NgramOptions options, const char *name)
{
    Random random = random_seeded((uint64_t)options.order);
    Draft draft = first_draft(&random);
    Corpus *corpus = publish(&draft);
    Model *model = train_on(corpus, options);
    corpus_free(corpus);
    for (int round = 0; round < 12; round++) {
        edit(&draft, &random, round % 6);
        corpus = publish(&draft);
        model = check_update(model, corpus, &options, name);
        corpus_free(corpus);
    }
    model_free(model);
}

Test(training, an_update_equals_training_afresh)
{
    static const int orders[] = {1, 2, 3, 5, 8};
    for (int kind = 0; kind < SMOOTH_GIVEN; kind++)
        for (size_t i = 0; i < COUNT_OF(orders); i++)
            for (int unknown = 0; unknown < 2; unknown++) {
                NgramOptions options = usual((SmoothingKind)kind, orders[i]);
                options.unknown = unknown;
                check_updates(options, smoothing_name(options.smoothing.kind));
            }
}

Test(training, an_update_keeps_what_the_smoothing_was_told)
{
    NgramOptions kenlm = usual(SMOOTH_MKN, 3), fixed = usual(SMOOTH_AD, 3), plain = usual(SMOOTH_WB, 3),
                 uneven = interpolated(3, false);
    kenlm.smoothing.kenlm = kenlm.unknown = true;
    fixed.smoothing.fixed = plain.smoothing.plain_unigrams = true;
    fixed.smoothing.discounts[0] = 0.3;
    check_updates(kenlm, "kenlm");
    check_updates(fixed, "fixed discounts");
    check_updates(plain, "plain unigrams");
    check_updates(uneven, "uneven weights");
    check_updates(added(3, 0.01), "a hundredth");
}

/* What a sentence was, not which number it had: a model of lines knows the stream of the same words not at
 * all. */
Test(training, lines_and_streams_and_characters_can_follow_each_other)
{
    NgramOptions options = usual(SMOOTH_WB, 3);
    Corpus *lines = corpus_from("a b\nb a\n", TOKENIZER_WORDS),
           *stream = corpus_stream("a b\nb a\n", TOKENIZER_WORDS),
           *chars = corpus_from("a b\n", TOKENIZER_CHARS),
           *other = corpus_from("b b\n\nca\n", TOKENIZER_CHARS);
    Model *model = check_update(train_on(lines, options), stream, &options, "a stream");
    CHECK(!ngram_training_update(model, chars)); /* another tokenizer */
    model_free(check_update(train_on(chars, options), other, &options, "characters"));
    model_free(model);
    corpus_free(lines);
    corpus_free(stream);
    corpus_free(chars);
    corpus_free(other);
}

Test(training, where_all_must_be_counted_again_there_is_no_update)
{
    NgramOptions cut = counted(2), listed = counted(2), one = counted(2);
    cut.cutoff = 2;
    one.cutoff = 1;
    listed.vocabulary = vocab_new();
    Corpus *corpus = corpus_random(3, 20), *other = corpus_random(4, 20);
    Model *models[] = {train_on(corpus, cut), train_on(corpus, listed), train_on(corpus, one)};
    CHECK(!ngram_training_update(models[0], other));
    CHECK(!ngram_training_update(models[1], other));
    Model *updated = ngram_training_update(models[2], other);
    CHECK(updated);
    model_free(updated);
    for (size_t i = 0; i < COUNT_OF(models); i++) model_free(models[i]);
    vocab_free(listed.vocabulary);
    corpus_free(corpus);
    corpus_free(other);
}

/* --- which words are known --- */

static Vocab *list_of(const char *const *words)
{
    Vocab *vocab = vocab_new();
    while (*words) vocab_add(vocab, *words, strlen(*words)), words++;
    return vocab;
}

static void check_words(const Model *model, const char *wanted)
{
    char got[256] = "";
    for (size_t i = 0; i < model_outcomes(model); i++)
        strcat(strcat(got, vocab_text(model->vocab, (TokenId)i)), " ");
    CHECK_STR(got, wanted);
}

static const char text[] = "the cat sat\nthe cat ran\na dog sat\n";

Test(training, chooses_words_by_count_and_by_list)
{
    Vocab *list = list_of((const char *const[]){"zebra", TEXT_END, "cat", "sat", "dog", TEXT_UNKNOWN, NULL});
    NgramOptions all = counted(2), cut = counted(2), listed = counted(2), both = counted(2);
    cut.cutoff = both.cutoff = 2;
    listed.vocabulary = both.vocabulary = list;
    Corpus *corpus = corpus_from(text, TOKENIZER_WORDS);
    Model *models[] = {train_on(corpus, all), train_on(corpus, cut), train_on(corpus, listed),
                       train_on(corpus, both)};
    static const char *const wanted[] = {"a cat dog ran sat the </s> ", "cat sat the <unk> </s> ",
                                         "cat dog sat zebra <unk> </s> ", "cat sat <unk> </s> "};
    static const uint64_t unknown[] = {0, 3, 4, 5}; /* of 9 words */
    for (size_t i = 0; i < COUNT_OF(models); i++) {
        const NgramStore *store = ngram_store(models[i]);
        TokenId unk = vocab_unknown(models[i]->vocab);
        check_words(models[i], wanted[i]);
        CHECK_INT(unk == TOKEN_NONE ? 0 : store->levels[1].nodes[unk].count, unknown[i]);
        CHECK_INT(ngram_options(models[i])->cutoff, i == 1 || i == 3 ? 2 : 0);
        model_free(models[i]);
    }
    vocab_free(list);
    corpus_free(corpus);
}

/* Unknown words count as one word: as if the text had "zzz" in their place. */
Test(training, unknown_words_are_counted_as_one)
{
    Vocab *list = list_of((const char *const[]){"the", "cat", "sat", NULL});
    Corpus *corpus = corpus_from(text, TOKENIZER_WORDS),
           *replaced = corpus_from("the cat sat\nthe cat zzz\nzzz zzz sat\n", TOKENIZER_WORDS);
    for (int kind = 0; kind < SMOOTH_GIVEN; kind++) {
        NgramOptions options = usual((SmoothingKind)kind, 3), listed = options;
        listed.vocabulary = list;
        Model *model = train_on(corpus, listed), *wanted = train_on(replaced, options);
        CHECK_INT(vocab_unknown(model->vocab), id_of(wanted, "zzz"));
        check_same_probabilities(model, wanted, smoothing_name(options.smoothing.kind));
        model_free(model);
        model_free(wanted);
    }
    vocab_free(list);
    corpus_free(corpus);
    corpus_free(replaced);
}

/* V counts them: "the" is 2 of 12 tokens, and k = 1 for each of 3 words, <unk> and </s>. */
Test(training, listed_words_that_never_occur_have_their_share)
{
    Vocab *list = list_of((const char *const[]){"the", "zebra", "yak", NULL});
    Corpus *corpus = corpus_from(text, TOKENIZER_WORDS);
    NgramOptions options = usual(SMOOTH_ADD, 1);
    options.vocabulary = list;
    Model *add = train_on(corpus, options);
    options.smoothing.kind = SMOOTH_MKN;
    Model *mkn = train_on(corpus, options);
    CHECK(near(next_probability(add, "", "the"), 3.0 / 17, 1e-15));
    CHECK(near(next_probability(add, "", "yak"), 1.0 / 17, 1e-15));
    double yak = next_probability(mkn, "", "yak");
    CHECK(yak > 0 && yak == next_probability(mkn, "the", "zebra"));
    vocab_free(list); /* the models keep a share */
    CHECK_INT(vocab_size(ngram_options(mkn)->vocabulary), 3);
    model_free(add);
    model_free(mkn);
    corpus_free(corpus);
}

/* --- stopping, and going on --- */

/* The text as far as it was counted: whole sentences, then the first words of one. */
static Corpus *counted_part(const Corpus *corpus, size_t sentences, size_t words)
{
    char *part;
    size_t size;
    FILE *out = open_memstream(&part, &size);
    for (size_t s = 0; s < sentences; s++) {
        size_t length;
        const TokenId *ids = corpus_sentence(corpus, s, &length);
        if (s + 1 == sentences) length = words;
        for (size_t i = 0; i < length; i++)
            fprintf(out, "%s%s", i ? " " : "", vocab_text(corpus_vocab(corpus), ids[i]));
        fputc('\n', out);
        words -= length;
    }
    fclose(out);
    Corpus *result = corpus_from(part, TOKENIZER_WORDS);
    free(part);
    return result;
}

static size_t words_counted(const Model *model)
{
    size_t words = 0;
    for (size_t id = 0; id < model_outcomes(model); id++)
        words += ngram_store(model)->levels[1].nodes[id].count;
    return words - ngram_store(model)->levels[1].nodes[vocab_end(model->vocab)].count;
}

static void check_stopped(Corpus *corpus, int steps)
{
    Error error;
    NgramOptions trigram = usual(SMOOTH_MKN, 3);
    Job *job = ngram_training_new(corpus, &trigram, NULL);
    for (int i = 0; i < steps; i++) CHECK_INT(job_step(job, 0, &error), JOB_MORE);
    Model *model = ngram_training_take(job);
    Corpus *part = counted_part(corpus, ngram_training_sentences(job), words_counted(model));
    Model *wanted = train_on(part, trigram);
    CHECK(ngram_training_sentences(job) < corpus_sentences(corpus) ||
          words_counted(model) < corpus_tokens(corpus));
    check_same_counts(model, wanted);
    CHECK(!ngram_training_take(job)); /* it has been handed over */
    model_free(model);
    model_free(wanted);
    corpus_free(part);
    job_free(job);
}

Test(training, a_stopped_one_has_counted_the_beginning)
{
    char *line = calloc(1, 80001);
    for (int i = 0; i < 40000; i++)
        strcpy(line + 2 * i, (const char *const[]){"a ", "b ", "c "}[i * i % 7 % 3]);
    Corpus *lines = corpus_random(5, 20000), *long_one = corpus_from(line, TOKENIZER_WORDS);
    for (int steps = 1; steps < 4; steps++) {
        check_stopped(lines, steps);
        check_stopped(long_one, steps);
    }
    corpus_free(lines);
    corpus_free(long_one);
    free(line);
}

Test(training, slices_count_the_same_as_one_go)
{
    Error error;
    Corpus *corpus = corpus_random(23, 6000);
    for (int kind = 0; kind < SMOOTH_GIVEN; kind++) {
        NgramOptions trigram = usual((SmoothingKind)kind, 3);
        Model *whole = train_on(corpus, trigram);
        Job *job = ngram_training_new(corpus, &trigram, NULL);
        int steps = 1;
        double done = 0;
        for (; job_step(job, 0, &error) == JOB_MORE; steps++) {
            CHECK(job_progress(job) >= done);
            done = job_progress(job);
        }
        CHECK(job_progress(job) == 1);
        Model *sliced = ngram_training_take(job);
        CHECK(steps > 3);
        CHECK_INT(ngram_training_sentences(job), 6000);
        CHECK(evaluate(sliced, corpus, true).logp == evaluate(whole, corpus, true).logp);
        job_free(job);
        model_free(whole);
        model_free(sliced);
    }
    corpus_free(corpus);
}

Test(training, nothing_to_count_gives_no_model)
{
    Error error;
    NgramOptions options = usual(SMOOTH_MKN, 3);
    Corpus *corpus = corpus_new("none", TOKENIZER_WORDS, true);
    Job *job = ngram_training_new(corpus, &options, NULL),
        *unstarted = ngram_training_new(corpus, &options, NULL);
    CHECK(job_run(job, &error));
    CHECK(!ngram_training_take(job) && !ngram_training_take(unstarted));
    CHECK_INT(ngram_training_sentences(job), 0);
    job_free(job);
    job_free(unstarted);
    corpus_free(corpus);
}

/* --- held-out text --- */

Test(training, a_held_out_text_tunes_the_weights)
{
    Error error;
    double weights[NGRAM_ORDER_MAX];
    NgramOptions options = interpolated(3, false);
    Corpus *corpus = corpus_random(8, 60), *heldout = corpus_random(9, 60);
    Model *untuned = train_on(corpus, options);
    Job *job = ngram_training_new(corpus, &options, heldout);
    CHECK(job_run(job, &error));
    Model *tuned = ngram_training_take(job);
    CHECK(mixture_tune(ngram_estimate(untuned), ngram_store(untuned), untuned->vocab, heldout, weights) > 0);
    for (int i = 0; i < 3; i++) CHECK(ngram_smoothing(tuned)->weights[i] == weights[i]);
    CHECK(evaluate(tuned, heldout, true).logp_possible > evaluate(untuned, heldout, true).logp_possible);
    job_free(job);
    model_free(tuned);
    model_free(untuned);
    corpus_free(corpus);
    corpus_free(heldout);
}
