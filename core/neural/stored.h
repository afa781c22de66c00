/* stored.h - what the parts of a checkpoint share: the file being read, numbers kept as texts in its
 * metadata, and complaints. */
#ifndef CORE_NEURAL_STORED_H
#define CORE_NEURAL_STORED_H

#include "core/neural/safetensors.h"

typedef struct {
    const Safetensors *file;
    const char *path; /* for messages */
    Error *error;
} Stored;

/* "PATH cannot be used: ...", false; the caller may add a hint. */
bool stored_fail(const Stored *stored, const char *format, ...) PRINTF_LIKE(2, 3);

/* A number of the metadata. False where it is missing, is no number, or is out of bounds: the error is set.
 */
bool stored_whole(const Stored *stored, const char *key, uint64_t least, uint64_t most, uint64_t *number);
bool stored_number(const Stored *stored, const char *key, double *number); /* NaN and inf are numbers */

/* Numbers as such texts: 17 digits bring every double back, and all 64 bits of a whole one survive. */
void store_whole(SafetensorsWriter *writer, const char *key, uint64_t number);
void store_number(SafetensorsWriter *writer, const char *key, double number);

#endif
