/* compare.c - sequences side by side: which is more probable, and by how much. */
#include <math.h>

#include "core/base/i18n.h"
#include "repl/commands/commands.h"
#include "repl/commands/sequence.h"

typedef struct {
    int text, tokens, p, perplexity;
    SurpriseColumn bits;
} Columns;

static Columns add_columns(const Call *call, Result *result)
{
    Columns c;
    result_table(result, "rows");
    c.text = result_column(result, "text", _("sequence"), UNIT_NONE, false);
    c.tokens = result_column(result, "tokens", NULL, UNIT_TOKEN, false);
    c.p = result_column(result, "p", "p", UNIT_PROBABILITY, true);
    c.bits = surprise_column(call, false, result);
    c.perplexity = result_column(result, "perplexity", _("perplexity"), UNIT_RATIO, false);
    result->join = c.p;
    return c;
}

static void add_row(const Call *call, const char *text, const Scored *scored, const Columns *c,
                    Result *result)
{
    Value *cells = result_row(result);
    cells[c->text] = value_text(text);
    cells[c->tokens] =
        value_list(call_texts(call, scored->tokens.ids, scored->tokens.count), scored->tokens.count);
    cells[c->p] = value_number(scored->sequence.p);
    surprise_cells(call, &c->bits, scored->sequence.logp, cells);
    cells[c->perplexity] = value_number(sequence_perplexity(scored->sequence.logp, scored->sequence.count));
}

static void note_ratio(const Call *call, double first, double second, Result *result)
{
    const char *model = call->setting ? arena_format(call->arena, "%s: ", call->setting) : "";
    if (first == second)
        result_note(result, _("%sBoth are equally probable."), model);
    else if (first == -INFINITY || second == -INFINITY)
        result_note(result, _("%sOne of them is impossible for this model."), model);
    else if (first > second)
        result_note(result, _("%sThe first is %.4g times as probable as the second."), model,
                    exp(first - second));
    else
        result_note(result, _("%sThe second is %.4g times as probable as the first."), model,
                    exp(second - first));
}

static bool run(Session *session, Call *call, Result *result, Error *error)
{
    (void)session;
    double logp[2] = {0};
    result_field(result, "model", NULL, UNIT_NONE, value_text(call->model_name));
    Columns columns = add_columns(call, result);
    bool end = false;
    for (size_t i = 0; i < call->word_count; i++) {
        Scored scored;
        if (!scored_read(call, &call->words[i], 1, &scored, error)) return false;
        add_row(call, call->words[i].text, &scored, &columns, result);
        if (i < 2) logp[i] = scored.sequence.logp;
        end = scored.end;
    }
    if (!call->setting)
        result->title =
            arena_format(call->arena, "%s, %s", call->model_name, end ? _("with </s>") : _("no </s>"));
    if (call->word_count == 2) note_ratio(call, logp[0], logp[1], result);
    return true;
}

static const Fact *explain(const Call *call, const Result *result, const Call *why, Error *error)
{
    Fact *all = fact_note(why->arena, _("each probability is a product:"));
    (void)result;
    for (size_t i = 0; i < call->word_count; i++) {
        Scored scored;
        if (!scored_read(call, &call->words[i], 1, &scored, error)) return NULL;
        Fact *one =
            sequence_explain(call->model, scored.tokens.ids, scored.tokens.count, scored.end, why->arena);
        one->name = arena_format(why->arena, "p(%s)", call->words[i].text);
        fact_because(all, one);
    }
    return all;
}

const Command compare_command = {
    .name = "compare",
    .family = N_("ask"),
    .usage = "\"A\" \"B\" ...  |  compare next W... @a,b",
    .summary = N_("Put sequences, or models, side by side"),
    .example = "compare \"the mouse ate the cheese\" \"the cheese ate the mouse\"",
    .words = WORDS_TOKENS,
    .least = 1,
    .most = 1000,
    .options = OPTIONS(OPT_EOS, OPT_BASE, OPT_OOV),
    .models = true,
    .run = run,
    .explain = explain,
};
