#include "core/ngram/why.h"

#include <string.h>

/* The others, whose peers are KenLM and SRILM, have one <s>. */
static bool pads(const Why *why)
{
    SmoothingKind kind = why->smoothing->kind;
    return kind == SMOOTH_MLE || kind == SMOOTH_ADD || kind == SMOOTH_INTERP || kind == SMOOTH_WB ||
           kind == SMOOTH_BACKOFF;
}

int why_top(const Why *why)
{
    return pads(why) ? why->question->store->order : why->question->context->length + 1;
}

const double *why_discounts(const Why *why, int level) { return why->question->estimate->discounts[level].d; }

double why_backoff(const Why *why, int level)
{
    NodeId history = why->question->context->nodes[level - 1];
    return history == NODE_NONE ? 1 : why->question->estimate->backoff[level - 1][history];
}

double why_step(const Why *why, int level)
{
    const Followers *f = &why->after[level];
    double lower = why->p[level - 1];
    if (why->smoothing->kind == SMOOTH_BACKOFF)
        return f->count > 0 ? f->count / f->total : BACKOFF_FACTOR * lower;
    return f->total > 0 ? (f->count + f->types[0] * lower) / (f->total + f->types[0]) : lower;
}

/* What is stored after one <s> was seen after <s> <s> too. */
static void repeat_begin(Why *why)
{
    for (int level = why->question->context->length + 2; level <= why_top(why); level++) {
        why->found[level - 1] = why->found[level - 2];
        why->after[level] = why->after[level - 1];
    }
}

/* What is stored after one <s> holds the steps of all of them: those below the last are taken here. */
static double padded_p(const Why *why, int level)
{
    const Estimate *estimate = why->question->estimate;
    NodeId node = why->found[level - 1];
    if (pads(why) && level > why->question->context->length) return why_step(why, level);
    if (node != NODE_NONE) return estimate->p[level][node];
    return level > 1 ? estimate_backoff(estimate, why->question->context, level - 1) * why->p[level - 1] : 0;
}

void why_ask(Why *why)
{
    const NgramQuestion *q = why->question;
    NodeId found[NGRAM_ORDER_MAX];
    store_find(q->store, q->context, q->word, found);
    memcpy(why->found, found, sizeof found);
    if (why->smoothing->kind != SMOOTH_GIVEN)
        followers_sum(q->store, q->estimate, q->context, found, why->after);
    repeat_begin(why);
    why->p[0] = 1 / (double)q->outcomes;
    for (int level = 1; level < q->store->order; level++) why->p[level] = padded_p(why, level);
    why->p[q->store->order] = estimate_probability(q->estimate, q->context, found);
}

/* "ate the ": the last order - 1 words, each followed by a space. */
const char *why_history(const Why *why, int order)
{
    const char *text = "";
    int top = why->question->store->order;
    for (int i = top - order; i < top - 1; i++)
        text = arena_format(why->arena, "%s%s ", text, why->question->history[i]);
    return text;
}

const char *why_history_name(const Why *why, int order) /* "ate the" */
{
    const char *text = why_history(why, order);
    size_t length = strlen(text);
    return arena_format(why->arena, "%.*s", (int)(length ? length - 1 : 0), text);
}

/* "NAME(ate the)"; NAME alone for the unigrams, which have no history. */
const char *why_weight_name(const Why *why, const char *name, int level)
{
    return level > 1 ? arena_format(why->arena, "%s(%s)", name, why_history_name(why, level)) : name;
}

Fact *why_probability(const Why *why, int order, const char *formula, double value)
{
    const char *letter = why->smoothing->kind == SMOOTH_BACKOFF ? "S" : "p", *word = why->question->spelling;
    const char *name =
        order > 1 ? arena_format(why->arena, "%s(%s | %s)", letter, word, why_history_name(why, order))
                  : arena_format(why->arena, "%s(%s)", letter, word);
    return fact_new(why->arena, FACT_PROBABILITY, name, formula, value);
}

Fact *why_number(const Why *why, const char *name, const char *formula, double value)
{
    return fact_new(why->arena, FACT_NUMBER, name, formula, value);
}

Fact *why_count(const Why *why, const char *name, const char *formula, double value)
{
    return fact_new(why->arena, FACT_COUNT, name, formula, value);
}

const char *why_count_name(const Why *why, int order)
{
    return arena_format(why->arena, "count(%s%s)", why_history(why, order), why->question->spelling);
}

const char *why_total_name(const Why *why, int order)
{
    return arena_format(why->arena, "count(%s...)", why_history(why, order));
}
