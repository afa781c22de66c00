#include "tests/support/oracle.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/models.h"

void need_file(const char *path)
{
    if (access(path, R_OK) != 0) cr_skip_test("there is no %s here", path);
}

/* --- tables --- */

Table table_open(const char *path)
{
    Table table = {.text = file_text(path)};
    table.rest = table.text;
    strsep(&table.rest, "\n");
    return table;
}

bool table_row(Table *table)
{
    static char nothing[] = "";
    char *line = strsep(&table->rest, "\n");
    if (!line || !*line) return false;
    for (size_t i = 0; i < TABLE_CELLS; i++) {
        char *cell = strsep(&line, "\t");
        table->cells[i] = cell ? cell : nothing;
    }
    CHECK_EACH(!line, "more than %d cells", TABLE_CELLS);
    table->rows++;
    return true;
}

void table_close(Table *table) { free(table->text); }

/* --- ARPA --- */

Table arpa_open(const char *path)
{
    Table table = {.text = file_text(path)};
    table.rest = table.text;
    return table;
}

/* "log10p TAB words TAB back-off", the latter perhaps missing: an n-gram has a number and then a tab. */
static bool read_arpa_row(char *line, ArpaRow *row)
{
    char *end, *words, *word;
    row->logp = strtod(line, &end);
    if (end == line || *end != '\t') return false;
    strsep(&line, "\t");
    words = strsep(&line, "\t");
    row->backoff = line ? atof(line) : 0;
    row->level = 0;
    while ((word = strsep(&words, " "))) row->words[row->level++] = word;
    return true;
}

bool arpa_row(Table *table, ArpaRow *row)
{
    for (char *line; (line = strsep(&table->rest, "\n"));)
        if (read_arpa_row(line, row)) return table->rows++, true;
    return false;
}

static NodeId find_row(const Model *model, const ArpaRow *row)
{
    const NgramStore *store = ngram_store(model);
    NodeId node = 0;
    for (int k = 1; k <= row->level; k++) {
        const char *text = row->words[k - 1];
        TokenId word = strcmp(text, TEXT_BEGIN) == 0 ? store_begin_word(store) : id_of(model, text);
        node = store_child(store, k, node, word);
    }
    return node;
}

static void check_row(const Model *model, const ArpaRow *row, const char *path, double tolerance)
{
    const Estimate *estimate = ngram_estimate(model);
    NodeId node = find_row(model, row);
    const char *last = row->words[row->level - 1];
    CHECK_EACH(node != NODE_NONE, "%s: no %d-gram %s ... %s", path, row->level, row->words[0], last);
    double logp = log10(estimate->p[row->level][node]),
           backoff = row->level < estimate->order ? log10(estimate->backoff[row->level][node]) : 0;
    bool begin = row->level == 1 && strcmp(last, TEXT_BEGIN) == 0;
    CHECK_EACH(begin || fabs(logp - row->logp) <= tolerance,
               "%s: log p of the %d-gram %s ... %s is %.9g, not %.9g", path, row->level, row->words[0], last,
               logp, row->logp);
    CHECK_EACH(fabs(backoff - row->backoff) <= tolerance,
               "%s: the weight of the %d-gram %s ... %s is %.9g, not %.9g", path, row->level, row->words[0],
               last, backoff, row->backoff);
}

size_t check_arpa(const Model *model, const char *path, double tolerance)
{
    const NgramStore *store = ngram_store(model);
    size_t counts[NGRAM_ORDER_MAX + 2] = {0};
    Table table = arpa_open(path);
    for (ArpaRow row; arpa_row(&table, &row);) {
        check_row(model, &row, path, tolerance);
        counts[row.level]++;
    }
    for (int k = 1; k <= store->order; k++)
        CHECK_FOR(counts[k] == store->levels[k].count, "%s: %zu %d-grams, not %u", path, counts[k], k,
                  store->levels[k].count);
    CHECK_FOR(counts[store->order + 1] == 0, "%s has a higher order", path);
    table_close(&table);
    return table.rows;
}
