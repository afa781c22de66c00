/* counts.c - what an n-gram model has counted: after a context, or as a whole table. */
#include "core/base/i18n.h"
#include "core/model/sequence.h"
#include "core/ngram/ngram.h"
#include "repl/commands/commands.h"

enum { MATRIX_MAX = 16, ROWS_MAX = 10000 };

static Value cell(const Call *call, const NgramStore *store, NodeId context, NodeId child)
{
    uint64_t times = store_times(store, child), total = store_total(store, context);
    if (!call_is(call, OPT_SHOW_COUNTS, "p")) return value_count(times);
    return total ? value_number((double)times / (double)total) : value_null();
}

static Unit cell_unit(const Call *call)
{
    return call_is(call, OPT_SHOW_COUNTS, "p") ? UNIT_PROBABILITY : UNIT_NONE;
}

/* --- after a context --- */

static NodeId find_context(const NgramStore *store, const Tokens *given)
{
    NodeId node = NODE_ROOT;
    for (size_t i = 0; i < given->count; i++) node = store_child(store, node, given->ids[i]);
    return node;
}

static bool show_context(const Call *call, const NgramStore *store, const Tokens *given, Result *result)
{
    size_t count;
    NodeId context = find_context(store, given);
    const NodeId *children = store_children(store, context, &count);
    const char *text = sequence_text(call->model->vocab, given->ids, given->count, call->arena);
    result->title = arena_format(call->arena, _("after \"%s\"   %s"), text, call->model_name);
    result_field(result, "total", _("%s in all"), UNIT_NONE, value_count(store_total(store, context)));
    result_table(result, "rows");
    int token = result_column(result, "token", _("token"), UNIT_TOKEN, false);
    int times = result_column(result, "count", _("count"), UNIT_NONE, false);
    int p = result_column(result, "p", _("share"), UNIT_PROBABILITY, true);
    for (size_t i = 0; i < count; i++) {
        Value *cells = result_row(result);
        cells[token] = value_text(vocab_text(call->model->vocab, store_word(store, children[i])));
        cells[times] = value_count(store_times(store, children[i]));
        cells[p] =
            value_number((double)store_times(store, children[i]) / (double)store_total(store, context));
    }
    result->sort = times;
    result_fold(result);
    if (count == 0) result_note(result, _("Nothing was ever seen after \"%s\"."), text);
    return true;
}

/* --- a small bigram as a matrix --- */

static void add_matrix_row(const Call *call, const NgramStore *store, TokenId given, Result *result)
{
    size_t outcomes = model_outcomes(call->model);
    NodeId context = store_child(store, NODE_ROOT, given);
    if (store_total(store, context) == 0) return;
    Value *cells = result_row(result);
    cells[0] = value_text(given == WORD_BEGIN ? TEXT_BEGIN : vocab_text(call->model->vocab, given));
    for (size_t next = 0; next < outcomes; next++)
        cells[next + 1] = cell(call, store, context, store_child(store, context, (TokenId)next));
    cells[outcomes + 1] = value_count(store_total(store, context));
}

static bool show_matrix(const Call *call, const NgramStore *store, Result *result)
{
    size_t outcomes = model_outcomes(call->model);
    result->title = arena_format(call->arena, _("%s: rows are the word before, columns the word after"),
                                 call->model_name);
    result_table(result, "rows");
    result_column(result, "given", _("given"), UNIT_TOKEN, false);
    for (size_t next = 0; next < outcomes; next++) {
        const char *text = vocab_text(call->model->vocab, (TokenId)next);
        result_column(result, text, text, cell_unit(call), false);
    }
    result_column(result, "total", _("total"), UNIT_NONE, false);
    add_matrix_row(call, store, WORD_BEGIN, result);
    for (size_t given = 0; given < outcomes; given++) add_matrix_row(call, store, (TokenId)given, result);
    return true;
}

/* --- everything else: the n-grams of the highest order, one a row --- */

typedef struct {
    const Call *call;
    const NgramStore *store;
    Result *result;
    TokenId ids[NGRAM_ORDER_MAX];
} Walk;

static void add_ngram(Walk *walk, NodeId context, NodeId node)
{
    int order = store_order(walk->store);
    const char *given = "";
    for (int i = 0; i + 1 < order; i++) {
        const char *word =
            walk->ids[i] == WORD_BEGIN ? TEXT_BEGIN : vocab_text(walk->call->model->vocab, walk->ids[i]);
        given = arena_format(walk->call->arena, "%s%s%s", given, i ? " " : "", word);
    }
    Value *cells = result_row(walk->result);
    cells[0] = value_text(given);
    cells[1] = value_text(vocab_text(walk->call->model->vocab, walk->ids[order - 1]));
    cells[2] = value_count(store_times(walk->store, node));
    cells[3] = value_count(store_total(walk->store, context));
    cells[4] =
        value_number((double)store_times(walk->store, node) / (double)store_total(walk->store, context));
}

static void visit(Walk *walk, NodeId parent, int depth)
{
    size_t count;
    const NodeId *children = store_children(walk->store, parent, &count);
    for (size_t i = 0; i < count && walk->result->row_count < ROWS_MAX; i++) {
        walk->ids[depth] = store_word(walk->store, children[i]);
        if (depth + 1 < store_order(walk->store))
            visit(walk, children[i], depth + 1);
        else if (store_times(walk->store, children[i]) > 0)
            add_ngram(walk, parent, children[i]);
    }
}

static bool show_all(const Call *call, const NgramStore *store, Result *result)
{
    Walk walk = {.call = call, .store = store, .result = result};
    result->title =
        arena_format(call->arena, "%s: %s", call->model_name, model_describe(call->model, call->arena));
    result_table(result, "rows");
    result_column(result, "given", store_order(store) > 1 ? _("given") : NULL, UNIT_NONE, false);
    result_column(result, "token", _("token"), UNIT_TOKEN, false);
    result_column(result, "count", _("count"), UNIT_NONE, false);
    result_column(result, "total", _("total"), UNIT_NONE, false);
    result_column(result, "p", _("share"), UNIT_PROBABILITY, false);
    visit(&walk, NODE_ROOT, 0);
    result_fold(result);
    if (result->row_count == ROWS_MAX)
        result_note(result, _("The first %d n-grams; counts W... shows those after a context."), ROWS_MAX);
    return true;
}

static bool run(Session *session, Call *call, Result *result, Error *error)
{
    Tokens given;
    (void)session;
    const NgramStore *store = ngram_store(call->model);
    if (!store) {
        error_set(error, _("%s was written down, not counted"), call->model_name);
        return error_hint(error, _("next shows its rows; counts works on n-grams: counts the @bigram"));
    }
    if (!call_tokens(call, TOKENS_CONTEXT, call->words, call->word_count, &given, error)) return false;
    size_t longest = (size_t)store_order(store) - 1,
           skipped = given.count > longest ? given.count - longest : 0;
    result_field(result, "model", NULL, UNIT_NONE, value_text(call->model_name));
    if (skipped > 0)
        result_note(result, _("%s looks back %zu; what stands before was left out."), call->model_name,
                    longest);
    Tokens remembered = {.ids = given.ids + skipped, .count = given.count - skipped};
    if (remembered.count > 0) return show_context(call, store, &remembered, result);
    bool matrix = store_order(store) == 2 && model_outcomes(call->model) <= MATRIX_MAX;
    return matrix ? show_matrix(call, store, result) : show_all(call, store, result);
}

const Command counts_command = {
    .name = "counts",
    .family = N_("look"),
    .usage = "[W...]",
    .summary = N_("Show what an n-gram model has counted, after a context or all of it"),
    .example = "counts @bigram",
    .words = WORDS_TOKENS,
    .most = SIZE_MAX,
    .options = OPTION(OPT_SHOW_COUNTS) | OPTION(OPT_OOV),
    .models = true,
    .run = run,
};
