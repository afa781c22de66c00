/* draft.h - a file written bit by bit that takes its place only when it is whole.
 *
 * It is written through a buffer to a temporary file beside `path` and renamed at the end, so that the old
 * file survives every failure. Devices and pipes are written directly. */
#ifndef CORE_BASE_DRAFT_H
#define CORE_BASE_DRAFT_H

#include "core/base/error.h"

typedef struct Draft Draft;

Draft *draft_new(const char *path, bool pack, Error *error); /* pack: by gzip. NULL: error says why */

void draft_write(Draft *draft, const void *bytes, size_t length);

/* The same without a copy: room for `most` bytes, of which draft_used says how many were filled. */
char *draft_room(Draft *draft, size_t most);
void draft_used(Draft *draft, size_t length);

/* Put the file in its place, or fail with the first thing that went wrong while writing; frees the draft. */
bool draft_finish(Draft *draft, Error *error);

#endif
