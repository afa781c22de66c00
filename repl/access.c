#include "repl/access.h"

#include <string.h>

#include "core/base/i18n.h"
#include "repl/execution.h"

bool access_refuse(const char *what, Error *error)
{
    error_set(error, _("%s looks inside the model, and an API gives only text"), what);
    return error_hint(error, _("sample and complete work; access open lets you look again"));
}

static bool refuse_option(const Call *call, OptionId id, const char *why, Error *error)
{
    const OptionValue *value = &call->values[id];
    error_set(error, "%s", why);
    error_hint(error, _("access open lets you look again"));
    return error_place(error, value->start, value->length);
}

/* An API that tells the most probable next tokens tells no others. */
static bool check_next(const Access *access, const Call *call, Error *error)
{
    bool few = call_given(call, OPT_NEXT_TOP) && call_size(call, OPT_NEXT_TOP) <= access->top;
    if (call_given(call, OPT_FOR))
        return refuse_option(call, OPT_FOR, _("an API does not tell p of a word of your own"), error);
    if (access->top == 0) return access_refuse("next", error);
    if (few) return true;
    error_set(error, _("this API tells the %zu most probable tokens, no more"), access->top);
    error_hint(error, _("next W... top=%zu; access open shows all"), access->top);
    if (!call_given(call, OPT_NEXT_TOP)) return false;
    return error_place(error, call->values[OPT_NEXT_TOP].start, call->values[OPT_NEXT_TOP].length);
}

static bool check_call(const Access *access, const Call *call, Error *error)
{
    const Command *command = call->command;
    if (option_listed(OPT_NEXT_TOP, command->options) && !check_next(access, call, error)) return false;
    if (option_listed(OPT_SHOW_NEXT, command->options) && call_is(call, OPT_SHOW_NEXT, "steps"))
        return refuse_option(call, OPT_SHOW_NEXT, _("an API does not show its arithmetic"), error);
    bool dice = option_listed(OPT_SHOW_SAMPLE, command->options) &&
                (call_is(call, OPT_SHOW_SAMPLE, "dice") || call_is(call, OPT_SHOW_SAMPLE, "steps"));
    return !dice || refuse_option(call, OPT_SHOW_SAMPLE, _("an API does not show its dice"), error);
}

bool access_check(const Access *access, const Execution *execution, Error *error)
{
    const Command *command = execution->command;
    const Word *verb = &execution->statement.verb;
    if (!access->api) return true;
    if (command->inside || (command->models && !command->api)) {
        access_refuse(command->name, error);
        return error_place(error, verb->start, verb->length);
    }
    for (size_t i = 0; command->api && i < execution->call_count; i++)
        if (!check_call(access, &execution->calls[i], error)) return false;
    return true;
}

void access_charge(const Access *access, Bill *bill, Execution *done)
{
    Bill now = {.calls = 0};
    for (size_t i = 0; i < done->call_count; i++) {
        now.calls += done->calls[i].questions;
        now.tokens += done->calls[i].tokens;
    }
    if (!access->api || now.calls == 0) return;
    now.cost = now.tokens / 1000 * access->price;
    bill->calls += now.calls;
    bill->tokens += now.tokens;
    bill->cost += now.cost;
    result_note(&done->results[done->call_count - 1],
                _("api: calls %llu, tokens %.0f, price %.4g; so far calls %llu, tokens %.0f, price %.4g"),
                (unsigned long long)now.calls, now.tokens, now.cost, (unsigned long long)bill->calls,
                bill->tokens, bill->cost);
}

double access_calls_needed(double p, double within)
{
    return ACCESS_Z * ACCESS_Z * p * (1 - p) / (within * within);
}
