#include "tests/bench/bench_scores.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/model/evaluation.h"

static void translate(Scores *scores, const Corpus *text)
{
    const Vocab *from = corpus_vocab(text), *to = scores->model->vocab;
    TokenId *at = scores->ids;
    for (size_t s = 0; s < scores->sentences; s++) {
        const TokenId *ids = corpus_sentence(text, s, &scores->lengths[s]);
        for (size_t i = 0; i < scores->lengths[s]; i++) {
            const char *word = vocab_text(from, ids[i]);
            TokenId id = vocab_find(to, word, strlen(word));
            *at++ = id == TOKEN_NONE ? vocab_unknown(to) : id;
        }
    }
}

Scores scores_prepare(const Model *model, const char *path)
{
    Corpus *text = bench_read(path);
    Scores scores = {.model = model, .path = path, .sentences = corpus_sentences(text)};
    scores.tokens = corpus_tokens(text) + scores.sentences;
    scores.ids = must_alloc(scores.tokens, sizeof *scores.ids);
    scores.logp = must_alloc(scores.tokens, sizeof *scores.logp);
    scores.lengths = must_alloc(scores.sentences, sizeof *scores.lengths);
    translate(&scores, text);
    corpus_free(text);
    return scores;
}

void scores_release(Scores *scores)
{
    free(scores->ids);
    free(scores->logp);
    free(scores->lengths);
}

double scores_from_ids(void *context)
{
    enum { TIMES = 10 };
    Scores *scores = context;
    double begin = cpu_ms();
    for (int i = 0; i < TIMES; i++) {
        const TokenId *ids = scores->ids;
        for (size_t s = 0; s < scores->sentences; ids += scores->lengths[s++])
            model_score_all(scores->model, ids, scores->lengths[s], true, scores->logp);
    }
    return (cpu_ms() - begin) / TIMES / (double)scores->tokens * 1e6;
}

double scores_from_text(void *context)
{
    Error error;
    Scores *scores = context;
    double begin = cpu_ms();
    Corpus *text = bench_read(scores->path);
    Job *job = evaluation_new(scores->model, text, true);
    if (!job_run(job, &error)) bench_fail("eval", &error);
    job_free(job);
    corpus_free(text);
    return (cpu_ms() - begin) / (double)scores->tokens * 1e6;
}
