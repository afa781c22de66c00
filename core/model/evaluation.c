#include "core/model/evaluation.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/memory.h"

enum { SENTENCES_BETWEEN_CLOCKS = 64 };

typedef struct {
    Job job;
    const Model *model;
    const Corpus *corpus;
    bool end;
    TokenId *translation; /* corpus id -> model id, TOKEN_NONE where the model does not know it */
    TokenId *ids;         /* the sentence at work, in the model's ids */
    double *logp;
    size_t capacity;
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

static void add_token(Evaluating *e, size_t sentence, size_t position, bool known)
{
    Evaluation *result = &e->result;
    double logp = e->logp[position];
    result->tokens++;
    result->logp += logp;
    result->unknown += !known;
    if (known) result->logp_known += logp;
    if (logp > -INFINITY) result->logp_possible += logp;
    result->zeros += known && logp == -INFINITY;
    remember_if_worse(result, (EvaluationToken){sentence, position, logp});
}

static void reserve(Evaluating *e, size_t count)
{
    if (count <= e->capacity) return;
    e->capacity = count * 2;
    e->ids = must_grow(e->ids, e->capacity, sizeof *e->ids);
    e->logp = must_grow(e->logp, e->capacity, sizeof *e->logp);
}

static void add_sentence(Evaluating *e, size_t index)
{
    size_t count;
    const TokenId *sentence = corpus_sentence(e->corpus, index, &count);
    TokenId unknown = vocab_unknown(e->model->vocab);
    reserve(e, count + 1);
    for (size_t i = 0; i < count; i++) {
        TokenId id = e->translation[sentence[i]];
        e->ids[i] = id == TOKEN_NONE ? unknown : id;
    }
    model_score_all(e->model, e->ids, count, e->end, e->logp);
    for (size_t i = 0; i < count; i++) add_token(e, index, i, e->translation[sentence[i]] != TOKEN_NONE);
    if (e->end) add_token(e, index, count, true);
    e->result.sentences++;
}

static JobStatus evaluating_step(Job *job, double milliseconds, Error *error)
{
    (void)error;
    Evaluating *e = (Evaluating *)job;
    double end = job_clock() + milliseconds;
    while (e->result.sentences < corpus_sentences(e->corpus)) {
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
    free(e->ids);
    free(e->logp);
    free(e);
}

Job *evaluation_new(const Model *model, const Corpus *corpus, bool end)
{
    static const JobKind kind = {evaluating_step, evaluating_progress, evaluating_free};
    Evaluating *e = must_alloc(1, sizeof *e);
    *e = (Evaluating){.job = {&kind}, .model = model, .corpus = corpus, .end = end && model_ends(model)};
    const Vocab *vocab = corpus_vocab(corpus);
    e->translation = must_alloc(vocab_size(vocab), sizeof *e->translation);
    for (size_t id = 0; id < vocab_size(vocab); id++) {
        const char *token = vocab_text(vocab, (TokenId)id);
        e->translation[id] = vocab_find(model->vocab, token, strlen(token));
    }
    return &e->job;
}

const Evaluation *evaluation_result(const Job *job) { return &((const Evaluating *)job)->result; }
