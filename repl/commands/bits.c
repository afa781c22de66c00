/* bits.c - surprise: how many bits each word tells, and how short a code could be. */
#include <math.h>

#include "core/base/i18n.h"
#include "repl/commands/commands.h"
#include "repl/commands/sequence.h"

static void add_rows(const Call *call, const Scored *scored, Result *result)
{
    result_table(result, "rows");
    int token = result_column(result, "token", _("token"), UNIT_TOKEN, false);
    int p = result_column(result, "p", "p", UNIT_PROBABILITY, false);
    SurpriseColumn bits = surprise_column(call, true, result);
    for (size_t i = 0; i < scored->sequence.count; i++) {
        const SequenceStep *step = &scored->sequence.steps[i];
        Value *cells = result_row(result);
        cells[token] = value_text(vocab_text(call->model->vocab, step->token));
        cells[p] = value_number(step->p);
        surprise_cells(call, &bits, step->p > 0 ? log(step->p) : -INFINITY, cells);
    }
}

static bool run(Session *session, Call *call, Result *result, Error *error)
{
    Scored scored;
    (void)session;
    if (!scored_read(call, call->words, call->word_count, &scored, error)) return false;
    scored_fields(call, &scored, result);
    double bits = -scored.sequence.logp / log(2);
    result_field(result, "bits_per_token", _("%s bits a token"), UNIT_BITS,
                 value_number(scored.sequence.count ? bits / (double)scored.sequence.count : 0));
    if (isfinite(bits) && !call->model->scores) {
        /* An arithmetic coder needs at most one bit above the ideal, rounded up (Shannon 1948). */
        result_field(result, "code_bits", _("a code of at most %s whole bits"), UNIT_NONE,
                     value_count((uint64_t)ceil(bits - 1e-9) + 1));
    }
    add_rows(call, &scored, result);
    return true;
}

const Command bits_command = {
    .name = "bits",
    .family = N_("ask"),
    .usage = "W...",
    .summary = N_("Measure the surprise of each word in bits, and the code it would take"),
    .example = "bits the mouse ate the cheese",
    .words = WORDS_TOKENS,
    .least = 1,
    .most = SIZE_MAX,
    .options = OPTIONS(OPT_EOS, OPT_BASE, OPT_OOV),
    .models = true,
    .run = run,
    .explain = scored_explain,
};
