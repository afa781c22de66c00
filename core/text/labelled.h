/* labelled.h - lines that people have judged, and how well a list of blocked words agrees with them. */
#ifndef CORE_TEXT_LABELLED_H
#define CORE_TEXT_LABELLED_H

#include <stddef.h>

#include "core/base/arena.h"

typedef enum { LABEL_GOOD, LABEL_BAD, LABEL_NONE } Label; /* NONE: nobody has said */

typedef struct {
    Label label;
    const char *group; /* who speaks, or NULL */
    const char *text;
} LabelledLine;

typedef struct {
    LabelledLine *lines;
    size_t count;
} LabelledText;

/* "label TAB text" or "label TAB group TAB text" a line, the label 1 for bad and 0 for good; empty lines
 * count for nothing, CRLF = LF. All in the arena. Fails with the number of the line. */
bool labelled_read(const char *text, size_t length, Arena *arena, LabelledText *labelled, Error *error);

/* Whether a word of the line is one of these: letters of either case are the same, and punctuation around a
 * word does not count. *word is then the first such, of `blocked`. */
bool labelled_blocks(const char *const *blocked, size_t count, const char *line, const char **word);

/* How often a filter was right and wrong: positive = flagged, true = rightly. */
typedef struct {
    size_t tp, fp, fn, tn;
} Confusion;

void confusion_add(Confusion *confusion, Label label, bool flagged); /* LABEL_NONE adds nothing */

/* Shares; NaN where nothing was flagged, nothing is bad, there is no line, nothing is good. */
double confusion_precision(const Confusion *confusion);           /* of the flagged, those that are bad */
double confusion_recall(const Confusion *confusion);              /* of the bad, those that were flagged */
double confusion_accuracy(const Confusion *confusion);            /* of all, those judged rightly */
double confusion_false_positive_rate(const Confusion *confusion); /* of the good, those that were flagged */
double confusion_idle_accuracy(const Confusion *confusion);       /* of a filter that flags nothing */

#endif
