/* table.h - the table model: conditional probabilities written down by hand, one row a previous token.
 *
 * Sequences have a fixed length: there is no </s>.  The text has one line a context, tab-separated:
 *     #ctx  ate   ball  ...        the vocabulary, in byte order
 *     <s>   0.01  0.04  ...        one row for <s> and one for each token, each summing to 1 */
#ifndef CORE_MODEL_TABLE_H
#define CORE_MODEL_TABLE_H

#include "core/model/model.h"

/* NULL, with the number of the line, when the text is not such a table. */
Model *table_read(const char *text, Error *error);

#endif
