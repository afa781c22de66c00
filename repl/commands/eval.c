/* eval.c - how well a model predicts a text: bits a token, perplexity, unknown words. */
#include <math.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/model/evaluation.h"
#include "core/model/sequence.h"
#include "repl/commands/commands.h"
#include "repl/commands/excerpt.h"
#include "repl/commands/reading.h"
#include "repl/session.h"

enum { READING, SCORING };
enum { ROWS_MAX = 100000 };

/* Of a stream all is one sentence. */
static bool scores_last(const Call *call) { return call_is(call, OPT_AT, "last"); }

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
    bool words = call_is(call, OPT_SHOW_EVAL, "word"), lines = call_is(call, OPT_SHOW_EVAL, "line");
    evaluation_detail(call->job, (EvaluationDetail){.last = scores_last(call),
                                                    .matched = words,
                                                    .tokens = words ? ROWS_MAX : 0,
                                                    .sentences = lines ? ROWS_MAX : 0});
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

/* --- the sums --- */

/* Mean bits of so many tokens or characters. */
static Value mean_bits(double logp, size_t count)
{
    return value_number(count ? -logp / (double)count / log(2) + 0.0 : 0);
}

/* What has a meaning only where p sums to 1. */
static Value unless_scores(const Call *call, Value value)
{
    return call->model->scores ? value_null() : value;
}

/* The one figure that models with different tokens share. Words scored as <unk> hide how they are spelt. */
static void add_characters(const Call *call, const Evaluation *e, Result *result)
{
    bool chars = call->model->tokenizer == TOKENIZER_CHARS, spelt = chars || e->unknown == 0;
    bool ends = call_is(call, OPT_EOS, "on") && !scores_last(call);
    const char *label = !chars ? NULL
                        : ends ? _("%s bits a character, each </s> being one")
                               : _("%s bits a character");
    result_field(result, "characters", NULL, UNIT_NONE, value_count(e->characters));
    result_field(result, "bits_per_character", label, UNIT_BITS,
                 spelt ? unless_scores(call, mean_bits(e->logp, e->characters)) : value_null());
}

static void add_perplexities(const Call *call, const Evaluation *e, Result *result)
{
    double all = sequence_perplexity(e->logp, e->tokens),
           known = sequence_perplexity(e->logp_known, e->tokens - e->unknown);
    result_field(result, "perplexity",
                 e->unknown ? _("perplexity including unknown words %s") : _("perplexity %s"), UNIT_RATIO,
                 unless_scores(call, value_number(all)));
    result_field(result, "perplexity_excluding_oov", e->unknown ? _("excluding unknown words %s") : NULL,
                 UNIT_RATIO, unless_scores(call, value_number(known)));
}

static void add_sums(const Call *call, const Evaluation *e, Result *result)
{
    bool chars = call->model->tokenizer == TOKENIZER_CHARS;
    if (!call->setting)
        result->title = arena_format(
            call->arena, scores_last(call) ? _("%s on the last word of each line of %s") : _("%s on %s"),
            call->model_name, corpus_name(call->corpus));
    result_field(result, "model", NULL, UNIT_NONE, value_text(call->model_name));
    result_field(result, "corpus", NULL, UNIT_NONE, value_text(corpus_name(call->corpus)));
    result_field(result, "sentences", _("sentences %s"), UNIT_NONE, value_count(e->sentences));
    result_field(result, "tokens", _("tokens %s"), UNIT_NONE, value_count(e->tokens));
    result_field(result, "oov", _("unknown %s"), UNIT_NONE, value_count(e->unknown));
    result_field(result, "logp", call->model->scores ? _("sum of ln scores %s") : NULL, UNIT_NONE,
                 value_number(e->logp));
    result_field(result, "bits_per_token", chars ? NULL : _("%s bits a token"), UNIT_BITS,
                 unless_scores(call, mean_bits(e->logp, e->tokens)));
    add_characters(call, e, result);
    add_perplexities(call, e, result);
}

/* Over the tokens to which the model gives anything at all. */
static double possible_perplexity(const Call *call, const Evaluation *e)
{
    size_t unknown = vocab_unknown(call->model->vocab) == TOKEN_NONE ? e->unknown : 0;
    return sequence_perplexity(e->logp_possible, e->tokens - e->zeros - unknown);
}

static void add_notes(const Call *call, const Evaluation *e, Result *result)
{
    if (call->model->scores)
        result_note(result, _("%s gives scores, not probabilities, so there is no perplexity."),
                    call->model_name);
    if (e->unknown > 0 && vocab_unknown(call->model->vocab) == TOKEN_NONE && !call->model->scores)
        result_note(
            result,
            _("%zu tokens are not in the vocabulary: %s gives them 0, so the perplexity of all is infinite."),
            e->unknown, call->model_name);
    if (e->zeros > 0)
        result_note(result,
                    _("Known tokens with p = 0: %zu. One such token makes the perplexity infinite; without "
                      "them it is "
                      "%.6g. smooth=wb, kn or mkn leaves every known word something."),
                    e->zeros, possible_perplexity(call, e));
}

/* --- show=word: a row a token --- */

typedef struct {
    int sentence, token, matched, logp, log10, bits, unknown, remark;
} WordColumns;

static WordColumns add_word_columns(const Call *call, const Evaluation *e, Result *result)
{
    WordColumns c;
    bool matches = model_matches(call->model);
    result_table(result, "rows");
    c.sentence = result_column(result, "sentence", _("line"), UNIT_NONE, false);
    c.token = result_column(result, "token", _("token"), UNIT_TOKEN, false);
    c.matched = matches ? result_column(result, "matched", _("matched"), UNIT_NONE, false) : NO_COLUMN;
    c.logp = result_column(result, "logp", NULL, UNIT_NONE, false);
    c.log10 =
        result_column(result, NULL, call->model->scores ? _("log10 score") : "log10 p", UNIT_NONE, false);
    c.bits = result_column(result, "bits", _("bits"), UNIT_BITS, true);
    c.unknown = result_column(result, "unknown", NULL, UNIT_NONE, false);
    c.remark = result_column(result, NULL, e->unknown ? _("unknown") : NULL, UNIT_NONE, false);
    return c;
}

static const char *token_text(const Call *call, const EvaluationToken *token)
{
    size_t count;
    const TokenId *ids = corpus_sentence(call->corpus, token->sentence, &count);
    return token->position < count ? vocab_text(corpus_vocab(call->corpus), ids[token->position]) : TEXT_END;
}

static void show_words(const Call *call, const Evaluation *e, Result *result)
{
    size_t count;
    const EvaluationToken *tokens = evaluation_tokens(call->done, &count);
    WordColumns c = add_word_columns(call, e, result);
    for (size_t i = 0; i < count; i++) {
        Value *cells = result_row(result);
        cells[c.sentence] = value_count(tokens[i].sentence + 1);
        cells[c.token] = value_text(token_text(call, &tokens[i]));
        if (c.matched != NO_COLUMN) cells[c.matched] = value_count((uint64_t)tokens[i].matched);
        cells[c.logp] = value_number(tokens[i].logp);
        cells[c.log10] = value_number(tokens[i].logp / log(10));
        cells[c.bits] = mean_bits(tokens[i].logp, 1);
        cells[c.unknown] = value_bool(!tokens[i].known);
        cells[c.remark] = value_text(tokens[i].known ? "" : _("yes"));
    }
    result_fold(result);
    if (count < e->tokens) result_note(result, _("The first %zu of %zu tokens."), count, e->tokens);
}

/* --- show=line: a row a sentence --- */

typedef struct {
    int sentence, tokens, oov, logp, bits, perplexity, text, shown;
} LineColumns;

static LineColumns add_line_columns(const Call *call, Result *result)
{
    LineColumns c;
    bool scores = call->model->scores;
    result_table(result, "rows");
    c.sentence = result_column(result, "sentence", _("line"), UNIT_NONE, false);
    c.tokens = result_column(result, "tokens", _("tokens"), UNIT_NONE, false);
    c.oov = result_column(result, "oov", _("unknown"), UNIT_NONE, false);
    c.logp = result_column(result, "logp", scores ? _("ln score") : NULL, UNIT_NONE, false);
    c.bits = result_column(result, "bits_per_token", scores ? NULL : _("bits/token"), UNIT_BITS, false);
    c.perplexity = result_column(result, "perplexity", scores ? NULL : _("perplexity"), UNIT_RATIO, false);
    c.text = result_column(result, "text", NULL, UNIT_NONE, false);
    c.shown = result_column(result, NULL, _("text"), UNIT_NONE, false);
    return c;
}

static void show_lines(const Call *call, const Evaluation *e, Result *result)
{
    enum { NUMBERS = 52, LEAST = 12 };
    int room = excerpt_width(call) - NUMBERS > LEAST ? excerpt_width(call) - NUMBERS : LEAST;
    size_t count, length;
    const EvaluationSum *sums = evaluation_sentences(call->done, &count);
    LineColumns c = add_line_columns(call, result);
    for (size_t i = 0; i < count; i++) {
        const TokenId *ids = corpus_sentence(call->corpus, i, &length);
        double perplexity = sequence_perplexity(sums[i].logp, sums[i].tokens);
        Value *cells = result_row(result);
        cells[c.sentence] = value_count(i + 1);
        cells[c.tokens] = value_count(sums[i].tokens);
        cells[c.oov] = value_count(sums[i].unknown);
        cells[c.logp] = value_number(sums[i].logp);
        cells[c.bits] = unless_scores(call, mean_bits(sums[i].logp, sums[i].tokens));
        cells[c.perplexity] = unless_scores(call, value_number(perplexity));
        cells[c.text] = value_text(excerpt_whole(call->corpus, ids, length, call->arena));
        cells[c.shown] = value_text(excerpt_head(call->corpus, ids, length, room, call->arena));
    }
    result_fold(result);
    if (count < e->sentences) result_note(result, _("The first %zu of %zu lines."), count, e->sentences);
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
    add_sums(call, e, result);
    add_notes(call, e, result);
    if (call_is(call, OPT_SHOW_EVAL, "word")) show_words(call, e, result);
    if (call_is(call, OPT_SHOW_EVAL, "line")) show_lines(call, e, result);
    return true;
}

/* --- why: how long the n-grams were that the model knew, and the tokens that cost most --- */

static Fact *explain_token(const Call *call, const EvaluationToken *token, Arena *arena)
{
    size_t count;
    const TokenId *ids = corpus_sentence(call->corpus, token->sentence, &count);
    size_t from = token->position > 3 ? token->position - 3 : 0;
    const char *before = sequence_text(corpus_vocab(call->corpus), ids + from, token->position - from, arena);
    return fact_new(arena, FACT_NUMBER,
                    arena_format(arena, _("bits of '%s' after '%s', line %zu"), token_text(call, token),
                                 *before ? before : TEXT_BEGIN, token->sentence + 1),
                    NULL, -token->logp / log(2));
}

static const char *match_name(const Evaluation *e, int words, Arena *arena)
{
    size_t tokens = e->matched[words].tokens;
    double share = 100 * (double)tokens / (double)e->tokens;
    const char *length = words == 0   ? _("none")
                         : words == 1 ? _("1 word")
                                      : arena_format(arena, _("%d words"), words);
    return arena_format(arena, _("%s: %zu of %zu tokens (%.3g%%), mean bits"), length, tokens, e->tokens,
                        share);
}

static void explain_matches(const Evaluation *e, Fact *fact, Arena *arena)
{
    Fact *matches = fact_note(arena, _("tokens by the longest n-gram ending in them that the model knows:"));
    for (int words = EVALUATION_ORDERS - 1; words >= 0; words--) {
        const EvaluationSum *sum = &e->matched[words];
        if (sum->tokens == 0) continue;
        fact_because(matches, fact_new(arena, FACT_NUMBER, match_name(e, words, arena), NULL,
                                       mean_bits(sum->logp, sum->tokens).number));
    }
    if (matches->reasons) fact_because(fact, matches);
}

static Fact *explain_sum(const Call *call, const Evaluation *e, Arena *arena)
{
    if (call->model->scores)
        return fact_new(arena, FACT_NUMBER, _("sum of ln scores over all tokens"), NULL, e->logp);
    Fact *fact = fact_new(arena, FACT_NUMBER, _("perplexity"), "exp(-ln p / N)",
                          sequence_perplexity(e->logp, e->tokens));
    fact_because(fact, fact_new(arena, FACT_NUMBER, _("ln p, the sum over all tokens"), NULL, e->logp));
    return fact_because(fact,
                        fact_new(arena, FACT_COUNT,
                                 scores_last(call) ? _("N, last words") : _("N, predicted tokens with </s>"),
                                 NULL, (double)e->tokens));
}

static const Fact *explain(const Call *call, const Result *result, const Call *why, Error *error)
{
    size_t measured = (size_t)result_find(result, "sentences")->number; /* fewer than all after Ctrl-C */
    Job *job = evaluation_new(call->model, call->corpus, call_is(call, OPT_EOS, "on"));
    evaluation_detail(job, (EvaluationDetail){.last = scores_last(call), .matched = true, .stop = measured});
    Fact *fact = NULL;
    if (job_run(job, error)) {
        const Evaluation *e = evaluation_result(job);
        fact = explain_sum(call, e, why->arena);
        explain_matches(e, fact, why->arena);
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
    .options = OPTIONS(OPT_EOS, OPT_LINES, OPT_AT, OPT_SHOW_EVAL),
    .models = true,
    .run = run,
    .finish = finish,
    .explain = explain,
};
