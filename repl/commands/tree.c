/* tree.c - the futures of a text: the likeliest continuations, branch by branch. */
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/memory.h"
#include "core/model/sequence.h"
#include "repl/commands/commands.h"
#include "repl/commands/decode.h"

enum { ROWS_MAX = 5000 };

typedef struct {
    const Call *call;
    Result *result;
    Decoding decoding;
    size_t outcomes, depth, top;
    double **distributions; /* (depth + 1, V): at each level of the branch under way */
    size_t **branches;      /* (depth + 1, top) */
    int drawn, level, token, p, path;
} Growing;

/* Indices of the `top` largest p > 0, most probable first; returns how many. */
static size_t choose_branches(const double *p, size_t count, size_t top, size_t *branches)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (p[i] <= 0) continue;
        size_t at = kept < top ? kept++ : top;
        if (at == top && p[branches[top - 1]] >= p[i]) continue;
        if (at == top) at--;
        for (; at > 0 && p[branches[at - 1]] < p[i]; at--) branches[at] = branches[at - 1];
        branches[at] = i;
    }
    return kept;
}

/* One row: a token that may come next. */
typedef struct {
    const char *indent;
    bool last; /* of its siblings */
    TokenId token;
    size_t level;
    double p, path;
} Branch;

static void add_row(Growing *g, const Branch *b)
{
    const char *text = vocab_text(g->call->model->vocab, b->token), *fork = b->last ? "`- " : "|- ";
    Value *cells = result_row(g->result);
    cells[g->drawn] = value_text(arena_format(g->call->arena, "%s%s%s", b->indent, fork, text));
    cells[g->level] = value_count(b->level);
    cells[g->token] = value_text(text);
    cells[g->p] = value_number(b->p);
    cells[g->path] = value_number(b->path);
}

static void grow(Growing *g, const State *state, const char *indent, size_t level, double path);

static void grow_further(Growing *g, const State *state, const Branch *b)
{
    State *next = state_copy(state);
    state_feed(next, b->token);
    grow(g, next, arena_format(g->call->arena, "%s%s", b->indent, b->last ? "   " : "|  "), b->level + 1,
         b->path);
    state_free(next);
}

static void grow(Growing *g, const State *state, const char *indent, size_t level, double path)
{
    double *p = g->distributions[level];
    size_t *branches = g->branches[level];
    if (!state_defined(state)) return;
    state_predict(state, p);
    decoding_apply(&g->decoding, p, g->outcomes);
    size_t count = choose_branches(p, g->outcomes, g->top, branches);
    for (size_t i = 0; i < count && g->result->row_count < ROWS_MAX; i++) {
        TokenId token = (TokenId)branches[i];
        Branch branch = {indent, i + 1 == count, token, level, p[token], path * p[token]};
        add_row(g, &branch);
        if (level < g->depth && token != vocab_end(g->call->model->vocab)) grow_further(g, state, &branch);
    }
}

static void reserve_levels(Growing *g)
{
    Arena *arena = g->call->arena;
    g->distributions = arena_alloc(arena, g->depth + 1, sizeof *g->distributions);
    g->branches = arena_alloc(arena, g->depth + 1, sizeof *g->branches);
    for (size_t level = 1; level <= g->depth; level++) {
        g->distributions[level] = arena_alloc(arena, g->outcomes, sizeof **g->distributions);
        g->branches[level] = arena_alloc(arena, g->top, sizeof **g->branches);
    }
}

static void add_columns(Growing *g)
{
    result_table(g->result, "rows");
    g->drawn = result_column(g->result, NULL, _("continuation"), UNIT_NONE, false);
    g->level = result_column(g->result, "depth", NULL, UNIT_NONE, false);
    g->token = result_column(g->result, "token", NULL, UNIT_TOKEN, false);
    g->p = result_column(g->result, "p", "p", UNIT_PROBABILITY, false);
    g->path = result_column(g->result, "path", _("path"), UNIT_PROBABILITY, true);
}

static bool run(Session *session, Call *call, Result *result, Error *error)
{
    Tokens given;
    (void)session;
    if (!call_tokens(call, TOKENS_CONTEXT, call->words, call->word_count, &given, error)) return false;
    Growing g = {.call = call,
                 .result = result,
                 .decoding = decode_options(call),
                 .depth = call_size(call, OPT_DEPTH),
                 .top = call_size(call, OPT_TREE_TOP),
                 .outcomes = model_outcomes(call->model)};
    if (g.top > g.outcomes) g.top = g.outcomes;
    reserve_levels(&g);
    State *state = state_begin(call->model);
    for (size_t i = 0; i < given.count; i++) state_feed(state, given.ids[i]);
    bool defined = state_defined(state);
    const char *text =
        given.count ? sequence_text(call->model->vocab, given.ids, given.count, call->arena) : TEXT_BEGIN;
    const char *about = decode_title(call);
    result->title = about ? arena_format(call->arena, "%s   %s", text, about) : text;
    result_field(result, "model", NULL, UNIT_NONE, value_text(call->model_name));
    result_field(result, "given", NULL, UNIT_TOKEN,
                 value_list(call_texts(call, given.ids, given.count), given.count));
    decode_fields(call, result);
    add_columns(&g);
    if (defined) grow(&g, state, "", 1, 1);
    state_free(state);
    if (result->row_count == ROWS_MAX)
        result_note(result, _("Only the first %d rows: a smaller depth= or top= shows all."), ROWS_MAX);
    return defined || sequence_undefined(call->model, given.ids, given.count, error);
}

const Command tree_command = {
    .name = "tree",
    .family = N_("ask"),
    .usage = "[W...]",
    .summary = N_("Branch out the likeliest continuations"),
    .example = "tree the depth=2 top=3",
    .words = WORDS_TOKENS,
    .most = SIZE_MAX,
    .options = OPTIONS(OPT_DEPTH, OPT_TREE_TOP, DECODE_OPTIONS),
    .models = true,
    .run = run,
};
