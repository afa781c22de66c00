/* Evaluation: perplexity of texts known, unknown, empty and impossible, against sums written out here. */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/model/sequence.h"
#include "tests/support/models.h"

TestSuite(evaluation, .timeout = 20);

typedef struct {
    size_t tokens, unknown, zeros;
    double logp, logp_known, logp_possible, worst[EVALUATION_WORST + 1];
} Sums;

static void add_token(Sums *sums, double logp, bool known)
{
    sums->tokens++;
    sums->unknown += !known;
    sums->zeros += known && logp == -INFINITY;
    sums->logp += logp;
    if (known) sums->logp_known += logp;
    if (logp > -INFINITY) sums->logp_possible += logp;
    size_t at = EVALUATION_WORST;
    sums->worst[at] = logp;
    for (; at > 0 && sums->worst[at - 1] > sums->worst[at]; at--) {
        double kept = sums->worst[at];
        sums->worst[at] = sums->worst[at - 1];
        sums->worst[at - 1] = kept;
    }
}

static void add_line(Sums *sums, const Model *model, const char *line, bool end)
{
    TokenId ids[IDS_MAX], unknown = vocab_unknown(model->vocab);
    size_t count = ids_of(model, line, ids);
    State *state = state_begin(model);
    for (size_t i = 0; i < count; i++) {
        TokenId id = ids[i] == TOKEN_NONE ? unknown : ids[i];
        double p = state_probability(state, id);
        add_token(sums, log(p), ids[i] != TOKEN_NONE);
        state_feed(state, id);
    }
    if (end && model_ends(model))
        add_token(sums, log(state_probability(state, id_of(model, TEXT_END))), true);
    state_free(state);
}

static void check_same(const Evaluation *got, const Sums *wanted, const char *name)
{
    CHECK_FOR(got->tokens == wanted->tokens && got->unknown == wanted->unknown && got->zeros == wanted->zeros,
              "%s: %zu tokens, %zu unknown, %zu zeros", name, got->tokens, got->unknown, got->zeros);
    CHECK_FOR(near(got->logp, wanted->logp, 1e-12), "%s: %.17g", name, got->logp);
    CHECK_FOR(near(got->logp_known, wanted->logp_known, 1e-12), "%s: known %.17g", name, got->logp_known);
    CHECK_FOR(near(got->logp_possible, wanted->logp_possible, 1e-12), "%s: possible %.17g", name,
              got->logp_possible);
    CHECK_FOR(got->worst_count == (got->tokens < EVALUATION_WORST ? got->tokens : EVALUATION_WORST), "%s",
              name);
    for (size_t i = 0; i < got->worst_count; i++)
        CHECK_FOR(near(got->worst[i].logp, wanted->worst[i], 1e-12), "%s: worst %zu", name, i);
}

static void check_against_loop(const Model *model, const Corpus *corpus, bool end, const char *name)
{
    Sums sums = {0};
    for (size_t i = 0; i <= EVALUATION_WORST; i++) sums.worst[i] = INFINITY;
    for (size_t s = 0; s < corpus_sentences(corpus); s++) {
        char *line = corpus_line(corpus, s);
        add_line(&sums, model, line, end);
        free(line);
    }
    Evaluation result = evaluate(model, corpus, end);
    CHECK_FOR(result.sentences == corpus_sentences(corpus), "%s", name);
    check_same(&result, &sums, name);
}

Test(evaluation, agrees_with_a_plain_loop)
{
    static const char *const trained[] = {"mouse", "sam", "facts"}, *const tested[] = {"mouse", "jobs",
                                                                                       "facts"};
    for (size_t a = 0; a < COUNT_OF(trained); a++)
        for (size_t b = 0; b < COUNT_OF(tested); b++)
            for (int order = 1; order <= 4; order++) {
                NgramOptions open = added(order, 0.5), closed = counted(order);
                open.unknown = b == 1;
                Corpus *corpus = corpus_built_in(tested[b], TOKENIZER_WORDS);
                Model *smoothed = train_built_in(trained[a], open),
                      *plain = train_built_in(trained[a], closed);
                check_against_loop(smoothed, corpus, true, trained[a]);
                check_against_loop(smoothed, corpus, false, trained[a]);
                check_against_loop(plain, corpus, true, trained[a]);
                model_free(smoothed);
                model_free(plain);
                corpus_free(corpus);
            }
}

Test(evaluation, agrees_with_a_plain_loop_on_random_lines_some_of_them_empty)
{
    Corpus *train = corpus_random(3, 200), *test = corpus_random(4, 300);
    for (int order = 1; order <= 4; order++) {
        Model *model = train_on(train, interpolated(order, true)), *toy = toy_model();
        check_against_loop(model, test, true, "random");
        check_against_loop(toy, test, true, "toy on random"); /* no word known */
        model_free(model);
        model_free(toy);
    }
    corpus_free(train);
    corpus_free(test);
}

/* Exact by hand on SLP3's three sentences (V = 11 with </s>, 12 with <unk>). */
Test(evaluation, sam_by_hand)
{
    static const struct {
        const char *text;
        double k; /* 0 = mle */
        bool unknown, end;
        size_t tokens, unknowns, zeros;
        double p, p_known, p_possible;
    } cases[] = {
        {"I am Sam\n", 0, false, true, 4, 0, 0, 1.0 / 9, 1.0 / 9, 1.0 / 9},
        {"I am Sam\n", 0, false, false, 3, 0, 0, 2.0 / 9, 2.0 / 9, 2.0 / 9},
        {"I am Sam\n\n", 1, false, true, 5, 0, 0, 3 * 3 * 2 * 2 / (14.0 * 14 * 13 * 13 * 14),
         3 * 3 * 2 * 2 / (14.0 * 14 * 13 * 13 * 14), 3 * 3 * 2 * 2 / (14.0 * 14 * 13 * 13 * 14)},
        {"I am Ann\n", 0, false, true, 4, 1, 1, 0, 0, 4.0 / 9},
        {"I am Ann\n", 1, false, true, 4, 1, 0, 0, 9.0 / (14 * 14 * 11), 9.0 / (14 * 14 * 11)},
        {"I am Ann\n", 1, true, true, 4, 1, 0, 1.0 / (5 * 5 * 14 * 12), 1.0 / (5 * 5 * 12),
         1.0 / (5 * 5 * 14 * 12)},
        {"Sam do\n", 0, false, true, 3, 0, 2, 0, 0, 1.0 / 3},
        {"\n\n", 0, false, true, 2, 0, 2, 0, 0, 1},
        {"\n\n", 0, false, false, 0, 0, 0, 1, 1, 1},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        NgramOptions options = cases[i].k > 0 ? added(2, cases[i].k) : counted(2);
        options.unknown = cases[i].unknown;
        Corpus *corpus = corpus_from(cases[i].text, TOKENIZER_WORDS);
        Model *model = train_built_in("sam", options);
        Evaluation got = evaluate(model, corpus, cases[i].end);
        CHECK_FOR(got.tokens == cases[i].tokens, "row %zu: %zu tokens", i, got.tokens);
        CHECK_FOR(got.unknown == cases[i].unknowns, "row %zu: %zu unknown", i, got.unknown);
        CHECK_FOR(got.zeros == cases[i].zeros, "row %zu: %zu zeros", i, got.zeros);
        CHECK_FOR(near(exp(got.logp), cases[i].p, 1e-12), "row %zu: %g", i, exp(got.logp));
        CHECK_FOR(near(exp(got.logp_known), cases[i].p_known, 1e-12), "row %zu: known %g", i,
                  exp(got.logp_known));
        CHECK_FOR(near(exp(got.logp_possible), cases[i].p_possible, 1e-12), "row %zu: %g", i,
                  exp(got.logp_possible));
        model_free(model);
        corpus_free(corpus);
    }
}

Test(evaluation, the_worst_tokens_are_named_most_surprising_first)
{
    Corpus *corpus = corpus_from("the mouse ate the cheese\nthe cheese ate the ball\n", TOKENIZER_WORDS);
    Model *model = train_built_in("mouse", counted(2));
    Evaluation got = evaluate(model, corpus, true);
    static const struct {
        size_t sentence, position;
        double p;
    } wanted[] = {
        {1, 4, 1.0 / 13}, {1, 2, 1.0 / 6}, {0, 4, 5.0 / 13}, {1, 1, 5.0 / 13}, {0, 1, 7.0 / 13},
    };
    CHECK_INT(got.worst_count, 5);
    for (size_t i = 0; i < COUNT_OF(wanted); i++) {
        CHECK_FOR(got.worst[i].sentence == wanted[i].sentence && got.worst[i].position == wanted[i].position,
                  "place %zu: sentence %zu, position %zu", i, got.worst[i].sentence, got.worst[i].position);
        CHECK_FOR(near(exp(got.worst[i].logp), wanted[i].p, 1e-12), "place %zu: %g", i,
                  exp(got.worst[i].logp));
    }
    model_free(model);
    corpus_free(corpus);
}

Test(evaluation, slices_add_up_and_an_empty_corpus_is_no_problem)
{
    Error error;
    Corpus *corpus = corpus_random(9, 1000), *none = corpus_new("none", TOKENIZER_WORDS, true);
    Model *model = train_on(corpus, added(3, 1));
    Job *job = evaluation_new(model, corpus, true);
    int steps = 1;
    for (; job_step(job, 0, &error) == JOB_MORE; steps++) CHECK_FOR(job_progress(job) < 1, "step %d", steps);
    CHECK(steps > 5);
    CHECK_NEAR(job_progress(job), 1, 0);
    CHECK_NEAR(evaluation_result(job)->logp, evaluate(model, corpus, true).logp, 0);
    job_free(job);
    CHECK_INT(evaluate(model, none, true).tokens, 0);
    CHECK_NEAR(evaluate(model, none, true).logp, 0, 0);
    corpus_free(corpus);
    corpus_free(none);
    model_free(model);
}

/* --- what is told besides the sums --- */

/* " <s> a b </s> " */
static void pad(const Corpus *corpus, size_t sentence, char *text, size_t size)
{
    char *line = corpus_line(corpus, sentence);
    snprintf(text, size, " <s> %s%s</s> ", line, *line ? " " : "");
    free(line);
}

static bool occurs(const Corpus *corpus, const char *pattern)
{
    char text[512];
    for (size_t s = 0; s < corpus_sentences(corpus); s++) {
        pad(corpus, s, text, sizeof text);
        if (strstr(text, pattern)) return true;
    }
    return false;
}

/* The longest n-gram that ends in this word of the padded text and stands in the training text; <s> counts.
 */
static int longest_known(const Corpus *train, const char *text, size_t word, int order)
{
    const char *blanks[IDS_MAX];
    size_t count = 0;
    int longest = 0;
    for (const char *c = text; *c; c++)
        if (*c == ' ') blanks[count++] = c;
    while (longest < order && (size_t)longest <= word) {
        char pattern[512];
        const char *start = blanks[word - (size_t)longest];
        snprintf(pattern, sizeof pattern, "%.*s", (int)(blanks[word + 1] - start) + 1, start);
        if (!occurs(train, pattern)) break;
        longest++;
    }
    return longest;
}

static void check_matched(const Corpus *train, const Corpus *test, int order)
{
    Error error;
    Model *model = train_on(train, added(order, 1));
    Job *job = evaluation_new(model, test, true);
    evaluation_detail(job, (EvaluationDetail){.matched = true, .tokens = SIZE_MAX});
    CHECK(job_run(job, &error));
    size_t count, by_order[EVALUATION_ORDERS] = {0};
    const EvaluationToken *tokens = evaluation_tokens(job, &count);
    CHECK_INT(count, evaluation_result(job)->tokens);
    for (size_t i = 0; i < count; i++) {
        char text[512];
        pad(test, tokens[i].sentence, text, sizeof text);
        int wanted = longest_known(train, text, tokens[i].position + 1, order);
        CHECK_EACH(tokens[i].matched == wanted, "order %d, '%s' word %zu: %d, not %d", order, text,
                   tokens[i].position, tokens[i].matched, wanted);
        by_order[wanted]++;
    }
    for (int k = 0; k < EVALUATION_ORDERS; k++)
        CHECK_EACH(evaluation_result(job)->matched[k].tokens == by_order[k], "order %d", k);
    job_free(job);
    model_free(model);
}

Test(evaluation, matched_is_the_longest_n_gram_of_the_training_text)
{
    Corpus *train = corpus_random(31, 25), *test = corpus_random(32, 60);
    for (int order = 1; order <= 5; order++) check_matched(train, test, order);
    corpus_free(train);
    corpus_free(test);
}

/* Tokens add up to sentences, and sentences to the whole. */
Test(evaluation, parts_add_up)
{
    Error error;
    Corpus *train = corpus_random(33, 30), *test = corpus_random(34, 80);
    NgramOptions options = added(3, 0.5);
    options.cutoff = 4;
    Model *model = train_on(train, options);
    Job *job = evaluation_new(model, test, true);
    evaluation_detail(job, (EvaluationDetail){.matched = true, .tokens = SIZE_MAX, .sentences = SIZE_MAX});
    CHECK(job_run(job, &error));
    size_t tokens, sentences, at = 0, matched = 0;
    double logp = 0, matched_logp = 0;
    const EvaluationToken *token = evaluation_tokens(job, &tokens);
    const EvaluationSum *sum = evaluation_sentences(job, &sentences);
    const Evaluation *all = evaluation_result(job);
    CHECK_INT(sentences, corpus_sentences(test));
    for (size_t s = 0; s < sentences; s++) {
        EvaluationSum mine = {0};
        for (size_t i = 0; i < sum[s].tokens; i++, at++) {
            CHECK_EACH(token[at].sentence == s && token[at].position == i, "token %zu", at);
            mine.unknown += !token[at].known;
            mine.logp += token[at].logp;
        }
        CHECK_EACH(mine.unknown == sum[s].unknown && near(mine.logp, sum[s].logp, 1e-12), "sentence %zu", s);
        logp += mine.logp;
    }
    for (int k = 0; k < EVALUATION_ORDERS; k++) {
        matched += all->matched[k].tokens;
        if (all->matched[k].tokens) matched_logp += all->matched[k].logp;
    }
    CHECK(at == tokens && matched == all->tokens && all->unknown > 0);
    CHECK_NEAR(logp, all->logp, 1e-9);
    CHECK_NEAR(matched_logp, all->logp, 1e-9);
    job_free(job);
    model_free(model);
    corpus_free(train);
    corpus_free(test);
}

Test(evaluation, keeps_what_was_asked_for_and_no_more)
{
    Error error;
    size_t tokens, sentences;
    Corpus *corpus = corpus_built_in("mouse", TOKENIZER_WORDS);
    Model *model = train_on(corpus, counted(2)), *toy = toy_model();
    Job *job = evaluation_new(model, corpus, true), *table = evaluation_new(toy, corpus, true);
    evaluation_detail(job, (EvaluationDetail){.tokens = 7, .sentences = 3});
    evaluation_detail(table, (EvaluationDetail){.matched = true, .tokens = 2});
    CHECK(job_run(job, &error) && job_run(table, &error));
    evaluation_tokens(job, &tokens);
    evaluation_sentences(job, &sentences);
    CHECK_INT(tokens, 7);
    CHECK_INT(sentences, 3);
    CHECK_INT(evaluation_result(job)->tokens, 44);
    CHECK_INT(evaluation_result(table)->matched[0].tokens, 0); /* a table matches nothing */
    job_free(job);
    job_free(table);
    model_free(model);
    model_free(toy);
    corpus_free(corpus);
}

/* Letters, blanks between words, and one for each </s> that was predicted. */
Test(evaluation, characters_of_a_text)
{
    static const struct {
        const char *text;
        Tokenizer tokenizer;
        bool end;
        size_t characters;
    } rows[] = {
        {"ab cde\n", TOKENIZER_WORDS, true, 7}, {"ab  cde \n", TOKENIZER_WORDS, true, 7},
        {"ab cde\n", TOKENIZER_CHARS, true, 7}, {"ab cde\n", TOKENIZER_CHARS, false, 6},
        {"\n\n", TOKENIZER_WORDS, true, 2},     {"\xE8\x80\x81\xE9\xBC\xA0 x\na\n", TOKENIZER_WORDS, true, 7},
        {"\n\n", TOKENIZER_CHARS, false, 0},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        Corpus *corpus = corpus_from(rows[i].text, rows[i].tokenizer);
        Model *model = train_on(corpus, added(2, 1));
        size_t characters = evaluate(model, corpus, rows[i].end).characters;
        CHECK_FOR(characters == rows[i].characters, "row %zu: %zu", i, characters);
        model_free(model);
        corpus_free(corpus);
    }
}
