/* prose.h - turns parsed Markdown into plain text for a terminal. */
#ifndef LESSONS_PROSE_H
#define LESSONS_PROSE_H

#include <cmark.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct {
    char *text; /* grown as needed; the owner of the Prose frees it */
    size_t length, capacity;
    bool soft_break; /* a line of the file ended: perhaps a space is due */
} Prose;             /* {0} is empty; so is one whose length is set to 0 */

/* Adds a node and all in it as one or more paragraphs, shaped as lesson.h says of prose.  Lists lose the
 * numbers they start with. */
void prose_add(Prose *prose, cmark_node *top);

#endif
