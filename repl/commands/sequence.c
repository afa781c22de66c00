#include "repl/commands/sequence.h"

#include <math.h>

#include "core/base/i18n.h"
#include "core/ngram/store.h"

bool scored_read(const Call *call, const Word *words, size_t count, Scored *scored, Error *error)
{
    if (!call_tokens(call, TOKENS_SEQUENCE, words, count, &scored->tokens, error)) return false;
    scored->end = call_counts_end(call, &scored->tokens);
    scored->sequence =
        sequence_score(call->model, scored->tokens.ids, scored->tokens.count, scored->end, call->arena);
    return true;
}

double surprise(const Call *call, double logp)
{
    double base = call_is(call, OPT_BASE, "e") ? 1 : call_is(call, OPT_BASE, "10") ? log(10) : log(2);
    return -logp / base + 0.0;
}

const char *surprise_label(const Call *call)
{
    return call_is(call, OPT_BASE, "e")    ? _("%s nats")
           : call_is(call, OPT_BASE, "10") ? _("%s bans")
                                           : _("%s bits");
}

const char *surprise_unit(const Call *call)
{
    return call_is(call, OPT_BASE, "e") ? _("nats") : call_is(call, OPT_BASE, "10") ? _("bans") : _("bits");
}

SurpriseColumn surprise_column(const Call *call, bool bar, Result *result)
{
    bool bits = call_is(call, OPT_BASE, "2");
    SurpriseColumn column;
    column.bits = result_column(result, "bits", bits ? surprise_unit(call) : NULL, UNIT_BITS, bar);
    column.shown = bits ? column.bits : result_column(result, NULL, surprise_unit(call), UNIT_BITS, bar);
    return column;
}

void surprise_cells(const Call *call, const SurpriseColumn *column, double logp, Value *cells)
{
    cells[column->bits] = value_number(-logp / log(2) + 0.0);
    cells[column->shown] = value_number(surprise(call, logp));
}

const char *probability_label(const Call *call, const Sequence *sequence)
{
    enum { FRACTION_MAX = 100000000 };
    if (sequence->p == 0 && sequence->logp > -INFINITY)
        return arena_format(call->arena, "p = 10^%.6g", sequence->logp / log(10));
    bool counted = sequence->count > 0 && sequence->steps[0].counted; /* decimals need no other form */
    bool fraction =
        counted && sequence->denominator > 1 && sequence->denominator < FRACTION_MAX && sequence->p > 0;
    if (call->model->scores) return _("score = %s");
    if (!fraction) return _("p = %s");
    return arena_format(call->arena, "p = %llu/%llu = %%s", (unsigned long long)sequence->numerator,
                        (unsigned long long)sequence->denominator);
}

/* The first context that was never seen, if any. */
static void note_undefined(const Call *call, const Scored *scored, Result *result)
{
    const Sequence *s = &scored->sequence;
    for (size_t i = 0; i < s->count; i++) {
        if (s->steps[i].defined) continue;
        TokenId *given = arena_alloc(call->arena, i + NGRAM_ORDER_MAX, sizeof *given);
        size_t count = sequence_given(call->model, scored->tokens.ids, i, given);
        result_note(
            result,
            _("Nothing was ever seen after \"%s\": 0/0 has no value, so the product counts as 0 from there. "
              "Smoothing gives it one: train ngram n=%d smooth=wb"),
            sequence_text(call->model->vocab, given, count, call->arena), call->model->context + 1);
        return;
    }
}

static const char *fraction_text(const Call *call, const Sequence *s)
{
    if (s->denominator == 0) return NULL;
    return arena_format(call->arena, "%llu/%llu", (unsigned long long)s->numerator,
                        (unsigned long long)s->denominator);
}

void scored_fields(const Call *call, const Scored *scored, Result *result)
{
    const Sequence *s = &scored->sequence;
    bool scores = call->model->scores;
    if (scores)
        result_note(
            result,
            _("%s gives scores, not probabilities: they do not sum to 1, and there is no perplexity."),
            call->model_name);
    result_field(result, "model", NULL, UNIT_NONE, value_text(call->model_name));
    result_field(
        result, "tokens", NULL, UNIT_TOKEN,
        value_list(call_texts(call, scored->tokens.ids, scored->tokens.count), scored->tokens.count));
    result_field(result, "eos", NULL, UNIT_NONE, value_bool(scored->end));
    result_field(result, "p", probability_label(call, s), UNIT_PROBABILITY, value_number(s->p));
    result_field(result, "logp", NULL, UNIT_NONE, value_number(s->logp));
    if (call_is(call, OPT_BASE, "2")) {
        result_field(result, "bits", surprise_label(call), UNIT_BITS, value_number(surprise(call, s->logp)));
    } else {
        result_field(result, "bits", NULL, UNIT_BITS, value_number(-s->logp / log(2)));
        result_field(result, surprise_unit(call), surprise_label(call), UNIT_BITS,
                     value_number(surprise(call, s->logp)));
    }
    result_field(result, "perplexity", scores ? NULL : _("perplexity %s"), UNIT_RATIO,
                 scores ? value_null() : value_number(sequence_perplexity(s->logp, s->count)));
    result_field(result, NULL, "(%s)", UNIT_NONE, value_text(call_convention(call, s->count, scored->end)));
    if (fraction_text(call, s))
        result_field(result, "fraction", NULL, UNIT_NONE, value_text(fraction_text(call, s)));
    note_undefined(call, scored, result);
}

void ranked_rows(const Call *call, const Leaderboard *board, const char *heading, Result *result)
{
    result_table(result, "rows");
    int rank = result_column(result, "rank", _("rank"), UNIT_NONE, false);
    int text = result_column(result, NULL, heading, UNIT_NONE, false);
    int tokens = result_column(result, "tokens", NULL, UNIT_TOKEN, false);
    int p = result_column(result, "p", "p", UNIT_PROBABILITY, true);
    for (size_t i = 0; i < board->count && board->p[i] > 0; i++) {
        const TokenId *ids = board->ids + i * board->length;
        Value *cells = result_row(result);
        cells[rank] = value_count(i + 1);
        cells[text] = value_text(sequence_text(call->model->vocab, ids, board->length, call->arena));
        cells[tokens] = value_list(call_texts(call, ids, board->length), board->length);
        cells[p] = value_number(board->p[i]);
    }
}

const Fact *scored_explain(const Call *call, const Result *result, const Call *why, Error *error)
{
    Scored scored;
    (void)result;
    if (!scored_read(call, call->words, call->word_count, &scored, error)) return NULL;
    return sequence_explain(call->model, scored.tokens.ids, scored.tokens.count, scored.end, why->arena);
}
