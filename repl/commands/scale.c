/* scale.c - the same text many times over: what a share of it needs, and what smoothing makes of more. */
#include <math.h>

#include "core/base/i18n.h"
#include "core/ngram/ngram.h"
#include "repl/commands/commands.h"
#include "repl/commands/edited.h"

typedef struct {
    Edited base;
    size_t times;
} Work;

static bool read_factor(const Call *call, const Corpus *corpus, size_t *times, Error *error)
{
    if (!edited_number(call, _("how many times"), times, error)) return false;
    if (corpus_tokens(corpus) == 0 || *times <= EDITED_TOKENS_MAX / corpus_tokens(corpus)) return true;
    error_set(error, _("that would be more than %d tokens"), EDITED_TOKENS_MAX);
    error_hint(error, _("%s has %zu: scale %zu is the most"), corpus_name(corpus), corpus_tokens(corpus),
               EDITED_TOKENS_MAX / corpus_tokens(corpus));
    return error_place(error, call->words[0].start, call->words[0].length);
}

/* What M times the counts mean to each smoothing. */
static const char *meaning(SmoothingKind kind)
{
    switch (kind) {
    case SMOOTH_MLE:
    case SMOOTH_INTERP:
    case SMOOTH_BACKOFF:
        return _(
            "Every count and every total has grown alike: no ratio changes, and no probability with it.");
    case SMOOTH_ADD: return _("The counts have grown, k has not: what was never seen gets less.");
    case SMOOTH_WB:
        return _("The counts have grown, but no more different words follow: the model backs off less.");
    case SMOOTH_KATZ:
        return _("The counts have grown, and Good-Turing discounts small ones only: little is left to "
                 "discount.");
    default: return _("The counts have grown, what is taken off each has not: the model backs off less.");
    }
}

static bool keep(Session *session, Call *call, Result *result)
{
    size_t times = ((const Work *)call->work)->times;
    edited_fields(call, result);
    result_field(result, "times", NULL, UNIT_NONE, value_count(times));
    if (call->made) result_note(result, "%s", meaning(ngram_smoothing(call->made)->kind));
    edited_keep(session, call);
    return true;
}

static const Fact *explain(const Call *call, const Result *result, const Call *why, Error *error)
{
    const Edited *edited = call->work;
    (void)error;
    (void)result;
    if (!call->made || isnan(edited->before))
        return fact_note(why->arena,
                         _("the text is the same, so many times over; no model was counted again"));
    Fact *fact = fact_new(why->arena, FACT_NUMBER, _("perplexity of the text as it was, now"),
                          "2^(bits a token)", exp2(edited->after));
    fact_because(fact, fact_new(why->arena, FACT_NUMBER, _("bits a token now"), NULL, edited->after));
    fact_because(fact, fact_new(why->arena, FACT_NUMBER, _("bits a token before"), NULL, edited->before));
    return fact_because(fact, fact_note(why->arena, meaning(ngram_smoothing(call->made)->kind)));
}

static bool run(Session *session, Call *call, Result *result, Error *error)
{
    Work *work = call->work = arena_alloc(call->arena, 1, sizeof *work);
    const Corpus *corpus = workspace_corpus(session_workspace(session));
    Corpus *scaled = edited_by_first(call);
    work->base.measures = true;
    if (!scaled && !read_factor(call, corpus, &work->times, error)) return false;
    if (!scaled) {
        scaled = corpus_clone(corpus);
        corpus_multiply(scaled, work->times);
    } else {
        work->times = ((const Work *)call->first->work)->times;
    }
    edited_begin(session, call, scaled);
    return call->job || keep(session, call, result);
}

static bool finish(Session *session, Call *call, Result *result, bool interrupted, Error *error)
{
    if (interrupted) return error_set(error, _("stopped while counting; nothing has changed"));
    edited_go_on(call);
    return call->job || keep(session, call, result);
}

const Command scale_command = {
    .name = "scale",
    .family = N_("experiments"),
    .usage = "M",
    .summary = N_("Make the corpus M times its own text, and count it again"),
    .example = "train ngram n=3; scale 10",
    .words = WORDS_OTHER,
    .least = 1,
    .most = 1,
    .models = true,
    .run = run,
    .finish = finish,
    .explain = explain,
};
