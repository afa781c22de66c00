#include "repl/interrupt.h"

#include <signal.h>
#include <stddef.h>

static volatile sig_atomic_t requested;

static void on_sigint(int signo)
{
    (void)signo;
    requested = 1;
}

void interrupt_install(void)
{
    /* No SA_RESTART: a blocked read must return so that we notice. */
    struct sigaction action = {.sa_handler = on_sigint};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
}

void interrupt_clear(void) { requested = 0; }
bool interrupt_requested(void) { return requested != 0; }
