/* rank.c - all orders of some words, ranked: what word order and sense are worth to a model. */
#include "core/base/i18n.h"
#include "core/model/decoding.h"
#include "core/model/orderings.h"
#include "repl/commands/commands.h"
#include "repl/commands/sequence.h"

static bool run(Session *session, Call *call, Result *result, Error *error)
{
    Tokens tokens;
    (void)session;
    (void)result;
    if (!call_tokens(call, TOKENS_SEQUENCE, call->words, call->word_count, &tokens, error)) return false;
    if (tokens.count == 0 || tokens.count > ORDERINGS_WORDS_MAX) {
        error_set(error, _("rank goes through every order of 1 to %d words, not %zu"), ORDERINGS_WORDS_MAX,
                  tokens.count);
        error_hint(error, _("leave some out, or compare sentences: compare \"A\" \"B\""));
        const Word *last = &call->words[call->word_count - 1];
        return error_place(error, call->words[0].start, last->start + last->length - call->words[0].start);
    }
    call->job = orderings_new(call->model, tokens.ids, tokens.count, call_counts_end(call, &tokens),
                              call_size(call, OPT_TOP));
    return true;
}

static void add_notes(const Call *call, const Orderings *o, Result *result)
{
    if (o->orderings > 1 && o->board.equal == o->orderings)
        result_note(result, _("All orders are equally probable to %s: word order is worth nothing to it."),
                    call->model_name);
    else if (o->possible < o->orderings)
        result_note(result, _("%zu of the %zu orders are impossible for %s."), o->orderings - o->possible,
                    o->orderings, call->model_name);
}

static bool finish(Session *session, Call *call, Result *result, bool interrupted, Error *error)
{
    const Orderings *o = orderings_result(call->done);
    (void)session;
    if (interrupted) return error_set(error, _("stopped: a part of the orders says nothing"));
    if (!call->setting) result->title = call->model_name;
    result_field(result, "model", NULL, UNIT_NONE, value_text(call->model_name));
    result_field(result, "orderings", _("orders %s"), UNIT_NONE, value_count(o->orderings));
    result_field(result, "rank", _("rank of the one given %s"), UNIT_NONE, value_count(o->board.better + 1));
    result_field(result, "tied", o->board.equal > 1 ? _("shared by %s") : NULL, UNIT_NONE,
                 value_count(o->board.equal));
    result_field(result, "p", _("p = %s"), UNIT_PROBABILITY, value_number(o->board.target));
    result_field(result, "mass", _("all together %s"), UNIT_PROBABILITY, value_number(o->board.mass));
    ranked_rows(call, &o->board, _("order"), result);
    add_notes(call, o, result);
    return true;
}

const Command rank_command = {
    .name = "rank",
    .family = N_("ask"),
    .usage = "W...",
    .summary = N_("Rank a sentence among all orders of its words"),
    .example = "rank the mouse ate the cheese",
    .words = WORDS_TOKENS,
    .least = 1,
    .most = SIZE_MAX,
    .options = OPTIONS(OPT_TOP, OPT_EOS, OPT_OOV, OPT_BASE),
    .models = true,
    .run = run,
    .finish = finish,
    .explain = scored_explain,
};
