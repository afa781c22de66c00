#include "core/model/quiz.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/model/decoding.h"
#include "core/text/sentence_set.h"

typedef struct {
    Job job;
    const Model *model;
    const Corpus *text;
    SentenceSet *lines;
    Corpus *beginnings; /* the lines without their last words */
    SentenceSet *prompts;
    TokenId *own, *back; /* maps: the text's ids to the model's, and the model's to the text's */
    double *p;           /* [outcomes] */
    TokenId *line;       /* a prompt with its answer, in the text's ids */
    QuizAnswer *answers;
    size_t asked;
} Quiz;

/* --- the questions --- */

static size_t longest_line(const Corpus *text)
{
    size_t longest = 0, count;
    for (size_t i = 0; i < corpus_sentences(text); i++) {
        corpus_sentence(text, i, &count);
        if (count > longest) longest = count;
    }
    return longest;
}

static Corpus *beginnings_of(const SentenceSet *lines, const Corpus *text)
{
    const Vocab *vocab = corpus_vocab(text);
    Corpus *beginnings = corpus_new("prompts", corpus_tokenizer(text), true);
    const char **words = must_alloc(longest_line(text) + 1, sizeof *words);
    for (size_t i = 0; i < sentence_set_size(lines); i++) {
        size_t count;
        const TokenId *ids = sentence_set_ids(lines, i, &count);
        if (count == 0) continue;
        for (size_t k = 0; k + 1 < count; k++) words[k] = vocab_text(vocab, ids[k]);
        corpus_append(beginnings, words, count - 1);
    }
    free(words);
    return beginnings;
}

/* --- the answers --- */

static TokenId most_probable(const double *p, size_t outcomes)
{
    size_t best = 0;
    for (size_t i = 1; i < outcomes; i++)
        if (p[i] > p[best] * (1 + DECODING_TIE)) best = i;
    return (TokenId)best;
}

static void answer(Quiz *q, State *state, QuizAnswer *a)
{
    *a = (QuizAnswer){.prompt = a->prompt, .count = a->count, .answer = TOKEN_NONE};
    if (!state_defined(state)) return;
    state_predict(state, q->p);
    a->answer = most_probable(q->p, model_outcomes(q->model));
    a->p = q->p[a->answer];
    q->line[a->count] = q->back[a->answer];
    a->right = sentence_set_find(q->lines, q->line, a->count + 1) > 0;
}

static void ask(Quiz *q)
{
    QuizAnswer *a = &q->answers[q->asked];
    a->prompt = sentence_set_ids(q->prompts, q->asked, &a->count);
    State *state = state_begin(q->model);
    for (size_t i = 0; i < a->count; i++) {
        const char *word = vocab_text(corpus_vocab(q->beginnings), a->prompt[i]);
        q->line[i] = vocab_find(corpus_vocab(q->text), word, strlen(word));
        state_feed(state, q->own[q->line[i]]);
    }
    answer(q, state, a);
    state_free(state);
    q->asked++;
}

/* --- the job --- */

static JobStatus step(Job *job, double milliseconds, Error *error)
{
    Quiz *q = (Quiz *)job;
    double end = job_clock() + milliseconds;
    (void)error;
    while (q->asked < sentence_set_size(q->prompts)) {
        ask(q);
        if (job_clock() > end) return JOB_MORE;
    }
    return JOB_DONE;
}

static double progress(const Job *job)
{
    const Quiz *q = (const Quiz *)job;
    return (double)q->asked / (double)(sentence_set_size(q->prompts) + 1);
}

static void quiz_free(Job *job)
{
    Quiz *q = (Quiz *)job;
    sentence_set_free(q->prompts);
    sentence_set_free(q->lines);
    corpus_free(q->beginnings);
    free(q->own);
    free(q->back);
    free(q->p);
    free(q->line);
    free(q->answers);
    free(q);
}

Job *quiz_new(const Model *model, const Corpus *text)
{
    static const JobKind kind = {step, progress, quiz_free};
    Quiz *q = must_alloc(1, sizeof *q);
    *q = (Quiz){.job.kind = &kind,
                .model = model,
                .text = text,
                .lines = sentence_set_new(text),
                .own = vocab_map(corpus_vocab(text), model->vocab),
                .back = vocab_map(model->vocab, corpus_vocab(text)),
                .p = must_alloc(model_outcomes(model), sizeof *q->p),
                .line = must_alloc(longest_line(text) + 1, sizeof *q->line)};
    q->beginnings = beginnings_of(q->lines, text);
    q->prompts = sentence_set_new(q->beginnings);
    q->answers = must_alloc(sentence_set_size(q->prompts) + 1, sizeof *q->answers);
    return &q->job;
}

const Corpus *quiz_prompts(const Job *job) { return ((const Quiz *)job)->beginnings; }

const QuizAnswer *quiz_answers(const Job *job, size_t *count)
{
    const Quiz *q = (const Quiz *)job;
    *count = q->asked;
    return q->answers;
}
