/* eval.c - how well a model predicts a text: bits a token, perplexity, unknown words. */
#include <math.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/model/evaluation.h"
#include "core/model/sequence.h"
#include "core/ngram/store.h"
#include "repl/commands/commands.h"
#include "repl/commands/reading.h"
#include "repl/session.h"

enum { READING, SCORING };

static bool begin_scoring(Call *call, Error *error)
{
    if (corpus_tokenizer(call->corpus) != call->model->tokenizer) {
        error_set(error, _("%s is cut into %s, but %s reads %s"), corpus_name(call->corpus),
                  tokenizer_name(corpus_tokenizer(call->corpus)), call->model_name,
                  tokenizer_name(call->model->tokenizer));
        return error_hint(error, _("read it anew: corpus FILE tokens=%s"),
                          tokenizer_name(call->model->tokenizer));
    }
    call->phase = SCORING;
    call->job = evaluation_new(call->model, call->corpus, call_is(call, OPT_EOS, "on"));
    return true;
}

static bool run(Session *session, Call *call, Result *result, Error *error)
{
    (void)result;
    call->phase = READING;
    if (call->word_count == 0) {
        call->corpus = corpus_share(workspace_corpus(session_workspace(session)));
        return begin_scoring(call, error);
    }
    if (!reading_begin(session, call, &call->words[0], call->model->tokenizer, reading_lines(call), error))
        return false;
    return call->job || begin_scoring(call, error);
}

static double ratio(double sum, size_t count) { return count ? sum / (double)count : 0; }

static void add_notes(const Call *call, const Evaluation *e, Result *result)
{
    if (e->unknown > 0 && vocab_unknown(call->model->vocab) == TOKEN_NONE)
        result_note(
            result,
            _("%zu tokens are not in the vocabulary: %s gives them 0, so the perplexity of all is infinite."),
            e->unknown, call->model_name);
    if (e->zeros > 0)
        result_note(result,
                    _("%zu known tokens got probability 0; one zero makes the perplexity infinite. Smoothing "
                      "avoids it: "
                      "train ngram smooth=add k=0.1"),
                    e->zeros);
}

static bool finish(Session *session, Call *call, Result *result, bool interrupted, Error *error)
{
    (void)session;
    if (call->phase == READING) {
        if (interrupted) return error_set(error, _("stopped while reading"));
        reading_finish(call);
        return begin_scoring(call, error);
    }
    const Evaluation *e = evaluation_result(call->done);
    if (interrupted && e->tokens == 0)
        return error_set(error, _("stopped before the first sentence was scored"));
    if (interrupted)
        result_note(result, _("Stopped after %zu of %zu sentences."), e->sentences,
                    corpus_sentences(call->corpus));
    if (!call->setting)
        result->title = arena_format(call->arena, _("%s on %s"), call->model_name, corpus_name(call->corpus));
    size_t known = e->tokens - e->unknown;
    result_field(result, "model", NULL, UNIT_NONE, value_text(call->model_name));
    result_field(result, "corpus", NULL, UNIT_NONE, value_text(corpus_name(call->corpus)));
    result_field(result, "sentences", _("sentences %s"), UNIT_NONE, value_count(e->sentences));
    result_field(result, "tokens", _("tokens %s"), UNIT_NONE, value_count(e->tokens));
    result_field(result, "oov", _("unknown %s"), UNIT_NONE, value_count(e->unknown));
    result_field(result, "logp", NULL, UNIT_NONE, value_number(e->logp));
    result_field(result, "bits_per_token", _("%s bits a token"), UNIT_BITS,
                 value_number(ratio(-e->logp, e->tokens) / log(2)));
    result_field(result, "perplexity", _("perplexity %s"), UNIT_RATIO,
                 value_number(sequence_perplexity(e->logp, e->tokens)));
    result_field(result, "perplexity_excluding_oov", e->unknown ? _("without unknown words %s") : NULL,
                 UNIT_RATIO, value_number(sequence_perplexity(e->logp_known, known)));
    add_notes(call, e, result);
    return true;
}

/* --- why: the tokens that cost most --- */

static Fact *explain_token(const Call *call, const EvaluationToken *token, Arena *arena)
{
    size_t count;
    const TokenId *ids = corpus_sentence(call->corpus, token->sentence, &count);
    const Vocab *vocab = corpus_vocab(call->corpus);
    size_t from = token->position > 3 ? token->position - 3 : 0;
    const char *before = sequence_text(vocab, ids + from, token->position - from, arena);
    const char *word = token->position < count ? vocab_text(vocab, ids[token->position]) : TEXT_END;
    return fact_new(arena, FACT_NUMBER,
                    arena_format(arena, _("bits of '%s' after '%s', line %zu"), word,
                                 *before ? before : TEXT_BEGIN, token->sentence + 1),
                    NULL, -token->logp / log(2));
}

static const Fact *explain(const Call *call, const Result *result, const Call *why, Error *error)
{
    (void)result;
    Job *job = evaluation_new(call->model, call->corpus, call_is(call, OPT_EOS, "on"));
    Fact *fact = NULL;
    if (job_run(job, error)) {
        const Evaluation *e = evaluation_result(job);
        fact = fact_new(why->arena, FACT_NUMBER, _("perplexity"), "exp(-log p / N)",
                        sequence_perplexity(e->logp, e->tokens));
        fact_because(fact,
                     fact_new(why->arena, FACT_NUMBER, _("log p, the sum over all tokens"), NULL, e->logp));
        fact_because(fact, fact_new(why->arena, FACT_COUNT, _("N, predicted tokens with </s>"), NULL,
                                    (double)e->tokens));
        Fact *worst = fact_note(why->arena, _("the most surprising tokens:"));
        for (size_t i = 0; i < e->worst_count; i++)
            fact_because(worst, explain_token(call, &e->worst[i], why->arena));
        fact_because(fact, worst);
    }
    job_free(job);
    return fact;
}

const Command eval_command = {
    .name = "eval",
    .aliases = "ppl",
    .family = N_("learn"),
    .usage = "[FILE|corpus]",
    .summary = N_("Score a text: unknown words, bits a token, perplexity"),
    .example = "eval mouse @bigram",
    .words = WORDS_CORPUS,
    .most = 1,
    .options = OPTION(OPT_EOS) | OPTION(OPT_LINES),
    .models = true,
    .run = run,
    .finish = finish,
    .explain = explain,
};
