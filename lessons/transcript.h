/* transcript.h - commands with the output they must give: reads them, and compares output with them. */
#ifndef LESSONS_TRANSCRIPT_H
#define LESSONS_TRANSCRIPT_H

#include "core/base/arena.h"

/* A transcript is lines `lm> COMMAND`, each followed by the lines it must print.  What stands before the
 * first command is prose. */
typedef struct {
    const char *rest; /* borrowed */
    size_t line;
    Arena *arena; /* borrowed; receives the entries' texts */
} Transcript;

typedef struct {
    const char *command;
    const char *expected; /* "" when nothing must appear; without the blank lines at its end */
    size_t line;          /* of the command, from 1 */
} TranscriptEntry;

Transcript transcript_open(const char *text, Arena *arena);
bool transcript_next(Transcript *transcript, TranscriptEntry *entry); /* false at the end */

/* Does `actual` look like `expected`?  Blanks at the end of lines and blank lines at the end do not count,
 * and runs of blanks are one blank.  A line `...` stands for any lines, `...` inside a line for any text.
 * Numbers agree to the precision `expected` shows: 0.538 for 0.53846, also 0.53... ; whole numbers
 * are exact.  All else must be the same.  If not, *line is the first expected line, from 0, that fails: the
 * number of expected lines when there is more output than expected. */
bool transcript_matches(const char *expected, const char *actual, size_t *line);

#endif
