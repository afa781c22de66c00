/* arpa.h - ARPA files as tests read them. */
#ifndef TESTS_SUPPORT_ARPA_H
#define TESTS_SUPPORT_ARPA_H

#include "tests/support/models.h"

/* NULL and *error where it cannot be read; its notes, one after the other, in notes[size]. */
Model *arpa_try(const char *file, char *notes, size_t size, Error *error);
Model *arpa_noting(const char *file, char *notes, size_t size); /* it can be read */
Model *arpa_model(const char *file);                            /* the same, whatever is noted */

#endif
