/* make.c - corpora made by dice: languages whose only difficulty is known, with a fresh held-out one each. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/text/synthetic.h"
#include "repl/commands/commands.h"
#include "repl/commands/reading.h"
#include "repl/session.h"

enum { RECALL_LINES = 500, COPYING_LINES = 300 };

typedef struct {
    const char *name;
    const OptionId *options; /* of its own */
    Corpus *(*draw)(const Call *call, const char *name, Random *random);
    void (*tell)(const Call *call, Result *result);
    Fact *(*explain)(const Call *call, Arena *arena);
} Language;

static size_t lines_wanted(const Call *call, size_t usual)
{
    return call_given(call, OPT_MADE_LINES) ? call_size(call, OPT_MADE_LINES) : usual;
}

/* --- recall --- */

static Corpus *draw_recall(const Call *call, const char *name, Random *random)
{
    return synthetic_recall(name, call_size(call, OPT_DISTANCE), lines_wanted(call, RECALL_LINES), random);
}

static void tell_recall(const Call *call, Result *result)
{
    size_t distance = call_size(call, OPT_DISTANCE);
    result_field(result, "d", _("d=%s"), UNIT_NONE, value_count(distance));
    result_table(result, "rows");
    int order = result_column(result, "order", "n", UNIT_NONE, false);
    int floor = result_column(result, "floor_bits", _("least bits of the last word"), UNIT_BITS, true);
    for (int n = 1; n <= (int)distance + 2; n++) {
        Value *cells = result_row(result);
        cells[order] = value_count((uint64_t)n);
        cells[floor] = value_number(synthetic_recall_floor(distance, n));
    }
    result_fold(result);
}

static Fact *explain_order(size_t distance, int order, Arena *arena)
{
    size_t places = distance + 2 - (size_t)order;
    Fact *fact =
        fact_new(arena, FACT_NUMBER, arena_format(arena, _("least bits of the last word, n=%d"), order),
                 order == 1 ? "log2(d + 3)" : "1 + log2(d + 2 - n)", synthetic_recall_floor(distance, order));
    if (order == 1)
        return fact_because(fact, fact_new(arena, FACT_COUNT,
                                           _("tokens a line with </s>; two are the key, which is p or q"),
                                           "d + 3", (double)distance + 3));
    return fact_because(fact, fact_new(arena, FACT_COUNT,
                                       _("places where n - 1 fillers fit; the key follows at one"),
                                       "d + 2 - n", (double)places));
}

static Fact *explain_recall(const Call *call, Arena *arena)
{
    size_t distance = call_size(call, OPT_DISTANCE);
    Fact *fact = fact_note(arena, _("an n-gram model sees n - 1 words and not where in the line they are:"));
    for (int n = 1; n < (int)distance + 2; n++) fact_because(fact, explain_order(distance, n, arena));
    return fact_because(
        fact, fact_note(arena, arena_format(arena, _("from n=%zu on the first key is in sight: 0 bits"),
                                            distance + 2)));
}

/* --- icl --- */

static CopyingShape shape_of(const Call *call)
{
    CopyingShape shape = {.pairs = call_size(call, OPT_PAIRS),
                          .keys = call_size(call, OPT_PAIRS),
                          .values = call_size(call, OPT_VALUES),
                          .queries = call_size(call, OPT_QUERIES),
                          .shuffled = call_is(call, OPT_SHUFFLE, "on")};
    if (call_given(call, OPT_KEYS)) shape.keys = call_size(call, OPT_KEYS);
    return shape;
}

static Corpus *draw_copying(const Call *call, const char *name, Random *random)
{
    CopyingShape shape = shape_of(call);
    return synthetic_copying(name, &shape, lines_wanted(call, COPYING_LINES), random);
}

static void tell_copying(const Call *call, Result *result)
{
    CopyingShape shape = shape_of(call);
    result_field(result, "pairs", _("pairs %s"), UNIT_NONE, value_count(shape.pairs));
    result_field(result, "keys", _("keys %s"), UNIT_NONE, value_count(shape.keys));
    result_field(result, "values", _("values %s"), UNIT_NONE, value_count(shape.values));
    result_field(result, "queries", _("queries %s"), UNIT_NONE, value_count(shape.queries));
    result_field(result, "shuffle", NULL, UNIT_NONE, value_bool(shape.shuffled));
    result_field(result, "chance_bits", _("chance %s bits"), UNIT_BITS,
                 value_number(log2((double)shape.values)));
}

static Fact *explain_copying(const Call *call, Arena *arena)
{
    CopyingShape shape = shape_of(call);
    Fact *fact = fact_new(arena, FACT_NUMBER, _("bits of a value for who does not look back"), "log2(values)",
                          log2((double)shape.values));
    fact_because(fact, fact_new(arena, FACT_COUNT, _("values"), NULL, (double)shape.values));
    fact_because(fact, fact_new(arena, FACT_NUMBER, _("ways to give the keys of a line their values"),
                                "values^pairs", pow((double)shape.values, (double)shape.pairs)));
    return fact_because(fact, fact_note(arena, _("each line draws its own, so that no count of other lines "
                                                 "tells them: only this line does")));
}

/* --- the command --- */

static const Language languages[] = {
    {.name = "recall",
     .options = OPTIONS(OPT_DISTANCE),
     .draw = draw_recall,
     .tell = tell_recall,
     .explain = explain_recall},
    {.name = "icl",
     .options = OPTIONS(OPT_PAIRS, OPT_KEYS, OPT_VALUES, OPT_QUERIES, OPT_SHUFFLE),
     .draw = draw_copying,
     .tell = tell_copying,
     .explain = explain_copying},
};

static const Language *find_language(const Word *word, Error *error)
{
    for (size_t i = 0; i < COUNT_OF(languages); i++)
        if (strcmp(languages[i].name, word->text) == 0) return &languages[i];
    error_set(error, _("make knows recall and icl, not '%s'"), word->text);
    error_hint(error, _("make recall d=3: a key to remember; make icl pairs=3: values to copy"));
    error_place(error, word->start, word->length);
    return NULL;
}

/* Options that say something to the other language only. */
static bool check_options(const Call *call, const Language *language, Error *error)
{
    for (size_t i = 0; i < COUNT_OF(languages); i++)
        for (const OptionId *id = languages[i].options; *id != OPTION_COUNT; id++) {
            if (&languages[i] == language || !call_given(call, *id)) continue;
            error_set(error, _("%s= says nothing to make %s"), option_table[*id].key, language->name);
            error_hint(error, _("it belongs to make %s"), languages[i].name);
            return error_place(error, call->values[*id].start, call->values[*id].length);
        }
    if (call_given(call, OPT_KEYS) && call_size(call, OPT_KEYS) < call_size(call, OPT_PAIRS)) {
        const OptionValue *keys = &call->values[OPT_KEYS];
        error_set(error, _("%zu different keys a line cannot come from keys=%zu"), call_size(call, OPT_PAIRS),
                  call_size(call, OPT_KEYS));
        error_hint(error, _("keys= is at least pairs="));
        return error_place(error, keys->start, keys->length);
    }
    return true;
}

static uint64_t choose_seed(Session *session, const Call *call)
{
    if (call_given(call, OPT_SEED)) return (uint64_t)call_number(call, OPT_SEED);
    return call->first ? call->first->seed : session_next_seed(session);
}

static const char *line_text(const Corpus *corpus, size_t index, Arena *arena)
{
    size_t count;
    const TokenId *ids = corpus_sentence(corpus, index, &count);
    char *text = tokenizer_join(corpus_tokenizer(corpus), corpus_vocab(corpus), ids, count);
    const char *copy = arena_copy(arena, text, strlen(text));
    free(text);
    return copy;
}

static void tell(const Call *call, const Language *language, const char *heldout, Result *result)
{
    const Corpus *corpus = call->corpus;
    result_field(result, "corpus", "%s", UNIT_NONE, value_text(language->name));
    result_field(result, "sentences", _("sentences %s"), UNIT_NONE, value_count(corpus_sentences(corpus)));
    result_field(result, "tokens", _("tokens %s"), UNIT_NONE, value_count(corpus_tokens(corpus)));
    result_field(result, "types", _("different %s"), UNIT_NONE,
                 value_count(vocab_size(corpus_vocab(corpus))));
    result_field(result, "heldout", _("held out %s"), UNIT_NONE, value_text(heldout));
    result_field(result, "seed", _("seed=%s"), UNIT_NONE, value_count(call->seed));
    result_field(result, "example", _("for example \"%s\""), UNIT_NONE,
                 value_text(line_text(corpus, 0, call->arena)));
    language->tell(call, result);
}

static bool run(Session *session, Call *call, Result *result, Error *error)
{
    Workspace *workspace = session_workspace(session);
    const Language *language = find_language(&call->words[0], error);
    if (!language || !check_options(call, language, error)) return false;
    call->seed = choose_seed(session, call);
    Random random = random_seeded(call->seed);
    const char *heldout = arena_format(call->arena, "%s" HELDOUT_SUFFIX, language->name);
    call->corpus = language->draw(call, language->name, &random);
    workspace_put_corpus(workspace, language->draw(call, heldout, &random));
    workspace_put_corpus(workspace, corpus_share(call->corpus));
    tell(call, language, heldout, result);
    return true;
}

static const Fact *explain(const Call *call, const Result *result, const Call *why, Error *error)
{
    (void)result;
    const Language *language = find_language(&call->words[0], error);
    return language ? language->explain(call, why->arena) : NULL;
}

const Command make_command = {
    .name = "make",
    .family = N_("experiments"),
    .usage = "recall|icl",
    .summary = N_("Make a corpus of a language whose difficulty is known, and a fresh one beside it"),
    .example = "make recall d=3 N=500",
    .subwords = "recall|icl",
    .words = WORDS_OTHER,
    .least = 1,
    .most = 1,
    .options = OPTIONS(OPT_DISTANCE, OPT_MADE_LINES, OPT_PAIRS, OPT_KEYS, OPT_VALUES, OPT_QUERIES,
                       OPT_SHUFFLE, OPT_SEED),
    .run = run,
    .explain = explain,
};
