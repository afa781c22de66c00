#include "repl/checking/report.h"

static void tell(void *context, size_t line, size_t column, const char *sentence)
{
    CheckReport *report = context;
    report->counts->failures++;
    fprintf(report->out, "%s:%zu:%zu: %s\n", report->path, line, column, sentence);
}

Faults report_faults(CheckReport *report) { return (Faults){tell, report}; }
