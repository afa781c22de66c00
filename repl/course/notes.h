/* notes.h - the journal as a page that a learner can keep: Markdown, lesson by lesson. */
#ifndef REPL_COURSE_NOTES_H
#define REPL_COURSE_NOTES_H

#include "core/base/arena.h"

/* Steps by their headings, commands with what they printed, questions with the answers given, predictions
 * with their bits, hints used. Wording and headings come from the lessons as they are now. The arena's; NULL
 * when nothing was done, or `journal` is NULL. */
const char *notes_text(const char *journal, Arena *arena);

#endif
