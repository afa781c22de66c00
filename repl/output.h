/* output.h - brings results to where they go: the terminal, a stream, a file. */
#ifndef REPL_OUTPUT_H
#define REPL_OUTPUT_H

#include "repl/execution.h"
#include "repl/session.h"

/* Whether the answer can be a picture if as=svg wants one, and "> path" be written; `exists` tells that a
 * file would have to be overwritten. */
bool output_check(const Execution *execution, bool *exists, Error *error);

/* The file that the statement writes: behind ">", or the first word of a command that writes one; or NULL. */
const Word *output_path(const Execution *execution);

/* Draw all results of the execution. Fails when the stream or the file cannot be written. */
bool output_results(const SessionOptions *options, const Execution *execution, Error *error);

/* Notes and the time taken, on err. */
void output_notes(const SessionOptions *options, const Execution *execution);

/* An error with its line and caret, or as JSON. `source` may be NULL; `command` is the verb, or "". */
void output_error(const SessionOptions *options, bool json, const Source *source, const char *command,
                  const Error *error);

#endif
