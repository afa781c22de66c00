/* looking.h - a session that looks into networks whose every number PyTorch computed. */
#ifndef TESTS_SUPPORT_LOOKING_H
#define TESTS_SUPPORT_LOOKING_H

#include "core/neural/neural.h"
#include "tests/support/engine.h"
#include "tests/support/shell.h"

/* A text of the figures, as words that can be typed: token 7 is "w7", and the one it begins with, which the
 * network is to read as <s>, is </s>. Only as far as that does not come again. */
typedef struct {
    Figures figures;
    Architecture architecture;
    TokenId *ids;           /* (steps) */
    size_t sequence, steps; /* which of the figures' sequences, and how many of its tokens */
    size_t length;          /* of the figures' sequences */
    char words[256];        /* "w3 w14": ids[1] and those after it */
} Looking;

/* The session then has the model, under the figures' name. Skips the test where the figures are not there. */
Looking looking_begin(Shell *shell, const char *name, Architecture architecture);
void looking_end(Looking *looking);

/* Number `index` of row `at` of an array whose rows belong to the tokens of all sequences. */
double looking_number(const double *figures, const Looking *looking, size_t at, size_t columns, size_t index);

#endif
