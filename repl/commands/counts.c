/* counts.c - what an n-gram model has counted: after a context, as a whole table, and where in the text. */
#include <string.h>

#include "core/base/i18n.h"
#include "core/model/mix.h"
#include "core/model/sequence.h"
#include "core/ngram/ngram.h"
#include "core/ngram/occurrences.h"
#include "core/neural/neural.h"
#include "repl/commands/commands.h"
#include "repl/commands/excerpt.h"
#include "repl/view/text.h"

enum { MATRIX_MAX = 16, ROWS_MAX = 10000 };

/* --- the words given --- */

/* The words as they were typed: </s> stays, and of any <s> before them one, as TOKEN_NONE. */
static bool read_words(const Call *call, TokensUse use, Tokens *given, Error *error)
{
    size_t begin = 0;
    Tokens words;
    while (begin < call->word_count && strcmp(call->words[begin].text, TEXT_BEGIN) == 0) begin++;
    if (!call_tokens(call, use, call->words + begin, call->word_count - begin, &words, error)) return false;
    *given = (Tokens){.ids = arena_alloc(call->arena, words.count + 2, sizeof *given->ids)};
    if (begin) given->ids[given->count++] = TOKEN_NONE;
    for (size_t i = 0; i < words.count; i++) given->ids[given->count++] = words.ids[i];
    if (words.ended) given->ids[given->count++] = vocab_end(call->model->vocab);
    return true;
}

static NodeId find_context(const NgramStore *store, const Tokens *given)
{
    NodeId node = 0;
    for (size_t i = 0; i < given->count && node != NODE_NONE; i++) {
        TokenId word = given->ids[i] == TOKEN_NONE ? store_begin_word(store) : given->ids[i];
        node = store_child(store, (int)i + 1, node, word);
    }
    return node;
}

/* --- what followed a context --- */

typedef struct {
    const NodeId *nodes;
    const NgramNode *all; /* of their level */
    size_t count;
    uint64_t total;
} Followers;

static Followers followers_of(const Model *model, int level, NodeId context)
{
    Followers f = {.all = ngram_store(model)->levels[level + 1].nodes};
    if (context != NODE_NONE) f.nodes = ngram_children(model, level + 1, context, &f.count);
    if (level == 0) f.count--; /* the last one is <s>, which follows nothing */
    for (size_t i = 0; i < f.count; i++) f.total += f.all[f.nodes[i]].count;
    return f;
}

/* Different words to the left of each n-gram of this level: what kn and mkn count in lower orders. */
static const uint32_t *left_neighbours(const NgramStore *store, int level, Arena *arena)
{
    const Level *longer = &store->levels[level + 1];
    uint32_t *neighbours = arena_alloc(arena, store->levels[level].count + 1, sizeof *neighbours);
    for (uint32_t i = 0; i < longer->count; i++)
        neighbours[longer->nodes[i].suffix] += longer->nodes[i].count > 0;
    return neighbours;
}

/* Whether the model looks at left neighbours instead of counts after this context. */
static bool adjusted(const Call *call, const Tokens *given)
{
    bool lower = (int)given->count + 1 < ngram_store(call->model)->order;
    return lower && given->ids[0] != TOKEN_NONE && smoothing_adjusts(ngram_smoothing(call->model)->kind);
}

static void add_followers(const Call *call, const Followers *f, const uint32_t *neighbours, Result *result)
{
    int token = result_column(result, "token", _("token"), UNIT_TOKEN, false);
    int left = neighbours ? result_column(result, "adjusted", _("left neighbours"), UNIT_NONE, false) : 0;
    int count = result_column(result, "count", _("count"), UNIT_NONE, false);
    int p = result_column(result, "p", _("share"), UNIT_PROBABILITY, true);
    for (size_t i = 0; i < f->count; i++) {
        const NgramNode *node = &f->all[f->nodes[i]];
        if (node->count == 0) continue;
        Value *cells = result_row(result);
        cells[token] = value_text(vocab_text(call->model->vocab, node->word));
        if (neighbours) cells[left] = value_count(neighbours[f->nodes[i]]);
        cells[count] = value_count(node->count);
        cells[p] = value_number((double)node->count / (double)f->total);
    }
    result->sort = count;
}

static bool show_context(const Call *call, const Tokens *given, Result *result)
{
    const NgramStore *store = ngram_store(call->model);
    int level = (int)given->count;
    Followers f = followers_of(call->model, level, find_context(store, given));
    bool left = adjusted(call, given);
    const char *text = sequence_text(call->model->vocab, given->ids, given->count, call->arena);
    result->title = arena_format(call->arena, _("after \"%s\"   %s"), text, call->model_name);
    result_field(result, "total", _("%s in all"), UNIT_NONE, value_count(f.total));
    result_table(result, "rows");
    add_followers(call, &f, left ? left_neighbours(store, level + 1, call->arena) : NULL, result);
    result_fold(result);
    if (f.total == 0) result_note(result, _("Nothing was ever seen after \"%s\"."), text);
    if (left && f.total > 0)
        result_note(result,
                    _("left neighbours: how many different words stood before \"%s\" and the token. After so "
                      "short a context %s counts these."),
                    text, call->model_name);
    return true;
}

/* --- all n-grams, one a row --- */

typedef struct {
    const Call *call;
    Result *result;
    int given, token, count, total, p;
} Listing;

static Listing begin_listing(const Call *call, bool people, Result *result)
{
    Listing l = {.call = call, .result = result};
    bool order = ngram_store(call->model)->order > 1;
    result_table(result, "rows");
    l.given = result_column(result, "given", people && order ? _("given") : NULL, UNIT_NONE, false);
    l.token = result_column(result, "token", people ? _("token") : NULL, UNIT_TOKEN, false);
    l.count = result_column(result, "count", people ? _("count") : NULL, UNIT_NONE, false);
    l.total = result_column(result, "total", people ? _("total") : NULL, UNIT_NONE, false);
    l.p = result_column(result, "p", people ? _("share") : NULL, UNIT_PROBABILITY, false);
    return l;
}

/* A sentence's first words have a shorter history in the store; here it is padded with <s>. */
static const char *history_text(const Call *call, int level, NodeId context)
{
    const NgramStore *store = ngram_store(call->model);
    TokenId words[NGRAM_ORDER_MAX], padded[NGRAM_ORDER_MAX];
    int longest = store->order - 1, padding = longest - level;
    store_words(store, level, context, words);
    for (int i = 0; i < longest; i++) {
        bool begin = i < padding || words[i - padding] == store_begin_word(store);
        padded[i] = begin ? TOKEN_NONE : words[i - padding];
    }
    return sequence_text(call->model->vocab, padded, (size_t)longest, call->arena);
}

static void list_followers(Listing *l, int level, NodeId context)
{
    Followers f = followers_of(l->call->model, level, context);
    const char *given = history_text(l->call, level, context);
    for (size_t i = 0; i < f.count && l->result->row_count < ROWS_MAX; i++) {
        const NgramNode *node = &f.all[f.nodes[i]];
        if (node->count == 0) continue;
        Value *cells = result_row(l->result);
        cells[l->given] = value_text(given);
        cells[l->token] = value_text(vocab_text(l->call->model->vocab, node->word));
        cells[l->count] = value_count(node->count);
        cells[l->total] = value_count(f.total);
        cells[l->p] = value_number((double)node->count / (double)f.total);
    }
}

/* The histories of `length` words that begin with this node. */
static void list_histories(Listing *l, int level, NodeId node, int length)
{
    size_t count;
    if (level == length) {
        list_followers(l, level, node);
        return;
    }
    const NodeId *children = ngram_children(l->call->model, level + 1, node, &count);
    for (size_t i = 0; i < count && l->result->row_count < ROWS_MAX; i++)
        list_histories(l, level + 1, children[i], length);
}

static void list_all(Listing *l)
{
    const NgramStore *store = ngram_store(l->call->model);
    int longest = store->order - 1;
    if (longest == 0) list_followers(l, 0, 0);
    for (int length = 1; length <= longest; length++) list_histories(l, 1, store->words, length);
    for (NodeId word = 0; longest > 0 && word < store->words; word++) list_histories(l, 1, word, longest);
}

static bool show_all(const Call *call, Result *result)
{
    result->title =
        arena_format(call->arena, "%s: %s", call->model_name, model_describe(call->model, call->arena));
    Listing listing = begin_listing(call, true, result);
    list_all(&listing);
    result_fold(result);
    if (result->row_count == ROWS_MAX)
        result_note(result, _("The first %d n-grams; counts W... shows those after a context."), ROWS_MAX);
    return true;
}

/* --- a small bigram: people read a matrix, machines one pair a row. Both lie side by side in one table, the
 * matrix in columns without keys and in the first rows. --- */

static Value matrix_cell(const Call *call, uint32_t count, uint64_t total)
{
    if (!call_is(call, OPT_SHOW_COUNTS, "p")) return value_count(count);
    return value_number((double)count / (double)total);
}

static void fill_matrix_row(const Call *call, NodeId given, int first, Value *cells)
{
    size_t outcomes = model_outcomes(call->model);
    Followers f = followers_of(call->model, 1, given);
    bool begin = given == ngram_store(call->model)->words;
    cells[first] = value_text(vocab_text(call->model->vocab, begin ? TOKEN_NONE : (TokenId)given));
    for (size_t i = 0; i < outcomes; i++) cells[first + 1 + (int)i] = matrix_cell(call, 0, f.total);
    for (size_t i = 0; i < f.count; i++) {
        const NgramNode *node = &f.all[f.nodes[i]];
        cells[first + 1 + node->word] = matrix_cell(call, node->count, f.total);
    }
    cells[first + 1 + (int)outcomes] = value_count(f.total);
}

static int add_matrix_columns(const Call *call, Result *result)
{
    Unit unit = call_is(call, OPT_SHOW_COUNTS, "p") ? UNIT_PROBABILITY : UNIT_NONE;
    int first = result_column(result, NULL, _("given"), UNIT_TOKEN, false);
    for (size_t i = 0; i < model_outcomes(call->model); i++)
        result_column(result, NULL, vocab_text(call->model->vocab, (TokenId)i), unit, false);
    result_column(result, NULL, _("total"), UNIT_NONE, false);
    return first;
}

static bool show_matrix(const Call *call, Result *result)
{
    NodeId outcomes = (NodeId)model_outcomes(call->model), begin = ngram_store(call->model)->words;
    result->title = arena_format(call->arena, _("%s: rows are the word before, columns the word after"),
                                 call->model_name);
    Listing listing = begin_listing(call, false, result);
    int first = add_matrix_columns(call, result);
    list_all(&listing);
    for (NodeId i = 0; i <= outcomes; i++) {
        NodeId given = i == 0 ? begin : i - 1;
        if (followers_of(call->model, 1, given).total == 0) continue;
        fill_matrix_row(call, given, first, result->cells + result->shown_rows++ * result->column_count);
    }
    return true;
}

/* --- where in the text --- */

typedef struct {
    int line, position, before, found, after, before_shown, found_shown, after_shown;
    int room; /* columns for what stands before, and for what stands behind */
} WhereColumns;

static int digits_in(size_t number)
{
    int digits = 1;
    for (; number >= 10; number /= 10) digits++;
    return digits;
}

static WhereColumns add_where_columns(const Call *call, const char *found, const Occurrences *places,
                                      Result *result)
{
    enum { GAPS = 8, LINE = 4, LEAST = 12 };
    size_t last = places->kept ? places->places[places->kept - 1].sentence + 1 : 0;
    int line = digits_in(last) > LINE ? digits_in(last) : LINE;
    WhereColumns c = {.room = (excerpt_width(call) - GAPS - line - text_width(found)) / 2};
    if (c.room < LEAST) c.room = LEAST;
    result_table(result, "rows");
    c.line = result_column(result, "sentence", _("line"), UNIT_NONE, false);
    c.position = result_column(result, "position", NULL, UNIT_NONE, false);
    c.before = result_column(result, "before", NULL, UNIT_NONE, false);
    c.after = result_column(result, "after", NULL, UNIT_NONE, false);
    const char *before = _("before");
    int pad = c.room - text_width(before);
    c.before_shown =
        result_column(result, NULL, arena_format(result->arena, "%*s%s", pad, "", before), UNIT_NONE, false);
    c.found_shown = result_column(result, NULL, _("found"), UNIT_NONE, false);
    c.after_shown = result_column(result, NULL, _("after"), UNIT_NONE, false);
    return c;
}

/* A word and its surroundings in one line, the word always in the same column. */
static void add_place(const Call *call, const Occurrence *place, size_t words, const WhereColumns *c,
                      Result *result)
{
    enum { NEAR = 40 }; /* tokens on each side, for machines */
    size_t length;
    const Corpus *corpus = ngram_corpus(call->model);
    const TokenId *ids = corpus_sentence(corpus, place->sentence, &length), *at = ids + place->position;
    size_t before = place->position, after = length - before - words;
    size_t near_before = before < NEAR ? before : NEAR, near_after = after < NEAR ? after : NEAR;
    Value *cells = result_row(result);
    cells[c->line] = value_count(place->sentence + 1);
    cells[c->position] = value_count(place->position + 1);
    cells[c->before] = value_text(excerpt_whole(corpus, at - near_before, near_before, call->arena));
    cells[c->after] = value_text(excerpt_whole(corpus, at + words, near_after, call->arena));
    const char *left = excerpt_tail(corpus, ids, before, c->room, call->arena);
    cells[c->before_shown] =
        value_text(arena_format(call->arena, "%*s%s", c->room - text_width(left), "", left));
    cells[c->found_shown] = value_text(excerpt_head(corpus, at, words, 1 << 20, call->arena));
    cells[c->after_shown] = value_text(excerpt_head(corpus, at + words, after, c->room, call->arena));
}

static bool show_where(const Call *call, Result *result, Error *error)
{
    Tokens given;
    const Corpus *corpus = ngram_corpus(call->model);
    if (call->word_count == 0) {
        error_set(error, _("show=where needs the words to look for"));
        return error_hint(error, _("for example: counts the mouse show=where @bigram"));
    }
    if (!corpus) {
        error_set(error, _("%s was loaded without the text it was counted from"), call->model_name);
        return error_hint(error, _("train it here to see where its n-grams occur: train ngram corpus=FILE"));
    }
    if (!read_words(call, TOKENS_SEQUENCE, &given, error)) return false;
    Occurrences places = occurrences_find(corpus, call->model->vocab, given.ids, given.count, ROWS_MAX);
    const char *text = sequence_text(call->model->vocab, given.ids, given.count, call->arena);
    result->title = arena_format(call->arena, _("\"%s\" in %s"), text, corpus_name(corpus));
    result_field(result, "corpus", NULL, UNIT_NONE, value_text(corpus_name(corpus)));
    result_field(result, "tokens", NULL, UNIT_TOKEN,
                 value_list(call_texts(call, given.ids, given.count), given.count));
    result_field(result, "count", _("occurrences %s"), UNIT_NONE, value_count(places.count));
    WhereColumns columns = add_where_columns(call, text, &places, result);
    for (size_t i = 0; i < places.kept; i++)
        add_place(call, &places.places[i], places.words, &columns, result);
    result_fold(result);
    if (places.kept < places.count)
        result_note(result, _("The first %zu of %zu places."), places.kept, places.count);
    occurrences_release(&places);
    return true;
}

/* --- the command --- */

static bool check_counted(const Call *call, Error *error)
{
    const Smoothing *smoothing = ngram_smoothing(call->model);
    if (neural_network(call->model)) {
        error_set(error, _("%s learnt weights, it counts nothing"), call->model_name);
        return error_hint(error, _("weights shows them; counts works on n-grams: counts the @bigram"));
    }
    if (mix_base(call->model)) {
        error_set(error, _("%s is a mix: its counts are those of the model under it"), call->model_name);
        return error_hint(error, _("ask that one: counts @NAME"));
    }
    if (!smoothing) {
        error_set(error, _("%s was written down, not counted"), call->model_name);
        return error_hint(error, _("next shows its rows; counts works on n-grams: counts the @bigram"));
    }
    if (smoothing->kind != SMOOTH_GIVEN) return true;
    error_set(error, _("%s is made of probabilities, not counts: read from a file, or pruned"),
              call->model_name);
    return error_hint(error, _("next shows its probabilities, why the back-off weights they come from"));
}

static bool run(Session *session, Call *call, Result *result, Error *error)
{
    Tokens given;
    (void)session;
    if (!check_counted(call, error)) return false;
    result_field(result, "model", NULL, UNIT_NONE, value_text(call->model_name));
    if (call_is(call, OPT_SHOW_COUNTS, "where")) return show_where(call, result, error);
    if (!read_words(call, TOKENS_CONTEXT, &given, error)) return false;
    size_t longest = (size_t)ngram_store(call->model)->order - 1,
           skipped = given.count > longest ? given.count - longest : 0;
    if (skipped > 0)
        result_note(result, _("%s looks back %zu; what stands before was left out."), call->model_name,
                    longest);
    Tokens remembered = {.ids = given.ids + skipped, .count = given.count - skipped};
    if (remembered.count > 0) return show_context(call, &remembered, result);
    bool matrix = longest == 1 && model_outcomes(call->model) <= MATRIX_MAX;
    return matrix ? show_matrix(call, result) : show_all(call, result);
}

const Command counts_command = {
    .name = "counts",
    .family = N_("look"),
    .usage = "[W...]",
    .summary = N_("Show what an n-gram model has counted, after a context or all of it"),
    .example = "counts @bigram",
    .words = WORDS_TOKENS,
    .most = SIZE_MAX,
    .options = OPTIONS(OPT_SHOW_COUNTS, OPT_OOV),
    .models = true,
    .run = run,
};
