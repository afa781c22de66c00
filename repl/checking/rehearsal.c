#include "repl/checking/rehearsal.h"

#include <stdlib.h>

#include "core/base/memory.h"

struct Rehearsal {
    Session *session;
    FILE *out;
    char *text;
    size_t length, taken;
};

Rehearsal *rehearsal_new(const Sandbox *sandbox)
{
    Rehearsal *rehearsal = must_alloc(1, sizeof *rehearsal);
    rehearsal->out = open_memstream(&rehearsal->text, &rehearsal->length);
    if (!rehearsal->out) exit(EXIT_NO_MEMORY);
    SessionOptions options_given = {.out = rehearsal->out,
                                    .err = rehearsal->out,
                                    .width = 80,
                                    .rehearsal = true,
                                    .seed = 1,
                                    .sandbox = sandbox};
    rehearsal->session = session_new(&options_given);
    return rehearsal;
}

void rehearsal_free(Rehearsal *rehearsal)
{
    session_free(rehearsal->session);
    fclose(rehearsal->out);
    free(rehearsal->text);
    free(rehearsal);
}

Session *rehearsal_session(Rehearsal *rehearsal) { return rehearsal->session; }

const char *rehearsal_run(Rehearsal *rehearsal, const char *line)
{
    fflush(rehearsal->out);
    rehearsal->taken = rehearsal->length;
    session_do(rehearsal->session, line, NULL, 1);
    fflush(rehearsal->out);
    return rehearsal->text + rehearsal->taken;
}
