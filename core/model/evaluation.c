#include "core/model/evaluation.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/base/utf8.h"

enum { SENTENCES_BETWEEN_CLOCKS = 64 };

typedef struct {
    Job job;
    const Model *model;
    const Corpus *corpus;
    bool end;
    TokenId *translation; /* corpus id -> model id, TOKEN_NONE where the model does not know it */
    uint32_t *characters; /* of each token of the corpus */
    TokenId *ids;         /* the sentence at work, in the model's ids */
    double *logp;
    int *matched;
    size_t capacity;
    EvaluationDetail detail;
    EvaluationToken *tokens; /* kept */
    size_t token_count, token_capacity;
    EvaluationSum *sentences; /* kept */
    size_t sentence_count, sentence_capacity;
    Evaluation result;
} Evaluating;

static void remember_if_worse(Evaluation *result, EvaluationToken token)
{
    size_t at = result->worst_count;
    while (at > 0 && result->worst[at - 1].logp > token.logp) at--;
    if (at == EVALUATION_WORST) return;
    if (result->worst_count < EVALUATION_WORST) result->worst_count++;
    memmove(result->worst + at + 1, result->worst + at, (result->worst_count - 1 - at) * sizeof token);
    result->worst[at] = token;
}

static void add_to_sum(EvaluationSum *sum, const EvaluationToken *token)
{
    sum->tokens++;
    sum->unknown += !token->known;
    sum->logp += token->logp;
}

static void keep_token(Evaluating *e, EvaluationToken token)
{
    e->tokens = must_extend(e->tokens, e->token_count, &e->token_capacity, sizeof token);
    e->tokens[e->token_count++] = token;
}

static void keep_sentence(Evaluating *e, EvaluationSum sentence)
{
    e->sentences = must_extend(e->sentences, e->sentence_count, &e->sentence_capacity, sizeof sentence);
    e->sentences[e->sentence_count++] = sentence;
}

static void add_token(Evaluating *e, EvaluationToken token)
{
    Evaluation *result = &e->result;
    result->tokens++;
    result->logp += token.logp;
    result->unknown += !token.known;
    if (token.known) result->logp_known += token.logp;
    if (token.logp > -INFINITY) result->logp_possible += token.logp;
    result->zeros += token.known && token.logp == -INFINITY;
    remember_if_worse(result, token);
    if (e->detail.matched) add_to_sum(&result->matched[token.matched], &token);
    if (e->token_count < e->detail.tokens) keep_token(e, token);
}

static void reserve(Evaluating *e, size_t count)
{
    if (count <= e->capacity) return;
    e->capacity = count * 2;
    e->ids = must_grow(e->ids, e->capacity, sizeof *e->ids);
    e->logp = must_grow(e->logp, e->capacity, sizeof *e->logp);
    e->matched = must_grow(e->matched, e->capacity, sizeof *e->matched);
}

static void match(Evaluating *e, size_t count)
{
    State *state = state_begin(e->model);
    for (size_t i = 0; i < count; i++) {
        e->matched[i] = state_matched(state, e->ids[i]);
        state_feed(state, e->ids[i]);
    }
    e->matched[count] = state_matched(state, vocab_end(e->model->vocab));
    state_free(state);
}

static size_t count_characters(const Evaluating *e, const TokenId *sentence, size_t count)
{
    if (e->detail.last) return count ? e->characters[sentence[count - 1]] : 0;
    size_t joint = strlen(tokenizer_joint(corpus_tokenizer(e->corpus)));
    size_t characters = e->end + (count ? count - 1 : 0) * joint;
    for (size_t i = 0; i < count; i++) characters += e->characters[sentence[i]];
    return characters;
}

static void score(Evaluating *e, const TokenId *sentence, size_t count)
{
    TokenId unknown = vocab_unknown(e->model->vocab);
    reserve(e, count + 1);
    for (size_t i = 0; i < count; i++) {
        TokenId id = e->translation[sentence[i]];
        e->ids[i] = id == TOKEN_NONE ? unknown : id;
    }
    model_score_all(e->model, e->ids, count, e->end, e->logp);
    if (e->detail.matched) match(e, count);
}

static void add_sentence(Evaluating *e, size_t index)
{
    size_t count;
    const TokenId *sentence = corpus_sentence(e->corpus, index, &count);
    EvaluationSum sum = {0};
    score(e, sentence, count);
    size_t first = e->detail.last && count ? count - 1 : 0, stop = e->detail.last ? count : count + e->end;
    for (size_t i = first; i < stop; i++) {
        bool known = i == count || e->translation[sentence[i]] != TOKEN_NONE;
        int matched = e->detail.matched ? e->matched[i] : 0;
        EvaluationToken token = {index, i, e->logp[i], matched, known};
        add_token(e, token);
        add_to_sum(&sum, &token);
    }
    if (e->sentence_count < e->detail.sentences) keep_sentence(e, sum);
    e->result.characters += count_characters(e, sentence, count);
    e->result.sentences++;
}

static JobStatus evaluating_step(Job *job, double milliseconds, Error *error)
{
    (void)error;
    Evaluating *e = (Evaluating *)job;
    double end = job_clock() + milliseconds;
    size_t all = corpus_sentences(e->corpus), stop = e->detail.stop ? e->detail.stop : all;
    while (e->result.sentences < all && e->result.sentences < stop) {
        add_sentence(e, e->result.sentences);
        if (e->result.sentences % SENTENCES_BETWEEN_CLOCKS == 0 && job_clock() > end) return JOB_MORE;
    }
    return JOB_DONE;
}

static double evaluating_progress(const Job *job)
{
    const Evaluating *e = (const Evaluating *)job;
    size_t all = corpus_sentences(e->corpus);
    return all ? (double)e->result.sentences / (double)all : 1;
}

static void evaluating_free(Job *job)
{
    Evaluating *e = (Evaluating *)job;
    free(e->translation);
    free(e->characters);
    free(e->ids);
    free(e->logp);
    free(e->matched);
    free(e->tokens);
    free(e->sentences);
    free(e);
}

static uint32_t characters_in(const char *token)
{
    uint32_t characters = 0;
    for (size_t left = strlen(token), step; left > 0; left -= step, token += step, characters++)
        step = utf8_step(token, left);
    return characters;
}

Job *evaluation_new(const Model *model, const Corpus *corpus, bool end)
{
    static const JobKind kind = {evaluating_step, evaluating_progress, evaluating_free};
    Evaluating *e = must_alloc(1, sizeof *e);
    *e = (Evaluating){.job.kind = &kind, .model = model, .corpus = corpus, .end = end && model_ends(model)};
    const Vocab *vocab = corpus_vocab(corpus);
    e->translation = must_alloc(vocab_size(vocab), sizeof *e->translation);
    e->characters = must_alloc(vocab_size(vocab), sizeof *e->characters);
    for (size_t id = 0; id < vocab_size(vocab); id++) {
        const char *token = vocab_text(vocab, (TokenId)id);
        e->translation[id] = vocab_find(model->vocab, token, strlen(token));
        e->characters[id] = characters_in(token);
    }
    return &e->job;
}

const Evaluation *evaluation_result(const Job *job) { return &((const Evaluating *)job)->result; }

void evaluation_detail(Job *job, EvaluationDetail detail)
{
    Evaluating *e = (Evaluating *)job;
    assert(e->result.sentences == 0);
    e->detail = detail;
    e->detail.matched = detail.matched && model_matches(e->model);
    assert(!e->detail.matched || e->model->context < EVALUATION_ORDERS);
}

const EvaluationToken *evaluation_tokens(const Job *job, size_t *count)
{
    const Evaluating *e = (const Evaluating *)job;
    *count = e->token_count;
    return e->tokens;
}

const EvaluationSum *evaluation_sentences(const Job *job, size_t *count)
{
    const Evaluating *e = (const Evaluating *)job;
    *count = e->sentence_count;
    return e->sentences;
}
