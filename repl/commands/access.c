/* access.c - a model behind an API, or open; the bill, and how many calls an estimate takes. */
#include "repl/access.h"

#include <math.h>
#include <string.h>

#include "core/base/i18n.h"
#include "repl/commands/commands.h"
#include "repl/session.h"

/* "api", "open", or NULL for neither. */
static bool read_word(const Call *call, const char **word, Error *error)
{
    *word = call->word_count ? call->words[0].text : NULL;
    if (!*word || strcmp(*word, "api") == 0 || strcmp(*word, "open") == 0) return true;
    error_set(error, _("access is api or open, not '%s'"), *word);
    error_hint(error, _("access api hides all but text; access open shows everything again"));
    return error_place(error, call->words[0].start, call->words[0].length);
}

static bool check(const Call *call, bool api, Error *error)
{
    bool p = call_given(call, OPT_P), within = call_given(call, OPT_WITHIN);
    OptionId lonely = p ? OPT_P : OPT_WITHIN,
             idle = call_given(call, OPT_API_TOP) ? OPT_API_TOP : OPT_TOKEN_PRICE;
    if (p != within) {
        error_set(error, _("p= and within= belong together"));
        error_hint(error, _("for example: access p=0.4 within=0.01"));
        return error_place(error, call->values[lonely].start, call->values[lonely].length);
    }
    if (api || !call_given(call, idle)) return true;
    error_set(error, _("%s= is for access api: open models have no bill"), option_table[idle].key);
    error_hint(error, _("for example: access api top=0 price=0.06"));
    return error_place(error, call->values[idle].start, call->values[idle].length);
}

/* What was said, and else what held before. */
static Access wanted(const Access *now, const Call *call, bool api)
{
    Access access = {.api = api};
    if (!api) return access;
    bool keep = now->api;
    access.top = keep && !call_given(call, OPT_API_TOP) ? now->top : call_size(call, OPT_API_TOP);
    access.price =
        keep && !call_given(call, OPT_TOKEN_PRICE) ? now->price : call_number(call, OPT_TOKEN_PRICE);
    return access;
}

static void add_state(const Access *access, const Bill *bill, Result *result)
{
    result_field(result, "access", "access %s", UNIT_NONE, value_text(access->api ? "api" : "open"));
    result_field(result, "top", access->api ? "next shows top %s" : NULL, UNIT_NONE,
                 access->api ? value_count(access->top) : value_null());
    result_field(result, "price", access->api ? "price %s per 1000 tokens" : NULL, UNIT_NONE,
                 access->api ? value_number(access->price) : value_null());
    result_field(result, "calls", "calls %s", UNIT_NONE, value_count(bill->calls));
    result_field(result, "tokens", "tokens %s", UNIT_NONE, value_count((uint64_t)bill->tokens));
    result_field(result, "cost", "cost %s", UNIT_NONE, value_number(bill->cost));
}

/* Rounded up, but not for what is one part in a billion above a whole number. */
static double whole_calls(double calls) { return ceil(calls * (1 - 1e-9)); }

static void add_estimate(const Call *call, Result *result)
{
    double p = call_number(call, OPT_P), within = call_number(call, OPT_WITHIN);
    double calls = access_calls_needed(p, within);
    result_field(result, "p", NULL, UNIT_PROBABILITY, value_number(p));
    result_field(result, "within", NULL, UNIT_PROBABILITY, value_number(within));
    result_field(result, "calls_exact", NULL, UNIT_NONE, value_number(calls));
    result_field(result, "calls_needed", _("calls needed %s"), UNIT_NONE,
                 value_count((uint64_t)whole_calls(calls)));
    result->answer = "calls_needed";
    result_note(result, _("To know p = %.4g to +-%.4g, 19 times out of 20, takes %.0f texts: why."), p,
                within, whole_calls(calls));
}

static bool run(Session *session, Call *call, Result *result, Error *error)
{
    const char *word;
    Workspace *workspace = session_workspace(session);
    if (!read_word(call, &word, error)) return false;
    bool api = word ? strcmp(word, "api") == 0 : workspace->access.api;
    if (!check(call, api, error)) return false;
    Access access = wanted(&workspace->access, call, api);
    if (access.api && !workspace->access.api) *session_bill(session) = (Bill){.calls = 0};
    workspace_set_access(workspace, access);
    add_state(&access, session_bill(session), result);
    if (call_given(call, OPT_P)) add_estimate(call, result);
    if (word && api)
        result_note(result, _("Only sample, complete and next top= work now, and each is billed; access open "
                              "ends it."));
    return true;
}

static const Fact *explain(const Call *call, const Result *result, const Call *why, Error *error)
{
    (void)error;
    Arena *arena = why->arena;
    if (!call_given(call, OPT_P)) {
        Fact *cost = fact_new(arena, FACT_NUMBER, _("cost"), _("each call: tokens / 1000 x price"),
                              result_find(result, "cost")->number);
        return fact_because(cost, fact_new(arena, FACT_NUMBER, _("tokens read and written"), NULL,
                                           result_find(result, "tokens")->number));
    }
    double p = call_number(call, OPT_P), within = call_number(call, OPT_WITHIN);
    Fact *calls = fact_new(arena, FACT_NUMBER, _("texts to draw"), "z^2 p (1 - p) / within^2",
                           access_calls_needed(p, within));
    fact_because(calls, fact_new(arena, FACT_NUMBER, _("z, of 19 times out of 20"), NULL, ACCESS_Z));
    fact_because(calls, fact_new(arena, FACT_PROBABILITY, "p", NULL, p));
    fact_because(calls, fact_new(arena, FACT_PROBABILITY, _("within"), NULL, within));
    return fact_because(calls,
                        fact_note(arena, _("the share of n draws scatters by the root of p (1 - p) / n: "
                                           "half the error takes four times the calls")));
}

const Command access_command = {
    .name = "access",
    .family = N_("experiments"),
    .usage = "[api|open]",
    .summary = N_("Ask models as behind an API, text only and billed, or openly; the bill so far"),
    .example = "access api; sample n=3; access open",
    .subwords = "api|open",
    .words = WORDS_OTHER,
    .most = 1,
    .options = OPTIONS(OPT_API_TOP, OPT_TOKEN_PRICE, OPT_P, OPT_WITHIN),
    .run = run,
    .explain = explain,
};
