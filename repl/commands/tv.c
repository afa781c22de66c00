/* tv.c - how far apart two models are, or a model and a text: total variation, and the best detector. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/model/sentences.h"
#include "repl/commands/commands.h"
#include "repl/commands/original.h"
#include "repl/commands/reading.h"

enum { READING, WALKING };

/* Two distributions over sentences; in the arena of the call. */
typedef struct {
    const char *names[2];
    double overlap, left; /* sum of the smaller p; at most this is missing from it */
    size_t sentences;     /* met */
} Pair;

static Pair *pair_of(const Call *call) { return call->work; }

/* --- against a text: each sentence as probable there as it is frequent --- */

static bool compare_text(Call *call, Error *error)
{
    Pair *pair = pair_of(call);
    if (!original_fits(call, error)) return false;
    SentenceSet *set = sentence_set_new(call->corpus);
    TokenId *map = vocab_map(corpus_vocab(call->corpus), call->model->vocab);
    pair->names[1] = corpus_name(call->corpus);
    pair->sentences = sentence_set_size(set);
    for (size_t i = 0; i < pair->sentences; i++) {
        size_t count;
        const TokenId *ids = sentence_set_ids(set, i, &count);
        double share = (double)sentence_set_times(set, i) / (double)corpus_sentences(call->corpus);
        pair->overlap += fmin(share, original_probability(call->model, map, ids, count));
    }
    free(map);
    sentence_set_free(set);
    return true;
}

/* --- the answer --- */

/* What was not met can only bring the two closer together. */
static bool tell(const Call *call, Result *result)
{
    const Pair *pair = pair_of(call);
    double high = fmax(0, 1 - pair->overlap), low = fmax(0, high - pair->left), distance = (low + high) / 2;
    if (!call->setting)
        result->title = arena_format(call->arena, "%s and %s", pair->names[0], pair->names[1]);
    result_field(result, "model", NULL, UNIT_NONE, value_text(pair->names[0]));
    result_field(result, "other", NULL, UNIT_NONE, value_text(pair->names[1]));
    result_field(result, "tv", "TV = %s", UNIT_PROBABILITY, value_number(distance));
    result_field(result, "tv_low", NULL, UNIT_PROBABILITY, value_number(low));
    result_field(result, "tv_high", NULL, UNIT_PROBABILITY, value_number(high));
    result_field(result, "detector", "best detector right with p = %s", UNIT_PROBABILITY,
                 value_number((1 + distance) / 2));
    result_field(result, "sentences", NULL, UNIT_NONE, value_count(pair->sentences));
    if (high - low > 1e-6)
        result_note(
            result,
            _("TV lies between %.6g and %.6g: %.3g of the mass is in sentences too rare to be met one "
              "by one."),
            low, high, pair->left);
    return true;
}

/* --- the work --- */

/* The model called so; NULL when there is none. Borrowed from the workspace. */
static const NamedModel *find_model(Session *session, const Word *word)
{
    Error ignored;
    return word->quoted ? NULL : workspace_model(session_workspace(session), word->text, &ignored);
}

static bool walk(Call *call, const NamedModel *other, Error *error)
{
    Pair *pair = pair_of(call);
    pair->names[1] = arena_copy(call->arena, other->name, strlen(other->name));
    if (!original_ends(call, call->model, call->model_name, error) ||
        !original_ends(call, other->model, other->name, error))
        return false;
    call->phase = WALKING;
    call->job = sentences_new(call->model, other->model, (SentenceQuestion){.listed = 0});
    return true;
}

/* tv A B: the first one takes the place of the current model. */
static bool take_first(Session *session, Call *call, Error *error)
{
    const Word *word = &call->words[0];
    const NamedModel *first = workspace_model(session_workspace(session), word->text, error);
    if (!first) return error_place(error, word->start, word->length);
    model_free(call->model);
    call->model = model_share(first->model);
    call->model_name = arena_copy(call->arena, first->name, strlen(first->name));
    return true;
}

static bool run(Session *session, Call *call, Result *result, Error *error)
{
    const Word *word = call->word_count ? &call->words[call->word_count - 1] : NULL;
    if (call->word_count == 2 && !take_first(session, call, error)) return false;
    Pair *pair = call->work = arena_alloc(call->arena, 1, sizeof *pair);
    pair->names[0] = call->model_name;
    const NamedModel *other = word ? find_model(session, word) : NULL;
    if (other) return walk(call, other, error);
    if (!original_ends(call, call->model, call->model_name, error)) return false;
    call->phase = READING;
    if (!original_begin(session, call, word, error)) return false;
    return call->job || (compare_text(call, error) && tell(call, result));
}

static bool finish(Session *session, Call *call, Result *result, bool interrupted, Error *error)
{
    Pair *pair = pair_of(call);
    (void)session;
    if (interrupted) return error_set(error, _("stopped: a part of the sentences says nothing"));
    if (call->phase == READING) {
        reading_finish(call);
        return compare_text(call, error) && tell(call, result);
    }
    SentenceSums sums = sentences_sums(call->done);
    pair->overlap = sums.mass;
    pair->left = sums.left;
    pair->sentences = sums.sentences;
    return tell(call, result);
}

static const Fact *explain(const Call *call, const Result *result, const Call *why, Error *error)
{
    const Pair *pair = pair_of(call);
    double distance = result_find(result, "tv")->number;
    (void)error;
    Fact *fact = fact_new(why->arena, FACT_PROBABILITY, _("the best detector is right"), "(1 + TV) / 2",
                          (1 + distance) / 2);
    Fact *variation = fact_new(why->arena, FACT_PROBABILITY, "TV", _("1 - the overlap"), distance);
    Fact *overlap = fact_new(why->arena, FACT_PROBABILITY, _("the overlap"),
                             _("the sum of the smaller p over all sentences"), 1 - distance);
    fact_because(overlap, fact_new(why->arena, FACT_COUNT, _("sentences it was summed over"), NULL,
                                   (double)pair->sentences));
    if (pair->left > 0)
        fact_because(overlap, fact_new(why->arena, FACT_PROBABILITY, _("at most this much in all others"),
                                       NULL, pair->left));
    fact_because(fact, fact_because(variation, overlap));
    return fact_because(
        fact, fact_note(why->arena, _("shown one sentence, from either with p = 1/2, it says: the one "
                                      "under which this sentence is more probable")));
}

const Command tv_command = {
    .name = "tv",
    .family = N_("experiments"),
    .usage = "[MODEL] [MODEL|CORPUS|FILE]",
    .summary = N_("Total variation of two models, or a model and a text: how well can they be told apart"),
    .example = "tv bigram trigram",
    .words = WORDS_MODEL,
    .most = 2,
    .models = true,
    .run = run,
    .finish = finish,
    .explain = explain,
};
