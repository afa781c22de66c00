/* file.h - whole files in and out, with errors a learner can act on. */
#ifndef CORE_BASE_FILE_H
#define CORE_BASE_FILE_H

#include "core/base/error.h"

/* Read all of `path` into a fresh block (the caller frees *text; a NUL follows the last byte).
 * Refuses folders and anything longer than `limit` bytes. */
bool file_read(const char *path, size_t limit, char **text, size_t *length, Error *error);

/* Write through a temporary file beside `path` and rename it, so that the old file survives every
 * failure.  Devices and pipes are written directly. */
bool file_write(const char *path, const char *text, size_t length, Error *error);

bool file_is_regular(const char *path); /* false too when it does not exist */
bool file_is_folder(const char *path);
size_t file_size(const char *path);                      /* in bytes; 0 for what has no size */
bool file_ends_in(const char *path, const char *ending); /* file_ends_in("a/m.arpa.gz", ".gz") */

#endif
