/* check.h - replays transcripts and lessons and says where they differ from what is written. */
#ifndef REPL_CHECKING_CHECK_H
#define REPL_CHECKING_CHECK_H

#include "core/base/error.h"
#include "repl/checking/lesson_check.h"

/* Check a file (NAME.md is a lesson, anything else a transcript) or all *.txt and *.md below a folder. Each
 * is played in a session of its own; lessons of a folder are also looked at together: their ids and needs.
 * Differences go to `out`, one line for each file without any. False when a path cannot be read. */
bool check_path(const char *path, FILE *out, CheckCounts *counts, Error *error);

#endif
