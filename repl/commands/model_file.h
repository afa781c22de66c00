/* model_file.h - what save and load share: telling what is in a file. */
#ifndef REPL_COMMANDS_MODEL_FILE_H
#define REPL_COMMANDS_MODEL_FILE_H

#include "repl/command.h"

/* Fields: model, kind, path (with a label like "wrote %s"), bytes; of n-grams how many, by level, and the
 * order; of a network its weights and the steps it was trained for, where they are known; outcomes, seconds
 * since the statement began. */
void model_file_report(const Call *call, const char *name, const Model *model, const char *label,
                       size_t bytes, Result *result);

#endif
