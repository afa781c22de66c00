/* reading.h - what train, eval and corpus share: finding a corpus by name, or reading a file as one. */
#ifndef REPL_COMMANDS_READING_H
#define REPL_COMMANDS_READING_H

#include "repl/command.h"
#include "repl/session.h"

/* What `make` calls the fresh text it makes beside a corpus: "recall-heldout". */
#define HELDOUT_SUFFIX "-heldout"

/* Find `word`, which lives as long as the call, among the corpora, or begin to read it as a file: then
 * call->job is set, and Command.finish asks reading_finish. Either way call->corpus is the corpus in the end.
 */
bool reading_begin(Session *session, Call *call, const Word *word, Tokenizer tokenizer, bool lines,
                   Error *error);
void reading_finish(Call *call);

/* tokens= and lines=, as far as given. */
Tokenizer reading_tokenizer(const Call *call);
bool reading_lines(const Call *call);

#endif
