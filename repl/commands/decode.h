/* decode.h - what next, sample, complete and tree share: the decoding options of a call. */
#ifndef REPL_COMMANDS_DECODE_H
#define REPL_COMMANDS_DECODE_H

#include "core/model/decoding.h"
#include "repl/command.h"

/* Everything but OPT_SEED and the like: T, top_k, top_p, min_p. */
#define DECODE_OPTIONS OPT_T, OPT_TOP_K, OPT_TOP_P, OPT_MIN_P, OPT_OOV

Decoding decode_options(const Call *call); /* those the command does not take are plain */

/* The fields T and, where given, top_k, top_p and min_p. */
void decode_fields(const Call *call, Result *result);

/* "T=1", "T=0.5 top_k=3". */
const char *decode_text(const Call *call);

/* "toy   T=1": model and decoding, as far as they are the same for all settings of the statement; or NULL. */
const char *decode_title(const Call *call);

/* A temperature for JSON: a number, or "inf". */
Value temperature_value(double temperature);

/* Why a decoded probability is what it is: the model's own p, then what temperature and cuts made of it.
 * `model_p` and `decoded` are whole distributions; `reason` explains the model's p. */
Fact *decode_explain(const Call *call, const char *name, const double *model_p, double decoded, Fact *reason,
                     Arena *arena);

#endif
