#include "core/model/table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/memory.h"

typedef struct {
    Model base;
    double *rows; /* (V + 1, V): rows[(previous + 1) * V + next]; row 0 is <s> */
    bool *given;  /* (V + 1): rows read so far */
} Table;

typedef struct {
    State base;
    TokenId previous; /* TOKEN_NONE at the start */
    bool unknown;     /* the previous token has no row */
} TableState;

static const double *row_of(const State *state)
{
    const Table *table = (const Table *)state->model;
    return table->rows + (size_t)(((const TableState *)state)->previous + 1) * model_outcomes(state->model);
}

static State *table_begin(const Model *model)
{
    TableState *state = must_alloc(1, sizeof *state);
    *state = (TableState){.base = {model}, .previous = TOKEN_NONE};
    return &state->base;
}

static State *table_copy(const State *state)
{
    TableState *copy = must_alloc(1, sizeof *copy);
    *copy = *(const TableState *)state;
    return &copy->base;
}

static void table_release(State *state) { free(state); }

static void table_feed(State *state, TokenId token)
{
    TableState *table = (TableState *)state;
    table->previous = token;
    table->unknown = token == TOKEN_NONE;
}

static bool table_defined(const State *state) { return !((const TableState *)state)->unknown; }

static void table_predict(const State *state, double *p)
{
    memcpy(p, row_of(state), model_outcomes(state->model) * sizeof *p);
}

static double table_probability(const State *state, TokenId token) { return row_of(state)[token]; }

/* An entry was written as a decimal: up to nine places of it are a fraction. */
static bool table_fraction(const State *state, TokenId token, Fraction *p)
{
    const double billion = 1e9;
    double entry = row_of(state)[token];
    *p = (Fraction){(uint64_t)round(entry * billion), (uint64_t)billion};
    return (double)p->numerator / billion == entry;
}

static Fact *table_explain(const State *state, TokenId token, Arena *arena)
{
    const Vocab *vocab = state->model->vocab;
    const char *given = vocab_text(vocab, ((const TableState *)state)->previous);
    double p = state_probability(state, token);
    const char *name = arena_format(arena, "p(%s | %s)", vocab_text(vocab, token), given);
    Fact *fact = fact_new(arena, FACT_PROBABILITY, name, NULL, p);
    const char *where = state_defined(state)
                            ? arena_format(arena, _("written in the table: row %s, column %s"), given,
                                           vocab_text(vocab, token))
                            : _("the word before is not in the table, so nothing is known after it");
    return fact_because(fact, fact_note(arena, where));
}

static uint64_t table_parameters(const Model *model)
{
    return (uint64_t)(model_outcomes(model) + 1) * model_outcomes(model);
}

static const char *table_describe(const Model *model, Arena *arena)
{
    return arena_format(arena, _("table of %zu x %zu conditional probabilities, fixed length, no </s>"),
                        model_outcomes(model) + 1, model_outcomes(model));
}

static void table_free(Model *model)
{
    Table *table = (Table *)model;
    free(table->rows);
    free(table->given);
    free(table);
}

static Model *table_clone(const Model *model);

static const ModelKind table_kind = {
    .name = "table",
    .begin = table_begin,
    .copy = table_copy,
    .release = table_release,
    .feed = table_feed,
    .defined = table_defined,
    .predict = table_predict,
    .probability = table_probability,
    .fraction = table_fraction,
    .explain = table_explain,
    .parameters = table_parameters,
    .describe = table_describe,
    .clone = table_clone,
    .free = table_free,
};

static Table *table_new(Vocab *vocab)
{
    size_t size = vocab_size(vocab);
    Table *table = must_alloc(1, sizeof *table);
    *table = (Table){.base = {.kind = &table_kind, .references = 1, .vocab = vocab, .context = 1}};
    table->rows = must_alloc((size + 1) * size, sizeof *table->rows);
    table->given = must_alloc(size + 1, sizeof *table->given);
    return table;
}

static Model *table_clone(const Model *model)
{
    const Table *table = (const Table *)model;
    size_t size = model_outcomes(model);
    Table *copy = table_new(vocab_share(model->vocab));
    memcpy(copy->rows, table->rows, (size + 1) * size * sizeof *copy->rows);
    memcpy(copy->given, table->given, (size + 1) * sizeof *copy->given);
    return &copy->base;
}

/* --- reading --- */

/* The next tab-separated cell of a line; false at its end. */
static bool next_cell(const char **line, const char **cell, size_t *length)
{
    if (**line == '\n' || **line == '\0') return false;
    *length = strcspn(*line, "\t\n");
    *cell = *line;
    *line += *length + ((*line)[*length] == '\t');
    return true;
}

static Vocab *read_header(const char **text)
{
    const char *cell;
    size_t length;
    Vocab *vocab = vocab_new();
    next_cell(text, &cell, &length);
    while (next_cell(text, &cell, &length)) vocab_add(vocab, cell, length);
    *text += **text == '\n';
    return vocab;
}

static bool read_row(Table *table, const char **text, size_t line, Error *error)
{
    const char *cell = "";
    size_t length = 0, size = vocab_size(table->base.vocab), column = 0;
    next_cell(text, &cell, &length);
    TokenId previous = vocab_find(table->base.vocab, cell, length);
    bool start = length == strlen(TEXT_BEGIN) && memcmp(cell, TEXT_BEGIN, length) == 0;
    if (!start && previous == TOKEN_NONE)
        return error_set(error, _("line %zu: %.*s is not in the first line"), line, (int)length, cell);
    double *row = table->rows + (size_t)(previous + 1) * size, total = 0;
    for (; next_cell(text, &cell, &length); column++) {
        double p = strtod(cell, NULL);
        if (!(p >= 0)) return error_set(error, _("line %zu: a probability is 0 or more"), line);
        if (column < size) row[column] = p;
        total += p;
    }
    if (column != size || fabs(total - 1) > 1e-9)
        return error_set(error, _("line %zu: a row has %zu numbers that sum to 1"), line, size);
    table->given[previous + 1] = true;
    *text += **text == '\n';
    return true;
}

static bool read_rows(Table *table, const char *text, Error *error)
{
    for (size_t line = 2; *text; line++)
        if (!read_row(table, &text, line, error)) return false;
    for (size_t row = 0; row <= vocab_size(table->base.vocab); row++)
        if (!table->given[row])
            return error_set(error, _("the row for %s is missing"),
                             vocab_text(table->base.vocab, (TokenId)row - 1));
    return true;
}

Model *table_read(const char *text, Error *error)
{
    Vocab *vocab = read_header(&text);
    if (vocab_size(vocab) == 0) {
        vocab_free(vocab);
        error_set(error, _("line 1 of a table names its tokens, separated by tabs"));
        return NULL;
    }
    Table *table = table_new(vocab);
    if (read_rows(table, text, error)) return &table->base;
    model_free(&table->base);
    return NULL;
}
