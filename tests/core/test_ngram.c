/* The count model, against counting padded sentences anew for every question, and against NLTK. */

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/models.h"

enum { PADDING = NGRAM_ORDER_MAX - 1, SENTENCE_MAX = PADDING + 48 };

TestSuite(ngram, .timeout = 20);

/* --- a naive model: all sentences as ids of the model's vocabulary, padded and ended --- */

typedef struct {
    size_t sentences, length[256];
    TokenId words[256][SENTENCE_MAX];
} Padded;

static Padded *pad(const Corpus *corpus, const Model *model)
{
    Padded *padded = calloc(1, sizeof *padded);
    CHECK_FOR(corpus_sentences(corpus) <= COUNT_OF(padded->length), "%zu sentences",
              corpus_sentences(corpus));
    for (size_t s = padded->sentences = 0; s < corpus_sentences(corpus); s++) {
        size_t count, at = 0;
        const TokenId *ids = corpus_sentence(corpus, s, &count);
        while (at < PADDING) padded->words[s][at++] = WORD_BEGIN;
        for (size_t i = 0; i < count; i++) {
            TokenId id = id_of(model, vocab_text(corpus_vocab(corpus), ids[i]));
            padded->words[s][at++] = id == TOKEN_NONE ? vocab_unknown(model->vocab) : id;
        }
        padded->words[s][at++] = vocab_end(model->vocab);
        CHECK_EACH(at <= SENTENCE_MAX, "sentence %zu is too long", s);
        padded->length[s] = at;
        padded->sentences++;
    }
    return padded;
}

/* c(h w), and c(h) for word = TOKEN_NONE; h is the last n - 1 of history[PADDING]. */
static double count_of(const Padded *padded, const TokenId *history, int n, TokenId word)
{
    size_t before = (size_t)n - 1, times = 0;
    for (size_t s = 0; s < padded->sentences; s++)
        for (size_t i = PADDING; i < padded->length[s]; i++) {
            if (word != TOKEN_NONE && padded->words[s][i] != word) continue;
            times +=
                memcmp(&padded->words[s][i - before], history + PADDING - before, before * sizeof word) == 0;
        }
    return (double)times;
}

/* Straight from the formulas in smoothing.h. */
static double naive(const Padded *padded, const NgramOptions *o, const TokenId *history, TokenId word,
                    size_t V)
{
    double p = 0, passed = 0, c = count_of(padded, history, o->order, TOKEN_NONE);
    if (o->smoothing.kind == SMOOTH_MLE) return c > 0 ? count_of(padded, history, o->order, word) / c : 0;
    if (o->smoothing.kind == SMOOTH_ADD)
        return (count_of(padded, history, o->order, word) + o->smoothing.k) /
               (c + o->smoothing.k * (double)V);
    for (int n = o->order; n >= 1; n--) {
        double weight = o->smoothing.weights[o->order - n] + passed,
               seen = count_of(padded, history, n, TOKEN_NONE);
        passed = seen > 0 ? 0 : weight;
        if (seen > 0) p += weight * count_of(padded, history, n, word) / seen;
    }
    return p;
}

static void check_against_naive(const Corpus *corpus, NgramOptions options)
{
    Arena arena = {0};
    TokenId history[PADDING];
    Model *model = train_on(corpus, options);
    Padded *padded = pad(corpus, model);
    const char *name = model_describe(model, &arena);
    size_t V = model_outcomes(model);
    Random random = random_seeded((uint64_t)options.order);
    State *state = state_begin(model);
    for (size_t i = 0; i < PADDING; i++) history[i] = WORD_BEGIN;
    for (int step = 0; step < 15; step++) {
        double p[64];
        state_predict(state, p);
        for (TokenId w = 0; w < (TokenId)V; w++) {
            double wanted = naive(padded, &options, history, w, V);
            CHECK_EACH(near(p[w], wanted, 1e-12), "%s, step %d, word %d: %.17g, not %.17g", name, step, w,
                       p[w], wanted);
        }
        /* mostly text that was seen: the words of one sentence after the other */
        TokenId next = padded->words[step % 3][PADDING + step / 3 % (padded->length[step % 3] - PADDING)];
        if (random_unit(&random) < 0.3) next = (TokenId)(random_next(&random) % V);
        if (random_unit(&random) < 0.05) next = TOKEN_NONE;
        memmove(history, history + 1, (PADDING - 1) * sizeof *history);
        history[PADDING - 1] = next == TOKEN_NONE ? -99 : next;
        state_feed(state, next);
    }
    state_free(state);
    free(padded);
    model_free(model);
    arena_release(&arena);
}

static void check_all(NgramOptions options)
{
    static const char *const names[] = {"mouse", "sam", "jobs", "facts"};
    for (size_t i = 0; i < 5; i++)
        for (int open = 0; open < 3; open++) {
            Corpus *corpus = i < 4 ? corpus_built_in(names[i], TOKENIZER_WORDS) : corpus_random(17, 80);
            options.unknown = open == 1;
            options.cutoff = open == 2 ? 2 : 0;
            check_against_naive(corpus, options);
            corpus_free(corpus);
        }
}

Test(ngram, mle_is_the_naive_ratio)
{
    for (int n = 1; n <= NGRAM_ORDER_MAX; n++) check_all(counted(n));
}
Test(ngram, add_is_the_naive_ratio)
{
    for (int n = 1; n <= NGRAM_ORDER_MAX; n++) check_all(added(n, 0.25));
}
Test(ngram, interp_is_the_naive_sum)
{
    for (int n = 1; n <= NGRAM_ORDER_MAX; n++) check_all(interpolated(n, n % 2));
}

Test(ngram, characters_are_counted_like_words)
{
    for (int n = 1; n <= NGRAM_ORDER_MAX; n++) {
        Corpus *corpus = corpus_from("老鼠吃奶酪\n老鼠吃\n\n猫吃老鼠\nthe 老鼠\n", TOKENIZER_CHARS);
        check_against_naive(corpus, counted(n));
        check_against_naive(corpus, added(n, 1));
        corpus_free(corpus);
    }
}

/* --- NLTK 3.8.1 on mini.txt: full contexts; its V also counts <s> and <UNK> --- */

typedef struct {
    char model[16], context[64], word[32];
    double k, score;
    int order, cutoff;
} Row;

static bool read_row(char **text, Row *row)
{
    char *cells[7], *line = strsep(text, "\n");
    for (size_t i = 0; i < 7; i++) {
        cells[i] = strsep(&line, "\t");
        if (!cells[i]) return false;
    }
    *row = (Row){
        .k = atof(cells[1]), .order = atoi(cells[2]), .cutoff = atoi(cells[3]), .score = atof(cells[6])};
    strncpy(row->model, cells[0], sizeof row->model - 1);
    strncpy(row->context, cells[4], sizeof row->context - 1);
    strncpy(row->word, strcmp(cells[5], "<UNK>") ? cells[5] : TEXT_UNKNOWN, sizeof row->word - 1);
    return true;
}

/* Leading <s> of a context are where a sentence begins. */
static State *state_at(const Model *model, const char *context)
{
    while (strncmp(context, "<s>", 3) == 0) context += strcspn(context, " ") + (context[3] == ' ');
    bool begins = model->context == 0 || *context == '\0';
    TokenId ids[IDS_MAX], unknown = vocab_unknown(model->vocab);
    size_t count = ids_of(model, context, ids);
    State *state = state_begin(model);
    for (size_t i = 0; !begins && i < count; i++) state_feed(state, ids[i] == TOKEN_NONE ? unknown : ids[i]);
    return state;
}

static double nltk_score(const Model *model, const Row *row)
{
    Counts counts;
    TokenId known = id_of(model, row->word), word = known == TOKEN_NONE ? vocab_unknown(model->vocab) : known;
    State *state = state_at(model, row->context);
    double p = state_probability(state, word), extra = vocab_unknown(model->vocab) == TOKEN_NONE ? 2 : 1;
    if (!state_counts(state, word == TOKEN_NONE ? 0 : word, &counts)) counts.total = 0;
    if (word == TOKEN_NONE && row->k > 0)
        p = row->k / ((double)counts.total + row->k * (double)model_outcomes(model));
    if (row->k > 0)
        p *= ((double)counts.total + row->k * (double)model_outcomes(model)) /
             ((double)counts.total + row->k * ((double)model_outcomes(model) + extra));
    state_free(state);
    return p;
}

Test(ngram, agrees_with_nltk)
{
    char *text = file_text("tests/data/nltk_mini.tsv"), *mini = file_text("tests/data/mini.txt"),
         *rest = text;
    Corpus *corpus = corpus_from(mini, TOKENIZER_WORDS);
    size_t rows = 0;
    Row row;
    for (strsep(&rest, "\n"); read_row(&rest, &row); rows++) {
        NgramOptions options = row.k > 0 ? added(row.order, row.k) : counted(row.order);
        options.cutoff = (uint64_t)row.cutoff;
        Model *model = train_on(corpus, options);
        double p = nltk_score(model, &row);
        CHECK_EACH(near(p, row.score, 1e-12), "%s n=%d cutoff=%d p(%s | %s) = %.17g, not %.17g", row.model,
                   row.order, row.cutoff, row.word, row.context, p, row.score);
        model_free(model);
    }
    CHECK_INT(rows, 805);
    corpus_free(corpus);
    free(text);
    free(mini);
}

/* --- vocabulary, sizes, training --- */

static void check_vocabulary(const char *text, NgramOptions options, const char *wanted)
{
    char got[256] = "";
    Corpus *corpus = corpus_from(text, TOKENIZER_WORDS);
    Model *model = train_on(corpus, options);
    for (size_t i = 0; i < model_outcomes(model); i++)
        strcat(strcat(got, vocab_text(model->vocab, (TokenId)i)), " ");
    CHECK_STR(got, wanted);
    model_free(model);
    corpus_free(corpus);
}

Test(ngram, the_vocabulary_is_in_byte_order_then_unk_then_the_end)
{
    NgramOptions plain = counted(2), open = counted(2), cut = counted(2);
    open.unknown = true;
    cut.cutoff = 2;
    static const char text[] = "the ~ Cat éa cat\nthe cat z\n";
    check_vocabulary(text, plain, "Cat cat the z ~ éa </s> ");
    check_vocabulary(text, open, "Cat cat the z ~ éa <unk> </s> ");
    check_vocabulary(text, cut, "cat the <unk> </s> ");
    check_vocabulary("\n\n", plain, "</s> ");
}

/* Different n-grams that were predicted, of all orders: for "a b" with n = 2, three words and three pairs. */
Test(ngram, parameters_are_different_ngrams)
{
    static const struct {
        const char *text;
        int order;
        uint64_t ngrams;
    } cases[] = {
        {"a b\n", 1, 3},      {"a b\n", 2, 6},      {"a b\n", 3, 9},
        {"a b\na b\n", 3, 9}, {"a b\na c\n", 2, 9}, {"\n", 3, 3},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        Corpus *corpus = corpus_from(cases[i].text, TOKENIZER_WORDS);
        Model *model = train_on(corpus, counted(cases[i].order));
        CHECK_FOR(model_parameters(model) == cases[i].ngrams, "row %zu: %lu", i,
                  (unsigned long)model_parameters(model));
        CHECK_INT(model->context, cases[i].order - 1);
        CHECK_INT(store_order(ngram_store(model)), cases[i].order);
        CHECK_INT(ngram_smoothing(model)->kind, SMOOTH_MLE);
        model_free(model);
        corpus_free(corpus);
    }
}

Test(ngram, describes_itself)
{
    NgramOptions uneven = {.order = 2, .smoothing = {.kind = SMOOTH_INTERP, .weights = {0.75, 0.25}}};
    Model *models[] = {train_built_in("mouse", counted(3)), train_built_in("mouse", added(2, 0.5)),
                       train_built_in("mouse", uneven)};
    static const char *const parts[][3] = {{"n=3", "smooth=mle", "V=6"},
                                           {"n=2", "smooth=add", "k=0.5"},
                                           {"n=2", "smooth=interp", "weights=0.75,0.25"}};
    for (size_t i = 0; i < COUNT_OF(models); i++) {
        Arena arena = {0};
        const char *text = model_describe(models[i], &arena);
        for (size_t k = 0; k < 3; k++) CHECK_FOR(strstr(text, parts[i][k]), "%s lacks %s", text, parts[i][k]);
        model_free(models[i]);
        arena_release(&arena);
    }
}

/* ngram.h: "of the sentences counted so far when it was cancelled". */
Test(ngram, a_cancelled_training_is_a_training_on_the_sentences_counted)
{
    Error error;
    Corpus *corpus = corpus_numbered(3000);
    for (int steps = 1; steps < 4; steps++) {
        NgramOptions bigram = counted(2);
        Job *job = ngram_training_new(corpus, &bigram);
        for (int i = 0; i < steps; i++) CHECK_INT(job_step(job, 0, &error), JOB_MORE);
        CHECK_NEAR(job_progress(job), (double)ngram_training_sentences(job) / 3000, 1e-12);
        Model *model = ngram_training_take(job);
        size_t sentences = ngram_training_sentences(job); /* taking may finish the one under way */
        uint64_t tokens = store_total(ngram_store(model), NODE_ROOT);
        CHECK_FOR(tokens == 5 * sentences, "%zu sentences of 5 tokens are not %lu", sentences,
                  (unsigned long)tokens);
        CHECK_FOR(near(next_probability(model, "", "a0"), 1.0 / (double)sentences, 1e-12), "p(a0 | <s>)");
        model_free(model);
        job_free(job);
    }
    corpus_free(corpus);
}

Test(ngram, slices_count_the_same_as_one_go)
{
    Error error;
    NgramOptions trigram = added(3, 0.1);
    Corpus *corpus = corpus_random(23, 6000);
    Model *whole = train_on(corpus, trigram);
    Job *job = ngram_training_new(corpus, &trigram);
    int steps = 1;
    while (job_step(job, 0, &error) == JOB_MORE) steps++;
    Model *sliced = ngram_training_take(job);
    CHECK(steps > 3);
    CHECK_INT(ngram_training_sentences(job), 6000);
    CHECK(!ngram_training_take(job)); /* it has been handed over */
    CHECK_NEAR(evaluate(sliced, corpus, true).logp, evaluate(whole, corpus, true).logp, 0);
    job_free(job);
    model_free(whole);
    model_free(sliced);
    corpus_free(corpus);
}
