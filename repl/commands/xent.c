/* xent.c - what the texts of one model cost another: cross-entropy with a known source, exactly or from
 * draws.
 */
#include <math.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/model/flow.h"
#include "core/model/mix.h"
#include "core/model/sampled_entropy.h"
#include "core/model/sequence.h"
#include "core/neural/neural.h"
#include "repl/commands/commands.h"
#include "repl/session.h"

enum { EXACT, SAMPLED };
enum { LONGEST = 1000 };
static const double CONTEXTS_FOR_NETWORKS = 20000; /* each takes a pass */

/* In bits; in the arena of the call. */
typedef struct {
    const char *source;
    Model *p; /* the workspace's, while the command runs; the job's share behind it */
    size_t length;
    double cross, entropy, divergence, tokens; /* a text */
    double token_cross, token_entropy, token_divergence;
    double error, errors[3]; /* sampled: of H(p, q) a text; of all three a token */
} Costs;

static Costs *costs_of(const Call *call) { return call->work; }

/* --- the two models --- */

static bool fail_at_source(const Call *call, Error *error)
{
    return error_place(error, call->values[OPT_SOURCE].start, call->values[OPT_SOURCE].length);
}

static bool find_source(Session *session, Call *call, Costs *costs, Error *error)
{
    const char *name = call_text(call, OPT_SOURCE);
    if (!name) {
        error_set(error, _("xent needs the model whose texts they are"));
        return error_hint(error, _("for example: %s"), call->command->example);
    }
    const NamedModel *source = workspace_model(session_workspace(session), name, error);
    if (!source && workspace_find_corpus(session_workspace(session), name))
        error_hint(error, _("%s is a corpus: eval %s scores it"), name, name);
    if (!source) return fail_at_source(call, error);
    costs->source = arena_copy(call->arena, source->name, strlen(source->name));
    costs->p = source->model;
    return true;
}

static bool check_scores(const Model *model, const char *name, Error *error)
{
    if (!model->scores) return true;
    error_set(error, _("%s gives scores, not probabilities: they have no entropy"), name);
    return error_hint(error, _("smooth=katz, wb, kn or mkn give probabilities"));
}

static bool check_models(const Call *call, const Costs *costs, Error *error)
{
    const Model *p = costs->p, *q = call->model;
    if (!check_scores(p, costs->source, error) || !check_scores(q, call->model_name, error)) return false;
    if (p->tokenizer != q->tokenizer) {
        error_set(error, _("%s reads %s, and %s reads %s"), costs->source, tokenizer_name(p->tokenizer),
                  call->model_name, tokenizer_name(q->tokenizer));
        return error_hint(error, _("both are to read the same: train ... tokens=%s"),
                          tokenizer_name(p->tokenizer));
    }
    if (!model_ends(p) || model_ends(q)) return true;
    error_set(error, _("the texts of %s end by themselves, and %s has no </s>"), costs->source,
              call->model_name);
    return error_hint(error, _("ask a model that was trained: %s"), call->command->example);
}

static bool choose_length(const Call *call, Costs *costs, Error *error)
{
    const OptionValue *value = &call->values[OPT_ENUMERATE_LEN];
    if (!model_ends(costs->p)) {
        costs->length = call_size(call, OPT_ENUMERATE_LEN);
        return true;
    }
    if (!value->given) return true;
    error_set(error, _("len= is for a source without </s>: the texts of %s end by themselves"),
              costs->source);
    error_hint(error, _("leave it out"));
    return error_place(error, value->start, value->length);
}

/* --- the work --- */

static bool is_network(const Model *model)
{
    const Model *base = mix_base(model);
    return neural_network(base ? base : model) != NULL;
}

static bool can_be_exact(const Call *call)
{
    const Model *p = costs_of(call)->p, *q = call->model;
    int back = flow_context(p, q);
    if (back == CONTEXT_WHOLE || call_given(call, OPT_SAMPLES)) return false;
    return !(is_network(p) || is_network(q)) || pow((double)model_outcomes(p), back) <= CONTEXTS_FOR_NETWORKS;
}

static void begin_sampling(Session *session, Call *call)
{
    const Costs *costs = costs_of(call);
    call->seed = call_given(call, OPT_SEED)         ? (uint64_t)call_number(call, OPT_SEED)
                 : call->first && call->first->seed ? call->first->seed
                                                    : session_next_seed(session);
    call->phase = SAMPLED;
    call->job = sampled_entropy_new(costs->p, call->model,
                                    (SampledEntropyOptions){.draws = call_size(call, OPT_SAMPLES),
                                                            .max = LONGEST,
                                                            .length = costs->length,
                                                            .seed = call->seed});
}

static bool run(Session *session, Call *call, Result *result, Error *error)
{
    Costs *costs = call->work = arena_alloc(call->arena, 1, sizeof *costs);
    (void)result;
    if (!find_source(session, call, costs, error) || !check_models(call, costs, error) ||
        !choose_length(call, costs, error))
        return false;
    call->phase = EXACT;
    if (can_be_exact(call))
        call->job = flow_new(costs->p, call->model, costs->length);
    else
        begin_sampling(session, call);
    return true;
}

/* --- what it says --- */

/* One setting is told in a table, several stand side by side as fields. */
static void add_fields(const Call *call, Result *result)
{
    const Costs *c = costs_of(call);
    bool many = call->setting != NULL;
    result_field(result, "source", NULL, UNIT_NONE, value_text(c->source));
    result_field(result, "model", NULL, UNIT_NONE, value_text(call->model_name));
    result_field(result, "exact", NULL, UNIT_NONE, value_bool(call->phase == EXACT));
    result_field(result, "bits_per_token", many ? "%s bits a token" : NULL, UNIT_BITS,
                 value_number(c->token_cross));
    result_field(result, "entropy_per_token", NULL, UNIT_BITS, value_number(c->token_entropy));
    result_field(result, "kl_per_token", many ? "%s" : NULL, UNIT_BITS, value_number(c->token_divergence));
    result_field(result, "perplexity", "perplexity %s", UNIT_RATIO, value_number(exp2(c->token_cross)));
    result_field(result, "bits_per_text", many ? "%s bits a text" : NULL, UNIT_BITS, value_number(c->cross));
    result_field(result, "entropy_per_text", NULL, UNIT_BITS, value_number(c->entropy));
    result_field(result, "kl_per_text", NULL, UNIT_BITS, value_number(c->divergence));
    result_field(result, "tokens_per_text", many ? NULL : "%s tokens a text", UNIT_NONE,
                 value_number(c->tokens));
}

static void add_row(Result *result, const char *what, double token, double text, double error)
{
    Value *cells = result_row(result);
    cells[0] = value_text(what);
    cells[1] = value_number(token);
    cells[2] = value_number(text);
    if (result->column_count > 3) cells[3] = value_number(error);
}

static void add_table(const Call *call, Result *result)
{
    const Costs *c = costs_of(call);
    result->title = arena_format(call->arena, "p = %s   q = %s", c->source, call->model_name);
    result_table(result, NULL);
    result_column(result, NULL, "", UNIT_NONE, false);
    result_column(result, NULL, "bits a token", UNIT_BITS, false);
    result_column(result, NULL, "bits a text", UNIT_BITS, false);
    if (call->phase == SAMPLED) result_column(result, NULL, "+- a token", UNIT_BITS, false);
    add_row(result, "H(p, q)", c->token_cross, c->cross, c->errors[0]);
    add_row(result, "H(p)", c->token_entropy, c->entropy, c->errors[1]);
    add_row(result, "KL(p || q)", c->token_divergence, c->divergence, c->errors[2]);
}

static void tell(const Call *call, Result *result)
{
    const Costs *c = costs_of(call);
    add_fields(call, result);
    result->answer = "bits_per_token";
    if (!call->setting) add_table(call, result);
    if (call->phase == EXACT) return;
    result_field(result, "error", NULL, UNIT_BITS, value_number(c->error));
    result_field(result, "error_per_token", NULL, UNIT_BITS, value_number(c->errors[0]));
    result_field(result, "seed", NULL, UNIT_NONE, value_count(call->seed));
}

static void note_impossible(const Call *call, TokenId missing, const TokenId *given, size_t count,
                            Result *result)
{
    const Costs *costs = costs_of(call);
    const Vocab *vocab = costs->p->vocab;
    const char *text = sequence_text(vocab, given, count, call->arena);
    result_note(
        result,
        _("After '%s', %s can go on with '%s', and %s gives that 0: H(p, q) is infinite. smooth=wb, kn "
          "or mkn, or mix, leaves nothing impossible."),
        *text ? text : TEXT_BEGIN, costs->source, vocab_text(vocab, missing), call->model_name);
}

static void tell_exact(const Call *call, Result *result)
{
    const Flow *flow = flow_result(call->done);
    Costs *c = costs_of(call);
    c->cross = flow->nats / log(2);
    c->entropy = flow->entropy / log(2);
    c->tokens = flow->tokens;
    c->token_cross = c->cross / c->tokens;
    c->token_entropy = c->entropy / c->tokens;
    c->divergence = fmax(0, c->cross - c->entropy);
    c->token_divergence = c->divergence / c->tokens;
    tell(call, result);
    result_field(result, "left", NULL, UNIT_PROBABILITY, value_number(flow->left));
    if (flow->impossible) note_impossible(call, flow->missing, flow->given, flow->given_count, result);
    if (flow->left > 1e-9)
        result_note(result,
                    _("%.3g of the mass is in texts longer than %zu words: they count as far as they were "
                      "followed."),
                    flow->left, flow->words);
}

static bool tell_sampled(const Call *call, bool interrupted, Result *result, Error *error)
{
    SampledEntropy sampled = sampled_entropy_result(call->done);
    Costs *c = costs_of(call);
    if (sampled.draws == 0) return error_set(error, _("stopped before the first text was scored"));
    c->cross = sampled.cross.mean / log(2);
    c->error = sampled.cross.error / log(2);
    c->entropy = sampled.entropy.mean / log(2);
    c->divergence = sampled.divergence.mean / log(2);
    c->token_cross = sampled.cross.token_mean / log(2);
    c->errors[0] = sampled.cross.token_error / log(2);
    c->errors[1] = sampled.entropy.token_error / log(2);
    c->errors[2] = sampled.divergence.token_error / log(2);
    c->token_entropy = sampled.entropy.token_mean / log(2);
    c->token_divergence = sampled.divergence.token_mean / log(2);
    c->tokens = sampled.tokens;
    tell(call, result);
    result_field(result, "n", NULL, UNIT_NONE, value_count(sampled.draws));
    result_note(result, _("Estimated from %zu texts drawn from %s, seed=%.0f; +- is the standard error."),
                sampled.draws, c->source, (double)call->seed);
    if (interrupted) result_note(result, _("Stopped before all were scored."));
    if (sampled.cut > 0)
        result_note(result, _("%zu of them had not ended after %d words, and count so far."), sampled.cut,
                    LONGEST);
    if (sampled.impossible)
        note_impossible(call, sampled.missing, sampled.given, sampled.given_count, result);
    return true;
}

static bool finish(Session *session, Call *call, Result *result, bool interrupted, Error *error)
{
    if (call->phase == SAMPLED) return tell_sampled(call, interrupted, result, error);
    if (interrupted) return error_set(error, _("stopped: a part of the texts says nothing"));
    if (flow_too_wide(call->done))
        begin_sampling(session, call);
    else
        tell_exact(call, result);
    return true;
}

/* --- why --- */

static const Fact *explain(const Call *call, const Result *result, const Call *why, Error *error)
{
    const Costs *c = costs_of(call);
    Arena *arena = why->arena;
    (void)result;
    (void)error;
    Fact *fact = fact_new(arena, FACT_NUMBER, _("H(p, q), bits a token"), _("bits a text / tokens a text"),
                          c->token_cross);
    Fact *text = fact_new(arena, FACT_NUMBER, _("H(p, q), bits a text"), "H(p) + KL(p || q)", c->cross);
    fact_because(text,
                 fact_new(arena, FACT_NUMBER, _("H(p), bits a text: p about itself"), NULL, c->entropy));
    fact_because(text, fact_new(arena, FACT_NUMBER, _("KL(p || q), bits a text: what q does not know"), NULL,
                                c->divergence));
    fact_because(fact, text);
    fact_because(fact, fact_new(arena, FACT_NUMBER, _("tokens a text, on average"), NULL, c->tokens));
    return fact_because(
        fact, fact_note(arena, _("each text counts by its p, and costs -log2 q bits; KL is never below 0, so "
                                 "no model does better on the texts of p than p")));
}

const Command xent_command = {
    .name = "xent",
    .family = N_("experiments"),
    .usage = "",
    .summary = N_("Cross-entropy with a known source: what the texts of one model cost another"),
    .example = "xent source=bigram @bigram,unigram",
    .words = WORDS_NONE,
    .options = OPTIONS(OPT_SOURCE, OPT_ENUMERATE_LEN, OPT_SAMPLES, OPT_SEED),
    .models = true,
    .run = run,
    .finish = finish,
    .explain = explain,
};
