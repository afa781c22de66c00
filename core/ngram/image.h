/* image.h - our own file form of n-gram models (.lm): the arrays as they are in memory, so that reading one
 * is mapping it.
 *
 * The file is a header (see image.c), the texts of the words, then for each level its nodes, slots,
 * probabilities and back-off weights, everything aligned to 8 bytes. Numbers are those of the machine that
 * wrote it, to the last bit; another byte order or version is refused. A checksum covers all of it, and
 * nothing is used unchecked: no file, whatever is in it, can do harm. It stays
 * mapped: nothing may write into it while the model lives (save puts a new file in its place, which is safe).
 */
#ifndef CORE_NGRAM_IMAGE_H
#define CORE_NGRAM_IMAGE_H

#include "core/ngram/ngram.h"

bool image_is(const char *path); /* whether the file begins like one */

/* Any n-gram model; an old file is replaced only by a whole new one. */
bool image_write(const Model *model, const char *path, Error *error);

/* The file stays mapped as long as the model lives. It has no corpus. NULL: error says why. */
Model *image_read(const char *path, Error *error);

#endif
