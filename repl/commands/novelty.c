/* novelty.c - how much of what a model writes it has copied from the text it learnt from. */
#include <stdlib.h>

#include "core/base/i18n.h"
#include "core/model/copying.h"
#include "core/model/selection.h"
#include "core/model/sentences.h"
#include "core/text/suffixes.h"
#include "repl/commands/commands.h"
#include "repl/commands/original.h"
#include "repl/commands/reading.h"

enum { READING, WALKING, COPYING };
enum { STREAM_SAMPLES = 20, STREAM_LENGTH = 1000, SENTENCE_LENGTH = 1000, WORTH_SHOWING = 10 };

/* What is known before a text is drawn; in the arena of the call. */
typedef struct {
    double verbatim;         /* mass of the training sentences */
    size_t different;        /* of those */
    size_t once;             /* stand there once */
    double *p;               /* (different): of each */
    const TokenId **ids;     /* (different): the corpus's */
    size_t *lengths, *times; /* (different) */
    SentenceSums sums;       /* over all sentences the model can write */
} Novelty;

static bool is_stream(const Call *call) { return !corpus_lines(call->corpus); }

static size_t draws_of(const Call *call)
{
    bool stream = is_stream(call) && !call_given(call, OPT_SAMPLES);
    return stream ? STREAM_SAMPLES : call_size(call, OPT_SAMPLES);
}

/* --- the exact part --- */

static void score_sentences(Call *call, Novelty *novelty)
{
    SentenceSet *set = sentence_set_new(call->corpus);
    TokenId *map = vocab_map(corpus_vocab(call->corpus), call->model->vocab);
    size_t count = novelty->different = sentence_set_size(set);
    novelty->once = sentence_set_once(set);
    novelty->p = arena_alloc(call->arena, count, sizeof *novelty->p);
    novelty->ids = arena_alloc(call->arena, count, sizeof *novelty->ids);
    novelty->lengths = arena_alloc(call->arena, count, sizeof *novelty->lengths);
    novelty->times = arena_alloc(call->arena, count, sizeof *novelty->times);
    for (size_t i = 0; i < count; i++) {
        novelty->ids[i] = sentence_set_ids(set, i, &novelty->lengths[i]);
        novelty->times[i] = sentence_set_times(set, i);
        novelty->p[i] = original_probability(call->model, map, novelty->ids[i], novelty->lengths[i]);
        novelty->verbatim += novelty->p[i];
    }
    free(map);
    sentence_set_free(set);
}

/* --- the jobs, one after the other --- */

static bool begin_copying(Call *call, Error *error)
{
    if (!suffixes_fit(call->corpus)) {
        error_set(error, _("%s is too long to look up pieces of text in (%d tokens at most)"),
                  corpus_name(call->corpus), SUFFIXES_MAX);
        return error_hint(error, _("give a part of it: novelty FILE"));
    }
    size_t length = is_stream(call) ? STREAM_LENGTH : SENTENCE_LENGTH;
    if (call_given(call, OPT_MAX)) length = call_size(call, OPT_MAX);
    SamplingOptions options = {
        .decoding = decoding_plain(),
        .seed = call->seed,
        .draws = draws_of(call),
        .max = length,
        .length = is_stream(call) ? length : 0,
    };
    call->phase = COPYING;
    call->job = copying_new(call->model, call->corpus, &options);
    return true;
}

static bool begin_measuring(Call *call, Error *error)
{
    Novelty *novelty = call->work;
    if (!original_fits(call, error)) return false;
    if (is_stream(call)) return begin_copying(call, error);
    if (!original_ends(call, call->model, call->model_name, error)) return false;
    score_sentences(call, novelty);
    SentenceQuestion question = {.listed = call_given(call, OPT_BLOCK) ? call_number(call, OPT_BLOCK) : 0,
                                 .drawn = (double)draws_of(call)};
    call->phase = WALKING;
    call->job = sentences_new(call->model, NULL, question);
    return true;
}

static bool run(Session *session, Call *call, Result *result, Error *error)
{
    (void)result;
    call->phase = READING;
    call->work = arena_alloc(call->arena, 1, sizeof(Novelty));
    if (!original_begin(session, call, call->word_count ? &call->words[0] : NULL, error)) return false;
    if (!call->job && !begin_measuring(call, error)) return false;
    call->seed = call_given(call, OPT_SEED) ? (uint64_t)call_number(call, OPT_SEED)
                 : call->first              ? call->first->seed
                                            : session_next_seed(session);
    return true;
}

/* --- the answer --- */

static void add_bounds(const char *key, const char *label, Unit unit, Bounds bounds, Result *result)
{
    Arena *arena = result->arena;
    bool sharp = bounds.high - bounds.low < 5e-4 * bounds.high;
    result_field(result, key, sharp ? label : NULL, unit, value_number((bounds.low + bounds.high) / 2));
    result_field(result, arena_format(arena, "%s_low", key), NULL, unit, value_number(bounds.low));
    result_field(result, arena_format(arena, "%s_high", key), NULL, unit, value_number(bounds.high));
}

static void add_sentences(const Call *call, Result *result)
{
    const Novelty *n = call->work;
    double all = (double)corpus_sentences(call->corpus);
    result_field(result, "different", "different sentences there %s", UNIT_NONE, value_count(n->different));
    result_field(result, "verbatim", "P(one of them) = %s", UNIT_PROBABILITY, value_number(n->verbatim));
    result_field(result, "novel", "P(a new one) = %s", UNIT_PROBABILITY, value_number(1 - n->verbatim));
    result_field(result, "once", NULL, UNIT_NONE, value_count(n->once));
    result_field(result, "missing_mass", "Good-Turing missing mass %s", UNIT_PROBABILITY,
                 value_number((double)n->once / all));
    add_bounds("different_draws",
               arena_format(call->arena, "different among %zu draws, on average %%s", draws_of(call)),
               UNIT_NONE, n->sums.different, result);
    if (!call_given(call, OPT_BLOCK)) return;
    result_field(result, "block", NULL, UNIT_NONE, value_count(call_size(call, OPT_BLOCK)));
    add_bounds("slips",
               arena_format(call->arena, "P(none of %zu listed draws) = %%s", call_size(call, OPT_BLOCK)),
               UNIT_PROBABILITY, n->sums.unlisted, result);
}

static void add_draws(const Call *call, Result *result)
{
    const Copying *c = copying_result(call->done);
    const Sample *longest = copying_sample(call->done, c->longest_draw);
    result_field(result, "n", NULL, UNIT_NONE, value_count(c->draws));
    result_field(result, "seed", NULL, UNIT_NONE, value_count(call->seed));
    result_field(result, "verbatim_draws",
                 is_stream(call) ? NULL : arena_format(call->arena, "%%s of %zu draws verbatim", c->draws),
                 UNIT_NONE, value_count(c->verbatim));
    result_field(result, "tokens", NULL, UNIT_NONE, value_count(c->tokens));
    result_field(result, "span_mean", "mean verbatim span %s", UNIT_NONE,
                 value_number(c->tokens ? c->spans / (double)c->tokens : 0));
    result_field(result, "span_longest", "longest %s", UNIT_NONE, value_count(c->longest));
    char *text =
        tokenizer_join(call->model->tokenizer, call->model->vocab, longest->ids + c->longest_at, c->longest);
    result_field(result, "span_text", NULL, UNIT_NONE, value_text(arena_format(call->arena, "%s", text)));
    free(text);
}

/* The training sentences the model is most likely to write. */
static void add_rows(const Call *call, Result *result)
{
    const Novelty *n = call->work;
    size_t *places, count = selection_largest(n->p, n->different, NULL, WORTH_SHOWING, &places);
    result_table(result, "rows");
    int text = result_column(result, "text", "sentence learnt from", UNIT_NONE, false),
        times = result_column(result, "times", "times", UNIT_NONE, false),
        p = result_column(result, "p", "p", UNIT_PROBABILITY, true);
    for (size_t i = 0; i < count; i++) {
        Value *cells = result_row(result);
        cells[text] = value_text(original_text(call, n->ids[places[i]], n->lengths[places[i]]));
        cells[times] = value_count(n->times[places[i]]);
        cells[p] = value_number(n->p[places[i]]);
    }
    free(places);
    if (n->different > count) result_note(result, _("The %zu most probable of %zu."), count, n->different);
}

static void add_notes(const Call *call, Result *result)
{
    const Novelty *n = call->work;
    const Bounds *b = &n->sums.unlisted;
    if (!is_stream(call) && call_given(call, OPT_BLOCK) && b->high - b->low >= 5e-4 * b->high)
        result_note(result,
                    _("The chance to slip past the list lies between %.6g and %.6g: %.3g of the mass is in "
                      "sentences too rare to be met one by one."),
                    b->low, b->high, n->sums.left);
    if (copying_result(call->done)->tokens == COPYING_TOKENS_MAX)
        result_note(result, _("Spans were looked up for the first %d tokens drawn."), COPYING_TOKENS_MAX);
}

static bool answer(const Call *call, bool interrupted, Result *result, Error *error)
{
    const Copying *copying = copying_result(call->done);
    if (!copying) return error_set(error, _("stopped before the first text was drawn"));
    if (interrupted) result_note(result, _("Stopped after %zu draws."), copying->draws);
    if (!call->setting)
        result->title =
            arena_format(call->arena, "%s against %s", call->model_name, corpus_name(call->corpus));
    result_field(result, "model", NULL, UNIT_NONE, value_text(call->model_name));
    result_field(result, "corpus", NULL, UNIT_NONE, value_text(corpus_name(call->corpus)));
    if (!is_stream(call)) add_sentences(call, result);
    add_draws(call, result);
    if (!is_stream(call)) add_rows(call, result);
    add_notes(call, result);
    return true;
}

static bool finish(Session *session, Call *call, Result *result, bool interrupted, Error *error)
{
    (void)session;
    if (call->phase == COPYING) return answer(call, interrupted, result, error);
    if (interrupted) return error_set(error, _("stopped before anything was measured"));
    if (call->phase == READING) {
        reading_finish(call);
        return begin_measuring(call, error);
    }
    ((Novelty *)call->work)->sums = sentences_sums(call->done);
    return begin_copying(call, error);
}

/* --- why: the sum over the sentences of the text --- */

static const Fact *explain(const Call *call, const Result *result, const Call *why, Error *error)
{
    const Novelty *n = call->work;
    (void)error;
    if (is_stream(call))
        return fact_note(why->arena,
                         _("each token of the draws begins a piece of text; its span is the longest such "
                           "piece that stands in the text the model learnt from"));
    Fact *fact = fact_new(why->arena, FACT_PROBABILITY, _("P(a sentence of the text)"),
                          _("the sum of p over its different sentences"), n->verbatim);
    for (size_t i = 0; i < result->row_count; i++)
        fact_because(fact, fact_new(why->arena, FACT_PROBABILITY,
                                    arena_format(why->arena, "p(%s)", result_cell(result, i, 0)->text), NULL,
                                    result_cell(result, i, 2)->number));
    if (n->different > result->row_count)
        fact_because(fact, fact_note(why->arena, arena_format(why->arena, _("and %zu more, less probable"),
                                                              n->different - result->row_count)));
    Fact *missing = fact_new(why->arena, FACT_PROBABILITY, _("Good-Turing missing mass"), "N1 / N",
                             (double)n->once / (double)corpus_sentences(call->corpus));
    fact_because(missing, fact_new(why->arena, FACT_COUNT, _("N1, sentences that stand there once"), NULL,
                                   (double)n->once));
    fact_because(missing, fact_new(why->arena, FACT_COUNT, _("N, sentences in all"), NULL,
                                   (double)corpus_sentences(call->corpus)));
    return fact_because(fact, missing);
}

const Command novelty_command = {
    .name = "novelty",
    .family = N_("experiments"),
    .usage = "[CORPUS|FILE]",
    .summary = N_("How much of what a model writes is copied from the text it learnt from"),
    .example = "novelty block=100 @bigram",
    .words = WORDS_CORPUS,
    .most = 1,
    .options = OPTIONS(OPT_SAMPLES, OPT_SEED, OPT_MAX, OPT_BLOCK),
    .models = true,
    .run = run,
    .finish = finish,
    .explain = explain,
};
