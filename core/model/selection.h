/* selection.h - the largest of many numbers, without putting all of them in order. */
#ifndef CORE_MODEL_SELECTION_H
#define CORE_MODEL_SELECTION_H

#include <stdbool.h>
#include <stddef.h>

/* The places of the `most` largest of p[count], or of all if there are fewer: largest first, equal ones in
 * their order. Places where `among` is false are left out; NULL = none. Returns how many; the caller frees
 * *places. Takes time in proportion to count + most log most (Hoare's quickselect, 1961). */
size_t selection_largest(const double *p, size_t count, const bool *among, size_t most, size_t **places);

#endif
