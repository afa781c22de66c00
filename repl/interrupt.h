/* interrupt.h - Ctrl-C as a question that loops ask. */
#ifndef REPL_INTERRUPT_H
#define REPL_INTERRUPT_H

#include <stdbool.h>

void interrupt_install(void);
void interrupt_clear(void);
bool interrupt_requested(void);

#endif
