/* channel.c - decode: what was probably said, when a noisy channel has changed some of the words. */
#include <string.h>

#include "core/base/i18n.h"
#include "core/model/channel.h"
#include "repl/commands/commands.h"

enum { TEXTS_MAX = 2000000 };

/* "decode channel keep=.9 TEXT" and "decode keep=.9 TEXT" are the same. */
static size_t words_skipped(const Call *call)
{
    const Word *first = &call->words[0];
    return call->word_count > 1 && !first->quoted && strcmp(first->text, "channel") == 0;
}

static bool read_heard(const Call *call, Tokens *heard, Error *error)
{
    size_t skipped = words_skipped(call);
    return call_tokens(call, TOKENS_SEQUENCE, call->words + skipped, call->word_count - skipped, heard,
                       error);
}

static bool check(const Call *call, const Tokens *heard, Error *error)
{
    if (heard->count == 0 || heard->ended) {
        error_set(error, _("decode needs the words that were heard, without </s>"));
        return error_hint(error, _("for example: %s"), call->command->example);
    }
    if (call->model->scores) {
        error_set(error, _("%s gives scores, not probabilities: they are no prior"), call->model_name);
        return error_hint(error, _("smooth=katz, wb, kn or mkn give probabilities"));
    }
    if (channel_texts(call->model, heard->count) <= TEXTS_MAX) return true;
    error_set(error, _("%zu^%zu texts may have been said: too many to go through one by one (at most %d)"),
              channel_words(call->model), heard->count, TEXTS_MAX);
    return error_hint(error, _("fewer words, or a model that knows few, as toy"));
}

static bool run(Session *session, Call *call, Result *result, Error *error)
{
    Tokens *heard = call->work = arena_alloc(call->arena, 1, sizeof *heard);
    (void)session;
    (void)result;
    if (!read_heard(call, heard, error) || !check(call, heard, error)) return false;
    call->job = channel_new(call->model, heard->ids, heard->count, call_number(call, OPT_KEPT),
                            call_size(call, OPT_TOP));
    return true;
}

/* --- the answer --- */

static const char *text_of(const Call *call, const TokenId *ids, size_t count)
{
    const char *const *words = call_texts(call, ids, count);
    const char *text = "", *joint = tokenizer_joint(call->model->tokenizer);
    for (size_t i = 0; i < count; i++)
        text = arena_format(call->arena, "%s%s%s", text, i ? joint : "", words[i]);
    return text;
}

static void add_rows(const Call *call, const Tokens *heard, Result *result)
{
    size_t count;
    const ChannelText *best = channel_best(call->done, &count);
    double evidence = channel_evidence(call->done);
    result_table(result, "rows");
    int text = result_column(result, "text", "said", UNIT_NONE, false),
        kept = result_column(result, "kept", "as heard", UNIT_NONE, false),
        prior = result_column(result, "prior", "prior", UNIT_PROBABILITY, false),
        likelihood = result_column(result, "likelihood", "likelihood", UNIT_PROBABILITY, false),
        posterior = result_column(result, "posterior", "posterior", UNIT_PROBABILITY, true);
    for (size_t i = 0; i < count; i++) {
        Value *cells = result_row(result);
        cells[text] = value_text(text_of(call, best[i].ids, heard->count));
        cells[kept] = value_count(best[i].kept);
        cells[prior] = value_number(best[i].prior);
        cells[likelihood] = value_number(best[i].likelihood);
        cells[posterior] = value_number(best[i].joint / evidence);
    }
}

static bool finish(Session *session, Call *call, Result *result, bool interrupted, Error *error)
{
    const Tokens *heard = call->work;
    double evidence = channel_evidence(call->done);
    (void)session;
    if (interrupted) return error_set(error, _("stopped: a part of the texts says nothing"));
    if (evidence == 0) {
        error_set(error, _("no text that %s can say could have been heard so"), call->model_name);
        return error_hint(error, _("a smaller keep=, or a smoothed model"));
    }
    result_field(result, "model", call->setting ? NULL : "%s", UNIT_NONE, value_text(call->model_name));
    result_field(result, "heard", "heard: %s", UNIT_NONE,
                 value_text(text_of(call, heard->ids, heard->count)));
    result_field(result, "keep", "keep=%s", UNIT_PROBABILITY, value_number(call_number(call, OPT_KEPT)));
    result_field(result, "texts", "texts %s", UNIT_NONE,
                 value_count((uint64_t)channel_texts(call->model, heard->count)));
    result_field(result, "evidence", "P(heard) = %s", UNIT_PROBABILITY, value_number(evidence));
    add_rows(call, heard, result);
    return true;
}

/* --- why: Bayes, for the best text --- */

static const Fact *explain(const Call *call, const Result *result, const Call *why, Error *error)
{
    const Tokens *heard = call->work;
    Arena *arena = why->arena;
    double keep = call_number(call, OPT_KEPT), prior = result_cell(result, 0, 2)->number,
           likelihood = result_cell(result, 0, 3)->number, kept = result_cell(result, 0, 1)->number;
    (void)error;
    Fact *fact = fact_new(arena, FACT_PROBABILITY,
                          arena_format(arena, "p(%s | heard)", result_cell(result, 0, 0)->text),
                          "prior x likelihood / P(heard)", result_cell(result, 0, 4)->number);
    Fact *channel = fact_new(arena, FACT_PROBABILITY, "likelihood",
                             "keep^(as heard) x ((1 - keep) / (V - 1))^(changed)", likelihood);
    fact_because(channel, fact_new(arena, FACT_PROBABILITY, "keep", NULL, keep));
    fact_because(channel, fact_new(arena, FACT_COUNT, "words as heard", NULL, kept));
    fact_because(channel, fact_new(arena, FACT_COUNT, "words changed", NULL, (double)heard->count - kept));
    fact_because(channel, fact_new(arena, FACT_COUNT, "V, words", NULL, (double)channel_words(call->model)));
    fact_because(fact, fact_new(arena, FACT_PROBABILITY, "prior", "p of the model", prior));
    fact_because(fact, channel);
    return fact_because(fact, fact_new(arena, FACT_PROBABILITY, "P(heard)",
                                       "prior x likelihood, summed over all texts of that length",
                                       result_find(result, "evidence")->number));
}

const Command decode_command = {
    .name = "decode",
    .family = N_("experiments"),
    .usage = "[channel] TEXT",
    .summary = N_("Find what was probably said when a noisy channel has changed some words"),
    .example = "decode channel keep=0.85 \"cheese mouse ate the cheese\"",
    .options = OPTIONS(OPT_KEPT, OPT_TOP),
    .words = WORDS_TOKENS,
    .least = 1,
    .most = SIZE_MAX,
    .models = true,
    .run = run,
    .finish = finish,
    .explain = explain,
};
