#include "repl/commands/model_file.h"

#include "core/base/i18n.h"
#include "core/neural/neural.h"
#include "core/ngram/ngram.h"

/* "16, 37, 50": different n-grams of 1, 2, 3 words; <s> alone is not among them. */
static Value by_level(const Call *call, const NgramStore *store)
{
    double *counts = arena_alloc(call->arena, NGRAM_ORDER_MAX, sizeof *counts);
    counts[0] = (double)store_ngrams(store);
    for (int k = 2; k <= store->order; k++) {
        counts[k - 1] = store->levels[k].count;
        counts[0] -= counts[k - 1];
    }
    return value_numbers(counts, (size_t)store->order);
}

static void report_ngrams(const Call *call, const NgramStore *store, Result *result)
{
    result_field(result, "ngrams", _("n-grams %s"), UNIT_NONE, value_count(store_ngrams(store)));
    result_field(result, "levels", store->order > 1 ? _("by length %s") : NULL, UNIT_NONE,
                 by_level(call, store));
    result_field(result, "order", NULL, UNIT_NONE, value_count((uint64_t)store->order));
}

static void report_network(const Model *model, Result *result)
{
    const Learning *learning = neural_learning(model);
    result_field(result, "parameters", _("weights %s"), UNIT_NONE, value_count(model_parameters(model)));
    result_field(result, "steps", NULL, UNIT_NONE, learning ? value_count(learning->step) : value_null());
}

void model_file_report(const Call *call, const char *name, const Model *model, const char *label,
                       size_t bytes, Result *result)
{
    const NgramStore *store = ngram_store(model);
    result->title = arena_format(call->arena, "%s: %s", name, model_describe(model, call->arena));
    result_field(result, "model", NULL, UNIT_NONE, value_text(name));
    result_field(result, "kind", NULL, UNIT_NONE, value_text(model->kind->name));
    result_field(result, "path", label, UNIT_NONE, value_text(call->words[0].text));
    result_field(result, "bytes", _("%s bytes"), UNIT_NONE, value_count(bytes));
    if (store)
        report_ngrams(call, store, result);
    else
        report_network(model, result);
    result_field(result, "outcomes", NULL, UNIT_NONE, value_count(model_outcomes(model)));
    result_seconds(result, (job_clock() - call->started) / 1e3);
}
