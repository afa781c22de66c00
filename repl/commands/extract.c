/* extract.c - the beginning of a sentence given, and what a model gives out of its training text for it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/memory.h"
#include "core/model/sampling.h"
#include "repl/commands/commands.h"
#include "repl/commands/excerpt.h"
#include "repl/commands/original.h"

enum { TOKENS_MAX = 1000, WORTH_SHOWING = 20 };

/* A continuation, and how often it came; in the arena of the call. */
typedef struct {
    const Sample *sample;
    size_t drawn, stands; /* times drawn; times the whole sentence stands in the text */
} Continuation;

typedef struct {
    Tokens prompt;
    size_t beginning; /* sentences of the text that begin so, each as often as it stands there */
    double mass;      /* p, given the prompt, of the continuations that stand in the text */
} Extraction;

/* --- the exact part --- */

static bool begins_with(const TokenId *own, size_t count, const Tokens *prompt)
{
    return count >= prompt->count && memcmp(own, prompt->ids, prompt->count * sizeof *own) == 0;
}

/* p of the rest of a sentence and of </s>, given its beginning. */
static double rest_probability(const Model *model, const TokenId *own, size_t count, size_t from)
{
    double sum = 0, *logp = must_alloc(count + 1, sizeof *logp);
    model_score_all(model, own, count, true, logp);
    for (size_t i = from; i <= count; i++) sum += logp[i];
    free(logp);
    return exp(sum);
}

static void add_sentence(const Call *call, const TokenId *map, const TokenId *ids, size_t count, size_t times)
{
    Extraction *x = call->work;
    TokenId *own = must_alloc(count + 1, sizeof *own);
    bool known = true;
    for (size_t i = 0; i < count; i++) known = (own[i] = map[ids[i]]) != TOKEN_NONE && known;
    if (known && begins_with(own, count, &x->prompt)) {
        x->beginning += times;
        x->mass += rest_probability(call->model, own, count, x->prompt.count);
    }
    free(own);
}

static void score_beginnings(const Call *call)
{
    SentenceSet *set = sentence_set_new(call->corpus);
    TokenId *map = vocab_map(corpus_vocab(call->corpus), call->model->vocab);
    for (size_t i = 0; i < sentence_set_size(set); i++) {
        size_t count;
        const TokenId *ids = sentence_set_ids(set, i, &count);
        add_sentence(call, map, ids, count, sentence_set_times(set, i));
    }
    free(map);
    sentence_set_free(set);
}

/* --- the draws --- */

static bool fail_of_stream(const Call *call, Error *error)
{
    error_set(error, _("%s is one stream: it has no sentences to be given out whole"),
              corpus_name(call->corpus));
    return error_hint(error, _("novelty tells how long the pieces are that are copied from it"));
}

static bool run(Session *session, Call *call, Result *result, Error *error)
{
    Extraction *x = call->work = arena_alloc(call->arena, 1, sizeof *x);
    (void)result;
    if (!call_tokens(call, TOKENS_CONTEXT, call->words, call->word_count, &x->prompt, error)) return false;
    if (!original_begin(session, call, NULL, error) ||
        !original_ends(call, call->model, call->model_name, error))
        return false;
    if (!corpus_lines(call->corpus)) return fail_of_stream(call, error);
    score_beginnings(call);
    call->seed = call_given(call, OPT_SEED) ? (uint64_t)call_number(call, OPT_SEED)
                 : call->first              ? call->first->seed
                                            : session_next_seed(session);
    SamplingOptions options = {.decoding = decoding_plain(),
                               .seed = call->seed,
                               .draws = call_number(call, OPT_COLD_T) == 0 ? 1 : call_size(call, OPT_SAMPLES),
                               .max = TOKENS_MAX,
                               .prompt = x->prompt.ids,
                               .prompt_count = x->prompt.count,
                               .keep = SIZE_MAX};
    options.decoding.temperature = call_number(call, OPT_COLD_T);
    call->job = sampling_new(call->model, &options);
    return true;
}

static bool is_same(const Sample *a, const Sample *b)
{
    return a->count == b->count && a->stop == b->stop &&
           memcmp(a->ids, b->ids, a->count * sizeof *a->ids) == 0;
}

static size_t gather(const Call *call, Continuation *found)
{
    size_t count = 0;
    for (size_t i = 0; i < sampling_kept(call->done); i++) {
        const Sample *sample = sampling_sample(call->done, i);
        size_t at = 0;
        while (at < count && !is_same(found[at].sample, sample)) at++;
        if (at == count) found[count++] = (Continuation){.sample = sample};
        found[at].drawn++;
    }
    return count;
}

static void find_in_text(const Call *call, Continuation *found, size_t count)
{
    const Extraction *x = call->work;
    SentenceSet *set = sentence_set_new(call->corpus);
    TokenId *map = vocab_map(call->model->vocab, corpus_vocab(call->corpus));
    for (size_t i = 0; i < count; i++) {
        const Sample *sample = found[i].sample;
        size_t all = x->prompt.count + sample->count;
        TokenId *ids = must_alloc(all + 1, sizeof *ids);
        for (size_t k = 0; k < all; k++)
            ids[k] = map[k < x->prompt.count ? x->prompt.ids[k] : sample->ids[k - x->prompt.count]];
        if (sample->stop == STOP_EOS) found[i].stands = sentence_set_find(set, ids, all);
        free(ids);
    }
    free(map);
    sentence_set_free(set);
}

/* --- the answer --- */

static int most_drawn_first(const void *left, const void *right)
{
    const Continuation *a = left, *b = right;
    if (a->drawn != b->drawn) return a->drawn > b->drawn ? -1 : 1;
    return (a->sample->logp < b->sample->logp) - (a->sample->logp > b->sample->logp);
}

static const char *words_of(const Call *call, const TokenId *ids, size_t count)
{
    char *text = tokenizer_join(call->model->tokenizer, call->model->vocab, ids, count);
    const char *copy = arena_copy(call->arena, text, strlen(text));
    free(text);
    return copy;
}

static void add_rows(const Call *call, const Continuation *found, size_t count, Result *result)
{
    result_table(result, "rows");
    int text = result_column(result, "continuation", "continuation", UNIT_NONE, false),
        p = result_column(result, "p", "p", UNIT_PROBABILITY, true),
        drawn = result_column(result, "drawn", "drawn", UNIT_NONE, false),
        stands = result_column(result, "times", "in the text", UNIT_NONE, false),
        verbatim = result_column(result, "verbatim", "verbatim", UNIT_NONE, false);
    for (size_t i = 0; i < count; i++) {
        Value *cells = result_row(result);
        const char *words = words_of(call, found[i].sample->ids, found[i].sample->count);
        cells[text] = value_text(found[i].sample->count ? words : TEXT_END);
        cells[p] = value_number(exp(found[i].sample->logp));
        cells[drawn] = value_count(found[i].drawn);
        cells[stands] = value_count(found[i].stands);
        cells[verbatim] = value_bool(found[i].stands > 0);
    }
    result->shown_rows = count > WORTH_SHOWING ? WORTH_SHOWING : 0;
    if (result->shown_rows) result_note(result, _("The first %zu of %zu."), result->shown_rows, count);
}

static void add_figures(const Call *call, const Continuation *found, size_t count, Result *result)
{
    const Extraction *x = call->work;
    size_t draws = 0, verbatim = 0;
    for (size_t i = 0; i < count; i++) {
        draws += found[i].drawn;
        verbatim += found[i].stands ? found[i].drawn : 0;
    }
    result_field(result, "model", call->setting ? NULL : "%s", UNIT_NONE, value_text(call->model_name));
    result_field(result, "corpus", "out of %s", UNIT_NONE, value_text(corpus_name(call->corpus)));
    result_field(result, "prompt", x->prompt.count ? "prompt %s" : NULL, UNIT_NONE,
                 value_text(words_of(call, x->prompt.ids, x->prompt.count)));
    result_field(result, "T", "T=%s", UNIT_RATIO, value_number(call_number(call, OPT_COLD_T)));
    result_field(result, "sentences", "sentences there that begin so %s", UNIT_NONE,
                 value_count(x->beginning));
    result_field(result, "verbatim", "P(one of them) = %s", UNIT_PROBABILITY, value_number(x->mass));
    result_field(result, "n", "drawn %s", UNIT_NONE, value_count(draws));
    result_field(result, "verbatim_draws", "verbatim %s", UNIT_NONE, value_count(verbatim));
    result_field(result, "seed", NULL, UNIT_NONE, value_count(call->seed));
    result->answer = "verbatim";
}

static bool finish(Session *session, Call *call, Result *result, bool interrupted, Error *error)
{
    (void)session;
    size_t kept = sampling_kept(call->done);
    if (kept == 0) return error_set(error, _("stopped before the first text was drawn"));
    Continuation *found = arena_alloc(call->arena, kept, sizeof *found);
    size_t count = gather(call, found);
    find_in_text(call, found, count);
    qsort(found, count, sizeof *found, most_drawn_first);
    add_figures(call, found, count, result);
    add_rows(call, found, count, result);
    if (interrupted) result_note(result, _("Stopped after %zu draws."), kept);
    return true;
}

static const Fact *explain(const Call *call, const Result *result, const Call *why, Error *error)
{
    const Extraction *x = call->work;
    (void)result;
    (void)error;
    Fact *fact = fact_new(why->arena, FACT_PROBABILITY, "P(a sentence of the text | its beginning)",
                          "the sum over the different sentences that begin so", x->mass);
    fact_because(fact, fact_new(why->arena, FACT_COUNT, "sentences of the text that begin so", NULL,
                                (double)x->beginning));
    return fact_because(fact, fact_note(why->arena, "verbatim: the prompt with its continuation is a whole "
                                                    "sentence of the text the model learnt from"));
}

const Command extract_command = {
    .name = "extract",
    .family = N_("experiments"),
    .usage = "[W...]",
    .summary = N_("Give the beginning of a sentence, and see whether the training text comes out"),
    .example = "train ngram n=4; extract the cheese",
    .options = OPTIONS(OPT_COLD_T, OPT_SAMPLES, OPT_SEED),
    .words = WORDS_TOKENS,
    .most = SIZE_MAX,
    .models = true,
    .run = run,
    .finish = finish,
    .explain = explain,
};
