#include "core/model/compression.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/gzip.h"
#include "core/base/i18n.h"
#include "core/base/memory.h"
#include "core/base/utf8.h"
#include "core/model/arithmetic_coder.h"
#include "core/model/sequence.h"

typedef enum { WRITING, READING, DONE } Phase;

typedef struct {
    Job job;
    const Model *model;
    const Corpus *corpus;
    bool end;
    Phase phase;
    State *state;        /* of the sentence at work; NULL between two */
    size_t sentence, at; /* the next token to be written, or read */
    double *p;           /* (V) */
    uint32_t *upto;      /* (V) */
    Encoder encoder;
    Decoder decoder;
    Packer *packer;
    bool mistaken; /* something else was read than was written */
    Compression result;
} Compressing;

/* --- a token --- */

static TokenId wanted(const Compressing *c)
{
    size_t count;
    const TokenId *ids = corpus_sentence(c->corpus, c->sentence, &count);
    if (c->at == count) return vocab_end(c->model->vocab);
    const char *text = vocab_text(corpus_vocab(c->corpus), ids[c->at]);
    return vocab_find(c->model->vocab, text, strlen(text));
}

static const char *wanted_text(const Compressing *c)
{
    size_t count;
    const TokenId *ids = corpus_sentence(c->corpus, c->sentence, &count);
    return c->at == count ? TEXT_END : vocab_text(corpus_vocab(c->corpus), ids[c->at]);
}

static bool fail_unknown(const Compressing *c, Error *error)
{
    error_set(error, _("'%.60s' is not in the vocabulary of the model, so it has no code"), wanted_text(c));
    return error_hint(error, _("train on a text that has it, or compress another one"));
}

static bool fail_impossible(const Compressing *c, Error *error)
{
    size_t count;
    const TokenId *ids = corpus_sentence(c->corpus, c->sentence, &count);
    const char *before = c->at ? vocab_text(corpus_vocab(c->corpus), ids[c->at - 1]) : TEXT_BEGIN;
    error_set(error, _("'%.60s' after '%.60s' has probability 0, so it has no code"), wanted_text(c), before);
    return error_hint(error, _("smoothing leaves every token some: train ngram smooth=wb"));
}

static void look(Compressing *c)
{
    if (!c->state) c->state = state_begin(c->model);
    state_predict(c->state, c->p);
    coder_frequencies(c->p, model_outcomes(c->model), c->upto);
}

/* --- the text as gzip and people have it --- */

static bool count_bytes(void *to, const char *bytes, size_t length)
{
    (void)bytes;
    *(size_t *)to += length;
    return true;
}

static void put_text(Compressing *c, const char *text)
{
    size_t length = strlen(text);
    c->result.bytes += length;
    for (size_t i = 0; i < length; i += utf8_step(text + i, length - i)) c->result.characters++;
    packer_put(c->packer, text, length, false, count_bytes, &c->result.gzip);
}

/* What stands before the token at work, and the token. */
static void put_token_text(Compressing *c)
{
    size_t count;
    const TokenId *ids = corpus_sentence(c->corpus, c->sentence, &count);
    if (c->at == 0 && c->sentence > 0) put_text(c, "\n");
    if (c->at == count) return;
    if (c->at > 0) put_text(c, tokenizer_joint(corpus_tokenizer(c->corpus)));
    put_text(c, vocab_text(corpus_vocab(c->corpus), ids[c->at]));
}

/* --- there and back --- */

static bool write_token(Compressing *c, Error *error)
{
    size_t outcomes = model_outcomes(c->model);
    TokenId id = wanted(c);
    put_token_text(c);
    if (id == TOKEN_NONE) return fail_unknown(c, error);
    look(c);
    if (c->p[id] <= 0) return fail_impossible(c, error);
    encoder_put(&c->encoder, coder_part(c->upto, outcomes, (size_t)id));
    c->result.ideal -= log2(c->p[id]);
    c->result.tokens++;
    state_feed(c->state, id);
    return true;
}

static void read_token(Compressing *c)
{
    size_t outcomes = model_outcomes(c->model);
    look(c);
    uint32_t place = decoder_place(&c->decoder, c->upto[outcomes - 1]);
    size_t id = coder_outcome(c->upto, outcomes, place);
    decoder_take(&c->decoder, coder_part(c->upto, outcomes, id));
    if ((TokenId)id != wanted(c)) c->mistaken = true;
    state_feed(c->state, (TokenId)id);
}

/* Behind the token at work; false at the end of the text. */
static bool move_on(Compressing *c)
{
    size_t count;
    corpus_sentence(c->corpus, c->sentence, &count);
    c->at++;
    if (c->at < count + c->end) return true;
    state_free(c->state);
    c->state = NULL;
    c->at = 0;
    c->sentence++;
    return c->sentence < corpus_sentences(c->corpus);
}

static void begin_reading(Compressing *c)
{
    encoder_end(&c->encoder);
    packer_put(c->packer, "", 0, true, count_bytes, &c->result.gzip);
    c->result.bits = c->encoder.bits;
    c->result.sentences = c->sentence;
    c->result.code = c->encoder.bytes;
    decoder_init(&c->decoder, c->encoder.bytes, c->encoder.bits);
    c->sentence = 0;
    c->phase = READING;
}

/* A sentence without words, where no </s> is coded, takes nothing. */
static bool nothing_here(const Compressing *c)
{
    size_t count;
    corpus_sentence(c->corpus, c->sentence, &count);
    return count + c->end == 0;
}

static bool step_token(Compressing *c, Error *error)
{
    if (c->phase == WRITING) {
        if (nothing_here(c))
            put_token_text(c);
        else if (!write_token(c, error))
            return false;
        if (!move_on(c)) begin_reading(c);
    } else {
        if (!nothing_here(c)) read_token(c);
        if (c->mistaken || !move_on(c)) c->phase = DONE;
    }
    return true;
}

static JobStatus step(Job *job, double milliseconds, Error *error)
{
    enum { TOKENS_BETWEEN_CLOCKS = 16 };
    Compressing *c = (Compressing *)job;
    double end = job_clock() + milliseconds;
    if (corpus_sentences(c->corpus) == 0)
        return error_set(error, _("there is nothing to compress")), JOB_FAILED;
    for (unsigned tokens = 1; c->phase != DONE; tokens++) {
        if (!step_token(c, error)) return JOB_FAILED;
        if (tokens % TOKENS_BETWEEN_CLOCKS == 0 && job_clock() > end) return JOB_MORE;
    }
    c->result.checked = !c->mistaken;
    return JOB_DONE;
}

/* --- the job --- */

static double progress(const Job *job)
{
    const Compressing *c = (const Compressing *)job;
    double all = (double)corpus_sentences(c->corpus), half = c->phase == READING ? 0.5 : 0;
    return c->phase == DONE || all == 0 ? 1 : half + 0.5 * (double)c->sentence / all;
}

static void free_job(Job *job)
{
    Compressing *c = (Compressing *)job;
    state_free(c->state);
    encoder_release(&c->encoder);
    packer_free(c->packer);
    free(c->p);
    free(c->upto);
    free(c);
}

Job *compression_new(const Model *model, const Corpus *corpus, bool end)
{
    static const JobKind kind = {step, progress, free_job};
    Compressing *c = must_alloc(1, sizeof *c);
    c->job.kind = &kind;
    c->model = model;
    c->corpus = corpus;
    c->end = end && model_ends(model);
    c->p = must_alloc(model_outcomes(model), sizeof *c->p);
    c->upto = must_alloc(model_outcomes(model), sizeof *c->upto);
    c->packer = packer_new();
    encoder_init(&c->encoder);
    return &c->job;
}

Compression compression_result(const Job *job) { return ((const Compressing *)job)->result; }
