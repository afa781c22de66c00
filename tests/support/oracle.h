/* oracle.h - figures that other programs computed: tab-separated tables, and models in ARPA format.
 *
 * Small ones are copied to tests/data/; what is too large for that, or not ours to copy, is read from beside
 * the repository where it is there. */
#ifndef TESTS_SUPPORT_ORACLE_H
#define TESTS_SUPPORT_ORACLE_H

#include "core/model/model.h"

#define SHARED_NGRAM "../shared/oracle/ngram/"
#define SHARED_DATA "../shared/data/"

void need_file(const char *path); /* skips the test where there is none */

enum { TABLE_CELLS = 12 };

typedef struct {
    char *text, *rest;
    char *cells[TABLE_CELLS]; /* of the row read last; "" behind the last one there is */
    size_t rows;              /* read so far, without the header */
} Table;

Table table_open(const char *path); /* its one header line is skipped */
bool table_row(Table *table);       /* false at the end */
void table_close(Table *table);

/* One n-gram of an ARPA file. */
typedef struct {
    int level;
    char *words[9]; /* [level]: texts, oldest first */
    double logp;    /* log10 */
    double backoff; /* log10; 0 where there is none */
} ArpaRow;

Table arpa_open(const char *path);
bool arpa_row(Table *table, ArpaRow *row); /* n-grams only; false at the end */

/* Compares every n-gram of the file with a trained model's: p and back-off weight, in log10, to `tolerance`;
 * <s>'s own p is not looked at. Both must have the same n-grams. Returns how many there were. */
size_t check_arpa(const Model *model, const char *path, double tolerance);

#endif
