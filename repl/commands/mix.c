/* mix.c - a model that says junk now and then: what perplexity makes of it, and what its texts do. */
#include "core/model/mix.h"

#include <string.h>

#include "core/base/i18n.h"
#include "repl/commands/commands.h"
#include "repl/session.h"

/* A mix is not mixed once more: the model under it is, and takes its place. */
static Model *base_of(const Call *call)
{
    Model *base = mix_base(call->model);
    return base ? base : call->model;
}

static const char *name_of(const Call *call)
{
    const char *name =
        mix_base(call->model) ? call->model_name : arena_format(call->arena, "%s-mix", call->model_name);
    if (call_given(call, OPT_NAME)) name = call_text(call, OPT_NAME);
    return call->number ? arena_format(call->arena, "%s-%zu", name, call->number) : name;
}

/* What no text's perplexity rises above, in times; infinite for junk alone. */
static double factor(const Model *mix) { return 1 / (1 - mix_eps(mix)); }

static void tell(const Call *call, const char *name, Result *result)
{
    const Model *mix = call->made;
    double eps = mix_eps(mix);
    if (!call->setting)
        result->title = arena_format(call->arena, "%s: %s", name, model_describe(mix, call->arena));
    result_field(result, "model", call->setting ? "%s" : NULL, UNIT_NONE, value_text(name));
    result_field(result, "kind", NULL, UNIT_NONE, value_text(mix->kind->name));
    result_field(result, "eps", call->setting ? NULL : "eps %s", UNIT_NONE, value_number(eps));
    result_field(result, "junk", "junk of %s tokens", UNIT_NONE, value_count(mix_junk(mix)));
    result_field(result, "every", eps > 0 ? "one token in %s is junk" : NULL, UNIT_NONE,
                 value_number(1 / eps));
    result_field(result, "factor", eps < 1 ? "perplexity at most x %s" : NULL, UNIT_RATIO,
                 value_number(factor(mix)));
}

static bool run(Session *session, Call *call, Result *result, Error *error)
{
    Workspace *workspace = session_workspace(session);
    const OptionValue *junk = &call->values[OPT_JUNK];
    TokenId *ids = arena_alloc(call->arena, junk->count + 1, sizeof *ids);
    Error never;
    if (!call_check_name(call, error) || !call_listed(call, OPT_JUNK, ids, error)) return false;
    const char *name = name_of(call), *corpus = workspace_model(workspace, call->model_name, &never)->corpus;
    call->made = mix_new(base_of(call), call_number(call, OPT_EPS), ids, junk->count);
    tell(call, name, result);
    workspace_put_model(workspace, name, model_share(call->made),
                        arena_copy(call->arena, corpus, strlen(corpus)));
    return true;
}

static const Fact *explain(const Call *call, const Result *result, const Call *why, Error *error)
{
    const Model *mix = call->made;
    (void)result;
    (void)error;
    Fact *fact = fact_new(why->arena, FACT_NUMBER, _("perplexity rises at most so many times"),
                          "1 / (1 - eps)", factor(mix));
    fact_because(fact, fact_new(why->arena, FACT_NUMBER, "eps", NULL, mix_eps(mix)));
    return fact_because(
        fact,
        fact_note(why->arena, _("no token keeps less than (1 - eps) of its p, so the mean surprise grows by "
                                "log2 1 / (1 - eps) bits at most; where p was 0 it falls")));
}

const Command mix_command = {
    .name = "mix",
    .family = N_("experiments"),
    .usage = "",
    .summary = N_("Make a model that says junk now and then, and switch to it"),
    .example = "mix eps=0.05 @bigram; eval @bigram,bigram-mix",
    .words = WORDS_NONE,
    .options = OPTIONS(OPT_EPS, OPT_JUNK, OPT_NAME),
    .models = true,
    .run = run,
    .explain = explain,
};
