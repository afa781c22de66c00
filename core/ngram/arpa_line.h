/* arpa_line.h - the lines an ARPA file is made of: counts, headings, n-grams. All take [line, end), behind
 * which a blank stands. */
#ifndef CORE_NGRAM_ARPA_LINE_H
#define CORE_NGRAM_ARPA_LINE_H

#include "core/base/error.h"
#include "core/ngram/smoothing.h"

#define ARPA_ZERO (-99.0) /* SRILM's way to write log 0 */

/* The largest back-off weight read: NGRAM_ORDER_MAX - 1 of them and many words stay below infinity. */
#define ARPA_BACKOFF_MOST 1e40

bool arpa_is_blank(char c); /* what separates fields */
const char *arpa_skip_blanks(const char *at, const char *end);
bool arpa_is_only(const char *line, const char *end, const char *text); /* but for blanks behind it */

/* "ngram 2=37", "ngram  2=      37"; a number too large to hold is UINT64_MAX. */
bool arpa_count_read(const char *line, const char *end, uint64_t *level, uint64_t *count);
bool arpa_heading_read(const char *line, const char *end, uint64_t *level); /* "\2-grams:" */

/* "-1.4055457<TAB>the cat<TAB>-0.19603": log10 p, words, log10 of the back-off weight. */
typedef struct {
    const char *words[NGRAM_ORDER_MAX]; /* inside the line */
    size_t lengths[NGRAM_ORDER_MAX];
    double p, backoff; /* no logarithms any more */
    bool positive;     /* log10 p was above 0: p is 1 */
} ArpaEntry;

/* An n-gram of `level` words; one of the highest level has no back-off weight. */
bool arpa_entry_read(const char *line, const char *end, int level, bool highest, ArpaEntry *entry,
                     Error *error);

#endif
