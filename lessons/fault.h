/* fault.h - where the things that are wrong with a lesson are told, one sentence each. */
#ifndef LESSONS_FAULT_H
#define LESSONS_FAULT_H

#include <stddef.h>

#include "core/base/error.h"

typedef struct {
    void (*tell)(void *context, size_t line, size_t column, const char *sentence); /* both from 1 */
    void *context;
} Faults;

void fault(const Faults *faults, size_t line, size_t column, const char *format, ...) PRINTF_LIKE(4, 5);

#endif
