/* chain.c - the chain rule: a sequence as a product of conditional probabilities, one row a factor. */
#include <math.h>

#include "core/base/i18n.h"
#include "core/ngram/store.h"
#include "repl/commands/commands.h"
#include "repl/commands/sequence.h"

typedef struct {
    int step, token, given, count_text, p, arithmetic, product, note, count, total;
    SurpriseColumn bits;
} Columns;

static Columns add_columns(const Call *call, bool counted, Result *result)
{
    bool surprised = call_is(call, OPT_SHOW_CHAIN, "surprise"),
         steps = call_is(call, OPT_SHOW_CHAIN, "steps");
    Columns c;
    result_table(result, "steps");
    c.step = result_column(result, NULL, _("step"), UNIT_NONE, false);
    c.token = result_column(result, "token", _("token"), UNIT_TOKEN, false);
    c.given = result_column(result, "given", _("given"), UNIT_TOKEN, false);
    c.count_text = result_column(result, NULL, counted ? _("count") : NULL, UNIT_NONE, false);
    c.p = result_column(result, "p", "p", UNIT_PROBABILITY, !surprised && !steps);
    c.product =
        result_column(result, "product", surprised || steps ? NULL : _("product"), UNIT_PROBABILITY, false);
    c.bits = surprise_column(call, surprised, result);
    c.arithmetic = result_column(result, NULL, steps ? _("so far") : NULL, UNIT_NONE, false);
    c.note = result_column(result, NULL, surprised ? _("why") : NULL, UNIT_NONE, false);
    c.count = result_column(result, "count", NULL, UNIT_NONE, false);
    c.total = result_column(result, "total", NULL, UNIT_NONE, false);
    return c;
}

static const char *count_text(const Call *call, const SequenceStep *step)
{
    return arena_format(call->arena, "%llu/%llu", (unsigned long long)step->counts.count,
                        (unsigned long long)step->counts.total);
}

static const char *reason(const SequenceStep *step)
{
    if (!step->defined) return _("context never seen");
    return step->counted && step->counts.count == 0 ? _("never seen") : "";
}

static const char *product_text(const Call *call, double before, const SequenceStep *step)
{
    return arena_format(call->arena, "%.6g x %.6g = %.6g", before, step->p, step->product);
}

static void add_row(const Call *call, const Scored *scored, size_t i, const Columns *c, Result *result)
{
    const SequenceStep *step = &scored->sequence.steps[i];
    double before = i ? scored->sequence.steps[i - 1].product : 1;
    size_t room = call->model->context == CONTEXT_WHOLE ? i + 1 : (size_t)call->model->context;
    TokenId *given = arena_alloc(call->arena, room + 1, sizeof *given);
    size_t given_count = sequence_given(call->model, scored->tokens.ids, i, given);
    Value *cells = result_row(result);
    cells[c->step] = value_count(i + 1);
    cells[c->token] = value_text(vocab_text(call->model->vocab, step->token));
    cells[c->given] = value_list(call_texts(call, given, given_count), given_count);
    cells[c->count_text] = value_text(step->counted ? count_text(call, step) : "");
    cells[c->p] = value_number(step->p);
    surprise_cells(call, &c->bits, step->p > 0 ? log(step->p) : -INFINITY, cells);
    cells[c->arithmetic] = value_text(i ? product_text(call, before, step) : "");
    cells[c->product] = value_number(step->product);
    cells[c->note] = value_text(reason(step));
    if (!step->counted) return;
    cells[c->count] = value_count(step->counts.count);
    cells[c->total] = value_count(step->counts.total);
}

static bool run(Session *session, Call *call, Result *result, Error *error)
{
    Scored scored;
    (void)session;
    if (!scored_read(call, call->words, call->word_count, &scored, error)) return false;
    scored_fields(call, &scored, result);
    bool counted = scored.sequence.count > 0 && scored.sequence.steps[0].counted;
    Columns columns = add_columns(call, counted, result);
    for (size_t i = 0; i < scored.sequence.count; i++) add_row(call, &scored, i, &columns, result);
    return true;
}

const Command chain_command = {
    .name = "chain",
    .aliases = "c",
    .family = N_("ask"),
    .usage = "W...",
    .summary = N_("Show the chain rule: the probability of a sequence, factor by factor"),
    .example = "chain the mouse ate the cheese",
    .words = WORDS_TOKENS,
    .least = 1,
    .most = SIZE_MAX,
    .options = OPTIONS(OPT_SHOW_CHAIN, OPT_EOS, OPT_BASE, OPT_OOV),
    .models = true,
    .run = run,
    .explain = scored_explain,
};
