#include "repl/commands/copies.h"

#include <math.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/memory.h"
#include "core/model/decoding.h"
#include "core/model/sequence.h"
#include "core/ngram/store.h"

typedef struct {
    Edited base;
    Copies copies;
} Work;

static const Copies *copies_of(const Call *call) { return &((const Work *)call->work)->copies; }

/* --- the words --- */

bool copies_read(const Call *call, Copies *copies, Error *error)
{
    const char *text = "";
    if (!edited_number(call, _("how many copies"), &copies->copies, error)) return false;
    for (size_t i = 1; i < call->word_count; i++)
        text = arena_format(call->arena, "%s%s%s", text, i > 1 ? " " : "", call->words[i].text);
    copies->sentence = text;
    if (text[strspn(text, " \t\r\n")]) return true;
    error_set(error, _("%s needs a sentence with words in it"), call->command->name);
    error_hint(error, _("for example: %s"), call->command->example);
    return error_place(error, call->words[1].start, call->words[1].length);
}

/* --- the corpus --- */

static bool check_room(const Call *call, const Corpus *one, const Copies *copies, Error *error)
{
    size_t count;
    corpus_sentence(one, corpus_sentences(one) - 1, &count);
    if (corpus_tokens(one) + count * (copies->copies - 1) <= EDITED_TOKENS_MAX) return true;
    error_set(error, _("that would be more than %d tokens"), EDITED_TOKENS_MAX);
    error_hint(error, _("fewer copies will do: what counts is their share of the corpus"));
    return error_place(error, call->words[0].start, call->words[0].length);
}

/* NULL when the sentence cannot stand in a corpus. */
static Corpus *with_copies(Session *session, const Call *call, const Copies *copies, Error *error)
{
    Corpus *changed = corpus_clone(workspace_corpus(session_workspace(session)));
    const char *sentence = copies->sentence;
    bool ok = corpus_add(changed, sentence, strlen(sentence), error);
    if (!ok)
        error_place(error, call->words[1].start, call->words[1].length);
    else
        ok = check_room(call, changed, copies, error);
    for (size_t i = 1; ok && i < copies->copies; i++)
        ok = corpus_add(changed, sentence, strlen(sentence), error);
    if (ok) return changed;
    corpus_free(changed);
    return NULL;
}

/* --- every token, before and after --- */

/* A model part of the way through the sentence. */
typedef struct {
    const Model *model;
    State *state;
    double *p; /* [outcomes] */
    TokenId *ids;
    size_t count;
} Walk;

static Walk begin_walk(const Call *call, const Model *model)
{
    Walk walk = {.model = model};
    const Corpus *corpus = call->corpus;
    const TokenId *ids = corpus_sentence(corpus, corpus_sentences(corpus) - 1, &walk.count);
    if (!model) return walk;
    walk.state = state_begin(model);
    walk.p = arena_alloc(call->arena, model_outcomes(model), sizeof *walk.p);
    walk.ids = arena_alloc(call->arena, walk.count + 1, sizeof *walk.ids);
    for (size_t i = 0; i < walk.count; i++) {
        const char *text = vocab_text(corpus_vocab(corpus), ids[i]);
        walk.ids[i] = vocab_find(model->vocab, text, strlen(text));
    }
    walk.ids[walk.count] = vocab_end(model->vocab);
    return walk;
}

typedef struct {
    double p;
    bool greedy; /* what T=0 says */
    size_t ties; /* how many are as probable as the most probable one */
} Look;

static Look look(const Walk *walk, size_t at)
{
    size_t best = 0, outcomes = model_outcomes(walk->model);
    Look seen = {.p = state_probability(walk->state, walk->ids[at])};
    if (!state_defined(walk->state)) return seen;
    state_predict(walk->state, walk->p);
    seen.ties = decoding_ties(walk->p, outcomes);
    for (size_t i = 1; i < outcomes; i++)
        if (walk->p[i] > walk->p[best] * (1 + DECODING_TIE)) best = i;
    seen.greedy = (TokenId)best == walk->ids[at];
    return seen;
}

typedef struct {
    int token, given, p_before, p, change, count, total, greedy_before, greedy, ties, shown;
} Columns;

static Columns add_columns(const Call *call, Result *result)
{
    bool now = call->made;
    Columns c;
    result_table(result, "rows");
    c.given = result_column(result, "given", _("after"), UNIT_NONE, false);
    c.token = result_column(result, "token", _("token"), UNIT_TOKEN, false);
    c.p_before = result_column(result, "p_before", now ? _("p before") : "p", UNIT_PROBABILITY, false);
    c.p = result_column(result, "p", now ? _("p now") : NULL, UNIT_PROBABILITY, false);
    c.change = result_column(result, NULL, now ? _("counts now") : NULL, UNIT_NONE, false);
    c.count = result_column(result, "count", NULL, UNIT_NONE, false);
    c.total = result_column(result, "total", NULL, UNIT_NONE, false);
    c.greedy_before = result_column(result, "greedy_before", NULL, UNIT_NONE, false);
    c.greedy = result_column(result, "greedy", NULL, UNIT_NONE, false);
    c.ties = result_column(result, "ties", NULL, UNIT_NONE, false);
    c.shown = result_column(result, NULL, _("T=0 says it"), UNIT_NONE, false);
    return c;
}

static const char *given_text(const Call *call, const Walk *walk, size_t at)
{
    enum { SHOWN = 4 };
    TokenId *given = arena_alloc(call->arena, at + NGRAM_ORDER_MAX + 1, sizeof *given);
    size_t count = walk->model->context == CONTEXT_WHOLE || walk->model->context > NGRAM_ORDER_MAX
                       ? 0
                       : sequence_given(walk->model, walk->ids, at, given);
    if (count > 0 || walk->model->context == 0)
        return sequence_text(walk->model->vocab, given, count, call->arena);
    size_t from = at > SHOWN ? at - SHOWN : 0;
    return at ? sequence_text(walk->model->vocab, walk->ids + from, at - from, call->arena) : TEXT_BEGIN;
}

static const char *greedy_text(const Look *before, const Look *now)
{
    if (now->greedy && now->ties > 1) return before->greedy ? _("yes, a tie") : _("now, a tie");
    if (now->greedy) return before->greedy ? _("yes") : _("now");
    return before->greedy ? _("no longer") : _("no");
}

static void add_now(const Walk *now, size_t at, const Look *before, const Columns *c, Value *cells)
{
    Counts counts;
    Look seen = look(now, at);
    cells[c->p] = value_number(seen.p);
    cells[c->greedy] = value_bool(seen.greedy);
    cells[c->ties] = value_count(seen.ties);
    cells[c->shown] = value_text(greedy_text(before, &seen));
    if (!state_counts(now->state, now->ids[at], &counts)) return;
    cells[c->count] = value_count(counts.count);
    cells[c->total] = value_count(counts.total);
}

static void add_row(const Call *call, const Walk *before, const Walk *now, size_t at, const Columns *c,
                    Result *result)
{
    const Walk *known = now->model ? now : before;
    Value *cells = result_row(result);
    Look was = look(before, at);
    const Corpus *corpus = call->corpus;
    size_t count;
    const TokenId *ids = corpus_sentence(corpus, corpus_sentences(corpus) - 1, &count);
    cells[c->given] = value_text(given_text(call, known, at));
    cells[c->token] = value_text(at < count ? vocab_text(corpus_vocab(corpus), ids[at]) : TEXT_END);
    cells[c->p_before] = value_number(was.p);
    cells[c->greedy_before] = value_bool(was.greedy);
    cells[c->shown] = value_text(was.greedy ? _("yes") : _("no"));
    cells[c->change] = value_text("");
    if (!now->model) return;
    add_now(now, at, &was, c, cells);
    if (cells[c->total].type == VALUE_COUNT)
        cells[c->change] = value_text(
            arena_format(call->arena, "%.0f/%.0f", cells[c->count].number, cells[c->total].number));
}

static void add_rows(const Call *call, Result *result)
{
    Walk before = begin_walk(call, call->model), now = begin_walk(call, call->made);
    Columns columns = add_columns(call, result);
    size_t factors = before.count + model_ends(call->model);
    for (size_t i = 0; i < factors; i++) {
        add_row(call, &before, &now, i, &columns, result);
        state_feed(before.state, i < before.count ? before.ids[i] : TOKEN_NONE);
        if (now.model) state_feed(now.state, i < now.count ? now.ids[i] : TOKEN_NONE);
    }
    state_free(before.state);
    state_free(now.state);
}

/* --- the whole sentence --- */

static double whole(const Call *call, const Model *model)
{
    Walk walk = begin_walk(call, model);
    state_free(walk.state);
    return sequence_score(model, walk.ids, walk.count, true, call->arena).p;
}

static void add_fields(const Call *call, Result *result)
{
    const Copies *copies = copies_of(call);
    size_t alike = corpus_count(call->corpus, copies->sentence), all = corpus_sentences(call->corpus);
    bool learned = ((const Edited *)call->work)->learned;
    edited_fields(call, result);
    result_field(result, "sentence", NULL, UNIT_NONE, value_text(copies->sentence));
    result_field(result, "copies", NULL, UNIT_NONE, value_count(copies->copies));
    result_field(result, "alike", NULL, UNIT_NONE, value_count(alike));
    result_field(result, "share",
                 arena_format(call->arena, _("copies in it: %zu of %zu sentences, %%s"), alike, all),
                 UNIT_PROBABILITY, value_number((double)alike / (double)all));
    if (!learned) return;
    result_field(result, "p_before", _("p(sentence) %s"), UNIT_PROBABILITY,
                 value_number(whole(call, call->model)));
    result_field(result, "p", call->made ? _("now %s") : NULL, UNIT_PROBABILITY,
                 call->made ? value_number(whole(call, call->made)) : value_null());
    add_rows(call, result);
}

static bool keep(Session *session, Call *call, Result *result)
{
    add_fields(call, result);
    edited_keep(session, call);
    return true;
}

bool copies_run(Session *session, Call *call, const Copies *copies, Result *result, Error *error)
{
    Corpus *changed = edited_by_first(call);
    if (!changed) changed = with_copies(session, call, copies, error);
    if (!changed) return false;
    Work *work = call->work = arena_alloc(call->arena, 1, sizeof *work);
    work->copies = *copies;
    edited_begin(session, call, changed);
    return call->job || keep(session, call, result);
}

bool copies_finish(Session *session, Call *call, Result *result, bool interrupted, Error *error)
{
    if (interrupted) return error_set(error, _("stopped while counting; nothing has changed"));
    edited_go_on(call);
    return call->job || keep(session, call, result);
}

/* --- why --- */

static Fact *explain_with(const Call *call, const Model *model, const char *name, Arena *arena)
{
    Walk walk = begin_walk(call, model);
    state_free(walk.state);
    Fact *fact = sequence_explain(model, walk.ids, walk.count, true, arena);
    fact->name = name;
    return fact;
}

const Fact *copies_explain(const Call *call, const Result *result, const Call *why, Error *error)
{
    (void)result;
    if (!((const Edited *)call->work)->learned) {
        error_set(error, _("%s did not learn from %s: nothing changed in it"), call->model_name,
                  corpus_name(call->corpus));
        return error_hint(error, _("train ngram n=3 first, then once more")), NULL;
    }
    Fact *fact = fact_note(why->arena, _("p(the sentence) before the copies, and with them:"));
    fact_because(fact, explain_with(call, call->model, _("p before"), why->arena));
    if (call->made) fact_because(fact, explain_with(call, call->made, _("p now"), why->arena));
    return fact;
}
